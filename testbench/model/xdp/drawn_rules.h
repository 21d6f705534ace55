// drawn_rules.h: rules and frames that are drawn, so that they meet often and differ by little.
// Role     what the comparison with the reference and the fuzzer are fed with: every match type, headers in
//          every state of disrepair, buffers cut near every header
// Shapes   addresses, ports and connection ids come from small pools; rules hold what creation would accept
// Source   docs/rules.md
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "model/base/inspector_quirks.h"
#include "testbench/model/xdp/packets.h"

namespace ringproof::xdp {

class Choices {
 public:
  virtual ~Choices() = default;
  // REQUIRES: bound > 0.
  virtual std::uint32_t below(std::uint32_t bound) = 0;

  bool one_in(std::uint32_t count) { return below(count) == 0; }
  unsigned char byte() { return static_cast<unsigned char>(below(256)); }
  template <typename List>
  const auto& one_of(const List& list) {
    return list[below(static_cast<std::uint32_t>(list.size()))];
  }
};

struct DrawnFrame {
  Bytes bytes;
  std::vector<std::uint32_t> buffers;
  std::uint32_t fragment_limit = 64;
  InspectorQuirks quirks{};
};

class RuleDrawer {
 public:
  explicit RuleDrawer(Choices& choices);

  // The port sets in it live as long as the drawer.
  XDP_RULE rule();
  // The same, with the fields of this frame in its pattern where they would be in a frame without oddities.
  XDP_RULE rule_for(const Bytes& frame);
  std::vector<XDP_RULE> rules(std::uint32_t count_max);
  DrawnFrame frame();
  // As it might come: other bytes here and there, cut short, in buffers.
  DrawnFrame disturbed(Bytes frame);

 private:
  Bytes packet();
  Bytes ip_payload(unsigned char protocol);
  Bytes datagram();
  Bytes drawn_id();
  std::vector<std::uint32_t> buffers(std::size_t bytes);
  Bytes address4();
  Bytes address6();
  Bytes noise(std::uint32_t bytes_max);
  void mutate(Bytes& bytes);

  Choices& choices_;
  std::array<PortSet, 3> port_sets_;
};

// The frame and its rules, for the message of a failure.
std::string described(const std::vector<XDP_RULE>& rules, const DrawnFrame& frame);

}  // namespace ringproof::xdp

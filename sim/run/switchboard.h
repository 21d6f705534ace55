// switchboard.h: where a frame that leaves a port goes: cables, and switches that learn.
// Role     plain rules of the network around the ports; knows no machine
// Shapes   ports from 0; a port is on one cable or switch at most
// Units    [ps]; a whole frame is passed on: its first bit arrives `latency_ps` after its last bit left
// Errors   none: the reader of the scenario file has checked every number
// Source   docs/scenario-file.md, "Wires"; IEEE 802.1Q, 8.7 and 8.8, for learning and flooding
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace ringproof {

struct WirePlan {
  std::vector<std::uint32_t> ports;  // a cable has two
  bool learns = false;               // a switch
  std::uint64_t latency_ps = 1'000'000;
};

class Switchboard {
 public:
  explicit Switchboard(std::vector<WirePlan> wires) : wires_(std::move(wires)), learned_(wires_.size()) {}

  bool connects(std::uint32_t port) const { return find(port) != wires_.size(); }
  std::uint64_t latency_ps(std::uint32_t port) const { return wires_[find(port)].latency_ps; }
  // The shortest of all: nobody hears of a frame sooner. REQUIRES: there is a wire.
  std::uint64_t shortest_ps() const;
  // The ports that get a frame which left this one, in the order of the plan. A switch learns whose address
  // is where; it does not send a frame back to where it came from.
  std::vector<std::uint32_t> receivers(std::uint32_t from, std::span<const unsigned char> frame);

 private:
  using Address = std::array<unsigned char, 6>;
  std::size_t find(std::uint32_t port) const;

  const std::vector<WirePlan> wires_;
  std::vector<std::map<Address, std::uint32_t>> learned_;  // by wire
};

}  // namespace ringproof

// program.h: the rules of one XDP program.
// Role     checks and copies what an application asks for; holds its redirect targets alive
// Shapes   rules in the order given; the first match decides. The bitmaps of port sets are not copied: the
//          application may change them while the program lives
// Errors   of the first rule that is malformed; within a rule, of the first check that fails
// Source   XDP for Windows: XdpCreateProgram, per-rule validation
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "model/xdp/handle_table.h"
#include "model/xdp/public_api.h"
#include "model/xdp/status.h"

namespace ringproof::xdp {

class RxQueue;
class Socket;
class XskMap;

struct Rule {
  XDP_RULE given{};                // its match and pattern, and its action
  std::shared_ptr<Socket> target;  // of a redirect to a socket
  std::shared_ptr<XskMap> map;     // of a redirect through a map
  std::uint64_t program = 0;       // that it belongs to
};

// What the handles in rules name, or why they name nothing of the kind.
struct TargetLookup {
  std::function<Status(HANDLE, std::shared_ptr<Socket>*)> socket;
  std::function<Status(HANDLE, std::shared_ptr<XskMap>*)> map;
  // Keeps the bitmap of a port set where it is for as long as the program lives.
  std::function<Status(const void*)> hold_port_set;
};

// Copies `count` rules from the application and checks each in order; the first that fails decides.
Status read_rules(const XDP_RULE* rules, std::uint32_t count, const TargetLookup& lookup,
                  std::vector<Rule>& result);

class Program final : public KernelObject {
 public:
  // `number` is unique among the programs of a platform. `at_end` is called when it is closed.
  Program(std::uint64_t number, std::function<void()> at_end) : number_(number), at_end_(std::move(at_end)) {}

  std::uint64_t number() const { return number_; }
  // Detaches from every queue; blocks until no data path uses the rules any more.
  void close() override;
  // The same, and lets go of what the rules name.
  void detach();

  std::vector<Rule> rules;
  std::vector<RxQueue*> queues;  // attached to

 private:
  const std::uint64_t number_;
  const std::function<void()> at_end_;
};

}  // namespace ringproof::xdp

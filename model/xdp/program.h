// program.h: the rules of one XDP program.
// Role     checks and copies what an application asks for; holds its redirect targets alive
// Shapes   rules in the order given; the first match decides
// Errors   a rule that is malformed, or of a kind that does not work yet (kNotSupported)
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

struct Rule {
  XDP_MATCH_TYPE match = XDP_MATCH_ALL;
  std::uint16_t port = 0;  // network byte order, as in the pattern
  XDP_RULE_ACTION action = XDP_PROGRAM_ACTION_DROP;
  std::shared_ptr<Socket> target;  // of a redirect
  XDP_RULE given{};                // for those who watch
  std::uint64_t program = 0;       // that it belongs to
};

// Finds the socket that a handle names; null if it is none.
using SocketLookup = std::function<std::shared_ptr<Socket>(HANDLE)>;

// Copies `count` rules from the application and checks each in order; the first that fails decides.
Status read_rules(const XDP_RULE* rules, std::uint32_t count, const SocketLookup& find_socket,
                  std::vector<Rule>& result);

struct Program final : KernelObject {
  // Detaches from every queue; blocks until no data path uses the rules any more.
  void close() override;

  std::vector<Rule> rules;
  std::vector<RxQueue*> queues;  // attached to
};

}  // namespace ringproof::xdp

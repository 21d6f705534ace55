// state_monitor.h: the life of a socket as its calls see it.
// Role     INV-41: only the listed transitions, and no call succeeds in a state that forbids it;
//          INV-42: a call that failed left everything that can be asked for as it was
// Shapes   the view of a socket (SocketView) is compared before and after; statistics, ring errors and ring
//          words are not in it, because traffic changes them at any time
// Errors   all of them the platform's. A call is judged only if nobody else can have had a hand in what it
//          saw: INV-41 if the state did not change during a refused call, and no equal call overlapped it
//          that its end might be that of; INV-42 if no other call that changes something overlapped it, and
//          nobody was detaching or closing the socket
// Source   invariants-and-faults.md G; afxdp-sockets.md 1.3, 1.4, 8.1. An invalid poll mode ends the old one
//          before it is refused (3.9), so that field is left out there
#pragma once

#include <cstdint>
#include <vector>

#include "model/base/tap.h"
#include "sim/monitor/by_number.h"
#include "sim/monitor/invariant_log.h"

namespace ringproof {

class StateMonitor final : public Tap {
 public:
  explicit StateMonitor(InvariantLog& log) : log_(log) {}

  void socket_destroyed(std::uint64_t socket) override { sockets_.erase(socket); }
  void state_changed(std::uint64_t socket, SocketState from, SocketState to, std::uint64_t time_ps) override;
  void call_began(std::uint64_t socket, const SocketCall& call, const SocketView& view,
                  std::uint64_t time_ps) override;
  void call_ended(std::uint64_t socket, const SocketCall& call, std::uint32_t status, const SocketView& view,
                  std::uint64_t time_ps) override;
  void teardown_begun(Teardown what, std::uint64_t object, std::uint64_t time_ps) override;
  void teardown_ended(Teardown what, std::uint64_t object, std::uint64_t time_ps) override;

 private:
  struct Open {
    SocketCall call;
    SocketView before;
    std::uint64_t changes;  // of the state, so far
    bool alone;             // no other call may have changed what this one saw
    bool sure = true;       // this is the call that ends, not an equal one
  };
  struct Socket {
    std::vector<Open> open;
    std::uint64_t changes = 0;
    std::uint32_t teardowns = 0;  // under way
    EventTrail trail;
  };

  void check_state(std::uint64_t number, const Socket& socket, const Open& open, std::uint32_t status,
                   const SocketView& after, std::uint64_t time_ps);
  void check_unchanged(std::uint64_t number, const Socket& socket, const Open& open, std::uint32_t status,
                       const SocketView& after, std::uint64_t time_ps);

  InvariantLog& log_;
  ByNumber<Socket> sockets_;
};

}  // namespace ringproof

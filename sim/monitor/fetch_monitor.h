// fetch_monitor.h: the platform looks at a shared value once, and then uses its copy.
// Role     INV-46: a FILL or TX slot is read once between two moves of the ring's own index; the
//          application's index is read at most once for one decision about room or entries
// Shapes   slots are taken in rising order, so those of a batch are an interval
// Errors   all of them the platform's. Its own index, which it reads again when it moves it, is left out: the
//          protocol says that it does (4.1), and who overwrites it answers for INV-02
// Source   invariants-and-faults.md G; afxdp-sockets.md 4.1, 4.2
#pragma once

#include <array>
#include <cstdint>

#include "model/base/tap.h"
#include "sim/monitor/by_number.h"
#include "sim/monitor/invariant_log.h"

namespace ringproof {

class FetchMonitor final : public Tap {
 public:
  explicit FetchMonitor(InvariantLog& log) : log_(log) {}

  void index_read(std::uint64_t socket, RingKind kind) override;
  void index_decided(std::uint64_t socket, RingKind kind) override;
  void entry_taken(std::uint64_t socket, RingKind kind, std::uint32_t index, Bytes bytes) override;
  void ring_moved(std::uint64_t socket, RingKind kind, Actor actor, std::uint32_t old, std::uint32_t now,
                  std::uint64_t time_ps) override;
  void socket_closed(std::uint64_t socket) override { sockets_.erase(socket); }

 private:
  struct Ring {
    std::uint32_t reads = 0;  // of the application's index, since the last decision
    std::uint32_t first = 0;  // slot taken since the last move
    std::uint32_t count = 0;
    EventTrail trail;
  };
  using Socket = std::array<Ring, 4>;

  Ring& ring(std::uint64_t socket, RingKind kind) { return sockets_[socket][static_cast<std::size_t>(kind)]; }

  InvariantLog& log_;
  ByNumber<Socket> sockets_;
  std::uint64_t now_ps_ = 0;  // of the last event that said its time
};

}  // namespace ringproof

// containment_monitor.h: what the platform does with a ring whose indices an application broke.
// Role     INV-10. In strict mode the ring gets its sticky error and is left alone from then on; in any mode
//          nothing is written outside the UMEM
// Shapes   broken: the told indices claim more entries than the ring holds
// Units    kNoticedWithinPs: a pass under way may end on a ring that breaks meanwhile; a whole pass later
//          than that must have noticed
// Errors   all of them the platform's. COMPLETION goes on after its error: frames that are with the device
//          still complete (4.4). Accesses outside a ring's memory meet pages without rights (shared_ring.h);
//          that other sockets are still served is a comparison of two runs (socket_trace.h, INV-44)
// Source   invariants-and-faults.md A; afxdp-sockets.md 4.3, 4.4
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "model/base/tap.h"
#include "sim/monitor/by_number.h"
#include "sim/monitor/invariant_log.h"

namespace ringproof {

class ContainmentMonitor final : public Tap {
 public:
  static constexpr std::uint64_t kNoticedWithinPs = 100'000'000;

  explicit ContainmentMonitor(InvariantLog& log) : log_(log) {}

  void socket_created(std::uint64_t socket, bool strict) override { sockets_[socket].strict = strict; }
  void umem_registered(std::uint64_t socket, const UmemShape& umem) override { sockets_[socket].umem = umem; }
  void ring_created(std::uint64_t socket, RingKind kind, const RingShape& shape) override;
  void ring_moved(std::uint64_t socket, RingKind kind, Actor actor, std::uint32_t old, std::uint32_t now,
                  std::uint64_t time_ps) override;
  void ring_failed(std::uint64_t socket, RingKind kind, std::uint32_t error, std::uint64_t time_ps) override;
  void entry_taken(std::uint64_t socket, RingKind kind, std::uint32_t index, Bytes bytes) override;
  void frame_delivered(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t socket,
                       std::uint64_t address, Bytes bytes, std::uint64_t time_ps) override;
  void socket_closed(std::uint64_t socket) override { sockets_.erase(socket); }

 private:
  struct Ring {
    std::uint32_t size = 0;  // 0: not made
    std::uint32_t producer = 0;
    std::uint32_t consumer = 0;
    std::optional<std::uint64_t> broken_ps;
    std::uint32_t moved_broken = 0;  // by the platform
    bool failed = false;
    EventTrail trail;
    bool over() const { return producer - consumer > size; }
  };
  struct Socket {
    bool strict = false;
    bool ever_broken = false;
    std::optional<UmemShape> umem;
    std::array<Ring, 4> rings;
  };

  Socket* find(std::uint64_t number);
  void used_failed(std::uint64_t number, RingKind kind, const Socket& socket, const Ring& ring);

  InvariantLog& log_;
  ByNumber<Socket> sockets_;
  std::uint64_t now_ps_ = 0;  // of the last event that said its time
};

}  // namespace ringproof

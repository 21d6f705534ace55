// completion_monitor.h: the completion rings of a device.
// Role     INV-28: an entry is written only where the host has taken the one before it, once per lap
// Shapes   the lap of an entry is its free-running index, which stands in the entry: the slot says which bits
//          of it must be, and the next lap's is larger by the size of the ring
//          A zero-copy queue's entries go into a ring of a socket: a slot is free when the application has released
//          it. Its index counts as far as it stays within what was written
// Errors   the device is blamed. An entry whose write was refused keeps its place
// Source   invariants-and-faults.md D; docs/design/queue-engine.md, Rings
#pragma once

#include <cstdint>
#include <vector>

#include "model/base/tap.h"
#include "sim/monitor/by_number.h"
#include "sim/monitor/by_vector.h"
#include "sim/monitor/invariant_log.h"

namespace ringproof {

class CompletionMonitor final : public Tap {
 public:
  explicit CompletionMonitor(InvariantLog& log) : log_(log) {}

  void queue_enabled(std::uint32_t port, std::uint32_t vector, std::uint32_t start, std::uint32_t entries,
                     std::uint64_t time_ps) override;
  void zero_copy_enabled(std::uint32_t port, std::uint32_t vector, const ZeroCopyTold& told,
                         std::uint64_t time_ps) override;
  void completion_written(std::uint32_t port, std::uint32_t vector, std::uint32_t slot, Bytes entry,
                          bool allowed, std::uint64_t time_ps) override;
  void hw_rx_completed(std::uint32_t port, std::uint32_t queue, std::uint32_t index,
                       std::uint64_t timestamp_ns, Bytes bytes) override;
  void hw_ring_changed(std::uint32_t port, std::uint32_t vector, std::uint32_t index, std::uint32_t entries,
                       std::uint64_t socket) override;
  void ring_created(std::uint64_t socket, RingKind kind, const RingShape& shape) override;
  void ring_moved(std::uint64_t socket, RingKind kind, Actor actor, std::uint32_t old, std::uint32_t now,
                  std::uint64_t time_ps) override;
  void socket_closed(std::uint64_t socket) override { sockets_.erase(socket); }

 private:
  struct Queue {
    std::uint32_t entries = 0;  // 0: never enabled
    std::uint32_t next = 0;
    std::uint32_t taken = 0;   // by the host: next index
    bool zero_copy = false;    // entries in a ring of a socket, which itself is watched
    std::uint64_t socket = 0;  // whose rings they are
    EventTrail trail;
  };
  // What the application has released of RX and COMPLETION.
  struct Released {
    std::uint32_t entries = 0;
    std::uint32_t index = 0;
    bool sure = false;
  };
  struct Socket {
    Released rx;
    Released completion;
    Released& of(bool receives) { return receives ? rx : completion; }
  };
  Queue& queue(std::uint32_t port, std::uint32_t vector);
  bool is_free(const Queue& queue, bool receives);

  InvariantLog& log_;
  std::vector<ByVector<Queue>> ports_;
  ByNumber<Socket> sockets_;
};

}  // namespace ringproof

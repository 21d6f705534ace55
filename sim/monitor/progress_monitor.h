// progress_monitor.h: what was accepted comes to its end in bounded time.
// Role     INV-37, as a watchdog in simulated time over four stretches of a frame's way: from the NIC to the
//          driver, through the driver's pass to an end, from a posted transmit descriptor to its completion,
//          and from a poked TX entry to the platform's taking it
// Shapes   each stretch is first in, first out per queue or socket, so only its oldest member is timed
// Units    [ps]
// Errors   the platform is blamed where a host part has to act, the device for a posted descriptor. Not timed
//          is what an application or a test holds up by right: a queue that somebody else polls (poll modes,
//          holds), TX entries without room in the COMPLETION ring, a ring whose indices are broken, a socket
//          that left its queue. Faulty times do not count, see Patience. When nothing happens any more, what
//          is still owed never comes, however short a time that is
// Source   invariants-and-faults.md F
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "model/base/fifo.h"
#include "model/base/tap.h"
#include "sim/monitor/by_number.h"
#include "sim/monitor/by_vector.h"
#include "sim/monitor/invariant_log.h"
#include "sim/monitor/patience.h"

namespace ringproof {

class ProgressMonitor final : public Tap {
 public:
  ProgressMonitor(InvariantLog& log, const Patience& patience) : log_(log), patience_(patience) {}

  // The run is over; `quiet`: nothing would happen any more.
  void finish(std::uint64_t end_ps, bool quiet);

  void nic_accepted(std::uint32_t port, std::uint32_t queue, std::uint64_t timestamp_ns) override;
  void hw_rx_completed(std::uint32_t port, std::uint32_t queue, std::uint32_t index,
                       std::uint64_t timestamp_ns, Bytes bytes) override;
  void frame_passed(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) override;
  void frame_forwarded(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) override;
  void frame_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) override;
  void frame_delivered(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t socket,
                       std::uint64_t address, Bytes bytes, std::uint64_t time_ps) override;
  void hw_tx_posted(std::uint32_t port, std::uint32_t queue, std::uint32_t index, Bytes bytes) override;
  void hw_tx_completed(std::uint32_t port, std::uint32_t queue, std::uint32_t index) override;
  void poller_changed(std::uint32_t port, std::uint32_t vector, Poller poller,
                      std::uint64_t time_ps) override;
  void queue_disabled(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) override;
  void device_reset(std::uint32_t port, std::uint64_t time_ps) override;
  void index_published(std::uint32_t port, std::uint32_t vector, std::uint32_t index, bool allowed,
                       std::uint64_t time_ps) override;

  void ring_created(std::uint64_t socket, RingKind kind, const RingShape& shape) override;
  void ring_moved(std::uint64_t socket, RingKind kind, Actor actor, std::uint32_t old, std::uint32_t now,
                  std::uint64_t time_ps) override;
  void tx_judged(std::uint64_t socket, std::uint64_t base_address, bool valid, Bytes bytes) override;
  void tx_finished(std::uint64_t socket, std::uint64_t base_address, Bytes bytes) override;
  void tx_joined(std::uint64_t socket, std::uint32_t port, std::uint32_t queue, bool generic,
                 bool to_wire) override;
  void tx_left(std::uint64_t socket) override;
  void tx_poked(std::uint64_t socket, bool begins, std::uint64_t time_ps) override;
  void socket_closed(std::uint64_t socket) override;

 private:
  struct Queue {
    Poller poller = Poller::kAsleep;
    std::uint64_t free_ps = 0;   // nobody else held the queue up from here on
    Fifo<std::uint64_t> frames;  // RX: arrival [ns] of those not taken; TX: time [ps] of posting
    EventTrail trail;
  };
  struct Port {
    ByVector<Queue> queues;        // by vector
    std::uint64_t in_pass = 0;     // frames that the driver took and that have no end yet
    std::uint64_t in_pass_ps = 0;  // of the first of them
    std::uint64_t last_queue = 0;  // that the driver took from
  };
  struct Socket {
    static constexpr std::uint32_t kNoVector = 0xFFFFFFFF;  // what it sends goes to the host's own stack
    bool joined = false;
    std::uint32_t port = 0;
    std::uint32_t vector = 0;
    std::uint32_t produced = 0;
    std::uint32_t consumed = 0;  // TX entries that the platform has released
    std::uint32_t poked = 0;     // those before it were there when the application poked
    std::uint32_t tx_entries = 0;
    std::uint32_t completions = 0;  // in the ring, as far as indices tell
    std::uint32_t completion_entries = 0;
    std::uint32_t outstanding = 0;  // with the device
    std::uint64_t since_ps = 0;     // of the last progress, or the reason for there being none
    EventTrail trail;
  };

  Queue& queue(std::uint32_t port, std::uint32_t vector);
  void frame_ended(std::uint32_t port, std::uint64_t timestamp_ns);
  bool owed(const Socket& socket) const;
  void judge_socket(std::uint64_t number, const Socket& socket);
  void progressed(std::uint64_t number, Socket& socket);
  void judge_frames(std::uint32_t port, std::uint32_t vector, const Queue& queue);
  void judge_pass(std::uint32_t port);
  bool too_long(std::uint64_t since_ps) const { return quiet_ || patience_.exhausted(since_ps, now_ps_); }
  // How long it lasted, and what would have been right.
  std::string times(std::uint64_t since_ps) const;
  void at(std::uint64_t time_ps) {
    if (time_ps > now_ps_) now_ps_ = time_ps;
  }
  Socket* find(std::uint64_t number);

  InvariantLog& log_;
  const Patience& patience_;
  std::vector<Port> ports_;
  ByNumber<Socket> sockets_;
  std::uint64_t now_ps_ = 0;  // the latest time that any event told
  bool quiet_ = false;
};

}  // namespace ringproof

// drop_monitor.h: a frame that is lost was lost for the reason that is told.
// Role     INV-21, "every drop has exactly one reason": the reason of each drop, against what the events before
//          it say of the place where the frame was lost
// Shapes   the MAC's buffer holds at most what arrived and no queue has decided on; a ring was short if the
//          platform used all that it saw when it looked at it last
//          A driver gives frames back unsent when their queue is off, when its device is lost, and when a test that
//          holds some says so. A frame is sent back if the ring has room for all that ever were, and for what else is posted
// Errors   a reason that the MAC gives is the device's, the others the platform's. Not judged, because no tap
//          tells their cause: a link, a line. Nor a ring that is broken, or held by a fault
// Source   invariants-and-faults.md C; model/base/tap.h, DropReason; afxdp-sockets.md 5.3
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/base/tap.h"
#include "model/nic/nic_config.h"
#include "sim/monitor/by_number.h"
#include "sim/monitor/frame_book.h"
#include "sim/monitor/invariant_log.h"

namespace ringproof {

class DropMonitor final : public Tap {
 public:
  DropMonitor(InvariantLog& log, const std::vector<nic::NicConfig>& ports);

  void wire_in(std::uint32_t port, std::uint64_t timestamp_ns, Bytes bytes) override;
  void nic_accepted(std::uint32_t port, std::uint32_t queue, std::uint64_t timestamp_ns) override;
  void nic_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) override;
  void local_frame_begun(std::uint32_t port, std::uint32_t queue, std::uint64_t number, Bytes bytes) override;
  void completion_written(std::uint32_t port, std::uint32_t vector, std::uint32_t slot, Bytes entry,
                          bool allowed, std::uint64_t time_ps) override;
  void dma(std::uint32_t port, std::uint32_t requester, bool write, std::uint64_t address,
           std::uint32_t bytes, bool allowed, std::uint64_t time_ps) override;
  void frame_judged(const QueuePlace& place, const Judgement& judgement, Bytes bytes) override;
  void frame_passed(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) override;
  void frame_forwarded(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) override;
  void frame_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) override;
  void frame_delivered(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t socket,
                       std::uint64_t address, Bytes bytes, std::uint64_t time_ps) override;
  void ring_created(std::uint64_t socket, RingKind kind, const RingShape& shape) override;
  void peer_cached(std::uint64_t socket, RingKind kind, std::uint32_t index, std::uint64_t time_ps) override;
  void fill_judged(std::uint64_t socket, std::uint64_t address, bool valid) override;
  void ring_failed(std::uint64_t socket, RingKind kind, std::uint32_t error, std::uint64_t time_ps) override;
  void state_changed(std::uint64_t socket, SocketState from, SocketState to, std::uint64_t time_ps) override;
  void socket_closed(std::uint64_t socket) override { sockets_.erase(socket); }
  void interface_paused(std::uint32_t port, bool paused) override;
  void device_lost(std::uint32_t port, bool lost) override;
  void device_reset(std::uint32_t port, std::uint64_t time_ps) override;
  void queue_enabled(std::uint32_t port, std::uint32_t vector, std::uint32_t start, std::uint32_t entries,
                     std::uint64_t time_ps) override;
  void queue_disabled(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) override;
  void tx_held(std::uint32_t port, std::uint32_t queue, Bytes bytes) override;
  void wire_out_dropped(std::uint32_t port, std::uint32_t queue, DropReason reason) override;
  void hw_ring_changed(std::uint32_t port, std::uint32_t vector, std::uint32_t index, std::uint32_t entries,
                       std::uint64_t socket) override;
  void hw_tx_posted(std::uint32_t port, std::uint32_t queue, std::uint32_t index, Bytes bytes) override;
  void hw_tx_completed(std::uint32_t port, std::uint32_t queue, std::uint32_t index) override;
  void stack_lost(std::uint32_t port, std::uint32_t queue, DropReason reason) override;
  void fault_struck(FaultId id, const FaultTarget& target, std::uint64_t time_ps) override;

 private:
  struct SendQueue {
    bool on = false;
    bool held = false;  // a test has kept frames of it
    bool lent = false;  // a device has worked on rings of a socket there
    std::uint32_t outstanding = 0;
  };
  struct Port {
    std::uint32_t fifo_bytes = 0;
    std::uint32_t frame_bytes_max = 0;
    std::uint32_t send_queues = 0;
    std::uint32_t send_entries = 0;   // of each
    std::uint64_t waiting_bytes = 0;  // arrived, and not decided on
    bool refused = false;             // some access, or something told wrongly, by intent
    bool paused = false;
    bool lost = false;            // the device, and the driver knows
    std::uint64_t sent_back = 0;  // frames by rules, so far
    std::vector<SendQueue> send{};
  };
  struct Note {
    std::uint64_t bytes = 0;
    bool waiting = false;      // in the MAC's buffer
    bool entry_sane = false;   // a completion entry without an error is in memory for it
    std::uint64_t target = 0;  // socket that it was redirected to
    std::optional<QueuePlace> place;
  };
  struct Look {
    std::optional<RingShape> shape;
    std::uint32_t found = 0;  // entries, or room, when the platform looked last
    std::uint32_t used = 0;   // FILL entries taken since
  };
  struct Socket {
    Look rx;
    Look fill;
    bool unsure = false;               // a ring has an error
    bool leaves = false;               // is detached, or closes
    std::optional<QueuePlace> served;  // a frame came from there, and no state has changed since
  };

  void decided(std::uint32_t port, Note& note);
  void check_paused(std::uint32_t port, const Place& place, DropReason reason);
  void check_forward(std::uint32_t port, std::uint64_t timestamp_ns, const Note& note);
  void check_at_socket(std::uint32_t port, std::uint64_t timestamp_ns, const Note& note, DropReason reason);
  void violated(Party party, std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason,
                const char* but);

  InvariantLog& log_;
  std::vector<Port> ports_;
  FrameBook<Note> frames_;
  ByNumber<Socket> sockets_;
  bool rings_held_ = false;   // by a fault
  std::uint64_t now_ps_ = 0;  // of the last event that said its time
};

}  // namespace ringproof

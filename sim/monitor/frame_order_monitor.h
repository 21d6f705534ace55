// frame_order_monitor.h: frames keep their order.
// Role     INV-18 per queue and direction, per receiver of a queue, and per flow
// Shapes   received frames are known by their timestamps, which rise with arrival; a sent frame is known by
//          its place in the hardware ring and by its length
// Errors   the device's up to the completion entry and from the descriptor to the wire, the platform's
//          between. The frames of one receive pass reach sockets first and the host stack after the pass, as
//          upstream does; so across the split a flow keeps its order from one pass to the next, not within
//          one
// Source   invariants-and-faults.md C; xdp-programs.md 3
#pragma once

#include <cstdint>
#include <map>
#include <unordered_map>
#include <vector>

#include "model/base/fifo.h"
#include "model/base/tap.h"
#include "sim/monitor/frame_book.h"
#include "sim/monitor/handed_frames.h"
#include "sim/monitor/invariant_log.h"

namespace ringproof {

class FrameOrderMonitor final : public Tap {
 public:
  explicit FrameOrderMonitor(InvariantLog& log) : log_(log) {}

  void wire_in(std::uint32_t port, std::uint64_t timestamp_ns, Bytes bytes) override;
  void nic_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) override;
  void nic_accepted(std::uint32_t port, std::uint32_t queue, std::uint64_t timestamp_ns) override;
  void hw_rx_completed(std::uint32_t port, std::uint32_t queue, std::uint32_t index,
                       std::uint64_t timestamp_ns, Bytes bytes) override;
  void frame_passed(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) override;
  void frame_forwarded(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) override;
  void frame_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) override;
  void frame_delivered(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t socket,
                       std::uint64_t address, Bytes bytes, std::uint64_t time_ps) override;
  void queue_enabled(std::uint32_t port, std::uint32_t vector, std::uint32_t start, std::uint32_t entries,
                     std::uint64_t time_ps) override;
  void queue_disabled(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) override;
  void device_reset(std::uint32_t port, std::uint64_t time_ps) override;
  void tx_handed_over(std::uint32_t port, std::uint32_t queue, std::uint32_t index) override;
  void hw_tx_completed(std::uint32_t port, std::uint32_t queue, std::uint32_t index) override;
  void hw_ring_changed(std::uint32_t port, std::uint32_t vector, std::uint32_t index, std::uint32_t entries,
                       std::uint64_t socket) override;
  void hw_tx_posted(std::uint32_t port, std::uint32_t queue, std::uint32_t index, Bytes bytes) override;
  void wire_out(std::uint32_t port, std::uint32_t queue, std::uint64_t time_ps, Bytes bytes) override;
  void wire_out_dropped(std::uint32_t port, std::uint32_t queue, DropReason reason) override;

 private:
  static constexpr std::size_t kFlowsMax = 65'536;  // per queue; then what was noted of them is forgotten
  static constexpr std::uint64_t kHost = ~std::uint64_t{0};
  static constexpr std::uint64_t kForwarder = kHost - 1;

  struct Note {
    std::uint64_t flow = 0;  // 0: no IP
    std::uint32_t queue = 0;
    std::uint64_t pass = 0;
  };
  struct Last {
    std::uint64_t timestamp_ns = 0;
    std::uint64_t pass = 0;
  };
  struct RxQueue {
    std::uint64_t accepted_ns = 0;
    std::uint64_t completed_ns = 0;
    std::uint64_t pass = 0;
    bool ending = false;                               // frames of this pass have begun to end
    std::map<std::uint64_t, std::uint64_t> receivers;  // latest timestamp, by socket, kHost or kForwarder
    std::unordered_map<std::uint64_t, Last> flows;     // never iterated
    EventTrail trail;
  };
  struct Posted {
    std::uint32_t index = 0;
    std::size_t bytes = 0;
  };
  struct TxQueue {
    Fifo<Posted> posted;  // frames that have not left
    HandedFrames handed;
    std::uint64_t ended_ps = 0;
    EventTrail trail;
  };

  RxQueue& rx(std::uint32_t port, std::uint32_t queue);
  TxQueue& tx(std::uint32_t port, std::uint32_t queue);
  // Complains unless the frame came after `latest`.
  void follows(Party party, std::uint32_t port, std::uint32_t queue, std::uint64_t& latest,
               std::uint64_t timestamp_ns, const char* how);
  void ended(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t receiver, const char* how);
  void check_flow(std::uint32_t port, const Note& note, RxQueue& queue, std::uint64_t timestamp_ns);

  InvariantLog& log_;
  FrameBook<Note> frames_;
  std::vector<std::vector<RxQueue>> rx_;  // by port and queue
  std::vector<std::vector<TxQueue>> tx_;
  std::uint64_t now_ps_ = 0;  // of the last event that said its time
};

}  // namespace ringproof

// frame_monitor.h: every frame and every buffer from its beginning to its one end.
// Role     INV-17, 21, 23, 24 and 25: bytes, conservation, completions, DMA rights. INV-12 of frames that a device sends
//          from the rings of a socket
// Shapes   a received frame is known by (port, timestamp); copies of bytes are kept while it is in flight
// Errors   blamed on the device up to the completion entry, on the platform and driver after it.
//          A received frame's bytes are judged at its end, because only that tells whether its DMA failed.
//          Bytes on the wire that the application changed while the device had them are INV-12's business
// Source   invariants-and-faults.md C and D
#pragma once

#include <cstdint>
#include <map>
#include <unordered_map>
#include <vector>

#include "model/base/fifo.h"
#include "model/base/tap.h"
#include "sim/monitor/by_number.h"
#include "sim/monitor/handed_frames.h"
#include "sim/monitor/invariant_log.h"
#include "sim/monitor/posted_buffers.h"
#include "sim/monitor/posted_chunks.h"

namespace ringproof {

class FrameMonitor final : public Tap {
 public:
  explicit FrameMonitor(InvariantLog& log) : log_(log) {}

  // The run is over. `drained`: it ended by itself, so nothing may be in flight; otherwise (cut at its
  // time limit) what is left is only counted.
  void finish(std::uint64_t end_ps, bool drained);
  // Received frames that had not reached their end at finish().
  std::uint64_t not_ended() const { return not_ended_; }

  void wire_in(std::uint32_t port, std::uint64_t timestamp_ns, Bytes bytes) override;
  void nic_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) override;
  void nic_accepted(std::uint32_t port, std::uint32_t queue, std::uint64_t timestamp_ns) override;
  void wire_out(std::uint32_t port, std::uint32_t queue, std::uint64_t time_ps, Bytes bytes) override;
  void wire_out_dropped(std::uint32_t port, std::uint32_t queue, DropReason reason) override;
  void tx_checksum_inserted(std::uint32_t port, std::uint32_t queue, std::uint32_t at) override;
  void tx_bad_offload(std::uint32_t port, std::uint32_t queue) override;
  void dma_mapped(std::uint32_t port, const DmaRegion& region) override;
  void dma_unmapped(std::uint32_t port, std::uint64_t address) override;
  void dma(std::uint32_t port, std::uint32_t requester, bool write, std::uint64_t address,
           std::uint32_t bytes, bool allowed, std::uint64_t time_ps) override;
  void queue_enabled(std::uint32_t port, std::uint32_t vector, std::uint32_t start, std::uint32_t entries,
                     std::uint64_t time_ps) override;
  void queue_disabled(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) override;
  void queue_stopped(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) override;
  void device_reset(std::uint32_t port, std::uint64_t time_ps) override;
  void tx_handed_over(std::uint32_t port, std::uint32_t queue, std::uint32_t index) override;
  void hw_ring_changed(std::uint32_t port, std::uint32_t vector, std::uint32_t index, std::uint32_t entries,
                       std::uint64_t socket) override;
  void hw_rx_buffer(std::uint32_t port, std::uint32_t queue, std::uint32_t index, std::uint64_t address,
                    std::uint32_t bytes) override;
  void hw_rx_posted(std::uint32_t port, std::uint32_t queue, std::uint32_t index) override;
  void hw_rx_completed(std::uint32_t port, std::uint32_t queue, std::uint32_t index,
                       std::uint64_t timestamp_ns, Bytes bytes) override;
  void hw_tx_posted(std::uint32_t port, std::uint32_t queue, std::uint32_t index, Bytes bytes) override;
  void hw_tx_completed(std::uint32_t port, std::uint32_t queue, std::uint32_t index) override;
  void local_frame_begun(std::uint32_t port, std::uint32_t queue, std::uint64_t number, Bytes bytes) override;
  void passed_on(std::uint32_t, std::uint64_t, Bytes bytes) override { passed_ = bytes; }
  void frame_passed(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) override;
  void frame_forwarded(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) override;
  void frame_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) override;
  void frame_delivered(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t socket,
                       std::uint64_t address, Bytes bytes, std::uint64_t time_ps) override;
  void umem_registered(std::uint64_t socket, const UmemShape& umem) override;
  void tx_memory_mapped(std::uint64_t socket, const TxMemory& memory) override;
  void tx_memory_unmapped(std::uint64_t socket, std::uint64_t dma_address) override;
  void tx_judged(std::uint64_t socket, std::uint64_t base_address, bool valid, Bytes bytes) override;
  void tx_finished(std::uint64_t socket, std::uint64_t base_address, Bytes bytes) override;
  void socket_closed(std::uint64_t socket) override;

 private:
  struct Received {
    std::vector<unsigned char> bytes;
    std::uint32_t queue = 0;
    bool accepted = false;
    bool completed = false;
    std::size_t completed_bytes = 0;
    std::size_t same_bytes = 0;  // how many of them are right, from the first on
  };

  struct Sent {
    std::vector<unsigned char> bytes;
    const unsigned char* memory = nullptr;     // the device reads them here, until the completion
    std::uint64_t socket = FaultTarget::kAny;  // it comes from, if from one
    std::uint32_t index = 0;
    bool completed = false;
    bool changed = false;         // the memory was, while the device had it
    bool unsent = false;          // and never will be: the queue was reset
    std::uint32_t checksums = 0;  // to be put in: its descriptor asks for so many, and they fit
  };

  struct RxQueue {
    bool begun = false;
    std::uint32_t posted = 0;      // next index
    std::uint32_t completed = 0;   // next index
    Fifo<std::uint64_t> accepted;  // timestamps
    PostedChunks chunks;           // of a queue whose device works on the rings of a socket
    bool lost = false;             // with a device that was reset, and the driver may not know it yet
    PostedBuffers buffers;         // of the driver
    EventTrail trail;
  };

  struct TxQueue {
    bool begun = false;
    std::uint32_t posted = 0;   // next index
    Fifo<Sent> frames;          // those that are not both completed and off to the wire
    std::size_t completed = 0;  // how many of them, from the first on
    std::size_t gone = 0;       // the same for the wire
    std::uint64_t lender = 0;   // the socket on whose rings the device works
    HandedFrames handed;
    std::vector<std::uint32_t> inserted;  // where the next frame on the wire got a checksum
    DmaRegion descriptors{};              // the driver's own ring; no memory: not known
    EventTrail trail;
  };

  struct Port {
    std::unordered_map<std::uint64_t, Received> in_flight;  // by timestamp; never iterated for output
    std::uint64_t newest_ns = 0;
    std::uint64_t arrived = 0;
    std::uint64_t ended = 0;
    bool reset = false;  // and no queue is enabled again
    std::vector<RxQueue> rx;
    std::vector<TxQueue> tx;
    EventTrail trail;
  };

  struct Socket {
    std::uint64_t room_bytes = ~std::uint64_t{0};  // for a frame in a chunk
    const unsigned char* umem = nullptr;
    std::uint32_t chunk_bytes = 1;
    Fifo<std::uint64_t> accepted;  // base addresses of TX descriptors
    EventTrail trail;
  };

  Port& port(std::uint32_t number);
  void begin(Port& port, std::uint64_t timestamp_ns, Bytes bytes);
  RxQueue& rx_queue(std::uint32_t port, std::uint32_t queue);
  TxQueue& tx_queue(std::uint32_t port, std::uint32_t queue);

  // The socket whose memory this is, or FaultTarget::kAny.
  std::uint64_t sender_of(const unsigned char* memory) const;
  // Takes the frame out of flight and calls `judge(frame)`, or complains that there is none. `how` is a
  // literal with {0} for the timestamp.
  template <typename Judge>
  void ended(std::uint32_t port, std::uint64_t timestamp_ns, const char* how, Party party, Judge judge);
  void check_passed(std::uint32_t port, std::uint64_t timestamp_ns, const Received& frame, Bytes bytes);
  void check_received(std::uint32_t port, std::uint64_t timestamp_ns, const Received& frame, bool cut);
  void check_inserted(std::uint32_t port, std::uint32_t queue, const TxQueue& here, Bytes bytes);
  // How many checksums the descriptor that was just posted asks for.
  static std::uint32_t checksums_asked(const TxQueue& queue, std::uint32_t index);
  void check_asked(std::uint32_t port, std::uint32_t queue, const TxQueue& here, const Sent& frame);
  void check_kept(const TxQueue& queue, const Sent& frame);
  static void retire(TxQueue& queue);
  void lost_in_reset(std::uint32_t port, std::uint64_t timestamp_ns, const Received& frame);
  void finish_port(std::uint32_t number);
  void finish_tx_queue(std::uint32_t number, std::uint32_t queue);
  void check_copy(std::uint64_t number, const Socket& socket, std::uint64_t base_address, Bytes bytes);
  void check_all_finished(std::uint64_t number, const Socket& socket, const char* when);

  template <typename Describe>
  void violated(Invariant id, Party party, const Place& place, const EventTrail& trail, Describe describe) {
    log_.violated(id, party, place, trail, now_ps_, describe);
  }

  InvariantLog& log_;
  std::vector<Port> ports_;
  ByNumber<Socket> sockets_;
  std::map<std::uint64_t, TxMemory> tx_memories_;  // by socket
  // Map nodes of frames that have ended, with the memory of their bytes.
  std::vector<std::unordered_map<std::uint64_t, Received>::node_type> spare_;
  Bytes passed_;  // of the frame that is told as passed next
  std::uint64_t not_ended_ = 0;
  std::uint64_t now_ps_ = 0;  // of the last event that said its time
};

}  // namespace ringproof

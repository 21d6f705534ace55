// publication_monitor.h: what a device makes known is there already.
// Role     INV-26: payload, completion entry, published index and interrupt come in this order, in posted
//          order
// Shapes   a receive queue is shadowed from its posted buffers on, by free-running index
// Units    lengths [bytes]
// Errors   the device is blamed. Judged where writes meet memory, so the number of requests under way and the
//          order of their answers do not matter. A frame whose completion says that a write failed owes no
//          payload, and an index whose own write was refused counts as published, as the device document says.
//          An application that changes a FILL entry which it has posted changes where its frame goes: an entry
//          for another place says nothing of the buffer that was posted; whoever takes the entry compares both
// Source   invariants-and-faults.md D; docs/design/queue-engine.md, Rings
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "model/base/tap.h"
#include "sim/monitor/by_vector.h"
#include "sim/monitor/invariant_log.h"
#include "sim/monitor/posted_chunks.h"

namespace ringproof {

class PublicationMonitor final : public Tap {
 public:
  // The size of the receive rings of each port: the driver posts before it tells the device.
  PublicationMonitor(InvariantLog& log, std::vector<std::uint32_t> rx_ring_entries)
      : log_(log), rx_ring_entries_(std::move(rx_ring_entries)) {}

  void queue_enabled(std::uint32_t port, std::uint32_t vector, std::uint32_t start, std::uint32_t entries,
                     std::uint64_t time_ps) override;
  void zero_copy_enabled(std::uint32_t port, std::uint32_t vector, const ZeroCopyTold& told,
                         std::uint64_t time_ps) override;
  void queue_disabled(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) override;
  void device_reset(std::uint32_t port, std::uint64_t time_ps) override;
  void hw_ring_changed(std::uint32_t port, std::uint32_t vector, std::uint32_t index, std::uint32_t entries,
                       std::uint64_t socket) override;
  void hw_rx_buffer(std::uint32_t port, std::uint32_t queue, std::uint32_t index, std::uint64_t address,
                    std::uint32_t bytes) override;
  void payload_written(std::uint32_t port, std::uint32_t vector, std::uint64_t address, std::uint32_t bytes,
                       bool allowed, std::uint64_t time_ps) override;
  void completion_written(std::uint32_t port, std::uint32_t vector, std::uint32_t slot, Bytes entry,
                          bool allowed, std::uint64_t time_ps) override;
  void tx_handed_over(std::uint32_t port, std::uint32_t queue, std::uint32_t index) override;
  void index_published(std::uint32_t port, std::uint32_t vector, std::uint32_t index, bool allowed,
                       std::uint64_t time_ps) override;
  void entries_published(std::uint32_t port, std::uint32_t vector, std::uint32_t index, bool allowed,
                         std::uint64_t time_ps) override;
  void interrupt_armed(std::uint32_t port, std::uint32_t vector, std::uint32_t seen,
                       std::uint64_t time_ps) override;
  void interrupt_requested(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) override;
  void fault_struck(FaultId id, const FaultTarget& target, std::uint64_t time_ps) override;

 private:
  struct Buffer {
    std::uint64_t address = 0;
    std::uint32_t bytes = 0;
    std::uint32_t written = 0;
    bool beyond = false;  // of a zero-copy queue: the device wrote behind its end
    bool covers(std::uint64_t at) const { return at - address < bytes; }
  };
  struct Queue {
    bool enabled = false;
    std::uint32_t entries = 0;
    std::vector<Buffer> buffers;  // by slot
    PostedChunks chunks;          // of a zero-copy queue
    std::uint64_t socket = 0;     // whose chunks they are
    std::uint64_t write_end = 0;  // of the last one that began in a posted buffer, or went on from there
    std::uint32_t write_index = 0;
    std::uint32_t writing = 0;  // index of the buffer that was written last
    std::uint32_t done = 0;     // entries written, or frames handed over: the next index
    std::uint32_t published = 0;
    bool armed = false;
    bool asked = false;  // the last arming has found a difference
    std::uint32_t armed_seen = 0;
    bool replaced = false;  // an arming that had found none was followed by another
    std::uint32_t replaced_seen = 0;
    std::uint64_t replaced_ps = 0;
    std::uint32_t owed = 0;            // armings that found one, and had no request since
    std::uint32_t armings = 0;         // since the last of them
    std::uint32_t second_entries = 0;  // of a zero-copy queue's ring for entries; 0: it is none
    std::uint32_t second_written = 0;  // next index
    std::uint64_t memory = 0;          // DMA address that its places count from
    EventTrail trail;
    Buffer& buffer(std::uint32_t index) { return buffers[index & (buffers.size() - 1)]; }
    Buffer* find(std::uint64_t address);
    void owe_request();
  };

  Queue& queue(std::uint32_t port, std::uint32_t vector);
  // Of a zero-copy queue.
  void entry_written(std::uint32_t port, std::uint32_t vector, Queue& queue, std::uint32_t slot, Bytes entry,
                     bool allowed, std::uint64_t time_ps);
  void judge_extent(std::uint32_t port, std::uint32_t vector, Queue& queue, std::uint32_t index,
                    std::uint64_t time_ps);
  void judge_length(std::uint32_t port, std::uint32_t vector, Queue& queue, std::uint32_t index,
                    std::uint32_t length, std::uint64_t time_ps);
  template <typename Describe>
  void violated(std::uint32_t port, std::uint32_t vector, const Queue& queue, std::uint64_t time_ps,
                Describe describe);

  InvariantLog& log_;
  bool clock_stopped_ = false;  // of some device, at some time
  std::vector<std::uint32_t> rx_ring_entries_;
  std::vector<ByVector<Queue>> ports_;
};

}  // namespace ringproof

// window_monitor.h: doorbells, and the descriptors that a device fetches because of them.
// Role     INV-27 fetches stay in the window of what was posted and not fetched; INV-32 the device's view of
//          the producer index is the last one that a doorbell brought in range
// Shapes   per queue: fetched so far, as a range, because a read brings whole lines of four descriptors and
//          only the next read tells how many of them were meant; accepted doorbell
// Units    indices run free in 32 bits
// Errors   the device is blamed; for a last index that never reached it, the driver.
//          A doorbell between "surely in range" and "surely not" (the engine alone knows how much it has
//          finished) is taken as accepted, and the queue's range error is then not judged any more.
//          Reading a line again for its rest is not fetching again: no descriptor of it counts twice
// Source   invariants-and-faults.md D; docs/design/queue-engine.md
#pragma once

#include <cstdint>
#include <vector>

#include "model/base/tap.h"
#include "sim/monitor/by_vector.h"
#include "sim/monitor/invariant_log.h"

namespace ringproof {

class WindowMonitor final : public Tap {
 public:
  explicit WindowMonitor(InvariantLog& log) : log_(log) {}

  // The run is over; `drained`: everything that was written has arrived, and every frame has left.
  void finish(std::uint64_t end_ps, bool drained);

  void queue_enabled(std::uint32_t port, std::uint32_t vector, std::uint32_t start, std::uint32_t entries,
                     std::uint64_t time_ps) override;
  void zero_copy_enabled(std::uint32_t port, std::uint32_t vector, const ZeroCopyTold& told,
                         std::uint64_t time_ps) override;
  void queue_disabled(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) override;
  void device_reset(std::uint32_t port, std::uint64_t time_ps) override;
  void doorbell_written(std::uint32_t port, std::uint32_t vector, std::uint32_t index,
                        std::uint64_t time_ps) override;
  void range_error_read(std::uint32_t port, std::uint32_t vector, bool error, std::uint64_t time_ps) override;
  void descriptors_fetched(std::uint32_t port, std::uint32_t vector, std::uint32_t first_slot,
                           std::uint32_t count, std::uint64_t time_ps) override;
  void index_published(std::uint32_t port, std::uint32_t vector, std::uint32_t index, bool allowed,
                       std::uint64_t time_ps) override;
  void nic_accepted(std::uint32_t port, std::uint32_t queue, std::uint64_t timestamp_ns) override;
  void rx_starved(std::uint32_t port, std::uint32_t queue, std::uint64_t timestamp_ns) override;
  void tx_handed_over(std::uint32_t port, std::uint32_t queue, std::uint32_t index) override;
  void hw_ring_changed(std::uint32_t port, std::uint32_t vector, std::uint32_t index, std::uint32_t entries,
                       std::uint64_t socket) override;
  void hw_rx_posted(std::uint32_t port, std::uint32_t queue, std::uint32_t index) override;
  void hw_tx_posted(std::uint32_t port, std::uint32_t queue, std::uint32_t index, Bytes bytes) override;

 private:
  struct Queue {
    bool enabled = false;
    std::uint32_t entries = 0;
    std::uint32_t line = 0;         // descriptors in a beat of 64 bytes
    std::uint32_t tail = 0;         // accepted doorbell
    std::uint64_t tail_ps = 0;      // when it came
    std::uint32_t fetched_min = 0;  // at least those before it are fetched
    std::uint32_t fetched_max = 0;  // and none from here on
    std::uint32_t published = 0;    // a lower bound of what is finished
    std::uint32_t used = 0;         // frames taken by the queue, or handed over: next index
    bool posted_any = false;
    std::uint32_t posted = 0;  // the driver's producer index
    bool range_error = false;  // a doorbell was surely out of range
    bool sure = true;          // of `range_error`
    EventTrail trail;
  };

  Queue& queue(std::uint32_t port, std::uint32_t vector);
  void finish_queue(std::uint32_t port, std::uint32_t vector, std::uint64_t end_ps);
  void posted(Queue& queue, std::uint32_t index);
  // A descriptor was used: one that a doorbell has shown?
  void used_one(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps);

  template <typename Describe>
  void violated(Invariant id, Party party, std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps,
                Describe describe);

  InvariantLog& log_;
  std::vector<ByVector<Queue>> ports_;
};

}  // namespace ringproof

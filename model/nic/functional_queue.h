// functional_queue.h: what receive and transmit queues of the functional port have in common.
// Role     the register block of one queue, its doorbell and prefetched descriptors, its published index and
//          its interrupt request
// Shapes   kPrefetchMax descriptors are kept, as in the engine; one descriptor read and one index write are
//          under way at a time, and cover whatever there is when they are done
// Units    indices run free in 32 bits; register offsets in bytes within the block
// Threads  simulation thread, in events of the host
// Errors   as docs/design/queue-engine.md says of the engine: "Registers", "When memory refuses"
// Source   docs/design/queue-engine.md, docs/design/functional-port.md
#pragma once

#include <array>
#include <cstdint>

#include "model/nic/engine_layout.h"
#include "model/nic/functional_dma.h"
#include "model/nic/interrupts.h"

namespace ringproof::nic {

class FunctionalTxQueue;

// What a queue tells the port around it.
class FunctionalQueueOwner {
 public:
  // Descriptors came, or something of the queue is no longer in flight.
  virtual void queue_moved() = 0;
  // The queue has a frame for the MAC.
  virtual void ready_to_send(FunctionalTxQueue& queue) = 0;

 protected:
  ~FunctionalQueueOwner() = default;
};

class FunctionalQueue {
 public:
  FunctionalQueue(const FunctionalQueue&) = delete;
  FunctionalQueue& operator=(const FunctionalQueue&) = delete;

  void write(std::uint32_t offset, std::uint32_t value);
  std::uint32_t read(std::uint32_t offset) const;
  // As after power-on; what was to be done is not.
  void reset();
  bool enabled() const { return enabled_; }
  bool in_flight() const { return reading_ > 0 || index_write_under_way_ || used_ != published_; }
  // Enabling waits until nothing of the queue's former life is in flight.
  bool must_wait(std::uint32_t offset, std::uint32_t value) const {
    return offset == kControl && (value & kControlEnable) != 0 && !enabled_ && in_flight();
  }

 protected:
  struct Descriptor {
    PostEntry entry;
    std::uint32_t index;
    bool bad;
  };

  FunctionalQueue(FunctionalDma& dma, Interrupts& interrupts, FunctionalQueueOwner& owner,
                  std::uint32_t vector);
  ~FunctionalQueue() = default;

  bool has_posted() const { return posted_ != used_; }
  bool has_descriptor() const { return fetched_ != used_; }
  // REQUIRES: has_descriptor().
  Descriptor take_descriptor();
  // The oldest frame that was begun is done.
  void finish(bool failed);
  std::uint64_t completion_address(std::uint32_t index) const {
    return completion_base_ + std::uint64_t{index & (ring_size() - 1)} * sizeof(RxCompletionEntry);
  }

  virtual void started(std::uint32_t /*first index*/) {}
  virtual void descriptors_came() {}
  virtual void forget() = 0;  // of a reset
  virtual std::uint32_t drops() const { return 0; }

  // Does `Step` of the queue on its behalf, unless it is reset before.
  template <auto Step, typename Self>
  static void do_at(std::uint64_t time_ps, Self* self) {
    self->dma_.at(time_ps, self->vector_, [self, life = self->life_] {
      if (life == self->life_) (self->*Step)();
    });
  }

  FunctionalDma& dma_;
  FunctionalQueueOwner& owner_;
  const std::uint32_t vector_;
  std::uint64_t last_read_ps_ = 0;  // when the latest access is done
  std::uint64_t last_write_ps_ = 0;
  std::uint32_t life_ = 0;  // counts resets

 private:
  static constexpr std::uint32_t kPrefetchMax = 32;
  struct Fetched {
    PostEntry entry;
    bool bad;
  };

  std::uint32_t ring_size() const { return std::uint32_t{1} << ring_log2_; }
  void configure(std::uint32_t offset, std::uint32_t value);
  void enable(bool on);
  void doorbell(std::uint32_t value);
  void fetch();
  void fetch_done();
  void read_block(std::uint32_t begin, std::uint32_t count);
  void publish();
  void index_written();
  void check_interrupt();

  Interrupts& interrupts_;
  bool enabled_ = false;
  bool range_error_ = false;
  std::uint32_t ring_log2_ = 1;
  std::uint64_t descriptor_base_ = 0;
  std::uint64_t completion_base_ = 0;
  std::uint64_t index_address_ = 0;
  std::uint32_t start_index_ = 0;

  std::uint32_t posted_ = 0;
  std::uint32_t fetched_ = 0;
  std::uint32_t used_ = 0;
  std::uint32_t finished_ = 0;
  std::uint32_t published_ = 0;
  std::uint32_t reading_ = 0;  // descriptors
  bool index_write_under_way_ = false;
  std::uint32_t frames_ = 0;
  std::uint32_t errors_ = 0;
  bool armed_ = false;
  std::uint32_t seen_ = 0;  // by the host, as it said when it armed the interrupt
  std::array<Fetched, kPrefetchMax> store_;
};

}  // namespace ringproof::nic

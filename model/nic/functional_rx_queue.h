// functional_rx_queue.h: a receive queue of the functional port.
// Role     takes frames from the MAC, writes payload, completion entry and index, in this order
// Shapes   a frame taken has used one descriptor; frames are completed in the order in which they were taken
// Errors   docs/design/queue-engine.md, "When memory refuses"
// Source   docs/design/functional-port.md; INV-24, INV-26
#pragma once

#include <cstdint>

#include "model/base/fifo.h"
#include "model/nic/functional_queue.h"
#include "model/nic/receive_mac.h"

namespace ringproof::nic {

class FunctionalRxQueue final : public FunctionalQueue {
 public:
  FunctionalRxQueue(FunctionalDma& dma, Interrupts& interrupts, FunctionalQueueOwner& owner,
                    std::uint32_t queue)
      : FunctionalQueue(dma, interrupts, owner, queue) {}

  // No buffer is posted, or the queue is disabled: a frame for it is discarded.
  bool must_discard() const { return !enabled() || !has_posted(); }
  // A buffer is posted and known; otherwise the frame waits for the descriptor.
  bool can_take() const { return has_descriptor(); }
  // REQUIRES: not must_discard(), and can_take(). The bytes of the frame stay where they are.
  void take(const ReceivedFrame& frame, std::uint64_t now_ps);
  void discarded() { ++drops_; }

 private:
  struct Taken {
    ReceivedFrame frame;
    std::uint64_t address = 0;
    std::uint32_t cookie = 0;
    std::uint32_t bytes = 0;  // that fit into the buffer
    std::uint32_t flags = 0;
  };
  void started(std::uint32_t first_index) override { next_entry_ = first_index; }
  std::uint32_t drops() const override { return drops_; }
  void forget() override;
  void payload_written();
  void entry_written();

  Fifo<Taken> taken_;  // the first `payloads_done_` wait for their completion entry
  std::size_t payloads_done_ = 0;
  std::uint32_t next_entry_ = 0;
  std::uint32_t drops_ = 0;
};

}  // namespace ringproof::nic

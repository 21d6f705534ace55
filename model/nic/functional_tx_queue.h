// functional_tx_queue.h: a transmit queue of the functional port.
// Role     reads frames from host memory and hands them to the MAC, in the order of the descriptors
// Shapes   at most kLoadedMax frames are begun and not handed over
// Errors   docs/design/queue-engine.md, "When memory refuses"
// Source   docs/design/functional-port.md; INV-23
#pragma once

#include <cstdint>

#include "model/base/fifo.h"
#include "model/nic/functional_queue.h"
#include "model/nic/transmit_mac.h"

namespace ringproof::nic {

class FunctionalTxQueue final : public FunctionalQueue {
 public:
  FunctionalTxQueue(FunctionalDma& dma, Interrupts& interrupts, FunctionalQueueOwner& owner,
                    std::uint32_t queue)
      : FunctionalQueue(dma, interrupts, owner, kTxVectorBase + queue), queue_(queue) {}

  std::uint32_t vector() const { return vector_; }
  // Frames whose time to be read has come.
  bool ready() const { return ready_ > 0; }
  // Reads the payload of the next frame and hands it over. REQUIRES: ready(), and the MAC has room.
  void send_one(TransmitMac& mac);

 private:
  static constexpr std::size_t kLoadedMax = 16;

  void descriptors_came() override;
  void forget() override;
  void payload_due();

  const std::uint32_t queue_;
  Fifo<Descriptor> loaded_;
  std::size_t ready_ = 0;
};

}  // namespace ringproof::nic

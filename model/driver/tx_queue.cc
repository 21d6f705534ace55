#include "model/driver/tx_queue.h"

namespace ringproof::driver {

TxQueue::TxQueue(nic::Device& device, Host& host, const TapList& taps, std::uint32_t queue,
                 std::uint32_t entries)
    : HardwareQueue(device, host, taps, queue, nic::kTxVectorBase + queue, nic::tx_block(queue), entries),
      contexts_(entries) {}

void TxQueue::set_up() {
  enable(0);
  write(nic::kIrqArm, seen_);
}

void TxQueue::serve() {
  while (true) {
    sleep();
    host_.spend(kInterruptPs);
    while (pass()) {
    }
    write(nic::kIrqArm, seen_);
  }
}

bool TxQueue::pass() {
  const std::uint32_t published_index = published();
  finished_.clear();
  while (seen_ != published_index) {
    host_.spend(kPerFramePs);
    taps_.tell(&Tap::hw_tx_completed, port_, queue_, seen_);
    finished_.push_back(contexts_[seen_ & (entries_ - 1)]);
    ++seen_;
  }
  if (client_ == nullptr) return false;
  if (!finished_.empty()) client_->completed(finished_);

  frames_.clear();
  bool again = !finished_.empty();
  const std::uint32_t room = entries_ - (posted_ - seen_);
  if (room > 0) again |= client_->fill(room, frames_);
  for (const TxFrame& frame : frames_) {
    host_.spend(kPerFramePs);
    nic::PostEntry& entry = *post_entry(posted_);
    entry.address = frame.dma_address;
    entry.length = frame.length;
    entry.cookie = posted_;
    contexts_[posted_ & (entries_ - 1)] = frame.context;
    taps_.tell(&Tap::hw_tx_posted, port_, queue_, posted_, frame.bytes);
    ++posted_;
  }
  if (!frames_.empty()) write(nic::kDoorbell, posted_);
  return again;
}

}  // namespace ringproof::driver

#include "model/driver/tx_queue.h"

namespace ringproof::driver {

TxQueue::TxQueue(nic::Device& device, Host& host, const TapList& taps, std::uint32_t queue,
                 std::uint32_t entries)
    : HardwareQueue(device, host, taps, queue, nic::kTxVectorBase + queue, nic::tx_block(queue), entries),
      slots_(entries) {}

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
  for (auto& finished : finished_) finished.clear();
  bool again = false;
  while (seen_ != published_index) {
    host_.spend(kPerFramePs);
    taps_.tell(&Tap::hw_tx_completed, port_, queue_, seen_);
    const Posted& posted = slots_[seen_ & (entries_ - 1)];
    finished_[posted.layer].push_back({posted.context, 0});
    again = true;
    ++seen_;
  }
  for (std::size_t layer = 0; layer < kLayers; ++layer) {
    if (clients_[layer] == nullptr) continue;
    if (!finished_[layer].empty()) clients_[layer]->completed(finished_[layer]);
    frames_.clear();
    const std::uint32_t room = entries_ - (posted_ - seen_);
    if (room > 0) again |= clients_[layer]->fill(room, frames_);
    post_frames(layer);
  }
  return again;
}

void TxQueue::post_frames(std::size_t layer) {
  for (const TxFrame& frame : frames_) {
    host_.spend(kPerFramePs);
    nic::PostEntry& entry = *post_entry(posted_);
    entry.address = frame.dma_address;
    entry.length = frame.length;
    entry.cookie = posted_;
    slots_[posted_ & (entries_ - 1)] = {frame.context, layer};
    taps_.tell(&Tap::hw_tx_posted, port_, queue_, posted_, frame.bytes);
    ++posted_;
  }
  if (!frames_.empty()) write(nic::kDoorbell, posted_);
}

}  // namespace ringproof::driver

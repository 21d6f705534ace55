#include "model/driver/tx_queue.h"

#include <algorithm>

#include "model/nic/frame_offload.h"

namespace ringproof::driver {

TxQueue::TxQueue(nic::Device& device, Host& host, const TapList& taps, Signal& work, TxHold& hold,
                 std::uint32_t queue, std::uint32_t entries)
    : PolledQueue(device, host, taps, work, queue, nic::kTxVectorBase + queue, nic::tx_block(queue), entries,
                  entries),
      hold_(hold),
      slots_(entries) {}

void TxQueue::set_up_own() {
  enable(0);
  arm();
}

void TxQueue::release_held(const HeldFrame& held, const TxRelease& how) {
  released_.push_back({held, how});
  wake();
}

bool TxQueue::serves_only(Layer layer) const {
  if (!drained()) return false;
  for (std::size_t i = 0; i < kLayers; ++i) {
    if (clients_[i] != nullptr && i != static_cast<std::size_t>(layer)) return false;
  }
  return true;
}

bool TxQueue::drained() const {
  if (lent() != nullptr) return posted_ == seen_;
  return room() == entries_ &&
         std::all_of(unsent_.begin(), unsent_.end(), [](const auto& frames) { return frames.empty(); });
}

std::uint32_t TxQueue::room() const {
  if (lent() != nullptr) return entries_;  // when the rings are its own again
  return entries_ - (posted_ - seen_) - hold_.count(queue_) - static_cast<std::uint32_t>(released_.size());
}

bool TxQueue::pass(std::uint32_t quota) {
  bool again = collect_finished();
  post_released();
  for (std::size_t i = 0; i < kLayers; ++i) {
    if (clients_[i] == nullptr) continue;
    if (!finished_[i].empty()) clients_[i]->completed(finished_[i]);
    frames_.clear();
    const std::uint32_t wanted = std::min(room(), quota);
    if (wanted > 0) again |= clients_[i]->fill(wanted, frames_);
    quota -= static_cast<std::uint32_t>(frames_.size());
    hand_over(static_cast<Layer>(i));
  }
  return again || std::any_of(unsent_.begin(), unsent_.end(), [](const auto& each) { return !each.empty(); });
}

bool TxQueue::collect_finished() {
  const std::uint32_t published_index = published();
  for (auto& finished : finished_) finished.clear();
  const bool any = seen_ != published_index;
  while (seen_ != published_index) {
    const Posted& posted = slots_[seen_ & (entries_ - 1)];
    finish(posted.timestamp_ns.value_or(device_.tx_timestamp_ns(queue_, seen_)));
  }
  bool any_unsent = false;
  for (std::size_t i = 0; i < kLayers; ++i) {
    any_unsent |= !unsent_[i].empty();
    finished_[i].insert(finished_[i].end(), unsent_[i].begin(), unsent_[i].end());
    unsent_[i].clear();
  }
  return any || any_unsent;
}

void TxQueue::finish(std::uint64_t timestamp_ns) {
  host_.spend(kPerFramePs);
  taps_.tell(&Tap::hw_tx_completed, port_, queue_, seen_);
  const Posted& posted = slots_[seen_ & (entries_ - 1)];
  finished_[static_cast<std::size_t>(posted.layer)].push_back({posted.context, timestamp_ns});
  ++seen_;
}

// What the device has and did not publish was not sent, as far as anybody can know.
void TxQueue::take_back_all() {
  collect_finished();
  while (seen_ != posted_) {
    finish(0);
    taps_.tell(&Tap::wire_out_dropped, port_, queue_, DropReason::kSendFailed);
  }
  for (std::size_t i = 0; i < kLayers; ++i) {
    if (clients_[i] != nullptr && !finished_[i].empty()) clients_[i]->completed(finished_[i]);
    finished_[i].clear();
  }
}

DropReason TxQueue::refusal() const {
  if (paused_) return DropReason::kPaused;
  return gone_ ? DropReason::kSendFailed : DropReason::kCount;
}

void TxQueue::post_released() {
  const std::uint32_t before = posted_;
  while (!released_.empty()) {
    const Released each = released_.front();
    released_.erase(released_.begin());
    DropReason refused = refusal();
    if (refused == DropReason::kCount && !each.how.send) refused = DropReason::kSendFailed;
    if (refused == DropReason::kCount) {
      post(each.held.frame, each.held.layer, each.how.timestamp_ns);
    } else {
      give_back(each.held.frame, each.held.layer, refused, each.how.timestamp_ns.value_or(0));
    }
  }
  ring_doorbell(before);
}

void TxQueue::hand_over(Layer layer) {
  const std::uint32_t before = posted_;
  for (const TxFrame& frame : frames_) {
    if (const DropReason refused = refusal(); refused != DropReason::kCount) {
      give_back(frame, layer, refused, 0);
    } else if (hold_.wants(frame)) {
      hold_.add({queue_, frame, layer, host_.now_ps()});
      taps_.tell(&Tap::tx_held, port_, queue_, frame.bytes);
    } else {
      post(frame, layer, {});
    }
  }
  ring_doorbell(before);
}

void TxQueue::post(const TxFrame& frame, Layer layer, std::optional<std::uint64_t> timestamp_ns) {
  nic::PostEntry& entry = *post_entry(posted_);
  entry.address = frame.dma_address;
  entry.length = frame.length;
  entry.cookie = nic::tx_offload_request(frame.layout, frame.checksum);
  slots_[posted_ & (entries_ - 1)] = {frame.context, layer, timestamp_ns};
  taps_.tell(&Tap::hw_tx_posted, port_, queue_, posted_, frame.bytes);
  ++posted_;
  host_.spend(kPerFramePs);
}

void TxQueue::give_back(const TxFrame& frame, Layer layer, DropReason reason, std::uint64_t timestamp_ns) {
  unsent_[static_cast<std::size_t>(layer)].push_back({frame.context, timestamp_ns});
  taps_.tell(&Tap::wire_out_dropped, port_, queue_, reason);
  host_.spend(kPerFramePs);
}

void TxQueue::ring_doorbell(std::uint32_t posted_before) {
  if (posted_ != posted_before) write(nic::kDoorbell, posted_);
}

}  // namespace ringproof::driver

#include "model/nic/functional_rx_queue.h"

#include <algorithm>

namespace ringproof::nic {

void FunctionalRxQueue::forget() {
  taken_.clear();
  payloads_done_ = 0;
  next_entry_ = drops_ = 0;
}

void FunctionalRxQueue::take(const ReceivedFrame& frame, std::uint64_t now_ps) {
  const Descriptor descriptor = take_descriptor();
  const auto frame_bytes = static_cast<std::uint32_t>(frame.bytes.size());
  Taken& taken = taken_.push();
  taken = {frame, 0, 0, 0, kRxFlagDmaError};
  if (!descriptor.bad) {
    taken.address = descriptor.entry.address;
    taken.cookie = descriptor.entry.cookie;
    taken.bytes = std::min(frame_bytes, descriptor.entry.length);
    taken.flags = frame_bytes > descriptor.entry.length ? kRxFlagTruncated : 0;
  }
  do_at<&FunctionalRxQueue::payload_written>(dma_.write_done_ps(now_ps, last_write_ps_), this);
}

void FunctionalRxQueue::payload_written() {
  Taken& taken = taken_[payloads_done_++];
  const bool refused = dma_.payload_refused(vector_);
  if (taken.bytes > 0 &&
      (refused || !dma_.write(vector_, taken.address, taken.frame.bytes.data(), taken.bytes))) {
    taken.flags |= kRxFlagDmaError;
  }
  do_at<&FunctionalRxQueue::entry_written>(dma_.write_done_ps(dma_.now_ps(), last_write_ps_), this);
}

void FunctionalRxQueue::entry_written() {
  const Taken& taken = taken_.front();
  const RxCompletionEntry entry{
      taken.cookie, taken.bytes,     taken.frame.rss.hash, taken.flags, taken.frame.timestamp_ns,
      next_entry_,  taken.frame.meta};
  const bool written = dma_.write(vector_, completion_address(next_entry_), &entry, sizeof entry);
  const bool failed = !written || (taken.flags & kRxFlagDmaError) != 0;
  ++next_entry_;
  --payloads_done_;
  taken_.pop();
  finish(failed);
}

}  // namespace ringproof::nic

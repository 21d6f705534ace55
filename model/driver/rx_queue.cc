#include "model/driver/rx_queue.h"

#include <algorithm>
#include <cstring>

namespace ringproof::driver {
namespace {

constexpr std::uint32_t kBufferAlignment = 64;

}  // namespace

RxQueue::RxQueue(nic::Device& device, Host& host, const TapList& taps, std::uint32_t queue,
                 std::uint32_t entries)
    : HardwareQueue(device, host, taps, queue, queue, nic::rx_block(queue), entries),
      buffer_bytes_((device.info().max_frame_bytes + kBufferAlignment - 1) / kBufferAlignment *
                    kBufferAlignment) {
  nic::HostMemory& memory = device_.memory();
  completions_address_ = memory.allocate(std::uint64_t{entries} * sizeof(nic::RxCompletionEntry), vector_,
                                         nic::DmaRight::kWrite);
  buffers_address_ = memory.allocate(std::uint64_t{entries} * buffer_bytes_, vector_, nic::DmaRight::kWrite);
}

void RxQueue::set_up() {
  enable(completions_address_);
  for (std::uint32_t buffer = 0; buffer < entries_; ++buffer) post(buffer);
  ring_doorbell();
  write(nic::kIrqArm, seen_);
}

void RxQueue::post(std::uint32_t buffer) {
  nic::PostEntry& entry = *post_entry(posted_);
  entry.address = buffers_address_ + std::uint64_t{buffer} * buffer_bytes_;
  entry.length = buffer_bytes_;
  entry.cookie = buffer;
  taps_.tell(&Tap::hw_rx_posted, port_, queue_, posted_);
  ++posted_;
}

void RxQueue::ring_doorbell() { write(nic::kDoorbell, posted_); }

void RxQueue::serve() {
  while (true) {
    sleep();
    drained_ = false;
    host_.spend(kInterruptPs);
    while (poll() > 0) ring_doorbell();
    drained_ = true;
    // The engine raises the interrupt at once if it has published more than we have seen.
    write(nic::kIrqArm, seen_);
  }
}

std::uint32_t RxQueue::poll() {
  const std::uint32_t count = std::min(published() - seen_, kPollBudget);
  batch_.clear();
  batch_buffers_.clear();
  nic::HostMemory& memory = device_.memory();
  for (std::uint32_t i = 0; i < count; ++i) {
    host_.spend(kPerFramePs);
    const std::uint64_t slot = (seen_ + i) & (entries_ - 1);
    nic::RxCompletionEntry entry;
    std::memcpy(&entry, memory.at(completions_address_ + slot * sizeof entry, sizeof entry), sizeof entry);
    const Tap::Bytes bytes(
        memory.at(buffers_address_ + std::uint64_t{entry.cookie} * buffer_bytes_, buffer_bytes_),
        entry.length);
    taps_.tell(&Tap::hw_rx_completed, port_, queue_, entry.index, entry.timestamp_ns, bytes);
    batch_buffers_.push_back(entry.cookie);
    if ((entry.flags & nic::kRxFlagDmaError) != 0) {
      taps_.tell(&Tap::frame_dropped, port_, entry.timestamp_ns, DropReason::kDmaError);
    } else if ((entry.flags & nic::kRxFlagTruncated) != 0) {
      taps_.tell(&Tap::frame_dropped, port_, entry.timestamp_ns, DropReason::kTruncated);
    } else {
      RxFrame& frame = batch_.emplace_back();
      frame.bytes = bytes;
      frame.timestamp_ns = entry.timestamp_ns;
      frame.rss_hash = entry.rss_hash;
    }
  }
  for (RxClient* client : clients_) {
    if (client != nullptr && !batch_.empty()) client->receive(batch_);
  }
  for (const RxFrame& frame : batch_) {
    if (frame.action == RxAction::kPass) {
      taps_.tell(&Tap::frame_passed, port_, frame.timestamp_ns, host_.now_ps());
    }
  }
  seen_ += count;
  for (const std::uint32_t buffer : batch_buffers_) post(buffer);
  return count;
}

}  // namespace ringproof::driver

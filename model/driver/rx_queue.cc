#include "model/driver/rx_queue.h"

#include <algorithm>
#include <cstring>

#include "model/nic/frame_offload.h"

namespace ringproof::driver {
namespace {

constexpr std::uint32_t kBufferAlignment = 64;

}  // namespace

RxQueue::RxQueue(nic::Device& device, Host& host, const TapList& taps, Signal& work, std::uint32_t queue,
                 std::uint32_t entries, const Forward& forward)
    : PolledQueue(device, host, taps, work, queue, queue, nic::rx_block(queue), entries, kPollBudget),
      forward_(forward),
      buffer_bytes_((device.info().max_frame_bytes + kBufferAlignment - 1) / kBufferAlignment *
                    kBufferAlignment) {
  nic::HostMemory& memory = device_.memory();
  completions_address_ = memory.allocate(std::uint64_t{entries} * sizeof(nic::RxCompletionEntry), vector_,
                                         nic::DmaRight::kWrite);
  buffers_address_ = memory.allocate(std::uint64_t{entries} * buffer_bytes_, vector_, nic::DmaRight::kWrite);
}

void RxQueue::set_up_own() {
  enable(completions_address_);
  for (std::uint32_t buffer = 0; buffer < entries_; ++buffer) post(buffer);
  ring_doorbell();
  arm();
}

void RxQueue::post(std::uint32_t buffer) {
  nic::PostEntry& entry = *post_entry(posted_);
  entry.address = buffers_address_ + std::uint64_t{buffer} * buffer_bytes_;
  entry.length = buffer_bytes_;
  entry.cookie = buffer;
  taps_.tell(&Tap::hw_rx_buffer, port_, queue_, posted_, std::uint64_t{entry.address},
             std::uint32_t{entry.length});
  taps_.tell(&Tap::hw_rx_posted, port_, queue_, posted_);
  ++posted_;
}

void RxQueue::ring_doorbell() { write(nic::kDoorbell, posted_); }

// While held, an interrupt for what waits already would come over and over.
void RxQueue::arm() {
  if (!held_) PolledQueue::arm();
}

void RxQueue::hold(bool held) {
  held_ = held;
  tell_poller();
  if (!held) wake();
}

bool RxQueue::pass(std::uint32_t quota) {
  const std::uint32_t waiting = published() - seen_;
  std::uint32_t count = held_ ? 0 : std::min(waiting, quota);
  // Short of buffers, the driver asks for each of them back at once.
  if (count > 1 && host_.faults().holds(FaultId::kAlc02, host_.now_ps(), {.port = port_, .queue = vector_})) {
    count = 1;
  }
  if (count == 0) return false;
  take_batch(count);
  for (const std::uint32_t buffer : batch_buffers_) post(buffer);
  ring_doorbell();
  return true;
}

void RxQueue::take_batch(std::uint32_t count) {
  batch_.clear();
  batch_buffers_.clear();
  pieces_.clear();
  for (std::uint32_t i = 0; i < count; ++i) {
    host_.spend(kPerFramePs);
    const std::uint64_t slot = (seen_ + i) & (entries_ - 1);
    nic::RxCompletionEntry entry;
    std::memcpy(&entry, device_.memory().at(completions_address_ + slot * sizeof entry, sizeof entry),
                sizeof entry);
    disturb(entry);
    take(entry, seen_ + i);
  }
  list_fragments();
  if (!batch_.empty()) show_to_clients();
  seen_ += count;
}

// Even those of a queue that is held: their buffers are about to be posted anew.
void RxQueue::take_back_all() {
  const std::uint32_t published_index = published();
  while (seen_ != published_index) take_batch(std::min(published_index - seen_, kPollBudget));
}

void RxQueue::disturb(nic::RxCompletionEntry& entry) {
  const FaultStrike broken = host_.fault(FaultId::kDsc07, {.port = port_, .queue = vector_});
  if (!broken) return;
  const auto wrong = static_cast<std::uint32_t>(broken.draw | 1);
  if (broken.kind == fault_kind::kLength) entry.length = buffer_bytes_ + wrong % 65536;
  if (broken.kind == fault_kind::kId) entry.cookie ^= wrong;
  if (broken.kind == fault_kind::kIndex) entry.index ^= wrong;
}

// Which buffer an entry is for is known from what was posted; what the device says of it must agree.
void RxQueue::take(nic::RxCompletionEntry entry, std::uint32_t index) {
  const std::uint32_t buffer = post_entry(index)->cookie;
  batch_buffers_.push_back(buffer);
  const bool failed_access = (entry.flags & nic::kRxFlagDmaError) != 0;
  const bool sane =
      entry.length <= buffer_bytes_ && entry.index == index && (entry.cookie == buffer || failed_access);
  if (!sane) entry.length = 0;
  unsigned char* memory =
      device_.memory().at(buffers_address_ + std::uint64_t{buffer} * buffer_bytes_, buffer_bytes_);
  const std::span<unsigned char> bytes(memory, entry.length);
  taps_.tell(&Tap::hw_rx_completed, port_, queue_, index, entry.timestamp_ns, Tap::Bytes(bytes));
  const auto drop = [&](DropReason reason) {
    taps_.tell(&Tap::frame_dropped, port_, entry.timestamp_ns, reason);
  };
  if (!sane) {
    drop(DropReason::kBadCompletion);
  } else if (failed_access) {
    drop(DropReason::kDmaError);
  } else if ((entry.flags & nic::kRxFlagTruncated) != 0) {
    drop(DropReason::kTruncated);
  } else if (paused_) {
    drop(DropReason::kPaused);
  } else {
    batch_.push_back(frame_of(entry, bytes));
    pieces_.push_back(device_.take_rx_buffers(entry.timestamp_ns));
  }
}

RxFrame RxQueue::frame_of(const nic::RxCompletionEntry& entry, std::span<unsigned char> bytes) const {
  RxFrame frame;
  frame.bytes = bytes;
  frame.timestamp_ns = entry.timestamp_ns;
  frame.rss_hash = entry.rss_hash;
  frame.layout = nic::rx_layout(entry.meta);
  frame.checksum = nic::rx_checksum(entry.meta);
  return frame;
}

void RxQueue::list_fragments() {
  for (std::size_t i = 0; i < batch_.size(); ++i) {
    split(batch_[i].bytes.size(), pieces_[i]);
    if (pieces_[i].empty()) cut(batch_[i].bytes.size(), pieces_[i]);
    batch_[i].fragments = pieces_[i];
  }
}

// Where the fault plan wants it.
void RxQueue::split(std::size_t bytes, std::vector<std::uint32_t>& lengths) const {
  const FaultStrike strike =
      host_.fault(FaultId::kLnk08, {.port = port_, .queue = vector_, .kinds = 1U << fault_kind::kSplit});
  if (!strike || strike.amount == 0 || strike.amount >= bytes) return;
  lengths = {static_cast<std::uint32_t>(strike.amount), static_cast<std::uint32_t>(bytes - strike.amount)};
}

// As the port does it by itself: a frame that fits one buffer is in one.
void RxQueue::cut(std::size_t bytes, std::vector<std::uint32_t>& lengths) const {
  const std::uint32_t room = device_.info().rx_fragment_bytes;
  if (room == 0 || bytes <= room) return;
  lengths.assign(bytes / room, room);
  if (bytes % room > 0) lengths.push_back(static_cast<std::uint32_t>(bytes % room));
}

void RxQueue::show_to_clients() {
  for (std::size_t i = 0; i < kLayers; ++i) {
    if (clients_[i] == nullptr || batch_.empty()) continue;
    clients_[i]->receive(batch_);
    for (const RxFrame& frame : batch_) {
      if (frame.action == RxAction::kTransmit) send_out_again(frame, static_cast<Layer>(i));
    }
    std::erase_if(batch_, [](const RxFrame& frame) { return frame.action != RxAction::kPass; });
  }
  for (const RxFrame& frame : batch_) {
    taps_.tell(&Tap::passed_on, port_, frame.timestamp_ns, Tap::Bytes(frame.bytes));
    taps_.tell(&Tap::frame_passed, port_, frame.timestamp_ns, host_.now_ps());
  }
}

void RxQueue::send_out_again(const RxFrame& frame, Layer by) {
  host_.spend(kPerFramePs);
  if (forward_(queue_, by, frame.bytes)) {
    taps_.tell(&Tap::frame_forwarded, port_, frame.timestamp_ns, host_.now_ps());
  } else {
    taps_.tell(&Tap::frame_dropped, port_, frame.timestamp_ns, DropReason::kForwardFull);
  }
}

}  // namespace ringproof::driver

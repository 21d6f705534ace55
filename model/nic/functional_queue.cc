#include "model/nic/functional_queue.h"

#include <algorithm>

#include "model/nic/address_halves.h"

namespace ringproof::nic {
namespace {

constexpr std::uint32_t kEntriesPerBlock = HostMemory::kReadGranule / sizeof(PostEntry);

}  // namespace

// The store is written before it is read: it holds what was fetched.
FunctionalQueue::FunctionalQueue(FunctionalDma& dma, Interrupts& interrupts, FunctionalQueueOwner& owner,
                                 std::uint32_t vector)
    : dma_(dma), owner_(owner), vector_(vector), interrupts_(interrupts) {}

void FunctionalQueue::write(std::uint32_t offset, std::uint32_t value) {
  switch (offset) {
    case kControl:
      enable((value & kControlEnable) != 0);
      break;
    case kDoorbell:
      if (enabled_) doorbell(value);
      break;
    case kIrqArm:
      seen_ = value;
      armed_ = true;
      check_interrupt();
      break;
    case kStartIndex:
      start_index_ = value;
      break;
    default:
      if (!enabled_) configure(offset, value);
  }
}

void FunctionalQueue::configure(std::uint32_t offset, std::uint32_t value) {
  constexpr std::uint32_t kRingBits = ~63U;
  constexpr std::uint32_t kIndexBits = ~3U;
  switch (offset) {
    case kRingLog2:
      ring_log2_ = std::clamp<std::uint32_t>(value, 1, kRingLog2Max);
      break;
    case kDescBaseLow:
      set_low(descriptor_base_, value & kRingBits);
      break;
    case kDescBaseHigh:
      set_high(descriptor_base_, value);
      break;
    case kCompBaseLow:
      set_low(completion_base_, value & kRingBits);
      break;
    case kCompBaseHigh:
      set_high(completion_base_, value);
      break;
    case kIndexAddrLow:
      set_low(index_address_, value & kIndexBits);
      break;
    case kIndexAddrHigh:
      set_high(index_address_, value);
      break;
    default:
      break;
  }
}

std::uint32_t FunctionalQueue::read(std::uint32_t offset) const {
  switch (offset) {
    case kControl:
      return enabled_ ? 1 : 0;
    case kRingLog2:
      return ring_log2_;
    case kDescBaseLow:
      return low(descriptor_base_);
    case kDescBaseHigh:
      return high(descriptor_base_);
    case kCompBaseLow:
      return low(completion_base_);
    case kCompBaseHigh:
      return high(completion_base_);
    case kIndexAddrLow:
      return low(index_address_);
    case kIndexAddrHigh:
      return high(index_address_);
    case kPublished:
      return published_;
    case kFetched:
      return fetched_;
    case kFrames:
      return frames_;
    case kDrops:
      return drops();
    case kErrors:
      return errors_;
    case kState:
      return (enabled_ ? kStateEnabled : 0) | (in_flight() ? kStateInFlight : 0) |
             (range_error_ ? kStateRangeError : 0);
    case kStartIndex:
      return start_index_;
    default:
      return 0;
  }
}

// A rising edge loads every index; what was prefetched before is forgotten with them.
void FunctionalQueue::enable(bool on) {
  if (on && !enabled_) {
    posted_ = fetched_ = used_ = finished_ = published_ = start_index_;
    range_error_ = false;
    started(start_index_);
  }
  if (!on && enabled_) armed_ = false;
  enabled_ = on;
  check_interrupt();
}

void FunctionalQueue::reset() {
  ++life_;
  enabled_ = range_error_ = armed_ = index_write_under_way_ = false;
  ring_log2_ = 1;
  descriptor_base_ = completion_base_ = index_address_ = 0;
  start_index_ = posted_ = fetched_ = used_ = finished_ = published_ = reading_ = 0;
  frames_ = errors_ = seen_ = 0;
  forget();
}

void FunctionalQueue::doorbell(std::uint32_t value) {
  const std::uint32_t ahead = value - finished_;
  if (ahead > ring_size() || ahead < posted_ - finished_) {
    range_error_ = true;
    return;
  }
  posted_ = value;
  fetch();
}

void FunctionalQueue::fetch() {
  if (!enabled_ || reading_ > 0) return;
  const std::uint32_t to_wrap = ring_size() - (fetched_ & (ring_size() - 1));
  reading_ = std::min({posted_ - fetched_, to_wrap, kPrefetchMax - (fetched_ - used_)});
  if (reading_ == 0) return;
  do_at<&FunctionalQueue::fetch_done>(dma_.read_done_ps(dma_.now_ps(), last_read_ps_), this);
}

void FunctionalQueue::fetch_done() {
  const std::uint32_t end = fetched_ + reading_;
  while (fetched_ != end) {
    const std::uint32_t in_block = kEntriesPerBlock - (fetched_ & (kEntriesPerBlock - 1));
    const std::uint32_t count = std::min(in_block, end - fetched_);
    read_block(fetched_, count);
    fetched_ += count;
  }
  reading_ = 0;
  if (enabled_) descriptors_came();
  fetch();
  owner_.queue_moved();
}

// Entries that lie in one beat.
void FunctionalQueue::read_block(std::uint32_t begin, std::uint32_t count) {
  std::array<PostEntry, kEntriesPerBlock> entries{};
  const std::uint64_t slot = begin & (ring_size() - 1);
  const bool bad = !dma_.read(vector_, descriptor_base_ + slot * sizeof(PostEntry), entries.data(),
                              count * sizeof(PostEntry));
  for (std::uint32_t i = 0; i < count; ++i) store_[(begin + i) % kPrefetchMax] = {entries[i], bad};
}

FunctionalQueue::Descriptor FunctionalQueue::take_descriptor() {
  const Fetched& fetched = store_[used_ % kPrefetchMax];
  const Descriptor descriptor{fetched.entry, used_, fetched.bad};
  ++used_;
  fetch();
  return descriptor;
}

void FunctionalQueue::finish(bool failed) {
  ++finished_;
  ++frames_;
  if (failed) ++errors_;
  publish();
}

void FunctionalQueue::publish() {
  if (index_write_under_way_ || published_ == finished_) return;
  index_write_under_way_ = true;
  do_at<&FunctionalQueue::index_written>(dma_.write_done_ps(dma_.now_ps(), last_write_ps_), this);
}

void FunctionalQueue::index_written() {
  const std::uint32_t index = finished_;
  if (!dma_.write(vector_, index_address_, &index, sizeof index)) ++errors_;
  published_ = index;
  index_write_under_way_ = false;
  check_interrupt();
  owner_.queue_moved();
}

void FunctionalQueue::check_interrupt() {
  if (!armed_ || !enabled_ || published_ == seen_) return;
  armed_ = false;
  interrupts_.request(vector_, dma_.now_ps());
}

}  // namespace ringproof::nic

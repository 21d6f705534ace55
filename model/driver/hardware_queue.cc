#include "model/driver/hardware_queue.h"

#include <bit>
#include <cstring>
#include <utility>

namespace ringproof::driver {
namespace {

constexpr std::uint64_t kPsPerNs = 1000;

}  // namespace

HardwareQueue::HardwareQueue(nic::Device& device, Host& host, const TapList& taps, std::uint32_t queue,
                             std::uint32_t vector, std::uint32_t block, std::uint32_t entries)
    : device_(device),
      host_(host),
      taps_(taps),
      port_(device.info().port),
      queue_(queue),
      vector_(vector),
      entries_(entries),
      block_(block) {
  nic::HostMemory& memory = device_.memory();
  const std::uint64_t posts_bytes = std::uint64_t{entries} * sizeof(nic::PostEntry);
  posts_address_ = memory.allocate(posts_bytes, vector, nic::DmaRight::kRead);
  posts_ = memory.at(posts_address_, posts_bytes);
  index_address_ = memory.allocate(sizeof(std::uint32_t), vector, nic::DmaRight::kWrite);
  const FaultStrike near_wrap = host_.fault(
      FaultId::kDsc02, {.port = port_, .queue = vector, .kinds = 1U << fault_kind::kHardwareRings});
  if (near_wrap) posted_ = seen_ = 0U - static_cast<std::uint32_t>(near_wrap.amount);
  start_afresh();
}

void HardwareQueue::start_afresh() {
  seen_ = posted_;
  std::memcpy(device_.memory().at(index_address_, sizeof seen_), &seen_, sizeof seen_);
}

void HardwareQueue::write(nic::QueueRegister offset, std::uint32_t value) {
  host_.spend(kRegisterWritePs);
  if (offset == nic::kDoorbell) {
    // Lossy doorbells: a watchdog rings again.
    if (const FaultStrike lost = host_.fault(FaultId::kDbl04, {.port = port_, .queue = vector_})) {
      const EventSource watchdog{EventSource::Kind::kFault, port_, vector_};
      host_.at(host_.now_ps() + lost.amount * kPsPerNs, watchdog, [this] { ring_again(); });
      return;
    }
  }
  device_.write32(block_ + offset, value);
}

void HardwareQueue::ring_again() { device_.write32(block_ + nic::kDoorbell, posted_); }

void HardwareQueue::write_address(nic::QueueRegister low, std::uint64_t address) {
  write(low, static_cast<std::uint32_t>(address));
  write(static_cast<nic::QueueRegister>(low + 4), static_cast<std::uint32_t>(address >> 32));
}

void HardwareQueue::enable(std::uint64_t completion_ring) {
  write(nic::kRingLog2, static_cast<std::uint32_t>(std::countr_zero(entries_)));
  write_address(nic::kDescBaseLow, posts_address_);
  if (completion_ring != 0) write_address(nic::kCompBaseLow, completion_ring);
  write_address(nic::kIndexAddrLow, index_address_);
  if (std::exchange(zero_copy_, false)) write(nic::kZeroCopy, 0);
  enable_now();
}

void HardwareQueue::enable(const Loan& loan) {
  const Loan::Addresses& at = loan.addresses();
  const LentRing& second = loan.second();
  const LentMemory& memory = loan.memory();
  write(nic::kRingLog2, static_cast<std::uint32_t>(std::countr_zero(loan.first().entries)));
  write_address(nic::kDescBaseLow, at.first);
  write_address(nic::kCompBaseLow, at.second);
  write_address(nic::kIndexAddrLow, at.first_word);
  write_address(nic::kCompAddrLow, at.second_word);
  write_address(nic::kUmemBaseLow, at.memory);
  write_address(nic::kUmemLimitLow, memory.limit);
  write(nic::kFrameRoom, std::uint32_t{memory.headroom} << 16 | memory.room);
  write(nic::kCompStart, second.start);
  write(nic::kZeroCopy, nic::kZeroCopyEnable | static_cast<std::uint32_t>(std::countr_zero(second.entries))
                                                   << std::countr_zero(nic::kZeroCopyCompLog2));
  zero_copy_ = true;
  enable_now();
}

void HardwareQueue::enable_now() {
  if (coalesce_ != 0) write(nic::kCoalesce, coalesce_);
  if (moderation_ != 0) write(nic::kModeration, moderation_);
  write(nic::kStartIndex, posted_);
  write(nic::kControl, nic::kControlEnable);
}

std::uint32_t HardwareQueue::index_word() const {
  std::uint32_t index;
  std::memcpy(&index, device_.memory().at(index_address_, sizeof index), sizeof index);
  return index;
}

// An index that says more than was posted comes from nowhere: a device that is broken moves nothing.
std::uint32_t HardwareQueue::published() {
  host_.meet_hardware();
  const std::uint32_t index = index_word();
  return index - seen_ <= posted_ - seen_ ? index : seen_;
}

}  // namespace ringproof::driver

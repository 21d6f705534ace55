#include "model/nic/transaction_decoder.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>
#include <utility>

#include "model/nic/address_halves.h"

namespace ringproof::nic {
namespace {

constexpr std::uint32_t kTableEntryBits = 0x3F;  // that RSS_TABLE keeps of a byte

// The queue whose block holds the register.
std::optional<std::uint32_t> vector_of(std::uint32_t offset) {
  if (offset >= rx_block(0) && offset < rx_block(kTxVectorBase)) return (offset - rx_block(0)) / kBlockBytes;
  if (offset >= tx_block(0) && offset < tx_block(kTxVectorBase)) {
    return kTxVectorBase + (offset - tx_block(0)) / kBlockBytes;
  }
  return std::nullopt;
}

}  // namespace

void TransactionDecoder::register_written(std::uint32_t offset, std::uint32_t value, std::uint64_t now_ps) {
  const std::optional<std::uint32_t> vector = vector_of(offset);
  if (!vector.has_value()) return rss_written(offset, value);
  Queue& queue = queues_[*vector];
  const std::uint32_t name = offset % kBlockBytes;
  if (name == kControl) return control(*vector, queue, (value & kControlEnable) != 0, now_ps);
  if (name == kDoorbell && queue.enabled)
    return taps_.tell(&Tap::doorbell_written, port_, *vector, value, now_ps);
  if (name == kIrqArm)  // what an engine makes of it before the queue is enabled is its choice
    return taps_.tell(&Tap::interrupt_armed, port_, *vector, value, now_ps);
  if (name == kStartIndex) queue.start_index = value;
  if (queue.enabled) return;  // the others ignore writes then
  switch (name) {
    case kRingLog2:
      queue.log2 = std::clamp(value, std::uint32_t{1}, kRingLog2Max);
      break;
    case kDescBaseLow:
      return set_low(queue.posts, value);
    case kDescBaseHigh:
      return set_high(queue.posts, value);
    case kCompBaseLow:
      return set_low(queue.completions, value);
    case kCompBaseHigh:
      return set_high(queue.completions, value);
    case kIndexAddrLow:
      return set_low(queue.index, value);
    case kIndexAddrHigh:
      return set_high(queue.index, value);
    default:
      return zero_copy_written(queue, name, value);
  }
}

void TransactionDecoder::zero_copy_written(Queue& queue, std::uint32_t name, std::uint32_t value) {
  switch (name) {
    case kZeroCopy:
      queue.zero_copy = (value & kZeroCopyEnable) != 0;
      queue.second_log2 =
          std::clamp((value & kZeroCopyCompLog2) >> std::countr_zero(kZeroCopyCompLog2), 1U, kRingLog2Max);
      break;
    case kCompStart:
      queue.second_start = value;
      break;
    case kCompAddrLow:
      return set_low(queue.second_index, value);
    case kCompAddrHigh:
      return set_high(queue.second_index, value);
    case kUmemBaseLow:
      return set_low(queue.memory, value);
    case kUmemBaseHigh:
      return set_high(queue.memory, value);
    default:
      break;
  }
}

void TransactionDecoder::rss_written(std::uint32_t offset, std::uint32_t value) {
  const std::uint32_t key_word = (offset - kRegisterRssKey) / 4;
  const std::uint32_t table_word = (offset - kRegisterRssTable) / 4;
  if (offset == kRegisterRssControl) {
    rss_.enabled = (value & kRssControlEnable) != 0;
    if (!rss_.enabled) return;
    const RssTold told{rss_.key, rss_.table,
                       (value & kRssControlTypes) >> std::countr_zero(kRssControlTypes)};
    taps_.tell(&Tap::rss_changed, port_, told);
  } else if (key_word < kRssKeyWords) {
    for (std::uint32_t i = 0; i < 4; ++i) {
      rss_.key[4 * key_word + i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
    }
  } else if (table_word < kRssTableWords) {
    for (std::uint32_t i = 0; i < 4; ++i) {
      rss_.table[4 * table_word + i] = static_cast<std::uint8_t>(value >> 8 * i & kTableEntryBits);
    }
  }
}

void TransactionDecoder::control(std::uint32_t vector, Queue& queue, bool enable, std::uint64_t now_ps) {
  if (enable == queue.enabled) return;
  queue.enabled = enable;
  if (enable) {
    queue.published = queue.start_index;
    queue.taken.clear();
    if (vector < kTxVectorBase) published_frames_[vector].clear();
    taps_.tell(&Tap::queue_enabled, port_, vector, queue.start_index, queue.entries(), now_ps);
    if (queue.zero_copy) {
      const ZeroCopyTold told{queue.second_start, queue.second_entries(), queue.memory};
      taps_.tell(&Tap::zero_copy_enabled, port_, vector, told, now_ps);
    }
  } else {
    taps_.tell(&Tap::queue_disabled, port_, vector, now_ps);
  }
}

void TransactionDecoder::register_read(std::uint32_t offset, std::uint32_t value,
                                       std::uint64_t now_ps) const {
  const std::optional<std::uint32_t> vector = vector_of(offset);
  if (!vector.has_value() || offset % kBlockBytes != kState) return;
  taps_.tell(&Tap::range_error_read, port_, *vector, (value & kStateRangeError) != 0, now_ps);
  if ((value & (kStateEnabled | kStateInFlight)) == 0) {
    taps_.tell(&Tap::queue_stopped, port_, *vector, now_ps);
  }
}

void TransactionDecoder::read_issued(std::uint32_t vector, std::uint64_t address, std::uint32_t bytes,
                                     std::uint64_t now_ps) const {
  const Queue& queue = queues_[vector & (2 * kTxVectorBase - 1)];
  const std::uint64_t offset = address - queue.posts;
  const std::uint32_t entry = queue.zero_copy && vector < kTxVectorBase ? kFillEntryBytes : sizeof(PostEntry);
  if (offset >= std::uint64_t{queue.entries()} * entry) return;
  taps_.tell(&Tap::descriptors_fetched, port_, vector, static_cast<std::uint32_t>(offset / entry),
             bytes / entry, now_ps);
}

std::uint32_t TransactionDecoder::entry_bytes(const Queue& queue, bool receives) {
  if (queue.zero_copy) return receives ? kZeroCopyRxEntryBytes : kZeroCopyTxEntryBytes;
  return receives ? sizeof(RxCompletionEntry) : 0;
}

void TransactionDecoder::written(std::uint32_t vector, std::uint64_t address, Tap::Bytes bytes, bool allowed,
                                 std::uint64_t now_ps) {
  Queue& queue = queues_[vector & (2 * kTxVectorBase - 1)];
  if (address == queue.index && bytes.size() == sizeof(std::uint32_t)) {
    std::uint32_t index;
    std::memcpy(&index, bytes.data(), sizeof index);
    published(vector & (2 * kTxVectorBase - 1), index);
    return taps_.tell(&Tap::index_published, port_, vector, index, allowed, now_ps);
  }
  if (queue.zero_copy && address == queue.second_index && bytes.size() == sizeof(std::uint32_t)) {
    std::uint32_t index;
    std::memcpy(&index, bytes.data(), sizeof index);
    return taps_.tell(&Tap::entries_published, port_, vector, index, allowed, now_ps);
  }
  const std::uint64_t offset = address - queue.completions;
  const std::uint32_t entry = entry_bytes(queue, vector < kTxVectorBase);
  const std::uint32_t entries = queue.zero_copy ? queue.second_entries() : queue.entries();
  if (offset < std::uint64_t{entries} * entry) {
    // One write may bring several entries, or none.
    auto slot = static_cast<std::uint32_t>(offset / entry);
    std::size_t at = 0;
    do {
      const std::size_t rest = std::min<std::size_t>(bytes.size() - at, entry);
      taps_.tell(&Tap::completion_written, port_, vector, slot++, bytes.subspan(at, rest), allowed, now_ps);
      at += entry;
    } while (at < bytes.size());
    return;
  }
  taps_.tell(&Tap::payload_written, port_, vector, address, static_cast<std::uint32_t>(bytes.size()), allowed,
             now_ps);
}

void TransactionDecoder::published(std::uint32_t vector, std::uint32_t index) {
  Queue& queue = queues_[vector];
  for (; queue.published != index && !queue.taken.empty(); ++queue.published) {
    if (queue.zero_copy && vector < kTxVectorBase) published_frames_[vector].push(queue.taken.front());
    queue.taken.pop();
  }
  queue.published = index;
}

void TransactionDecoder::reset(std::uint64_t now_ps) {
  const auto before = std::exchange(queues_, {});
  rss_ = {};
  taps_.tell(&Tap::device_reset, port_, now_ps);
  for (const Queue& queue : before) {
    for (std::size_t i = 0; i < queue.taken.size(); ++i) {
      taps_.tell(&Tap::nic_dropped, port_, queue.taken[i], DropReason::kNoDescriptor);
    }
  }
}

}  // namespace ringproof::nic

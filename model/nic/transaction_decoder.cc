#include "model/nic/transaction_decoder.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>
#include <utility>

namespace ringproof::nic {
namespace {

// The queue whose block holds the register.
std::optional<std::uint32_t> vector_of(std::uint32_t offset) {
  if (offset >= rx_block(0) && offset < rx_block(kTxVectorBase)) return (offset - rx_block(0)) / kBlockBytes;
  if (offset >= tx_block(0) && offset < tx_block(kTxVectorBase)) {
    return kTxVectorBase + (offset - tx_block(0)) / kBlockBytes;
  }
  return std::nullopt;
}

void set_low(std::uint64_t& address, std::uint32_t value) {
  address = (address & ~std::uint64_t{0xFFFFFFFF}) | value;
}

void set_high(std::uint64_t& address, std::uint32_t value) {
  address = (address & 0xFFFFFFFF) | std::uint64_t{value} << 32;
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
  if (name == kIrqArm && queue.enabled)
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
      rss_.table[4 * table_word + i] = static_cast<std::uint8_t>(value >> 8 * i);
    }
  }
}

void TransactionDecoder::control(std::uint32_t vector, Queue& queue, bool enable, std::uint64_t now_ps) {
  if (enable == queue.enabled) return;
  queue.enabled = enable;
  if (enable) {
    queue.published = queue.start_index;
    queue.taken.clear();
    taps_.tell(&Tap::queue_enabled, port_, vector, queue.start_index, queue.entries(), now_ps);
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
  if (offset >= std::uint64_t{queue.entries()} * sizeof(PostEntry)) return;
  taps_.tell(&Tap::descriptors_fetched, port_, vector, static_cast<std::uint32_t>(offset / sizeof(PostEntry)),
             static_cast<std::uint32_t>(bytes / sizeof(PostEntry)), now_ps);
}

void TransactionDecoder::written(std::uint32_t vector, std::uint64_t address, Tap::Bytes bytes, bool allowed,
                                 std::uint64_t now_ps) {
  Queue& queue = queues_[vector & (2 * kTxVectorBase - 1)];
  if (address == queue.index && bytes.size() == sizeof(std::uint32_t)) {
    std::uint32_t index;
    std::memcpy(&index, bytes.data(), sizeof index);
    published(queue, index);
    return taps_.tell(&Tap::index_published, port_, vector, index, allowed, now_ps);
  }
  const std::uint64_t offset = address - queue.completions;
  const bool receives = vector < kTxVectorBase;
  if (receives && offset < std::uint64_t{queue.entries()} * sizeof(RxCompletionEntry)) {
    // One write may bring several entries.
    auto slot = static_cast<std::uint32_t>(offset / sizeof(RxCompletionEntry));
    for (std::size_t at = 0; at < bytes.size(); at += sizeof(RxCompletionEntry)) {
      const std::size_t rest = std::min(bytes.size() - at, sizeof(RxCompletionEntry));
      taps_.tell(&Tap::completion_written, port_, vector, slot++, bytes.subspan(at, rest), allowed, now_ps);
    }
    return;
  }
  taps_.tell(&Tap::payload_written, port_, vector, address, static_cast<std::uint32_t>(bytes.size()), allowed,
             now_ps);
}

void TransactionDecoder::published(Queue& queue, std::uint32_t index) {
  for (; queue.published != index && !queue.taken.empty(); ++queue.published) queue.taken.pop();
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

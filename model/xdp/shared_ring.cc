#include "model/xdp/shared_ring.h"

#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <limits>

namespace ringproof::xdp {
namespace {

constexpr std::uint64_t kPageBytes = 4096;
constexpr std::uint64_t kSharedAccessPs = 4'000;

std::uint32_t load(const std::uint32_t* word, std::memory_order order) {
  return std::atomic_ref<const std::uint32_t>(*word).load(order);
}

void store(std::uint32_t* word, std::uint32_t value, std::memory_order order) {
  std::atomic_ref<std::uint32_t>(*word).store(value, order);
}

}  // namespace

std::uint32_t SharedRing::memory_bytes(std::uint64_t size, std::uint32_t stride) {
  const std::uint64_t bytes = size * stride + kElementsOffset;
  const std::uint64_t pages = (bytes + kPageBytes - 1) / kPageBytes * kPageBytes;
  return pages > std::numeric_limits<std::uint32_t>::max() ? 0 : static_cast<std::uint32_t>(pages);
}

SharedRing::SharedRing(Host& host, const TapList& taps, std::uint64_t socket, RingKind kind,
                       std::uint32_t size, std::uint32_t stride)
    : host_(host), taps_(taps), socket_(socket), kind_(kind), size_(size), stride_(stride) {
  bytes_ = memory_bytes(size, stride);
  void* memory = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory != MAP_FAILED) memory_ = static_cast<unsigned char*>(memory);
}

SharedRing::~SharedRing() {
  if (memory_ != nullptr) munmap(memory_, bytes_);
}

bool SharedRing::contains(const volatile void* address) const {
  const auto at = reinterpret_cast<std::uintptr_t>(address);
  const auto base = reinterpret_cast<std::uintptr_t>(memory_);
  return at >= base && at - base < bytes_;
}

std::uint32_t SharedRing::own_offset() const {
  return kind_ == RingKind::kRx || kind_ == RingKind::kCompletion ? kProducerOffset : kConsumerOffset;
}

std::uint32_t SharedRing::peer_offset() const {
  return own_offset() == kProducerOffset ? kConsumerOffset : kProducerOffset;
}

void SharedRing::spend() const { host_.spend(kSharedAccessPs); }

void SharedRing::see_peer(std::uint32_t value) {
  if (value == told_peer_) return;
  taps_.tell(&Tap::ring_moved, socket_, kind_, Actor::kApplication, told_peer_, value, host_.now_ps());
  told_peer_ = value;
}

std::uint32_t SharedRing::load_peer() {
  spend();
  const std::uint32_t value = load(word(peer_offset()), std::memory_order_acquire);
  see_peer(value);
  return value;
}

std::uint32_t SharedRing::producer_room(std::uint32_t wanted, std::uint32_t* index) {
  const std::uint32_t producer = load(word(kProducerOffset), std::memory_order_relaxed);
  *index = producer;
  std::uint32_t room = size_ - (producer - cached_peer_);
  if (room < wanted) {
    cached_peer_ = load_peer();
    room = size_ - (producer - cached_peer_);
  }
  return std::min(room, wanted);
}

std::uint32_t SharedRing::consumer_available(std::uint32_t wanted, std::uint32_t* index) {
  const std::uint32_t consumer = load(word(kConsumerOffset), std::memory_order_relaxed);
  *index = consumer;
  std::uint32_t available = cached_peer_ - consumer;
  if (available < wanted) {
    cached_peer_ = load_peer();
    available = cached_peer_ - consumer;
  }
  return std::min(available, wanted);
}

void SharedRing::advance_own(std::uint32_t count) {
  spend();
  std::uint32_t* own = word(own_offset());
  const std::uint32_t old = load(own, std::memory_order_relaxed);
  store(own, old + count, std::memory_order_release);
  taps_.tell(&Tap::ring_moved, socket_, kind_, Actor::kPlatform, old, old + count, host_.now_ps());
  host_.shared_word_changed(own);
}

void SharedRing::produce(std::uint32_t count) { advance_own(count); }

void SharedRing::consume(std::uint32_t count) { advance_own(count); }

bool SharedRing::readable_by_application() const {
  const std::uint32_t producer = load(word(kProducerOffset), std::memory_order_relaxed);
  const std::uint32_t consumer = load(word(kConsumerOffset), std::memory_order_acquire);
  // A consumer index ahead of the producer reads as empty.
  return size_ - (producer - consumer) < size_;
}

bool SharedRing::overfull() const {
  const std::uint32_t producer = load(word(kProducerOffset), std::memory_order_relaxed);
  const std::uint32_t consumer = load(word(kConsumerOffset), std::memory_order_acquire);
  return producer - consumer > size_;
}

void SharedRing::take(std::uint32_t index, void* to, std::uint32_t bytes) const {
  std::memcpy(to, element(index), bytes);
  taps_.tell(&Tap::entry_taken, socket_, kind_, index,
             Tap::Bytes(static_cast<const unsigned char*>(to), bytes));
}

bool SharedRing::has_flag(std::uint32_t flag) const {
  return (load(word(kFlagsOffset), std::memory_order_relaxed) & flag) != 0;
}

void SharedRing::set_flag(std::uint32_t flag) {
  spend();
  std::atomic_ref<std::uint32_t>(*word(kFlagsOffset)).fetch_or(flag, std::memory_order_acq_rel);
  host_.shared_word_changed(word(kFlagsOffset));
}

void SharedRing::clear_flag(std::uint32_t flag) {
  spend();
  std::atomic_ref<std::uint32_t>(*word(kFlagsOffset)).fetch_and(~flag, std::memory_order_acq_rel);
  host_.shared_word_changed(word(kFlagsOffset));
}

void SharedRing::application_stored(const volatile void* address, std::uint32_t value) {
  if (address == word(peer_offset())) see_peer(value);
}

}  // namespace ringproof::xdp

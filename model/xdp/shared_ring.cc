#include "model/xdp/shared_ring.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace ringproof::xdp {
namespace {

constexpr std::uint64_t kPageBytes = 4096;
constexpr std::uint64_t kSharedAccessPs = 4'000;

}  // namespace

std::uint32_t SharedRing::memory_bytes(std::uint64_t size, std::uint32_t stride) {
  const std::uint64_t bytes = size * stride + kElementsOffset;
  const std::uint64_t pages = (bytes + kPageBytes - 1) / kPageBytes * kPageBytes;
  return pages > std::numeric_limits<std::uint32_t>::max() ? 0 : static_cast<std::uint32_t>(pages);
}

SharedRing::SharedRing(Host& host, const TapList& taps, std::uint64_t socket, RingKind kind,
                       std::uint32_t size, std::uint32_t stride, const FreshRing& fresh)
    : host_(host),
      taps_(taps),
      socket_(socket),
      kind_(kind),
      size_(size),
      stride_(stride),
      pages_(memory_bytes(size, stride)) {
  if (!ok()) return;
  if (fresh.fill != 0) std::memset(memory() + kElementsOffset, fresh.fill, std::size_t{size_} * stride_);
  // Nobody else knows the words yet.
  *word(kProducerOffset) = *word(kConsumerOffset) = fresh.start_index;
  cached_peer_ = told_peer_ = fresh.start_index;
  disturb_start();
}

// Indices that begin shortly before they wrap, and elements that hold anything.
void SharedRing::disturb_start() {
  const FaultTarget here{.socket = socket_, .ring = static_cast<std::uint32_t>(kind_)};
  if (const FaultStrike fill = host_.fault(FaultId::kMem04, here)) {
    std::memset(memory() + kElementsOffset, static_cast<int>(fill.amount), std::size_t{size_} * stride_);
  }
  const FaultStrike near_wrap = host_.fault(
      FaultId::kDsc02, {.socket = socket_, .ring = here.ring, .kinds = 1U << fault_kind::kSocketRings});
  if (!near_wrap) return;
  const std::uint32_t start = 0U - static_cast<std::uint32_t>(near_wrap.amount);
  for (const std::uint32_t offset : {kProducerOffset, kConsumerOffset}) *word(offset) = start;
  cached_peer_ = told_peer_ = start;
}

// A descriptor as a careless or broken application would have written it.
void SharedRing::disturb(void* entry, std::uint32_t bytes) const {
  const FaultStrike strike =
      host_.fault(FaultId::kDsc01, {.socket = socket_, .ring = static_cast<std::uint32_t>(kind_)});
  if (!strike) return;
  constexpr std::uint64_t kAddressMask = 0xFFFFFFFFFFFF;
  std::uint64_t address;
  std::memcpy(&address, entry, sizeof address);
  auto* length = static_cast<unsigned char*>(entry) + sizeof address;
  const std::uint64_t whole = bytes > sizeof address ? kAddressMask : ~std::uint64_t{0};
  switch (strike.kind) {
    case fault_kind::kZero:
      if (bytes > sizeof address) std::memset(length, 0, sizeof(std::uint32_t));
      address = bytes > sizeof address ? address : 0;
      break;
    case fault_kind::kMax:
      address = whole;
      break;
    case fault_kind::kUnaligned:
      address += 1 + strike.draw % 63;
      break;
    case fault_kind::kOutOfUmem:
      address = (std::uint64_t{1} << 40) + strike.draw % 4096;
      break;
    default:
      address = whole - strike.draw % 4096;
  }
  std::memcpy(entry, &address, sizeof address);
}

SharedRing::~SharedRing() {
  if (!ok()) return;
  switch (host_.forget_shared(memory(), pages_.size())) {
    case Host::Forgotten::kShut:
      break;
    case Host::Forgotten::kShutLater:
      pages_.shut_later();
      break;
    case Host::Forgotten::kStays:
      pages_.leave();
  }
}

bool SharedRing::contains(const volatile void* address) const {
  const auto at = reinterpret_cast<std::uintptr_t>(address);
  const auto base = reinterpret_cast<std::uintptr_t>(memory());
  return at >= base && at - base < pages_.size();
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
  const std::uint32_t value = host_.load_shared(word(peer_offset()), MemoryOrder::kAcquire);
  taps_.tell(&Tap::index_read, socket_, kind_);
  // Listeners hear of stores, not of what a weak memory shows of them.
  see_peer(__atomic_load_n(word(peer_offset()), __ATOMIC_RELAXED));
  return value;
}

std::uint32_t SharedRing::producer_room(std::uint32_t wanted, std::uint32_t* index) {
  const std::uint32_t producer = host_.load_shared(word(kProducerOffset), MemoryOrder::kRelaxed);
  *index = producer;
  std::uint32_t room = size_ - (producer - cached_peer_);
  if (room < wanted) {
    cached_peer_ = load_peer();
    room = size_ - (producer - cached_peer_);
    taps_.tell(&Tap::index_decided, socket_, kind_);
  }
  taps_.tell(&Tap::peer_cached, socket_, kind_, cached_peer_, host_.now_ps());
  return std::min(room, wanted);
}

std::uint32_t SharedRing::consumer_available(std::uint32_t wanted, std::uint32_t* index) {
  const std::uint32_t consumer = host_.load_shared(word(kConsumerOffset), MemoryOrder::kRelaxed);
  *index = consumer;
  std::uint32_t available = cached_peer_ - consumer;
  if (available < wanted) {
    cached_peer_ = load_peer();
    available = cached_peer_ - consumer;
    taps_.tell(&Tap::index_decided, socket_, kind_);
  }
  taps_.tell(&Tap::peer_cached, socket_, kind_, cached_peer_, host_.now_ps());
  return std::min(available, wanted);
}

void SharedRing::advance_own(std::uint32_t count) {
  spend();
  const std::uint32_t old = own_index();
  store_own(old, old + count);
}

void SharedRing::store_own(std::uint32_t old, std::uint32_t index) {
  std::uint32_t* own = word(own_offset());
  host_.store_shared(own, index, MemoryOrder::kRelease);
  taps_.tell(&Tap::ring_moved, socket_, kind_, Actor::kPlatform, old, index, host_.now_ps());
  host_.shared_word_changed(own);
}

void SharedRing::produce(std::uint32_t count) { advance_own(count); }

void SharedRing::consume(std::uint32_t count) { advance_own(count); }

std::uint32_t SharedRing::own_index() const {
  return host_.load_shared(word(own_offset()), MemoryOrder::kRelaxed);
}

void SharedRing::device_stored(std::uint32_t index) {
  const std::uint32_t old = own_index();
  if (old != index) store_own(old, index);
}

void SharedRing::device_took(std::uint32_t index, std::uint32_t bytes) const {
  taps_.tell(&Tap::entry_taken, socket_, kind_, index, Tap::Bytes(element(index), bytes));
}

bool SharedRing::readable_by_application() const {
  const std::uint32_t producer = host_.load_shared(word(kProducerOffset), MemoryOrder::kRelaxed);
  const std::uint32_t consumer = host_.load_shared(word(kConsumerOffset), MemoryOrder::kAcquire);
  // A consumer index ahead of the producer reads as empty.
  return size_ - (producer - consumer) < size_;
}

bool SharedRing::overfull() const {
  const std::uint32_t producer = host_.load_shared(word(kProducerOffset), MemoryOrder::kRelaxed);
  const std::uint32_t consumer = host_.load_shared(word(kConsumerOffset), MemoryOrder::kAcquire);
  return producer - consumer > size_;
}

void SharedRing::take(std::uint32_t index, void* to, std::uint32_t bytes) const {
  std::memcpy(to, element(index), bytes);
  disturb(to, bytes);
  taps_.tell(&Tap::entry_taken, socket_, kind_, index,
             Tap::Bytes(static_cast<const unsigned char*>(to), bytes));
}

bool SharedRing::has_flag(std::uint32_t flag) const {
  return (host_.load_shared(word(kFlagsOffset), MemoryOrder::kRelaxed) & flag) != 0;
}

void SharedRing::set_flag(std::uint32_t flag) {
  spend();
  host_.change_shared(word(kFlagsOffset), flag, 0);
  host_.shared_word_changed(word(kFlagsOffset));
}

void SharedRing::clear_flag(std::uint32_t flag) {
  spend();
  host_.change_shared(word(kFlagsOffset), 0, flag);
  host_.shared_word_changed(word(kFlagsOffset));
}

void SharedRing::application_stored(const volatile void* address, std::uint32_t value) {
  if (address == word(peer_offset())) see_peer(value);
}

}  // namespace ringproof::xdp

#include "sim/instrument/access.h"

#include <algorithm>

namespace ringproof {
namespace {

constexpr std::array<std::size_t, 3> kWordOffsets = {0, 64, 128};  // producer, consumer, flags
constexpr int kOrderBits = 0xF;                                    // others are hints for the processor

// Consuming is acquiring, as in every compiler.
MemoryOrder order_of(int told) {
  const int order = told & kOrderBits;
  return order == __ATOMIC_CONSUME ? MemoryOrder::kAcquire : MemoryOrder(order);
}

// The world of the running task of the application, or null.
World* world_of_application() {
  World* const world = simulated_world;
  if (world == nullptr || std::this_thread::get_id() != world->thread) return nullptr;
  return world->kernel.in_own_code() ? world : nullptr;
}

// Tells the monitors of the parts in UMEMs. Returns the memory of the ring, or null.
const unsigned char* tell_umem(const World& world, const volatile void* address, std::size_t bytes,
                               bool reads, bool writes) {
  const unsigned char* ring = nullptr;
  const auto first = reinterpret_cast<std::uintptr_t>(address);
  std::uintptr_t told = first;  // sockets may have the same memory
  world.ranges->each(address, bytes, [&](const SharedRange& range) {
    if (range.ring) {
      ring = reinterpret_cast<const unsigned char*>(range.begin);
      return;
    }
    const std::uintptr_t from = std::max(told, range.begin);
    told = std::max(told, std::min(first + bytes, range.end));
    if (from >= told) return;
    const auto* const memory = reinterpret_cast<const void*>(from);
    const std::uint64_t now_ps = world.kernel.now_ps();
    if (reads) world.watchers->tell(&Tap::application_read, memory, told - from, now_ps);
    if (writes) world.watchers->tell(&Tap::application_written, memory, told - from, now_ps);
  });
  return ring;
}

}  // namespace

constinit std::uint64_t plain_writes = 0;

RingWords::RingWords(const volatile void* address, std::size_t bytes, const unsigned char* ring) {
  const auto first = reinterpret_cast<std::uintptr_t>(address);
  for (const std::size_t offset : kWordOffsets) {
    const std::uintptr_t word = reinterpret_cast<std::uintptr_t>(ring) + offset;
    if (first >= word + sizeof(std::uint32_t) || first + bytes <= word) continue;
    words_[count_] = reinterpret_cast<std::uint32_t*>(word);
    old_[count_] = __atomic_load_n(words_[count_], __ATOMIC_RELAXED);
    ++count_;
  }
}

void RingWords::look(World& world, MemoryOrder order) const {
  for (std::uint32_t i = 0; i < count_; ++i) {
    const std::uint32_t value = world.kernel.load_newest(words_[i], order);
    // A parked task reads what is there when it goes on.
    if (world.kernel.look(words_[i], value)) world.kernel.load_newest(words_[i], order);
  }
}

void RingWords::tell_stored(World& world, MemoryOrder order) const {
  for (std::uint32_t i = 0; i < count_; ++i) {
    const std::uint32_t now = __atomic_load_n(words_[i], __ATOMIC_RELAXED);
    if (now == old_[i]) continue;
    // Nobody else has run since, so the store can be done once more, for a memory model to see it.
    __atomic_store_n(words_[i], old_[i], __ATOMIC_RELAXED);
    world.kernel.store_shared(words_[i], now, order);
    world.kernel.acted();
    world.kernel.shared_word_changed(words_[i]);
    world.platform.application_stored(words_[i], now);
  }
}

void read_shared(const volatile void* address, std::size_t bytes) {
  World* const world = world_of_application();
  if (world == nullptr) return;
  const HostKernel::Visit visit(world->kernel);
  world->kernel.tell_deferred();
  const unsigned char* ring = tell_umem(*world, address, bytes, true, false);
  if (ring == nullptr) return;
  world->kernel.spend(HostCosts::kSharedAccessPs);
  RingWords(address, bytes, ring).look(*world, MemoryOrder::kRelaxed);
}

void write_shared(const volatile void* address, std::size_t bytes) {
  World* const world = world_of_application();
  if (world == nullptr) return;
  const HostKernel::Visit visit(world->kernel);
  world->kernel.tell_deferred();
  const unsigned char* ring = tell_umem(*world, address, bytes, false, true);
  if (ring == nullptr) return;
  world->kernel.spend(HostCosts::kSharedAccessPs);
  const RingWords words(address, bytes, ring);
  // The store comes after this; nobody else runs before the task is back in the simulator, which tells then.
  if (!words.empty()) {
    world->kernel.defer([world, words] { words.tell_stored(*world, MemoryOrder::kRelaxed); });
  }
}

AtomicAccess::AtomicAccess(const volatile void* address, std::size_t bytes, bool reads, bool writes,
                           int order)
    : world_(world_of_application()), order_(order_of(order)), changes_(reads && writes) {
  if (world_ == nullptr) return;
  world_->kernel.tell_deferred();
  const unsigned char* ring = tell_umem(*world_, address, bytes, reads, writes);
  if (ring == nullptr) return;
  world_->kernel.spend(HostCosts::kSharedAccessPs);
  // An operation that reads and writes at once acts on the newest value.
  if (changes_) world_->kernel.synchronize();
  if (reads) RingWords(address, bytes, ring).look(*world_, order_);
  words_ = RingWords(address, bytes, ring);
}

AtomicAccess::~AtomicAccess() {
  if (world_ == nullptr || words_.empty()) return;
  words_.tell_stored(*world_, order_);
  if (changes_) world_->kernel.synchronize();
}

OwnAtomic::OwnAtomic(const volatile void* address, int order)
    : world_(world_of_application()), address_(address), order_(order_of(order)) {
  if (world_ == nullptr) return;
  worked_ = world_->kernel.own_writes() != plain_writes;
  world_->kernel.spend(HostCosts::kSharedAccessPs);
}

OwnAtomic::~OwnAtomic() {
  if (world_ != nullptr) world_->kernel.own_writes() = plain_writes;
}

bool OwnAtomic::left(std::uint64_t seen, bool wrote) {
  if (world_ == nullptr) return false;
  HostKernel& kernel = world_->kernel;
  const HostKernel::Visit visit(kernel);
  kernel.atomic_done(address_, true, wrote, order_);
  // Who works between two looks does not wait.
  if (worked_ || !kernel.look(address_, seen)) return false;
  kernel.atomic_done(address_, true, false, order_);
  return true;
}

void OwnAtomic::changed(bool read_too) {
  if (world_ == nullptr) return;
  const HostKernel::Visit visit(world_->kernel);
  world_->kernel.atomic_done(address_, read_too, true, order_);
  world_->kernel.shared_word_changed(address_);
}

bool is_ring_word(const volatile void* address) {
  World* const world = world_of_application();
  if (world == nullptr) return false;
  bool found = false;
  world->ranges->each(address, sizeof(std::uint32_t), [&](const SharedRange& range) {
    const std::size_t offset = reinterpret_cast<std::uintptr_t>(address) - range.begin;
    found |= range.ring && std::find(kWordOffsets.begin(), kWordOffsets.end(), offset) != kWordOffsets.end();
  });
  return found;
}

}  // namespace ringproof

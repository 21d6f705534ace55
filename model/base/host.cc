#include "model/base/host.h"

#include <atomic>

namespace ringproof {

std::uint32_t Host::load_shared(const std::uint32_t* word, MemoryOrder order) {
  return __atomic_load_n(word, static_cast<int>(order));
}

void Host::store_shared(std::uint32_t* word, std::uint32_t value, MemoryOrder order) {
  __atomic_store_n(word, value, static_cast<int>(order));
}

std::uint32_t Host::change_shared(std::uint32_t* word, std::uint32_t set, std::uint32_t cleared) {
  std::uint32_t old = __atomic_load_n(word, __ATOMIC_RELAXED);
  while (!__atomic_compare_exchange_n(word, &old, (old & ~cleared) | set, false, __ATOMIC_ACQ_REL,
                                      __ATOMIC_RELAXED)) {
  }
  return old;
}

void Host::fence(MemoryOrder order) { std::atomic_thread_fence(static_cast<std::memory_order>(order)); }

Host::Forgotten Host::forget_shared(const void*, std::size_t) { return Forgotten::kShut; }

}  // namespace ringproof

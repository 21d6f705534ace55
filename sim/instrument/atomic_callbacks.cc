// The thread sanitizer's callbacks for atomic operations: they perform the operation themselves.
//
// 32-bit loads and stores of ring words go the way of the ring helpers, so that a weak memory model holds for
// them. Operations on what is the application's alone order its threads, and are schedule points too. What
// the compiler says of the order is heeded there; on the processor everything is done in the strongest order,
// since the simulation has one thread.

#include <ringproof/hooks.h>

#include <cstdint>

#include "sim/instrument/access.h"

namespace ringproof {
namespace {

// The compiler has no instruction for 16 bytes that it would use by itself; one thread needs none.
template <typename T>
constexpr bool kNative = sizeof(T) <= 8;

template <typename T>
T read(const volatile T* address) {
  if constexpr (kNative<T>) return __atomic_load_n(address, __ATOMIC_SEQ_CST);
  return __sync_val_compare_and_swap(const_cast<volatile T*>(address), T{0}, T{0});
}

template <typename T>
T load(const volatile T* address, int order) {
  if (calling_world == nullptr) return read(address);
  if (!is_shared(address, sizeof(T))) {
    OwnAtomic own(address, order);
    const T seen = read(address);
    return own.left(static_cast<std::uint64_t>(seen), false) ? read(address) : seen;
  }
  if constexpr (sizeof(T) == 4) {
    if (is_ring_word(address)) {
      return ringproof_current_hooks->load32(reinterpret_cast<const volatile std::uint32_t*>(address), order);
    }
  }
  const AtomicAccess access(address, sizeof(T), true, false, order);
  return read(address);
}

// Replaces the value by `change` of it and returns what it was.
template <typename T, typename Change>
T replace(volatile T* address, Change change) {
  T old = *address;
  while (true) {
    const T seen = __sync_val_compare_and_swap(address, old, change(old));
    if (seen == old) return old;
    old = seen;
  }
}

template <typename T, typename Change>
T change(volatile T* address, bool reads, int order, Change function) {
  if (calling_world == nullptr) return replace(address, function);
  if (!is_shared(address, sizeof(T))) {
    OwnAtomic own(address, order);
    const T seen = replace(address, function);
    // Taking a lock that is taken, say.
    if (reads && function(seen) == seen) {
      own.left(static_cast<std::uint64_t>(seen), true);
    } else {
      own.changed(reads);
    }
    return seen;
  }
  const AtomicAccess access(address, sizeof(T), reads, true, order);
  return replace(address, function);
}

template <typename T>
void store(volatile T* address, T value, int order) {
  if constexpr (sizeof(T) == 4) {
    if (is_shared(address, sizeof(T)) && is_ring_word(address)) {
      const auto word = reinterpret_cast<volatile std::uint32_t*>(address);
      ringproof_current_hooks->store32(word, static_cast<std::uint32_t>(value), order);
      return;
    }
  }
  change(address, false, order, [value](T) { return value; });
}

// Returns what was there; it was replaced if that is `expected`.
template <typename T>
T compare_exchange(volatile T* address, T expected, T value, int order) {
  if (calling_world == nullptr) return __sync_val_compare_and_swap(address, expected, value);
  if (!is_shared(address, sizeof(T))) {
    OwnAtomic own(address, order);
    const T seen = __sync_val_compare_and_swap(address, expected, value);
    if (seen == expected) {
      own.changed(true);
    } else {
      own.left(static_cast<std::uint64_t>(seen), false);
    }
    return seen;
  }
  const AtomicAccess access(address, sizeof(T), true, true, order);
  return __sync_val_compare_and_swap(address, expected, value);
}

template <typename T>
int compare_exchange(volatile T* address, T* expected, T value, int order) {
  const T seen = compare_exchange(address, *expected, value, order);
  if (seen == *expected) return 1;
  *expected = seen;
  return 0;
}

}  // namespace
}  // namespace ringproof

#pragma GCC visibility push(default)
#pragma GCC diagnostic ignored "-Wpedantic"  // __int128

extern "C" {

#define RINGPROOF_FETCH(BITS, T, NAME, EXPRESSION)                                                         \
  T __tsan_atomic##BITS##_##NAME(volatile T* address, T value, int order) {                                \
    return ringproof::change(address, true, order, [value](T old) { return static_cast<T>(EXPRESSION); }); \
  }

#define RINGPROOF_ATOMIC(BITS, T)                                                                          \
  T __tsan_atomic##BITS##_load(const volatile T* address, int order) {                                     \
    return ringproof::load(address, order);                                                                \
  }                                                                                                        \
  void __tsan_atomic##BITS##_store(volatile T* address, T value, int order) {                              \
    ringproof::store(address, value, order);                                                               \
  }                                                                                                        \
  RINGPROOF_FETCH(BITS, T, exchange, (static_cast<void>(old), value))                                      \
  RINGPROOF_FETCH(BITS, T, fetch_add, old + value)                                                         \
  RINGPROOF_FETCH(BITS, T, fetch_sub, old - value)                                                         \
  RINGPROOF_FETCH(BITS, T, fetch_and, old& value)                                                          \
  RINGPROOF_FETCH(BITS, T, fetch_or, old | value)                                                          \
  RINGPROOF_FETCH(BITS, T, fetch_xor, old ^ value)                                                         \
  RINGPROOF_FETCH(BITS, T, fetch_nand, ~(old & value))                                                     \
  int __tsan_atomic##BITS##_compare_exchange_strong(volatile T* address, T* expected, T value, int order,  \
                                                    int) {                                                 \
    return ringproof::compare_exchange(address, expected, value, order);                                   \
  }                                                                                                        \
  int __tsan_atomic##BITS##_compare_exchange_weak(volatile T* address, T* expected, T value, int order,    \
                                                  int) {                                                   \
    return ringproof::compare_exchange(address, expected, value, order);                                   \
  }                                                                                                        \
  T __tsan_atomic##BITS##_compare_exchange_val(volatile T* address, T expected, T value, int order, int) { \
    return ringproof::compare_exchange(address, expected, value, order);                                   \
  }
RINGPROOF_ATOMIC(8, unsigned char)
RINGPROOF_ATOMIC(16, unsigned short)
RINGPROOF_ATOMIC(32, unsigned)
RINGPROOF_ATOMIC(64, unsigned long)
RINGPROOF_ATOMIC(128, unsigned __int128)
#undef RINGPROOF_ATOMIC
#undef RINGPROOF_FETCH

void __tsan_atomic_thread_fence(int order) {
  if (ringproof_current_hooks != nullptr) {
    ringproof_current_hooks->fence(order);
  } else {
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
  }
}
void __tsan_atomic_signal_fence(int) {}
}

#pragma GCC visibility pop

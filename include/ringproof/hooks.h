// hooks.h: the one place where ring helpers touch a word that the other side of a ring also touches.
// Role     lets the simulator see, time and reorder every access to a shared index or flag; without hooks an
//          access costs a predictable branch and is the plain atomic operation
// Shapes   every shared word is a naturally aligned 32-bit integer
// Threads  ringproof_current_hooks changes only while no application code runs; a hook is called on the
//          thread or task that makes the access, and must itself perform the access it is given
// Errors   none; an order that does not fit the operation (a releasing load) is strengthened to sequential
//          consistency
// Source   decision 1 of the design: application code meets the simulator at schedule points
#pragma once

#include <stdint.h>

#include "ringproof/export.h"

#ifdef __cplusplus
extern "C" {
#endif

#define RINGPROOF_RELAXED __ATOMIC_RELAXED
#define RINGPROOF_ACQUIRE __ATOMIC_ACQUIRE
#define RINGPROOF_RELEASE __ATOMIC_RELEASE
#define RINGPROOF_SEQ_CST __ATOMIC_SEQ_CST

// `order` is one of the four constants above. All three members are set, or the table is not installed.
struct ringproof_hooks {
  uint32_t (*load32)(const volatile uint32_t* address, int order);
  void (*store32)(volatile uint32_t* address, uint32_t value, int order);
  void (*fence)(int order);
};

// NULL: no simulator is listening. Defined by libringproof.so.
extern RINGPROOF_API const struct ringproof_hooks* ringproof_current_hooks;

// The registered memory that a descriptor's addresses mean.
struct ringproof_umem {
  unsigned char* base;
  uint64_t total_bytes;  // rounded down to whole chunks
  uint32_t chunk_bytes;
};

// Finds it by the ring that the descriptor lies in; for one that lies elsewhere, by there being only one
// UMEM. 0: neither. Defined by libringproof.so, and needed by programs that call it only.
RINGPROOF_API int ringproof_find_umem(const void* descriptor, struct ringproof_umem* umem);

static inline __attribute__((always_inline)) const struct ringproof_hooks* ringproof_hooks_or_null(void) {
  return __atomic_load_n(&ringproof_current_hooks, __ATOMIC_RELAXED);
}

// The branches on `order` vanish once the call is inlined; they are there because the compiler wants a
// constant.
static inline __attribute__((always_inline)) uint32_t ringproof_load32(const volatile uint32_t* address,
                                                                       int order) {
  const struct ringproof_hooks* hooks = ringproof_hooks_or_null();
  if (__builtin_expect(!!hooks, 0)) return hooks->load32(address, order);
  if (order == RINGPROOF_RELAXED) return __atomic_load_n(address, __ATOMIC_RELAXED);
  if (order == RINGPROOF_ACQUIRE) return __atomic_load_n(address, __ATOMIC_ACQUIRE);
  return __atomic_load_n(address, __ATOMIC_SEQ_CST);
}

static inline __attribute__((always_inline)) void ringproof_store32(volatile uint32_t* address,
                                                                    uint32_t value, int order) {
  const struct ringproof_hooks* hooks = ringproof_hooks_or_null();
  if (__builtin_expect(!!hooks, 0)) {
    hooks->store32(address, value, order);
  } else if (order == RINGPROOF_RELAXED) {
    __atomic_store_n(address, value, __ATOMIC_RELAXED);
  } else if (order == RINGPROOF_RELEASE) {
    __atomic_store_n(address, value, __ATOMIC_RELEASE);
  } else {
    __atomic_store_n(address, value, __ATOMIC_SEQ_CST);
  }
}

static inline __attribute__((always_inline)) void ringproof_fence(int order) {
  const struct ringproof_hooks* hooks = ringproof_hooks_or_null();
  if (__builtin_expect(!!hooks, 0)) {
    hooks->fence(order);
  } else if (order == RINGPROOF_ACQUIRE) {
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
  } else if (order == RINGPROOF_RELEASE) {
    __atomic_thread_fence(__ATOMIC_RELEASE);
  } else if (order != RINGPROOF_RELAXED) {
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
  }
}

#ifdef __cplusplus
}  // extern "C"
#endif

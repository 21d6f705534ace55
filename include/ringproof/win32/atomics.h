// atomics.h: words that threads of a program share: Interlocked operations, ordered accesses, barriers.
// Role     each is the atomic operation that it is on Windows, and a schedule point of the simulation
// Shapes   8, 16, 32 and 64 bits and pointers, naturally aligned
// Threads  any; a full fence where Windows has one (Interlocked operations without a suffix)
// Source   Windows: interlocked variable access, kernel accessors of wdm.h; docs/windows-programs.md
#pragma once

#include "ringproof/hooks.h"
#include "ringproof/win32/base.h"

EXTERN_C_START

// What a simulator does around an operation; they need one to be listening (ringproof_hooks_or_null()).
// A load of 1, 2, 4 or 8 bytes as the calling task sees it.
RINGPROOF_API uint64_t ringproof_load(const volatile void* address, unsigned bytes, int order);
// Before an operation that changes memory at once, and after it: `seen` is what was there.
RINGPROOF_API void ringproof_change_begins(const volatile void* address, unsigned bytes);
RINGPROOF_API void ringproof_change_ends(const volatile void* address, unsigned bytes, uint64_t seen,
                                         int changed);
// The calling task is in a loop that waits.
RINGPROOF_API void ringproof_pause(void);


FORCEINLINE LONG InterlockedIncrement(LONG volatile* Target) {
  const int listening = ringproof_hooks_or_null() != NULL;
  LONG old;
  if (listening) ringproof_change_begins(Target, sizeof *Target);
  old = __atomic_fetch_add(Target, 1, __ATOMIC_SEQ_CST);
  if (listening) ringproof_change_ends(Target, sizeof *Target, (uint64_t)old, 1);
  return (LONG)((uint64_t)old + 1);
}

FORCEINLINE LONG InterlockedDecrement(LONG volatile* Target) {
  const int listening = ringproof_hooks_or_null() != NULL;
  LONG old;
  if (listening) ringproof_change_begins(Target, sizeof *Target);
  old = __atomic_fetch_sub(Target, 1, __ATOMIC_SEQ_CST);
  if (listening) ringproof_change_ends(Target, sizeof *Target, (uint64_t)old, 1);
  return (LONG)((uint64_t)old - 1);
}


FORCEINLINE LONG64 InterlockedIncrement64(LONG64 volatile* Target) {
  const int listening = ringproof_hooks_or_null() != NULL;
  LONG64 old;
  if (listening) ringproof_change_begins(Target, sizeof *Target);
  old = __atomic_fetch_add(Target, 1, __ATOMIC_SEQ_CST);
  if (listening) ringproof_change_ends(Target, sizeof *Target, (uint64_t)old, 1);
  return (LONG64)((uint64_t)old + 1);
}

FORCEINLINE LONG64 InterlockedDecrement64(LONG64 volatile* Target) {
  const int listening = ringproof_hooks_or_null() != NULL;
  LONG64 old;
  if (listening) ringproof_change_begins(Target, sizeof *Target);
  old = __atomic_fetch_sub(Target, 1, __ATOMIC_SEQ_CST);
  if (listening) ringproof_change_ends(Target, sizeof *Target, (uint64_t)old, 1);
  return (LONG64)((uint64_t)old - 1);
}


FORCEINLINE SHORT InterlockedIncrement16(SHORT volatile* Target) {
  const int listening = ringproof_hooks_or_null() != NULL;
  SHORT old;
  if (listening) ringproof_change_begins(Target, sizeof *Target);
  old = __atomic_fetch_add(Target, 1, __ATOMIC_SEQ_CST);
  if (listening) ringproof_change_ends(Target, sizeof *Target, (uint64_t)old, 1);
  return (SHORT)((uint64_t)old + 1);
}

FORCEINLINE SHORT InterlockedDecrement16(SHORT volatile* Target) {
  const int listening = ringproof_hooks_or_null() != NULL;
  SHORT old;
  if (listening) ringproof_change_begins(Target, sizeof *Target);
  old = __atomic_fetch_sub(Target, 1, __ATOMIC_SEQ_CST);
  if (listening) ringproof_change_ends(Target, sizeof *Target, (uint64_t)old, 1);
  return (SHORT)((uint64_t)old - 1);
}

FORCEINLINE LONG InterlockedExchangeAdd(LONG volatile* Target, LONG Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  LONG old;
  if (listening) ringproof_change_begins(Target, sizeof *Target);
  old = __atomic_fetch_add(Target, Value, __ATOMIC_SEQ_CST);
  if (listening) ringproof_change_ends(Target, sizeof *Target, (uint64_t)old, old != *Target);
  return old;
}

FORCEINLINE LONG InterlockedExchange(LONG volatile* Target, LONG Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  LONG old;
  if (listening) ringproof_change_begins(Target, sizeof *Target);
  old = __atomic_exchange_n(Target, Value, __ATOMIC_SEQ_CST);
  if (listening) ringproof_change_ends(Target, sizeof *Target, (uint64_t)old, old != *Target);
  return old;
}

FORCEINLINE LONG InterlockedAnd(LONG volatile* Target, LONG Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  LONG old;
  if (listening) ringproof_change_begins(Target, sizeof *Target);
  old = __atomic_fetch_and(Target, Value, __ATOMIC_SEQ_CST);
  if (listening) ringproof_change_ends(Target, sizeof *Target, (uint64_t)old, old != *Target);
  return old;
}

FORCEINLINE LONG InterlockedOr(LONG volatile* Target, LONG Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  LONG old;
  if (listening) ringproof_change_begins(Target, sizeof *Target);
  old = __atomic_fetch_or(Target, Value, __ATOMIC_SEQ_CST);
  if (listening) ringproof_change_ends(Target, sizeof *Target, (uint64_t)old, old != *Target);
  return old;
}

FORCEINLINE LONG InterlockedXor(LONG volatile* Target, LONG Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  LONG old;
  if (listening) ringproof_change_begins(Target, sizeof *Target);
  old = __atomic_fetch_xor(Target, Value, __ATOMIC_SEQ_CST);
  if (listening) ringproof_change_ends(Target, sizeof *Target, (uint64_t)old, old != *Target);
  return old;
}

FORCEINLINE LONG64 InterlockedExchangeAdd64(LONG64 volatile* Target, LONG64 Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  LONG64 old;
  if (listening) ringproof_change_begins(Target, sizeof *Target);
  old = __atomic_fetch_add(Target, Value, __ATOMIC_SEQ_CST);
  if (listening) ringproof_change_ends(Target, sizeof *Target, (uint64_t)old, old != *Target);
  return old;
}

FORCEINLINE LONG64 InterlockedExchange64(LONG64 volatile* Target, LONG64 Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  LONG64 old;
  if (listening) ringproof_change_begins(Target, sizeof *Target);
  old = __atomic_exchange_n(Target, Value, __ATOMIC_SEQ_CST);
  if (listening) ringproof_change_ends(Target, sizeof *Target, (uint64_t)old, old != *Target);
  return old;
}

FORCEINLINE LONG64 InterlockedAnd64(LONG64 volatile* Target, LONG64 Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  LONG64 old;
  if (listening) ringproof_change_begins(Target, sizeof *Target);
  old = __atomic_fetch_and(Target, Value, __ATOMIC_SEQ_CST);
  if (listening) ringproof_change_ends(Target, sizeof *Target, (uint64_t)old, old != *Target);
  return old;
}

FORCEINLINE LONG64 InterlockedOr64(LONG64 volatile* Target, LONG64 Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  LONG64 old;
  if (listening) ringproof_change_begins(Target, sizeof *Target);
  old = __atomic_fetch_or(Target, Value, __ATOMIC_SEQ_CST);
  if (listening) ringproof_change_ends(Target, sizeof *Target, (uint64_t)old, old != *Target);
  return old;
}

FORCEINLINE LONG64 InterlockedXor64(LONG64 volatile* Target, LONG64 Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  LONG64 old;
  if (listening) ringproof_change_begins(Target, sizeof *Target);
  old = __atomic_fetch_xor(Target, Value, __ATOMIC_SEQ_CST);
  if (listening) ringproof_change_ends(Target, sizeof *Target, (uint64_t)old, old != *Target);
  return old;
}

FORCEINLINE SHORT InterlockedExchange16(SHORT volatile* Target, SHORT Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  SHORT old;
  if (listening) ringproof_change_begins(Target, sizeof *Target);
  old = __atomic_exchange_n(Target, Value, __ATOMIC_SEQ_CST);
  if (listening) ringproof_change_ends(Target, sizeof *Target, (uint64_t)old, old != *Target);
  return old;
}

FORCEINLINE SHORT InterlockedAnd16(SHORT volatile* Target, SHORT Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  SHORT old;
  if (listening) ringproof_change_begins(Target, sizeof *Target);
  old = __atomic_fetch_and(Target, Value, __ATOMIC_SEQ_CST);
  if (listening) ringproof_change_ends(Target, sizeof *Target, (uint64_t)old, old != *Target);
  return old;
}

FORCEINLINE SHORT InterlockedOr16(SHORT volatile* Target, SHORT Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  SHORT old;
  if (listening) ringproof_change_begins(Target, sizeof *Target);
  old = __atomic_fetch_or(Target, Value, __ATOMIC_SEQ_CST);
  if (listening) ringproof_change_ends(Target, sizeof *Target, (uint64_t)old, old != *Target);
  return old;
}

FORCEINLINE SHORT InterlockedXor16(SHORT volatile* Target, SHORT Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  SHORT old;
  if (listening) ringproof_change_begins(Target, sizeof *Target);
  old = __atomic_fetch_xor(Target, Value, __ATOMIC_SEQ_CST);
  if (listening) ringproof_change_ends(Target, sizeof *Target, (uint64_t)old, old != *Target);
  return old;
}

FORCEINLINE CHAR InterlockedExchangeAdd8(CHAR volatile* Target, CHAR Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  CHAR old;
  if (listening) ringproof_change_begins(Target, sizeof *Target);
  old = __atomic_fetch_add(Target, Value, __ATOMIC_SEQ_CST);
  if (listening) ringproof_change_ends(Target, sizeof *Target, (uint64_t)old, old != *Target);
  return old;
}

FORCEINLINE CHAR InterlockedExchange8(CHAR volatile* Target, CHAR Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  CHAR old;
  if (listening) ringproof_change_begins(Target, sizeof *Target);
  old = __atomic_exchange_n(Target, Value, __ATOMIC_SEQ_CST);
  if (listening) ringproof_change_ends(Target, sizeof *Target, (uint64_t)old, old != *Target);
  return old;
}

FORCEINLINE CHAR InterlockedAnd8(CHAR volatile* Target, CHAR Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  CHAR old;
  if (listening) ringproof_change_begins(Target, sizeof *Target);
  old = __atomic_fetch_and(Target, Value, __ATOMIC_SEQ_CST);
  if (listening) ringproof_change_ends(Target, sizeof *Target, (uint64_t)old, old != *Target);
  return old;
}

FORCEINLINE CHAR InterlockedOr8(CHAR volatile* Target, CHAR Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  CHAR old;
  if (listening) ringproof_change_begins(Target, sizeof *Target);
  old = __atomic_fetch_or(Target, Value, __ATOMIC_SEQ_CST);
  if (listening) ringproof_change_ends(Target, sizeof *Target, (uint64_t)old, old != *Target);
  return old;
}

FORCEINLINE CHAR InterlockedXor8(CHAR volatile* Target, CHAR Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  CHAR old;
  if (listening) ringproof_change_begins(Target, sizeof *Target);
  old = __atomic_fetch_xor(Target, Value, __ATOMIC_SEQ_CST);
  if (listening) ringproof_change_ends(Target, sizeof *Target, (uint64_t)old, old != *Target);
  return old;
}

FORCEINLINE LONG InterlockedAdd(LONG volatile* Target, LONG Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  LONG old;
  if (listening) ringproof_change_begins(Target, sizeof *Target);
  old = __atomic_fetch_add(Target, Value, __ATOMIC_SEQ_CST);
  if (listening) ringproof_change_ends(Target, sizeof *Target, (uint64_t)old, old != *Target);
  return (LONG)((uint64_t)old + (uint64_t)Value);
}

FORCEINLINE LONG64 InterlockedAdd64(LONG64 volatile* Target, LONG64 Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  LONG64 old;
  if (listening) ringproof_change_begins(Target, sizeof *Target);
  old = __atomic_fetch_add(Target, Value, __ATOMIC_SEQ_CST);
  if (listening) ringproof_change_ends(Target, sizeof *Target, (uint64_t)old, old != *Target);
  return (LONG64)((uint64_t)old + (uint64_t)Value);
}

FORCEINLINE LONG InterlockedCompareExchange(LONG volatile* Target, LONG Value, LONG Expected) {
  const int listening = ringproof_hooks_or_null() != NULL;
  LONG old = Expected;
  if (listening) ringproof_change_begins(Target, sizeof *Target);
  __atomic_compare_exchange_n(Target, &old, Value, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  if (listening) ringproof_change_ends(Target, sizeof *Target, (uint64_t)old, old == Expected && old != Value);
  return old;
}

FORCEINLINE LONG64 InterlockedCompareExchange64(LONG64 volatile* Target, LONG64 Value, LONG64 Expected) {
  const int listening = ringproof_hooks_or_null() != NULL;
  LONG64 old = Expected;
  if (listening) ringproof_change_begins(Target, sizeof *Target);
  __atomic_compare_exchange_n(Target, &old, Value, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  if (listening) ringproof_change_ends(Target, sizeof *Target, (uint64_t)old, old == Expected && old != Value);
  return old;
}

FORCEINLINE SHORT InterlockedCompareExchange16(SHORT volatile* Target, SHORT Value, SHORT Expected) {
  const int listening = ringproof_hooks_or_null() != NULL;
  SHORT old = Expected;
  if (listening) ringproof_change_begins(Target, sizeof *Target);
  __atomic_compare_exchange_n(Target, &old, Value, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  if (listening) ringproof_change_ends(Target, sizeof *Target, (uint64_t)old, old == Expected && old != Value);
  return old;
}

FORCEINLINE PVOID InterlockedExchangePointer(PVOID volatile* Target, PVOID Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  PVOID old;
  if (listening) ringproof_change_begins(Target, sizeof *Target);
  old = __atomic_exchange_n(Target, Value, __ATOMIC_SEQ_CST);
  if (listening) ringproof_change_ends(Target, sizeof *Target, (uint64_t)(ULONG_PTR)old, old != Value);
  return old;
}

FORCEINLINE PVOID InterlockedCompareExchangePointer(PVOID volatile* Target, PVOID Value, PVOID Expected) {
  const int listening = ringproof_hooks_or_null() != NULL;
  PVOID old = Expected;
  if (listening) ringproof_change_begins(Target, sizeof *Target);
  __atomic_compare_exchange_n(Target, &old, Value, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  if (listening) {
    ringproof_change_ends(Target, sizeof *Target, (uint64_t)(ULONG_PTR)old, old == Expected && old != Value);
  }
  return old;
}

FORCEINLINE BOOLEAN InterlockedBitTestAndSet(LONG volatile* Base, LONG Bit) {
  const LONG old = InterlockedOr(Base + (Bit >> 5), (LONG)(1U << (Bit & 31)));
  return (BOOLEAN)(((ULONG)old >> (Bit & 31)) & 1);
}

FORCEINLINE BOOLEAN InterlockedBitTestAndReset(LONG volatile* Base, LONG Bit) {
  const LONG old = InterlockedAnd(Base + (Bit >> 5), (LONG)~(1U << (Bit & 31)));
  return (BOOLEAN)(((ULONG)old >> (Bit & 31)) & 1);
}

EXTERN_C_END

#ifdef __cplusplus
// C++ programs also have words of the compiler's own types: its long has 64 bits here.
extern "C++" {
#define RINGPROOF_INTERLOCKED(T, Suffix, Word)                                                     \
  inline T InterlockedIncrement##Suffix(T volatile* target) {                                      \
    return static_cast<T>(InterlockedIncrement##Word(reinterpret_cast<LONG##Word volatile*>(target))); \
  }                                                                                                \
  inline T InterlockedDecrement##Suffix(T volatile* target) {                                      \
    return static_cast<T>(InterlockedDecrement##Word(reinterpret_cast<LONG##Word volatile*>(target))); \
  }                                                                                                \
  inline T InterlockedExchange##Suffix(T volatile* target, T value) {                              \
    return static_cast<T>(InterlockedExchange##Word(reinterpret_cast<LONG##Word volatile*>(target),    \
                                                    static_cast<LONG##Word>(value)));              \
  }                                                                                                \
  inline T InterlockedExchangeAdd##Suffix(T volatile* target, T value) {                           \
    return static_cast<T>(InterlockedExchangeAdd##Word(reinterpret_cast<LONG##Word volatile*>(target), \
                                                       static_cast<LONG##Word>(value)));           \
  }                                                                                                \
  inline T InterlockedCompareExchange##Suffix(T volatile* target, T value, T expected) {           \
    return static_cast<T>(InterlockedCompareExchange##Word(                                        \
        reinterpret_cast<LONG##Word volatile*>(target), static_cast<LONG##Word>(value),            \
        static_cast<LONG##Word>(expected)));                                                       \
  }                                                                                                \
  inline T InterlockedAnd##Suffix(T volatile* target, T value) {                                   \
    return static_cast<T>(InterlockedAnd##Word(reinterpret_cast<LONG##Word volatile*>(target),         \
                                               static_cast<LONG##Word>(value)));                   \
  }                                                                                                \
  inline T InterlockedOr##Suffix(T volatile* target, T value) {                                    \
    return static_cast<T>(InterlockedOr##Word(reinterpret_cast<LONG##Word volatile*>(target),          \
                                              static_cast<LONG##Word>(value)));                    \
  }
RINGPROOF_INTERLOCKED(unsigned, , )
RINGPROOF_INTERLOCKED(long, , 64)
RINGPROOF_INTERLOCKED(unsigned long, , 64)
RINGPROOF_INTERLOCKED(long, 64, 64)
RINGPROOF_INTERLOCKED(unsigned long, 64, 64)
RINGPROOF_INTERLOCKED(unsigned long long, 64, 64)
#undef RINGPROOF_INTERLOCKED
}
#endif

EXTERN_C_START

// A weaker order is granted as the full one.
#define InterlockedIncrementAcquire InterlockedIncrement
#define InterlockedIncrementRelease InterlockedIncrement
#define InterlockedIncrementNoFence InterlockedIncrement
#define _InterlockedIncrement InterlockedIncrement
#define InterlockedDecrementAcquire InterlockedDecrement
#define InterlockedDecrementRelease InterlockedDecrement
#define InterlockedDecrementNoFence InterlockedDecrement
#define _InterlockedDecrement InterlockedDecrement
#define InterlockedIncrement64Acquire InterlockedIncrement64
#define InterlockedIncrement64Release InterlockedIncrement64
#define InterlockedIncrement64NoFence InterlockedIncrement64
#define _InterlockedIncrement64 InterlockedIncrement64
#define InterlockedDecrement64Acquire InterlockedDecrement64
#define InterlockedDecrement64Release InterlockedDecrement64
#define InterlockedDecrement64NoFence InterlockedDecrement64
#define _InterlockedDecrement64 InterlockedDecrement64
#define InterlockedIncrement16Acquire InterlockedIncrement16
#define InterlockedIncrement16Release InterlockedIncrement16
#define InterlockedIncrement16NoFence InterlockedIncrement16
#define _InterlockedIncrement16 InterlockedIncrement16
#define InterlockedDecrement16Acquire InterlockedDecrement16
#define InterlockedDecrement16Release InterlockedDecrement16
#define InterlockedDecrement16NoFence InterlockedDecrement16
#define _InterlockedDecrement16 InterlockedDecrement16
#define InterlockedExchangeAddAcquire InterlockedExchangeAdd
#define InterlockedExchangeAddRelease InterlockedExchangeAdd
#define InterlockedExchangeAddNoFence InterlockedExchangeAdd
#define _InterlockedExchangeAdd InterlockedExchangeAdd
#define InterlockedExchangeAdd64Acquire InterlockedExchangeAdd64
#define InterlockedExchangeAdd64Release InterlockedExchangeAdd64
#define InterlockedExchangeAdd64NoFence InterlockedExchangeAdd64
#define _InterlockedExchangeAdd64 InterlockedExchangeAdd64
#define InterlockedExchangeAcquire InterlockedExchange
#define InterlockedExchangeRelease InterlockedExchange
#define InterlockedExchangeNoFence InterlockedExchange
#define _InterlockedExchange InterlockedExchange
#define InterlockedExchange64Acquire InterlockedExchange64
#define InterlockedExchange64Release InterlockedExchange64
#define InterlockedExchange64NoFence InterlockedExchange64
#define _InterlockedExchange64 InterlockedExchange64
#define InterlockedExchange16Acquire InterlockedExchange16
#define InterlockedExchange16Release InterlockedExchange16
#define InterlockedExchange16NoFence InterlockedExchange16
#define _InterlockedExchange16 InterlockedExchange16
#define InterlockedExchange8Acquire InterlockedExchange8
#define InterlockedExchange8Release InterlockedExchange8
#define InterlockedExchange8NoFence InterlockedExchange8
#define _InterlockedExchange8 InterlockedExchange8
#define InterlockedCompareExchangeAcquire InterlockedCompareExchange
#define InterlockedCompareExchangeRelease InterlockedCompareExchange
#define InterlockedCompareExchangeNoFence InterlockedCompareExchange
#define _InterlockedCompareExchange InterlockedCompareExchange
#define InterlockedCompareExchange64Acquire InterlockedCompareExchange64
#define InterlockedCompareExchange64Release InterlockedCompareExchange64
#define InterlockedCompareExchange64NoFence InterlockedCompareExchange64
#define _InterlockedCompareExchange64 InterlockedCompareExchange64
#define InterlockedCompareExchange16Acquire InterlockedCompareExchange16
#define InterlockedCompareExchange16Release InterlockedCompareExchange16
#define InterlockedCompareExchange16NoFence InterlockedCompareExchange16
#define _InterlockedCompareExchange16 InterlockedCompareExchange16
#define InterlockedAndAcquire InterlockedAnd
#define InterlockedAndRelease InterlockedAnd
#define InterlockedAndNoFence InterlockedAnd
#define _InterlockedAnd InterlockedAnd
#define InterlockedOrAcquire InterlockedOr
#define InterlockedOrRelease InterlockedOr
#define InterlockedOrNoFence InterlockedOr
#define _InterlockedOr InterlockedOr
#define InterlockedXorAcquire InterlockedXor
#define InterlockedXorRelease InterlockedXor
#define InterlockedXorNoFence InterlockedXor
#define _InterlockedXor InterlockedXor
#define InterlockedAnd64Acquire InterlockedAnd64
#define InterlockedAnd64Release InterlockedAnd64
#define InterlockedAnd64NoFence InterlockedAnd64
#define _InterlockedAnd64 InterlockedAnd64
#define InterlockedOr64Acquire InterlockedOr64
#define InterlockedOr64Release InterlockedOr64
#define InterlockedOr64NoFence InterlockedOr64
#define _InterlockedOr64 InterlockedOr64
#define InterlockedXor64Acquire InterlockedXor64
#define InterlockedXor64Release InterlockedXor64
#define InterlockedXor64NoFence InterlockedXor64
#define _InterlockedXor64 InterlockedXor64
#define InterlockedAddAcquire InterlockedAdd
#define InterlockedAddRelease InterlockedAdd
#define InterlockedAddNoFence InterlockedAdd
#define _InterlockedAdd InterlockedAdd
#define InterlockedAdd64Acquire InterlockedAdd64
#define InterlockedAdd64Release InterlockedAdd64
#define InterlockedAdd64NoFence InterlockedAdd64
#define _InterlockedAdd64 InterlockedAdd64
#define InterlockedExchangePointerAcquire InterlockedExchangePointer
#define InterlockedExchangePointerRelease InterlockedExchangePointer
#define InterlockedExchangePointerNoFence InterlockedExchangePointer
#define _InterlockedExchangePointer InterlockedExchangePointer
#define InterlockedCompareExchangePointerAcquire InterlockedCompareExchangePointer
#define InterlockedCompareExchangePointerRelease InterlockedCompareExchangePointer
#define InterlockedCompareExchangePointerNoFence InterlockedCompareExchangePointer
#define _InterlockedCompareExchangePointer InterlockedCompareExchangePointer
#define InterlockedBitTestAndSetAcquire InterlockedBitTestAndSet
#define InterlockedBitTestAndSetRelease InterlockedBitTestAndSet
#define InterlockedBitTestAndSetNoFence InterlockedBitTestAndSet
#define _InterlockedBitTestAndSet InterlockedBitTestAndSet
#define InterlockedBitTestAndResetAcquire InterlockedBitTestAndReset
#define InterlockedBitTestAndResetRelease InterlockedBitTestAndReset
#define InterlockedBitTestAndResetNoFence InterlockedBitTestAndReset
#define _InterlockedBitTestAndReset InterlockedBitTestAndReset
#define InterlockedExchangeSubtract(Target, Value) InterlockedExchangeAdd(Target, -(LONG)(Value))
#define InterlockedIncrementSizeT(Target) ((SIZE_T)InterlockedIncrement64((LONG64 volatile*)(Target)))
#define InterlockedDecrementSizeT(Target) ((SIZE_T)InterlockedDecrement64((LONG64 volatile*)(Target)))

FORCEINLINE CHAR ReadCharAcquire(CHAR const volatile* Source) {
  if (ringproof_hooks_or_null() != NULL) return (CHAR)ringproof_load(Source, 1, RINGPROOF_ACQUIRE);
  return __atomic_load_n(Source, __ATOMIC_ACQUIRE);
}

FORCEINLINE CHAR ReadCharNoFence(CHAR const volatile* Source) {
  if (ringproof_hooks_or_null() != NULL) return (CHAR)ringproof_load(Source, 1, RINGPROOF_RELAXED);
  return __atomic_load_n(Source, __ATOMIC_RELAXED);
}

FORCEINLINE CHAR ReadCharRaw(CHAR const volatile* Source) {
  if (ringproof_hooks_or_null() != NULL) return (CHAR)ringproof_load(Source, 1, RINGPROOF_RELAXED);
  return __atomic_load_n(Source, __ATOMIC_RELAXED);
}

FORCEINLINE VOID WriteCharRelease(CHAR volatile* Target, CHAR Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  const CHAR old = *Target;
  if (listening) ringproof_change_begins(Target, 1);
  __atomic_store_n(Target, Value, __ATOMIC_RELEASE);
  if (listening) ringproof_change_ends(Target, 1, (uint64_t)old, old != Value);
}

FORCEINLINE VOID WriteCharNoFence(CHAR volatile* Target, CHAR Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  const CHAR old = *Target;
  if (listening) ringproof_change_begins(Target, 1);
  __atomic_store_n(Target, Value, __ATOMIC_RELAXED);
  if (listening) ringproof_change_ends(Target, 1, (uint64_t)old, old != Value);
}

FORCEINLINE VOID WriteCharRaw(CHAR volatile* Target, CHAR Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  const CHAR old = *Target;
  if (listening) ringproof_change_begins(Target, 1);
  __atomic_store_n(Target, Value, __ATOMIC_RELAXED);
  if (listening) ringproof_change_ends(Target, 1, (uint64_t)old, old != Value);
}

FORCEINLINE UCHAR ReadUCharAcquire(UCHAR const volatile* Source) {
  if (ringproof_hooks_or_null() != NULL) return (UCHAR)ringproof_load(Source, 1, RINGPROOF_ACQUIRE);
  return __atomic_load_n(Source, __ATOMIC_ACQUIRE);
}

FORCEINLINE UCHAR ReadUCharNoFence(UCHAR const volatile* Source) {
  if (ringproof_hooks_or_null() != NULL) return (UCHAR)ringproof_load(Source, 1, RINGPROOF_RELAXED);
  return __atomic_load_n(Source, __ATOMIC_RELAXED);
}

FORCEINLINE UCHAR ReadUCharRaw(UCHAR const volatile* Source) {
  if (ringproof_hooks_or_null() != NULL) return (UCHAR)ringproof_load(Source, 1, RINGPROOF_RELAXED);
  return __atomic_load_n(Source, __ATOMIC_RELAXED);
}

FORCEINLINE VOID WriteUCharRelease(UCHAR volatile* Target, UCHAR Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  const UCHAR old = *Target;
  if (listening) ringproof_change_begins(Target, 1);
  __atomic_store_n(Target, Value, __ATOMIC_RELEASE);
  if (listening) ringproof_change_ends(Target, 1, (uint64_t)old, old != Value);
}

FORCEINLINE VOID WriteUCharNoFence(UCHAR volatile* Target, UCHAR Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  const UCHAR old = *Target;
  if (listening) ringproof_change_begins(Target, 1);
  __atomic_store_n(Target, Value, __ATOMIC_RELAXED);
  if (listening) ringproof_change_ends(Target, 1, (uint64_t)old, old != Value);
}

FORCEINLINE VOID WriteUCharRaw(UCHAR volatile* Target, UCHAR Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  const UCHAR old = *Target;
  if (listening) ringproof_change_begins(Target, 1);
  __atomic_store_n(Target, Value, __ATOMIC_RELAXED);
  if (listening) ringproof_change_ends(Target, 1, (uint64_t)old, old != Value);
}

FORCEINLINE BOOLEAN ReadBooleanAcquire(BOOLEAN const volatile* Source) {
  if (ringproof_hooks_or_null() != NULL) return (BOOLEAN)ringproof_load(Source, 1, RINGPROOF_ACQUIRE);
  return __atomic_load_n(Source, __ATOMIC_ACQUIRE);
}

FORCEINLINE BOOLEAN ReadBooleanNoFence(BOOLEAN const volatile* Source) {
  if (ringproof_hooks_or_null() != NULL) return (BOOLEAN)ringproof_load(Source, 1, RINGPROOF_RELAXED);
  return __atomic_load_n(Source, __ATOMIC_RELAXED);
}

FORCEINLINE BOOLEAN ReadBooleanRaw(BOOLEAN const volatile* Source) {
  if (ringproof_hooks_or_null() != NULL) return (BOOLEAN)ringproof_load(Source, 1, RINGPROOF_RELAXED);
  return __atomic_load_n(Source, __ATOMIC_RELAXED);
}

FORCEINLINE VOID WriteBooleanRelease(BOOLEAN volatile* Target, BOOLEAN Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  const BOOLEAN old = *Target;
  if (listening) ringproof_change_begins(Target, 1);
  __atomic_store_n(Target, Value, __ATOMIC_RELEASE);
  if (listening) ringproof_change_ends(Target, 1, (uint64_t)old, old != Value);
}

FORCEINLINE VOID WriteBooleanNoFence(BOOLEAN volatile* Target, BOOLEAN Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  const BOOLEAN old = *Target;
  if (listening) ringproof_change_begins(Target, 1);
  __atomic_store_n(Target, Value, __ATOMIC_RELAXED);
  if (listening) ringproof_change_ends(Target, 1, (uint64_t)old, old != Value);
}

FORCEINLINE VOID WriteBooleanRaw(BOOLEAN volatile* Target, BOOLEAN Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  const BOOLEAN old = *Target;
  if (listening) ringproof_change_begins(Target, 1);
  __atomic_store_n(Target, Value, __ATOMIC_RELAXED);
  if (listening) ringproof_change_ends(Target, 1, (uint64_t)old, old != Value);
}

FORCEINLINE SHORT ReadShortAcquire(SHORT const volatile* Source) {
  if (ringproof_hooks_or_null() != NULL) return (SHORT)ringproof_load(Source, 2, RINGPROOF_ACQUIRE);
  return __atomic_load_n(Source, __ATOMIC_ACQUIRE);
}

FORCEINLINE SHORT ReadShortNoFence(SHORT const volatile* Source) {
  if (ringproof_hooks_or_null() != NULL) return (SHORT)ringproof_load(Source, 2, RINGPROOF_RELAXED);
  return __atomic_load_n(Source, __ATOMIC_RELAXED);
}

FORCEINLINE SHORT ReadShortRaw(SHORT const volatile* Source) {
  if (ringproof_hooks_or_null() != NULL) return (SHORT)ringproof_load(Source, 2, RINGPROOF_RELAXED);
  return __atomic_load_n(Source, __ATOMIC_RELAXED);
}

FORCEINLINE VOID WriteShortRelease(SHORT volatile* Target, SHORT Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  const SHORT old = *Target;
  if (listening) ringproof_change_begins(Target, 2);
  __atomic_store_n(Target, Value, __ATOMIC_RELEASE);
  if (listening) ringproof_change_ends(Target, 2, (uint64_t)old, old != Value);
}

FORCEINLINE VOID WriteShortNoFence(SHORT volatile* Target, SHORT Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  const SHORT old = *Target;
  if (listening) ringproof_change_begins(Target, 2);
  __atomic_store_n(Target, Value, __ATOMIC_RELAXED);
  if (listening) ringproof_change_ends(Target, 2, (uint64_t)old, old != Value);
}

FORCEINLINE VOID WriteShortRaw(SHORT volatile* Target, SHORT Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  const SHORT old = *Target;
  if (listening) ringproof_change_begins(Target, 2);
  __atomic_store_n(Target, Value, __ATOMIC_RELAXED);
  if (listening) ringproof_change_ends(Target, 2, (uint64_t)old, old != Value);
}

FORCEINLINE USHORT ReadUShortAcquire(USHORT const volatile* Source) {
  if (ringproof_hooks_or_null() != NULL) return (USHORT)ringproof_load(Source, 2, RINGPROOF_ACQUIRE);
  return __atomic_load_n(Source, __ATOMIC_ACQUIRE);
}

FORCEINLINE USHORT ReadUShortNoFence(USHORT const volatile* Source) {
  if (ringproof_hooks_or_null() != NULL) return (USHORT)ringproof_load(Source, 2, RINGPROOF_RELAXED);
  return __atomic_load_n(Source, __ATOMIC_RELAXED);
}

FORCEINLINE USHORT ReadUShortRaw(USHORT const volatile* Source) {
  if (ringproof_hooks_or_null() != NULL) return (USHORT)ringproof_load(Source, 2, RINGPROOF_RELAXED);
  return __atomic_load_n(Source, __ATOMIC_RELAXED);
}

FORCEINLINE VOID WriteUShortRelease(USHORT volatile* Target, USHORT Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  const USHORT old = *Target;
  if (listening) ringproof_change_begins(Target, 2);
  __atomic_store_n(Target, Value, __ATOMIC_RELEASE);
  if (listening) ringproof_change_ends(Target, 2, (uint64_t)old, old != Value);
}

FORCEINLINE VOID WriteUShortNoFence(USHORT volatile* Target, USHORT Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  const USHORT old = *Target;
  if (listening) ringproof_change_begins(Target, 2);
  __atomic_store_n(Target, Value, __ATOMIC_RELAXED);
  if (listening) ringproof_change_ends(Target, 2, (uint64_t)old, old != Value);
}

FORCEINLINE VOID WriteUShortRaw(USHORT volatile* Target, USHORT Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  const USHORT old = *Target;
  if (listening) ringproof_change_begins(Target, 2);
  __atomic_store_n(Target, Value, __ATOMIC_RELAXED);
  if (listening) ringproof_change_ends(Target, 2, (uint64_t)old, old != Value);
}

FORCEINLINE LONG ReadLongAcquire(LONG const volatile* Source) {
  if (ringproof_hooks_or_null() != NULL) return (LONG)ringproof_load(Source, 4, RINGPROOF_ACQUIRE);
  return __atomic_load_n(Source, __ATOMIC_ACQUIRE);
}

FORCEINLINE LONG ReadLongNoFence(LONG const volatile* Source) {
  if (ringproof_hooks_or_null() != NULL) return (LONG)ringproof_load(Source, 4, RINGPROOF_RELAXED);
  return __atomic_load_n(Source, __ATOMIC_RELAXED);
}

FORCEINLINE LONG ReadLongRaw(LONG const volatile* Source) {
  if (ringproof_hooks_or_null() != NULL) return (LONG)ringproof_load(Source, 4, RINGPROOF_RELAXED);
  return __atomic_load_n(Source, __ATOMIC_RELAXED);
}

FORCEINLINE VOID WriteLongRelease(LONG volatile* Target, LONG Value) {
  ringproof_store32((volatile uint32_t*)Target, (uint32_t)Value, RINGPROOF_RELEASE);
}

FORCEINLINE VOID WriteLongNoFence(LONG volatile* Target, LONG Value) {
  ringproof_store32((volatile uint32_t*)Target, (uint32_t)Value, RINGPROOF_RELAXED);
}

FORCEINLINE VOID WriteLongRaw(LONG volatile* Target, LONG Value) {
  ringproof_store32((volatile uint32_t*)Target, (uint32_t)Value, RINGPROOF_RELAXED);
}

FORCEINLINE ULONG ReadULongAcquire(ULONG const volatile* Source) {
  if (ringproof_hooks_or_null() != NULL) return (ULONG)ringproof_load(Source, 4, RINGPROOF_ACQUIRE);
  return __atomic_load_n(Source, __ATOMIC_ACQUIRE);
}

FORCEINLINE ULONG ReadULongNoFence(ULONG const volatile* Source) {
  if (ringproof_hooks_or_null() != NULL) return (ULONG)ringproof_load(Source, 4, RINGPROOF_RELAXED);
  return __atomic_load_n(Source, __ATOMIC_RELAXED);
}

FORCEINLINE ULONG ReadULongRaw(ULONG const volatile* Source) {
  if (ringproof_hooks_or_null() != NULL) return (ULONG)ringproof_load(Source, 4, RINGPROOF_RELAXED);
  return __atomic_load_n(Source, __ATOMIC_RELAXED);
}

FORCEINLINE VOID WriteULongRelease(ULONG volatile* Target, ULONG Value) {
  ringproof_store32((volatile uint32_t*)Target, (uint32_t)Value, RINGPROOF_RELEASE);
}

FORCEINLINE VOID WriteULongNoFence(ULONG volatile* Target, ULONG Value) {
  ringproof_store32((volatile uint32_t*)Target, (uint32_t)Value, RINGPROOF_RELAXED);
}

FORCEINLINE VOID WriteULongRaw(ULONG volatile* Target, ULONG Value) {
  ringproof_store32((volatile uint32_t*)Target, (uint32_t)Value, RINGPROOF_RELAXED);
}

FORCEINLINE LONG64 ReadLong64Acquire(LONG64 const volatile* Source) {
  if (ringproof_hooks_or_null() != NULL) return (LONG64)ringproof_load(Source, 8, RINGPROOF_ACQUIRE);
  return __atomic_load_n(Source, __ATOMIC_ACQUIRE);
}

FORCEINLINE LONG64 ReadLong64NoFence(LONG64 const volatile* Source) {
  if (ringproof_hooks_or_null() != NULL) return (LONG64)ringproof_load(Source, 8, RINGPROOF_RELAXED);
  return __atomic_load_n(Source, __ATOMIC_RELAXED);
}

FORCEINLINE LONG64 ReadLong64Raw(LONG64 const volatile* Source) {
  if (ringproof_hooks_or_null() != NULL) return (LONG64)ringproof_load(Source, 8, RINGPROOF_RELAXED);
  return __atomic_load_n(Source, __ATOMIC_RELAXED);
}

FORCEINLINE VOID WriteLong64Release(LONG64 volatile* Target, LONG64 Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  const LONG64 old = *Target;
  if (listening) ringproof_change_begins(Target, 8);
  __atomic_store_n(Target, Value, __ATOMIC_RELEASE);
  if (listening) ringproof_change_ends(Target, 8, (uint64_t)old, old != Value);
}

FORCEINLINE VOID WriteLong64NoFence(LONG64 volatile* Target, LONG64 Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  const LONG64 old = *Target;
  if (listening) ringproof_change_begins(Target, 8);
  __atomic_store_n(Target, Value, __ATOMIC_RELAXED);
  if (listening) ringproof_change_ends(Target, 8, (uint64_t)old, old != Value);
}

FORCEINLINE VOID WriteLong64Raw(LONG64 volatile* Target, LONG64 Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  const LONG64 old = *Target;
  if (listening) ringproof_change_begins(Target, 8);
  __atomic_store_n(Target, Value, __ATOMIC_RELAXED);
  if (listening) ringproof_change_ends(Target, 8, (uint64_t)old, old != Value);
}

FORCEINLINE ULONG64 ReadULong64Acquire(ULONG64 const volatile* Source) {
  if (ringproof_hooks_or_null() != NULL) return (ULONG64)ringproof_load(Source, 8, RINGPROOF_ACQUIRE);
  return __atomic_load_n(Source, __ATOMIC_ACQUIRE);
}

FORCEINLINE ULONG64 ReadULong64NoFence(ULONG64 const volatile* Source) {
  if (ringproof_hooks_or_null() != NULL) return (ULONG64)ringproof_load(Source, 8, RINGPROOF_RELAXED);
  return __atomic_load_n(Source, __ATOMIC_RELAXED);
}

FORCEINLINE ULONG64 ReadULong64Raw(ULONG64 const volatile* Source) {
  if (ringproof_hooks_or_null() != NULL) return (ULONG64)ringproof_load(Source, 8, RINGPROOF_RELAXED);
  return __atomic_load_n(Source, __ATOMIC_RELAXED);
}

FORCEINLINE VOID WriteULong64Release(ULONG64 volatile* Target, ULONG64 Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  const ULONG64 old = *Target;
  if (listening) ringproof_change_begins(Target, 8);
  __atomic_store_n(Target, Value, __ATOMIC_RELEASE);
  if (listening) ringproof_change_ends(Target, 8, (uint64_t)old, old != Value);
}

FORCEINLINE VOID WriteULong64NoFence(ULONG64 volatile* Target, ULONG64 Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  const ULONG64 old = *Target;
  if (listening) ringproof_change_begins(Target, 8);
  __atomic_store_n(Target, Value, __ATOMIC_RELAXED);
  if (listening) ringproof_change_ends(Target, 8, (uint64_t)old, old != Value);
}

FORCEINLINE VOID WriteULong64Raw(ULONG64 volatile* Target, ULONG64 Value) {
  const int listening = ringproof_hooks_or_null() != NULL;
  const ULONG64 old = *Target;
  if (listening) ringproof_change_begins(Target, 8);
  __atomic_store_n(Target, Value, __ATOMIC_RELAXED);
  if (listening) ringproof_change_ends(Target, 8, (uint64_t)old, old != Value);
}

#define ReadAcquire ReadLongAcquire
#define ReadNoFence ReadLongNoFence
#define ReadRaw ReadLongRaw
#define WriteRelease WriteLongRelease
#define WriteNoFence WriteLongNoFence
#define WriteRaw WriteLongRaw
#define ReadAcquire64 ReadLong64Acquire
#define ReadNoFence64 ReadLong64NoFence
#define WriteRelease64 WriteLong64Release
#define WriteNoFence64 WriteLong64NoFence

FORCEINLINE PVOID ReadPointerAcquire(PVOID const volatile* Source) {
  return (PVOID)(ULONG_PTR)ReadULong64Acquire((ULONG64 const volatile*)Source);
}

FORCEINLINE PVOID ReadPointerNoFence(PVOID const volatile* Source) {
  return (PVOID)(ULONG_PTR)ReadULong64NoFence((ULONG64 const volatile*)Source);
}

FORCEINLINE VOID WritePointerRelease(PVOID volatile* Target, PVOID Value) {
  WriteULong64Release((ULONG64 volatile*)Target, (ULONG64)(ULONG_PTR)Value);
}

FORCEINLINE VOID WritePointerNoFence(PVOID volatile* Target, PVOID Value) {
  WriteULong64NoFence((ULONG64 volatile*)Target, (ULONG64)(ULONG_PTR)Value);
}

// ---- barriers and pauses ----

#define MemoryBarrier() ringproof_fence(RINGPROOF_SEQ_CST)
#define KeMemoryBarrier MemoryBarrier
#define BarrierAfterRead() ringproof_fence(RINGPROOF_ACQUIRE)

FORCEINLINE VOID YieldProcessor(VOID) {
  if (ringproof_hooks_or_null() != NULL) {
    ringproof_pause();
  } else {
    __builtin_ia32_pause();
  }
}

EXTERN_C_END

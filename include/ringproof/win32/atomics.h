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

// NOLINTBEGIN(bugprone-macro-parentheses): types and names of operations
// An operation that changes a word: `old` is what was there, `result` what the caller gets.
#define RINGPROOF_CHANGE(Name, T, Parameters, operation, changed, result)                            \
  FORCEINLINE T Name Parameters {                                                                    \
    const int listening = ringproof_hooks_or_null() != NULL;                                         \
    T old;                                                                                           \
    if (listening) ringproof_change_begins(Target, sizeof *Target);                                  \
    operation;                                                                                       \
    if (listening) ringproof_change_ends(Target, sizeof *Target, (uint64_t)(ULONG_PTR)old, changed); \
    return result;                                                                                   \
  }
#define RINGPROOF_COUNT(Name, T, fetch, delta)                                                  \
  RINGPROOF_CHANGE(Name, T, (T volatile * Target), old = fetch(Target, 1, __ATOMIC_SEQ_CST), 1, \
                   (T)((uint64_t)old + (uint64_t)(delta)))
#define RINGPROOF_COMBINE(Name, T, fetch)                                                                 \
  RINGPROOF_CHANGE(Name, T, (T volatile * Target, T Value), old = fetch(Target, Value, __ATOMIC_SEQ_CST), \
                   old != *Target, old)
#define RINGPROOF_COMPARE(Name, T)                                                                          \
  RINGPROOF_CHANGE(Name, T, (T volatile * Target, T Value, T Expected), old = Expected;                     \
                   __atomic_compare_exchange_n(Target, &old, Value, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST), \
                   old == Expected && old != Value, old)
#define RINGPROOF_WORD(Suffix, T)                                          \
  RINGPROOF_COUNT(InterlockedIncrement##Suffix, T, __atomic_fetch_add, 1)  \
  RINGPROOF_COUNT(InterlockedDecrement##Suffix, T, __atomic_fetch_sub, -1) \
  RINGPROOF_COMPARE(InterlockedCompareExchange##Suffix, T)
#define RINGPROOF_BITS(Suffix, T)                                        \
  RINGPROOF_COMBINE(InterlockedExchange##Suffix, T, __atomic_exchange_n) \
  RINGPROOF_COMBINE(InterlockedAnd##Suffix, T, __atomic_fetch_and)       \
  RINGPROOF_COMBINE(InterlockedOr##Suffix, T, __atomic_fetch_or)         \
  RINGPROOF_COMBINE(InterlockedXor##Suffix, T, __atomic_fetch_xor)
#define RINGPROOF_ADD(Suffix, T)                                                              \
  RINGPROOF_COMBINE(InterlockedExchangeAdd##Suffix, T, __atomic_fetch_add)                    \
  RINGPROOF_CHANGE(InterlockedAdd##Suffix, T, (T volatile * Target, T Value),                 \
                   old = __atomic_fetch_add(Target, Value, __ATOMIC_SEQ_CST), old != *Target, \
                   (T)((uint64_t)old + (uint64_t)Value))

// Increment, Decrement and Add answer the new value, all others the old one.
RINGPROOF_WORD(, LONG)
RINGPROOF_WORD(64, LONG64)
RINGPROOF_WORD(16, SHORT)
RINGPROOF_BITS(, LONG)
RINGPROOF_BITS(64, LONG64)
RINGPROOF_BITS(16, SHORT)
RINGPROOF_BITS(8, CHAR)
RINGPROOF_ADD(, LONG)
RINGPROOF_ADD(64, LONG64)
RINGPROOF_COMBINE(InterlockedExchangePointer, PVOID, __atomic_exchange_n)
RINGPROOF_COMPARE(InterlockedCompareExchangePointer, PVOID)

#undef RINGPROOF_ADD
#undef RINGPROOF_BITS
#undef RINGPROOF_WORD
#undef RINGPROOF_COMPARE
#undef RINGPROOF_COMBINE
#undef RINGPROOF_COUNT
#undef RINGPROOF_CHANGE

FORCEINLINE BOOLEAN InterlockedBitTestAndSet(LONG volatile* Base, LONG Bit) {
  const LONG old = InterlockedOr(Base + (Bit >> 5), (LONG)(1U << (Bit & 31)));
  return (BOOLEAN)(((ULONG)old >> (Bit & 31)) & 1);
}

FORCEINLINE BOOLEAN InterlockedBitTestAndReset(LONG volatile* Base, LONG Bit) {
  const LONG old = InterlockedAnd(Base + (Bit >> 5), (LONG) ~(1U << (Bit & 31)));
  return (BOOLEAN)(((ULONG)old >> (Bit & 31)) & 1);
}

EXTERN_C_END

#ifdef __cplusplus
// C++ programs also have words of the compiler's own types: its long has 64 bits here.
extern "C++" {
#define RINGPROOF_INTERLOCKED(T, Suffix, Word)                                                             \
  inline T InterlockedIncrement##Suffix(T volatile* target) {                                              \
    return static_cast<T>(InterlockedIncrement##Word(reinterpret_cast<LONG##Word volatile*>(target)));     \
  }                                                                                                        \
  inline T InterlockedDecrement##Suffix(T volatile* target) {                                              \
    return static_cast<T>(InterlockedDecrement##Word(reinterpret_cast<LONG##Word volatile*>(target)));     \
  }                                                                                                        \
  inline T InterlockedExchange##Suffix(T volatile* target, T value) {                                      \
    return static_cast<T>(InterlockedExchange##Word(reinterpret_cast<LONG##Word volatile*>(target),        \
                                                    static_cast<LONG##Word>(value)));                      \
  }                                                                                                        \
  inline T InterlockedExchangeAdd##Suffix(T volatile* target, T value) {                                   \
    return static_cast<T>(InterlockedExchangeAdd##Word(reinterpret_cast<LONG##Word volatile*>(target),     \
                                                       static_cast<LONG##Word>(value)));                   \
  }                                                                                                        \
  inline T InterlockedCompareExchange##Suffix(T volatile* target, T value, T expected) {                   \
    return static_cast<T>(InterlockedCompareExchange##Word(reinterpret_cast<LONG##Word volatile*>(target), \
                                                           static_cast<LONG##Word>(value),                 \
                                                           static_cast<LONG##Word>(expected)));            \
  }                                                                                                        \
  inline T InterlockedAnd##Suffix(T volatile* target, T value) {                                           \
    return static_cast<T>(InterlockedAnd##Word(reinterpret_cast<LONG##Word volatile*>(target),             \
                                               static_cast<LONG##Word>(value)));                           \
  }                                                                                                        \
  inline T InterlockedOr##Suffix(T volatile* target, T value) {                                            \
    return static_cast<T>(InterlockedOr##Word(reinterpret_cast<LONG##Word volatile*>(target),              \
                                              static_cast<LONG##Word>(value)));                            \
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

// ---- ordered accesses ----

#define RINGPROOF_READ(Name, T, order)                                               \
  FORCEINLINE T Name(T const volatile* Source) {                                     \
    if (ringproof_hooks_or_null() != NULL) {                                         \
      return (T)ringproof_load(Source, (unsigned)sizeof *Source, RINGPROOF_##order); \
    }                                                                                \
    return __atomic_load_n(Source, __ATOMIC_##order);                                \
  }
#define RINGPROOF_WRITE(Name, T, order)                                                                  \
  FORCEINLINE VOID Name(T volatile* Target, T Value) {                                                   \
    const int listening = ringproof_hooks_or_null() != NULL;                                             \
    T old;                                                                                               \
    if (listening && sizeof *Target == sizeof(uint32_t)) {                                               \
      ringproof_store32((volatile uint32_t*)(volatile void*)Target, (uint32_t)Value, RINGPROOF_##order); \
      return;                                                                                            \
    }                                                                                                    \
    if (listening) ringproof_change_begins(Target, (unsigned)sizeof *Target);                            \
    old = *Target;                                                                                       \
    __atomic_store_n(Target, Value, __ATOMIC_##order);                                                   \
    if (listening) ringproof_change_ends(Target, (unsigned)sizeof *Target, (uint64_t)old, old != Value); \
  }
#define RINGPROOF_ACCESS(Kind, T)                   \
  RINGPROOF_READ(Read##Kind##Acquire, T, ACQUIRE)   \
  RINGPROOF_READ(Read##Kind##NoFence, T, RELAXED)   \
  RINGPROOF_READ(Read##Kind##Raw, T, RELAXED)       \
  RINGPROOF_WRITE(Write##Kind##Release, T, RELEASE) \
  RINGPROOF_WRITE(Write##Kind##NoFence, T, RELAXED) \
  RINGPROOF_WRITE(Write##Kind##Raw, T, RELAXED)
// NOLINTEND(bugprone-macro-parentheses)

RINGPROOF_ACCESS(Char, CHAR)
RINGPROOF_ACCESS(UChar, UCHAR)
RINGPROOF_ACCESS(Boolean, BOOLEAN)
RINGPROOF_ACCESS(Short, SHORT)
RINGPROOF_ACCESS(UShort, USHORT)
RINGPROOF_ACCESS(Long, LONG)
RINGPROOF_ACCESS(ULong, ULONG)
RINGPROOF_ACCESS(Long64, LONG64)
RINGPROOF_ACCESS(ULong64, ULONG64)

#undef RINGPROOF_ACCESS
#undef RINGPROOF_WRITE
#undef RINGPROOF_READ

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

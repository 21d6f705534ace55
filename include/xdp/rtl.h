// rtl.h: pointer arithmetic and ordered access to shared 32-bit words.
// Role     what ring code, ours or the program's own, uses to read and publish indices
// Threads  every access goes through the schedule-point hooks, so the simulator sees it
// Source   docs of the XDP for Windows API, section "small headers"
#pragma once

#include "ringproof/hooks.h"
#include "xdp/wincommon.h"

#ifndef RTL_PTR_ADD
#define RTL_PTR_ADD(p, v) ((VOID*)((UCHAR*)(p) + (v)))
#endif
#ifndef RTL_PTR_SUBTRACT
#define RTL_PTR_SUBTRACT(p, v) ((PVOID)((UCHAR*)(p) - (v)))
#endif
#ifndef RTL_PTR_DIFF
#define RTL_PTR_DIFF(a, b) ((ULONG_PTR)((UCHAR*)(a) - (UCHAR*)(b)))
#endif

// A program that has functions of these names defines UINT32_VOLATILE_ACCESSORS; the ring helpers do not use
// them.
#ifndef UINT32_VOLATILE_ACCESSORS
#define UINT32_VOLATILE_ACCESSORS

EXTERN_C_START

FORCEINLINE UINT32 ReadUInt32Acquire(const volatile UINT32* Source) {
  return ringproof_load32(Source, RINGPROOF_ACQUIRE);
}

FORCEINLINE UINT32 ReadUInt32NoFence(const volatile UINT32* Source) {
  return ringproof_load32(Source, RINGPROOF_RELAXED);
}

FORCEINLINE VOID WriteUInt32Release(volatile UINT32* Destination, UINT32 Value) {
  ringproof_store32(Destination, Value, RINGPROOF_RELEASE);
}

FORCEINLINE VOID WriteUInt32NoFence(volatile UINT32* Destination, UINT32 Value) {
  ringproof_store32(Destination, Value, RINGPROOF_RELAXED);
}

EXTERN_C_END

#endif

// Orders a published index before the flags that are read next: without it, a needed poke can be missed.
#define XdpBarrierBetweenReleaseAndAcquire() ringproof_fence(RINGPROOF_SEQ_CST)

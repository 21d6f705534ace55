// afxdp_helper.h: the application's side of a shared ring.
// Role     turns XSK_RING_INFO into elements: look how many are there, work on them, hand them over
// Shapes   Size: power of two [elements]; stride [bytes/element]
// Units    indices run free and wrap at 2^32; slot = index & Mask
// Threads  one thread at a time per ring; the other side is the driver. Shared words: acquire on read,
//          release on publish. No helper contains the full fence that belongs between a submit and reading
//          NEED_POKE: see XdpBarrierBetweenReleaseAndAcquire
// Errors   none are detected; initializing from the all-zero info of a ring that was not created reads
//          address 0
// Source   docs of the XDP for Windows API, section "afxdp_helper.h"
//
// The order of use:   n = XskRing...Reserve(&ring, max, &index);
//                     XskRingGetElement(&ring, index + i) for i < n;
//                     XskRingProducerSubmit(&ring, n)  or  XskRingConsumerRelease(&ring, n)
#pragma once

#include <string.h>

#include "afxdp.h"
#include "ringproof/hooks.h"
#include "xdp/rtl.h"

EXTERN_C_START

typedef struct _XSK_RING {
  UINT32* SharedProducer;
  UINT32* SharedConsumer;
  UINT32* SharedFlags;
  VOID* SharedElements;
  UINT32 Mask;
  UINT32 Size;
  UINT32 ElementStride;
  UINT32 CachedProducer;  // the driver's index as last seen, when the application consumes
  UINT32 CachedConsumer;  // the same when it produces
} XSK_RING;

C_ASSERT(sizeof(XSK_RING) == 56);

FORCEINLINE VOID XskRingInitialize(XSK_RING* Ring, const XSK_RING_INFO* RingInfo) {
  memset(Ring, 0, sizeof(*Ring));
  Ring->SharedProducer = (UINT32*)(VOID*)(RingInfo->Ring + RingInfo->ProducerIndexOffset);
  Ring->SharedConsumer = (UINT32*)(VOID*)(RingInfo->Ring + RingInfo->ConsumerIndexOffset);
  Ring->SharedFlags = (UINT32*)(VOID*)(RingInfo->Ring + RingInfo->FlagsOffset);
  Ring->SharedElements = RingInfo->Ring + RingInfo->DescriptorsOffset;
  Ring->Mask = RingInfo->Size - 1;
  Ring->Size = RingInfo->Size;
  Ring->ElementStride = RingInfo->ElementStride;
  Ring->CachedProducer = ringproof_load32(Ring->SharedProducer, RINGPROOF_ACQUIRE);
  Ring->CachedConsumer = ringproof_load32(Ring->SharedConsumer, RINGPROOF_ACQUIRE);
}

// Any index will do, it need not be masked.
FORCEINLINE VOID* XskRingGetElement(const XSK_RING* Ring, UINT32 Index) {
  return (UCHAR*)Ring->SharedElements + (SIZE_T)(Index & Ring->Mask) * Ring->ElementStride;
}

FORCEINLINE UINT32 XskRingGetFlags(const XSK_RING* Ring) {
  return ringproof_load32(Ring->SharedFlags, RINGPROOF_ACQUIRE);
}

// A ring's own index is written by the caller alone: reading it back orders nothing and is no schedule point.
FORCEINLINE UINT32 ringproof_own_index(const UINT32* Index) {
  return __atomic_load_n(Index, __ATOMIC_RELAXED);
}

// How many elements, at most MaxCount, wait from `*Index` on. Moves nothing: a second call returns the same
// index. `*Index` is set even when the answer is 0.
FORCEINLINE UINT32 XskRingConsumerReserve(XSK_RING* Ring, UINT32 MaxCount, UINT32* Index) {
  UINT32 Consumer = ringproof_own_index(Ring->SharedConsumer);
  UINT32 Available = Ring->CachedProducer - Consumer;
  *Index = Consumer;
  if (Available < MaxCount) {
    Ring->CachedProducer = ringproof_load32(Ring->SharedProducer, RINGPROOF_ACQUIRE);
    Available = Ring->CachedProducer - Consumer;
  }
  return Available < MaxCount ? Available : MaxCount;
}

// Gives `Count` elements back. REQUIRES: no more than were reserved, and the caller is done reading them.
FORCEINLINE VOID XskRingConsumerRelease(XSK_RING* Ring, UINT32 Count) {
  ringproof_store32(Ring->SharedConsumer, ringproof_own_index(Ring->SharedConsumer) + Count,
                    RINGPROOF_RELEASE);
}

// How many elements, at most MaxCount, are free from `*Index` on. Moves nothing; sets `*Index` even when it
// is 0.
FORCEINLINE UINT32 XskRingProducerReserve(XSK_RING* Ring, UINT32 MaxCount, UINT32* Index) {
  UINT32 Producer = ringproof_own_index(Ring->SharedProducer);
  UINT32 Free = Ring->Size - (Producer - Ring->CachedConsumer);
  *Index = Producer;
  if (Free < MaxCount) {
    Ring->CachedConsumer = ringproof_load32(Ring->SharedConsumer, RINGPROOF_ACQUIRE);
    Free = Ring->Size - (Producer - Ring->CachedConsumer);
  }
  return Free < MaxCount ? Free : MaxCount;
}

// Publishes `Count` elements. REQUIRES: no more than were reserved, and all of them are written.
FORCEINLINE VOID XskRingProducerSubmit(XSK_RING* Ring, UINT32 Count) {
  ringproof_store32(Ring->SharedProducer, ringproof_own_index(Ring->SharedProducer) + Count,
                    RINGPROOF_RELEASE);
}

FORCEINLINE BOOLEAN XskRingError(const XSK_RING* Ring) {
  return (XskRingGetFlags(Ring) & (UINT32)XSK_RING_FLAG_ERROR) != 0;
}

FORCEINLINE BOOLEAN XskRingProducerNeedPoke(const XSK_RING* Ring) {
  return (XskRingGetFlags(Ring) & (UINT32)XSK_RING_FLAG_NEED_POKE) != 0;
}

FORCEINLINE BOOLEAN XskRingAffinityChanged(const XSK_RING* Ring) {
  return (XskRingGetFlags(Ring) & (UINT32)XSK_RING_FLAG_AFFINITY_CHANGED) != 0;
}

FORCEINLINE BOOLEAN XskRingOffloadChanged(const XSK_RING* Ring) {
  return (XskRingGetFlags(Ring) & (UINT32)XSK_RING_FLAG_OFFLOAD_CHANGED) != 0;
}

// ---- descriptors ----
//
// These resolve the UMEM of the socket whose RX or TX ring the descriptor lies in. A descriptor that was
// copied elsewhere is resolved as long as the program has one UMEM.

// The first byte of the data; NULL if it does not lie in the UMEM, or no UMEM is found.
FORCEINLINE UCHAR* XskDescriptorGetAddress(const XSK_BUFFER_DESCRIPTOR* Descriptor) {
  struct ringproof_umem Umem;
  UINT64 At = (UINT64)Descriptor->Address.BaseAddress + Descriptor->Address.Offset;
  if (!ringproof_find_umem(Descriptor, &Umem) || At >= Umem.total_bytes) {
    return NULL;  // NOLINT(modernize-use-nullptr): also C
  }
  return Umem.base + At;
}

// Makes `Address` the first byte of the data: the start of its chunk becomes the base, the rest the offset
// (where that does not fit 16 bits, the byte itself is the base). FALSE and nothing written: it does not lie
// in the UMEM, or no UMEM is found.
FORCEINLINE BOOLEAN XskDescriptorSetAddress(XSK_BUFFER_DESCRIPTOR* Descriptor, const VOID* Address) {
  struct ringproof_umem Umem;
  UINT64 At;
  UINT64 Offset;
  if (!ringproof_find_umem(Descriptor, &Umem)) return FALSE;
  At = (UINT64)((uintptr_t)Address - (uintptr_t)Umem.base);
  if (At >= Umem.total_bytes) return FALSE;
  Offset = At % Umem.chunk_bytes;
  if (Offset > 0xFFFF) Offset = 0;
  Descriptor->Address.AddressAndOffset = (At - Offset) | (Offset << 48);
  return TRUE;
}

FORCEINLINE UINT32 XskDescriptorGetLength(const XSK_BUFFER_DESCRIPTOR* Descriptor) {
  return Descriptor->Length;
}

FORCEINLINE VOID XskDescriptorSetLength(XSK_BUFFER_DESCRIPTOR* Descriptor, UINT32 Length) {
  Descriptor->Length = Length;
}

EXTERN_C_END

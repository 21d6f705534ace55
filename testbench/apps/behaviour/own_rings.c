// Touches rings with its own hands: no ring helper, no call while it polls.
// usage: own_rings IFINDEX [MODE]: forward (default: plain accesses and fences), atomic, unordered (plain
// accesses, no fences), or one of the mistakes below
#include <stdatomic.h>
#include <stdbool.h>

#include "one_socket.h"

// g++ says that the thread sanitizer does not know fences; the runtime that stands in for it does.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wtsan"
#endif

typedef struct {
  volatile UINT32* producer;
  volatile UINT32* consumer;
  unsigned char* elements;
  UINT32 mask, stride;
} OwnRing;

static bool atomics, ordered;

static OwnRing own(const XSK_RING* ring) {
  OwnRing result;
  unsigned char* base = (unsigned char*)ring->SharedProducer;
  result.producer = (volatile UINT32*)base;
  result.consumer = (volatile UINT32*)(base + 64);
  result.elements = base + 192;
  result.mask = ring->Mask;
  result.stride = ring->ElementStride;
  return result;
}

static UINT32 load(volatile UINT32* word) {
  if (atomics) return atomic_load_explicit((_Atomic UINT32*)word, memory_order_acquire);
  const UINT32 value = *word;
  if (ordered) atomic_thread_fence(memory_order_acquire);
  return value;
}

static void add(volatile UINT32* word, UINT32 count) {
  if (atomics) {
    atomic_fetch_add((_Atomic UINT32*)word, count);
    return;
  }
  if (ordered) atomic_thread_fence(memory_order_release);
  *word = *word + count;
}

static void* element(const OwnRing* ring, UINT32 index) {
  return ring->elements + (size_t)(index & ring->mask) * ring->stride;
}

static void poke(const OneSocket* one) {
  XSK_NOTIFY_RESULT_FLAGS result;
  must(XskNotifySocket(one->socket, XSK_NOTIFY_FLAG_POKE_TX, 0, &result), "XskNotifySocket");
}

int main(int argc, char** argv) {
  const char* mode = argc > 2 ? argv[2] : "forward";
  UCHAR scratch[256];
  OneSocket one;
  atomics = strcmp(mode, "atomic") == 0;
  ordered = strcmp(mode, "unordered") != 0;
  open_socket(&one);
  const OwnRing fill = own(&one.fill), rx = own(&one.rx), tx = own(&one.tx), done = own(&one.completion);
  const UINT32 first = load(fill.producer);
  for (UINT32 i = 0; i < kChunks; ++i) *(UINT64*)element(&fill, first + i) = (UINT64)i * kChunkBytes;
  add(fill.producer, kChunks);
  attach(&one);
  if (strcmp(mode, "write-posted") == 0) one.umem[5 * kChunkBytes + 100] = 1;
  if (strcmp(mode, "memset-posted") == 0) memset(one.umem + 6 * kChunkBytes, 1, sizeof(scratch));
  for (UINT32 count = 0; count < 16; ++count) {
    while (load(rx.producer) == load(rx.consumer)) {
    }
    const UINT32 at = load(rx.consumer);
    const XSK_BUFFER_DESCRIPTOR received = *(const XSK_BUFFER_DESCRIPTOR*)element(&rx, at);
    UCHAR* chunk = one.umem + received.Address.BaseAddress;
    memcpy(scratch, chunk, 12);
    memcpy(chunk, scratch + 6, 6);
    memcpy(chunk + 6, scratch, 6);
    *(XSK_BUFFER_DESCRIPTOR*)element(&tx, load(tx.producer)) = received;
    add(rx.consumer, 1);
    add(tx.producer, 1);
    poke(&one);
    while (load(done.producer) == load(done.consumer)) {
    }
    *(UINT64*)element(&fill, load(fill.producer)) = *(UINT64*)element(&done, load(done.consumer));
    add(done.consumer, 1);
    add(fill.producer, 1);
    if (strcmp(mode, "read-released") == 0) scratch[0] = *(volatile UCHAR*)(chunk + 20);
  }
  printf("forwarded by hand\n");
  return 0;
}

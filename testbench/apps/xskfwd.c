// xskfwd.c: sends every UDP frame for port 1234 back to where it came from.
// Role     worked example of a whole AF_XDP program: one socket per queue, four rings each, one polling loop
// Shapes   UMEM per queue: 512 chunks of 2048 bytes; a chunk is in one place at a time: a ring, or the NIC
// Threads  one; it serves all queues in turn and never blocks
// Errors   wrong arguments: usage, exit 2; a failing call or a dead ring: one line, exit 1
// Source   docs of the XDP for Windows API, sections "afxdp.h", "afxdp_helper.h" and "xdpapi.h"; docs of
//          AF_XDP sockets, sections "XskActivate", "shared ring protocol" and "app obligations"
//
//   cc -shared -fPIC xskfwd.c -o xskfwd.so $(pkg-config --cflags --libs ringproof)
//
// The way of a chunk:   FILL -> (a frame arrives) -> RX -> its addresses are swapped -> TX
//                       -> (the frame is sent) -> COMPLETION -> FILL
#define XDP_API_VERSION 3
#include <afxdp_helper.h>
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xdpapi.h>

enum {
  UDP_PORT = 1234,
  QUEUES_MAX = 64,

  CHUNK_BYTES = 2048,
  CHUNKS = 512,
  PAGE_BYTES = 4096,

  // FILL can hold every chunk there is, so giving a chunk back never has to wait. The other rings may be
  // smaller: what does not fit stays where it is until the next turn.
  FILL_ENTRIES = CHUNKS,
  RX_ENTRIES = 256,
  TX_ENTRIES = 256,
  COMPLETION_ENTRIES = 256,

  // Per queue and turn, so that one busy queue does not starve the others.
  BATCH_FRAMES = 64,

  // A longer frame was cut to fit its chunk, or is more than the interface would send; it is not echoed. The
  // rule below never matches a VLAN tag, so there is none to allow for.
  FRAME_BYTES_MAX = 14 + 1500,
  MAC_BYTES = 6,
};

struct queue {
  UINT32 id;
  HANDLE socket;
  HANDLE program;
  UCHAR* umem;
  XSK_RING fill;
  XSK_RING rx;
  XSK_RING tx;
  XSK_RING completion;
};

// Reports a failed call; the value is what the program's exit depends on.
static bool succeeded(XDP_STATUS status, const char* call, UINT32 queue_id) {
  if (XDP_SUCCEEDED(status)) return true;
  fprintf(stderr, "xskfwd: %s on queue %u failed: 0x%08x\n", call, queue_id, (unsigned)status);
  return false;
}

static bool set_ring_size(const struct queue* queue, UINT32 option, UINT32 entries, const char* what) {
  return succeeded(XskSetSockopt(queue->socket, option, &entries, sizeof(entries)), what, queue->id);
}

// ---- before the first frame ----

// Hands every chunk to the driver: nothing has been received yet, so all of them are free.
static void fill_with_new_chunks(struct queue* queue) {
  UINT32 index;
  UINT32 count = XskRingProducerReserve(&queue->fill, CHUNKS, &index);
  for (UINT32 i = 0; i < count; ++i) {
    UINT64* entry = XskRingGetElement(&queue->fill, index + i);
    *entry = (UINT64)i * CHUNK_BYTES;
  }
  XskRingProducerSubmit(&queue->fill, count);
}

static bool open_queue(struct queue* queue, UINT32 interface_index) {
  UINT32 id = queue->id;
  if (!succeeded(XskCreate(&queue->socket), "XskCreate", id)) return false;

  // The driver locks these pages: they must stay where they are until the socket is closed.
  queue->umem = aligned_alloc(PAGE_BYTES, (size_t)CHUNKS * CHUNK_BYTES);
  if (queue->umem == NULL) {
    fprintf(stderr, "xskfwd: no memory for the packet buffers of queue %u\n", id);
    return false;
  }
  memset(queue->umem, 0, (size_t)CHUNKS * CHUNK_BYTES);
  XSK_UMEM_REG umem = {
      .TotalSize = (UINT64)CHUNKS * CHUNK_BYTES,
      .ChunkSize = CHUNK_BYTES,
      .Headroom = 0,
      .Address = queue->umem,
  };
  if (!succeeded(XskSetSockopt(queue->socket, XSK_SOCKOPT_UMEM_REG, &umem, sizeof(umem)),
                 "XSK_SOCKOPT_UMEM_REG", id)) {
    return false;
  }

  if (!set_ring_size(queue, XSK_SOCKOPT_RX_FILL_RING_SIZE, FILL_ENTRIES, "XSK_SOCKOPT_RX_FILL_RING_SIZE") ||
      !set_ring_size(queue, XSK_SOCKOPT_RX_RING_SIZE, RX_ENTRIES, "XSK_SOCKOPT_RX_RING_SIZE") ||
      !set_ring_size(queue, XSK_SOCKOPT_TX_RING_SIZE, TX_ENTRIES, "XSK_SOCKOPT_TX_RING_SIZE") ||
      !set_ring_size(queue, XSK_SOCKOPT_TX_COMPLETION_RING_SIZE, COMPLETION_ENTRIES,
                     "XSK_SOCKOPT_TX_COMPLETION_RING_SIZE")) {
    return false;
  }

  if (!succeeded(XskBind(queue->socket, interface_index, id, XSK_BIND_FLAG_RX | XSK_BIND_FLAG_TX), "XskBind",
                 id) ||
      !succeeded(XskActivate(queue->socket, XSK_ACTIVATE_FLAG_NONE), "XskActivate", id)) {
    return false;
  }

  XSK_RING_INFO_SET rings;
  UINT32 rings_bytes = sizeof(rings);
  if (!succeeded(XskGetSockopt(queue->socket, XSK_SOCKOPT_RING_INFO, &rings, &rings_bytes),
                 "XSK_SOCKOPT_RING_INFO", id)) {
    return false;
  }
  XskRingInitialize(&queue->fill, &rings.Fill);
  XskRingInitialize(&queue->rx, &rings.Rx);
  XskRingInitialize(&queue->tx, &rings.Tx);
  XskRingInitialize(&queue->completion, &rings.Completion);
  fill_with_new_chunks(queue);
  return true;
}

// From here on frames arrive. A program belongs to one receive queue, as does the socket it redirects to.
static bool attach_program(struct queue* queue, UINT32 interface_index) {
  static const XDP_HOOK_ID hook = {
      .Layer = XDP_HOOK_L2,
      .Direction = XDP_HOOK_RX,
      .SubLayer = XDP_HOOK_INSPECT,
  };
  XDP_RULE rule = {
      .Match = XDP_MATCH_UDP_DST,
      .Pattern.Port = htons(UDP_PORT),
      .Action = XDP_PROGRAM_ACTION_REDIRECT,
      .Redirect = {.TargetType = XDP_REDIRECT_TARGET_TYPE_XSK, .Target = queue->socket},
  };
  return succeeded(XdpCreateProgram(interface_index, &hook, queue->id, XDP_CREATE_PROGRAM_FLAG_NONE, &rule, 1,
                                    &queue->program),
                   "XdpCreateProgram", queue->id);
}

// ---- one turn ----

static void swap_mac_addresses(UCHAR* frame) {
  UCHAR destination[MAC_BYTES];
  memcpy(destination, frame, MAC_BYTES);
  memcpy(frame, frame + MAC_BYTES, MAC_BYTES);
  memcpy(frame + MAC_BYTES, destination, MAC_BYTES);
}

static void give_back_one(struct queue* queue, UINT64 chunk) {
  UINT32 index;
  if (XskRingProducerReserve(&queue->fill, 1, &index) == 0) return;  // cannot be: see FILL_ENTRIES
  *(UINT64*)XskRingGetElement(&queue->fill, index) = chunk;
  XskRingProducerSubmit(&queue->fill, 1);
}

// Moves what has arrived from RX to TX, as far as TX has room. The number of frames taken from RX.
static UINT32 echo_received(struct queue* queue) {
  UINT32 rx_index;
  UINT32 count = XskRingConsumerReserve(&queue->rx, BATCH_FRAMES, &rx_index);
  if (count == 0) return 0;
  UINT32 tx_index;
  count = XskRingProducerReserve(&queue->tx, count, &tx_index);

  UINT32 sent = 0;
  for (UINT32 i = 0; i < count; ++i) {
    const XSK_BUFFER_DESCRIPTOR* received =
        &((const XSK_FRAME_DESCRIPTOR*)XskRingGetElement(&queue->rx, rx_index + i))->Buffer;
    UINT64 chunk = received->Address.BaseAddress;
    if (received->Length > FRAME_BYTES_MAX) {
      give_back_one(queue, chunk);
      continue;
    }
    swap_mac_addresses(queue->umem + chunk + received->Address.Offset);
    XSK_FRAME_DESCRIPTOR* echo = XskRingGetElement(&queue->tx, tx_index + sent);
    echo->Buffer.Address = received->Address;
    echo->Buffer.Length = received->Length;
    echo->Buffer.Reserved = 0;
    ++sent;
  }
  if (sent > 0) XskRingProducerSubmit(&queue->tx, sent);
  if (count > 0) XskRingConsumerRelease(&queue->rx, count);
  return count;
}

// Lets chunks whose frames have been sent receive again. A completion names the chunk, not the first byte of
// data, which is just what FILL wants. The number of chunks moved.
static UINT32 recycle_completed(struct queue* queue) {
  UINT32 completion_index;
  UINT32 count = XskRingConsumerReserve(&queue->completion, BATCH_FRAMES, &completion_index);
  if (count == 0) return 0;
  UINT32 fill_index;
  count = XskRingProducerReserve(&queue->fill, count, &fill_index);
  if (count == 0) return 0;

  for (UINT32 i = 0; i < count; ++i) {
    const UINT64* chunk = XskRingGetElement(&queue->completion, completion_index + i);
    UINT64* entry = XskRingGetElement(&queue->fill, fill_index + i);
    *entry = *chunk;
  }
  XskRingProducerSubmit(&queue->fill, count);
  XskRingConsumerRelease(&queue->completion, count);
  return count;
}

// A driver that sets NEED_POKE looks at our indices once more and then stops looking. We publish an index and
// then read the flag. With a full fence on both sides at least one of the two sees the other.
static bool poke_if_needed(const struct queue* queue) {
  XdpBarrierBetweenReleaseAndAcquire();
  XSK_NOTIFY_FLAGS flags = XSK_NOTIFY_FLAG_NONE;
  if (XskRingProducerNeedPoke(&queue->fill)) flags |= XSK_NOTIFY_FLAG_POKE_RX;
  if (XskRingProducerNeedPoke(&queue->tx)) flags |= XSK_NOTIFY_FLAG_POKE_TX;
  if (flags == XSK_NOTIFY_FLAG_NONE) return true;
  XSK_NOTIFY_RESULT_FLAGS result;
  return succeeded(XskNotifySocket(queue->socket, flags, 0, &result), "XskNotifySocket", queue->id);
}

// RX is marked when the interface goes away, COMPLETION also when the driver finds it corrupt. Nothing moves
// on a marked ring again.
static bool rings_are_alive(const struct queue* queue) {
  if (!XskRingError(&queue->rx) && !XskRingError(&queue->completion)) return true;
  fprintf(stderr, "xskfwd: the rings of queue %u are dead\n", queue->id);
  return false;
}

static bool serve(struct queue* queue) {
  UINT32 moved = recycle_completed(queue) + echo_received(queue);
  return moved > 0 ? poke_if_needed(queue) : rings_are_alive(queue);
}

// ---- from start to end ----

static bool run(struct queue* queues, UINT32 queue_count, UINT32 interface_index) {
  for (UINT32 i = 0; i < queue_count; ++i) {
    queues[i].id = i;
    if (!open_queue(&queues[i], interface_index)) return false;
  }
  // Only now, so that no queue's frames are lost while another queue is still being set up.
  for (UINT32 i = 0; i < queue_count; ++i) {
    if (!attach_program(&queues[i], interface_index)) return false;
  }
  printf("xskfwd: echoing UDP port %d on interface %u, queues %u\n", UDP_PORT, interface_index, queue_count);
  fflush(stdout);

  for (;;) {
    for (UINT32 i = 0; i < queue_count; ++i) {
      if (!serve(&queues[i])) return false;
    }
  }
}

// Programs first, so that nothing is redirected to a socket that is gone; the memory last, when no driver
// uses it.
static void close_queues(struct queue* queues, UINT32 queue_count) {
  for (UINT32 i = 0; i < queue_count; ++i) {
    if (queues[i].program != NULL) CloseHandle(queues[i].program);
  }
  for (UINT32 i = 0; i < queue_count; ++i) {
    if (queues[i].socket != NULL) CloseHandle(queues[i].socket);
    free(queues[i].umem);
  }
}

// Decimal digits only, at most `max`.
static bool parse_number(const char* text, UINT32 max, UINT32* number) {
  UINT64 value = 0;
  if (*text == '\0') return false;
  for (; *text != '\0'; ++text) {
    if (*text < '0' || *text > '9') return false;
    value = value * 10 + (UINT64)(*text - '0');
    if (value > max) return false;
  }
  *number = (UINT32)value;
  return value > 0;
}

int main(int argc, char** argv) {
  UINT32 interface_index;
  UINT32 queue_count = 1;
  if (argc < 2 || argc > 3 || !parse_number(argv[1], 0xFFFFFFFF, &interface_index) ||
      (argc == 3 && !parse_number(argv[2], QUEUES_MAX, &queue_count))) {
    fprintf(stderr,
            "usage: xskfwd IFINDEX [QUEUES]\n"
            "  IFINDEX  interface index, from 1\n"
            "  QUEUES   number of queues to serve, 1 (default) to %d\n",
            QUEUES_MAX);
    return 2;
  }

  static struct queue queues[QUEUES_MAX];
  run(queues, queue_count, interface_index);  // comes back only when something failed
  close_queues(queues, queue_count);
  return 1;
}

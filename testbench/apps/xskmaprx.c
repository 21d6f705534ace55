// xskmaprx.c: splits the UDP traffic of an interface over one socket and one thread per queue.
// Role     worked example of a map: one program for all queues, whose only rule finds the socket of the queue
//          that a frame arrived on
// Shapes   UMEM per queue: 256 chunks of 2048 bytes; a chunk goes FILL -> RX -> FILL
// Threads  one per queue, each with a socket of its own; it sleeps until its queue has frames, and ends when
//          none came for a while
// Errors   wrong arguments: usage, exit 2; a failing call: one line, exit 1
// Source   docs of the XDP for Windows API, sections "afxdp.h", "afxdp_helper.h" and "xdpapi.h"
//
//   cc -shared -fPIC xskmaprx.c -o xskmaprx.so $(pkg-config --cflags --libs ringproof)
#define XDP_API_VERSION 3
#include <afxdp_helper.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xdpapi.h>

enum {
  QUEUES_MAX = 64,
  CHUNK_BYTES = 2048,
  CHUNKS = 256,
  PAGE_BYTES = 4096,
  BATCH_FRAMES = 32,
  QUIET_MS = 1000,  // so long without a frame, and a thread takes the traffic to be over
};

struct queue {
  UINT32 id;
  HANDLE socket;
  UCHAR* umem;
  XSK_RING fill;
  XSK_RING rx;
  pthread_t thread;
  bool running;
  bool failed;
  UINT64 frames;
  UINT64 bytes;
};

static bool succeeded(XDP_STATUS status, const char* call, UINT32 queue_id) {
  if (XDP_SUCCEEDED(status)) return true;
  fprintf(stderr, "xskmaprx: %s on queue %u failed: 0x%08x\n", call, queue_id, (unsigned)status);
  return false;
}

// ---- before the first frame ----

static void fill_with_all_chunks(struct queue* queue) {
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
  size_t bytes = (size_t)CHUNKS * CHUNK_BYTES;
  queue->umem = aligned_alloc(PAGE_BYTES, bytes);
  if (queue->umem == NULL) {
    fprintf(stderr, "xskmaprx: no memory for the packet buffers of queue %u\n", id);
    return false;
  }
  memset(queue->umem, 0, bytes);
  XSK_UMEM_REG umem = {.TotalSize = bytes, .ChunkSize = CHUNK_BYTES, .Address = queue->umem};
  const UINT32 entries = CHUNKS;
  XSK_RING_INFO_SET rings;
  UINT32 rings_bytes = sizeof(rings);
  HANDLE socket = queue->socket;
  if (!succeeded(XskSetSockopt(socket, XSK_SOCKOPT_UMEM_REG, &umem, sizeof(umem)), "XSK_SOCKOPT_UMEM_REG",
                 id) ||
      !succeeded(XskSetSockopt(socket, XSK_SOCKOPT_RX_FILL_RING_SIZE, &entries, sizeof(entries)),
                 "XSK_SOCKOPT_RX_FILL_RING_SIZE", id) ||
      !succeeded(XskSetSockopt(socket, XSK_SOCKOPT_RX_RING_SIZE, &entries, sizeof(entries)),
                 "XSK_SOCKOPT_RX_RING_SIZE", id) ||
      !succeeded(XskBind(socket, interface_index, id, XSK_BIND_FLAG_RX), "XskBind", id) ||
      !succeeded(XskActivate(socket, XSK_ACTIVATE_FLAG_NONE), "XskActivate", id) ||
      !succeeded(XskGetSockopt(socket, XSK_SOCKOPT_RING_INFO, &rings, &rings_bytes), "XSK_SOCKOPT_RING_INFO",
                 id)) {
    return false;
  }
  XskRingInitialize(&queue->fill, &rings.Fill);
  XskRingInitialize(&queue->rx, &rings.Rx);
  fill_with_all_chunks(queue);
  return true;
}

// The map says which socket the frames of a queue go to; the program asks it for each frame. One program is
// enough, however many queues there are.
static bool attach(const struct queue* queues, UINT32 queue_count, UINT32 interface_index, HANDLE* map,
                   HANDLE* program) {
  if (!succeeded(XdpMapCreate(map, XDP_MAP_TYPE_XSKMAP), "XdpMapCreate", 0)) return false;
  for (UINT32 i = 0; i < queue_count; ++i) {
    if (!succeeded(XdpMapInsert(*map, &queues[i].id, &queues[i].socket), "XdpMapInsert", i)) return false;
  }
  static const XDP_HOOK_ID hook = {
      .Layer = XDP_HOOK_L2,
      .Direction = XDP_HOOK_RX,
      .SubLayer = XDP_HOOK_INSPECT,
  };
  XDP_RULE rule = {
      .Match = XDP_MATCH_UDP,
      .Action = XDP_PROGRAM_ACTION_REDIRECT,
      .Redirect = {.TargetType = XDP_REDIRECT_TARGET_TYPE_XSKMAP_BY_QUEUEID, .Target = *map},
  };
  return succeeded(
      XdpCreateProgram(interface_index, &hook, 0, XDP_CREATE_PROGRAM_FLAG_ALL_QUEUES, &rule, 1, program),
      "XdpCreateProgram", 0);
}

// ---- one thread ----

// Counts what waits in RX and gives its chunks back. FILL has room for every chunk there is.
static UINT32 take_received(struct queue* queue) {
  UINT32 rx_index;
  UINT32 count = XskRingConsumerReserve(&queue->rx, BATCH_FRAMES, &rx_index);
  if (count == 0) return 0;
  UINT32 fill_index;
  count = XskRingProducerReserve(&queue->fill, count, &fill_index);
  for (UINT32 i = 0; i < count; ++i) {
    const XSK_BUFFER_DESCRIPTOR* buffer =
        &((const XSK_FRAME_DESCRIPTOR*)XskRingGetElement(&queue->rx, rx_index + i))->Buffer;
    queue->bytes += buffer->Length;
    *(UINT64*)XskRingGetElement(&queue->fill, fill_index + i) = buffer->Address.BaseAddress;
  }
  queue->frames += count;
  XskRingConsumerRelease(&queue->rx, count);
  XskRingProducerSubmit(&queue->fill, count);
  return count;
}

// The driver may have stopped looking for chunks: it says so.
static XSK_NOTIFY_FLAGS poke_flag(const struct queue* queue) {
  XdpBarrierBetweenReleaseAndAcquire();
  return XskRingProducerNeedPoke(&queue->fill) ? XSK_NOTIFY_FLAG_POKE_RX : XSK_NOTIFY_FLAG_NONE;
}

static void* serve(void* argument) {
  struct queue* queue = argument;
  for (;;) {
    while (take_received(queue) > 0) {
    }
    XSK_NOTIFY_RESULT_FLAGS result;
    XDP_STATUS status =
        XskNotifySocket(queue->socket, XSK_NOTIFY_FLAG_WAIT_RX | poke_flag(queue), QUIET_MS, &result);
    if (status == XDP_STATUS_TIMEOUT) return NULL;
    if (!succeeded(status, "XskNotifySocket", queue->id)) {
      queue->failed = true;
      return NULL;
    }
  }
}

// ---- from start to end ----

static bool run(struct queue* queues, UINT32 queue_count, UINT32 interface_index, HANDLE* map,
                HANDLE* program) {
  for (UINT32 i = 0; i < queue_count; ++i) {
    queues[i].id = i;
    if (!open_queue(&queues[i], interface_index)) return false;
  }
  if (!attach(queues, queue_count, interface_index, map, program)) return false;
  bool all_well = true;
  for (UINT32 i = 0; i < queue_count; ++i) {
    queues[i].running = pthread_create(&queues[i].thread, NULL, serve, &queues[i]) == 0;
    if (!queues[i].running) {
      fprintf(stderr, "xskmaprx: no thread for queue %u\n", i);
      all_well = false;
    }
  }
  for (UINT32 i = 0; i < queue_count; ++i) {
    if (queues[i].running) pthread_join(queues[i].thread, NULL);
    all_well = all_well && !queues[i].failed;
  }
  for (UINT32 i = 0; i < queue_count; ++i) {
    printf("queue %u: %llu frames, %llu bytes\n", i, (unsigned long long)queues[i].frames,
           (unsigned long long)queues[i].bytes);
  }
  return all_well;
}

// The program first, so that nothing is redirected to a socket that is gone; the memory last.
static void close_all(struct queue* queues, UINT32 queue_count, HANDLE map, HANDLE program) {
  if (program != NULL) CloseHandle(program);
  if (map != NULL) CloseHandle(map);
  for (UINT32 i = 0; i < queue_count; ++i) {
    if (queues[i].socket != NULL) CloseHandle(queues[i].socket);
    free(queues[i].umem);
  }
}

// Decimal digits only, from 1 to `max`.
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
  UINT32 queue_count;
  if (argc != 3 || !parse_number(argv[1], 0xFFFFFFFF, &interface_index) ||
      !parse_number(argv[2], QUEUES_MAX, &queue_count)) {
    fprintf(stderr,
            "usage: xskmaprx IFINDEX QUEUES\n"
            "  IFINDEX  interface index, from 1\n"
            "  QUEUES   number of queues to receive from, 1 to %d\n",
            QUEUES_MAX);
    return 2;
  }
  static struct queue queues[QUEUES_MAX];
  HANDLE map = NULL;
  HANDLE program = NULL;
  bool all_well = run(queues, queue_count, interface_index, &map, &program);
  close_all(queues, queue_count, map, program);
  return all_well ? 0 : 1;
}

// xskmaprx.c: splits the UDP traffic of an interface over one socket and one thread per queue.
// Role     worked example of a map: one program for all queues, whose only rule finds the socket of the
//          queue that a frame arrived on
// Shapes   UMEM per queue: 256 chunks of 2048 bytes; a chunk goes FILL -> RX -> FILL
// Threads  one per queue, on a processor of its own, with a socket and counters of its own; it sleeps until
//          its queue has frames, and ends when none came for a while
// Errors   a wrong option or a call that fails: one line, exit 1
// Source   docs of the XDP for Windows API, sections "afxdp.h", "afxdp_helper.h" and "xdpapi.h"
#include "tool.h"

enum {
  QUEUES_MAX = 64,
  CHUNK_BYTES = 2048,
  CHUNKS = 256,
  BATCH_FRAMES = 32,
};

static const char usage[] =
    "xskmaprx: receives UDP from many queues, one thread each, through one map\n"
    "\n"
    "  xskmaprx -if N [options]\n"
    "\n"
    "  -if N        index of the interface\n"
    "  -queues N    receive queues 0 to N-1, up to 64 (1); frames of other queues find no socket and are "
    "dropped\n"
    "  -port PORT   only UDP to this port; otherwise all UDP\n"
    "  -quiet MS    so long without a frame, and a thread takes the traffic to be over (1000)\n";

struct queue {
  UINT32 id;
  UINT32 quiet_ms;
  HANDLE socket;
  UCHAR* umem;
  XSK_RING fill;
  XSK_RING rx;
  HANDLE thread;
  BOOL failed;
  UINT64 frames;
  UINT64 bytes;
  UINT64 batches;
  UINT64 waits;
};

struct settings {
  UINT32 interface_index;
  UINT32 queue_count;
  UINT32 port;  // 0: any
  UINT32 quiet_ms;
};

static BOOL worked(XDP_STATUS status, const char* call, UINT32 queue_id) {
  char text[64];
  sprintf_s(text, sizeof(text), "%s on queue %u", call, queue_id);
  return tool_worked("xskmaprx", status, text);
}

// ---- before the first frame ----

static void fill_with_all_chunks(struct queue* queue) {
  UINT32 index;
  const UINT32 count = XskRingProducerReserve(&queue->fill, CHUNKS, &index);
  for (UINT32 i = 0; i < count; ++i) {
    *(UINT64*)XskRingGetElement(&queue->fill, index + i) = (UINT64)i * CHUNK_BYTES;
  }
  XskRingProducerSubmit(&queue->fill, count);
}

static BOOL open_queue(struct queue* queue, UINT32 interface_index) {
  const UINT32 entries = CHUNKS;
  const UINT32 id = queue->id;
  XSK_UMEM_REG umem = {0};
  XSK_RING_INFO_SET rings;
  UINT32 rings_bytes = sizeof(rings);
  queue->umem =
      (UCHAR*)VirtualAlloc(NULL, (SIZE_T)CHUNKS * CHUNK_BYTES, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
  if (queue->umem == NULL) {
    fprintf(stderr, "xskmaprx: no memory for the packet buffers of queue %u\n", id);
    return FALSE;
  }
  umem.TotalSize = (UINT64)CHUNKS * CHUNK_BYTES;
  umem.ChunkSize = CHUNK_BYTES;
  umem.Address = queue->umem;
  if (!worked(XskCreate(&queue->socket), "XskCreate", id) ||
      !worked(XskSetSockopt(queue->socket, XSK_SOCKOPT_UMEM_REG, &umem, sizeof(umem)), "XSK_SOCKOPT_UMEM_REG",
              id) ||
      !worked(XskSetSockopt(queue->socket, XSK_SOCKOPT_RX_FILL_RING_SIZE, &entries, sizeof(entries)),
              "XSK_SOCKOPT_RX_FILL_RING_SIZE", id) ||
      !worked(XskSetSockopt(queue->socket, XSK_SOCKOPT_RX_RING_SIZE, &entries, sizeof(entries)),
              "XSK_SOCKOPT_RX_RING_SIZE", id) ||
      !worked(XskBind(queue->socket, interface_index, id, XSK_BIND_FLAG_RX), "XskBind", id) ||
      !worked(XskActivate(queue->socket, XSK_ACTIVATE_FLAG_NONE), "XskActivate", id) ||
      !worked(XskGetSockopt(queue->socket, XSK_SOCKOPT_RING_INFO, &rings, &rings_bytes),
              "XSK_SOCKOPT_RING_INFO", id)) {
    return FALSE;
  }
  XskRingInitialize(&queue->fill, &rings.Fill);
  XskRingInitialize(&queue->rx, &rings.Rx);
  fill_with_all_chunks(queue);
  return TRUE;
}

// The map says which socket the frames of a queue go to; the program asks it for each frame. One program is
// enough, however many queues there are.
static BOOL attach(const struct queue* queues, const struct settings* settings, HANDLE* map,
                   HANDLE* program) {
  static const XDP_HOOK_ID hook = {
      .Layer = XDP_HOOK_L2,
      .Direction = XDP_HOOK_RX,
      .SubLayer = XDP_HOOK_INSPECT,
  };
  XDP_RULE rule = {0};
  if (!tool_worked("xskmaprx", XdpMapCreate(map, XDP_MAP_TYPE_XSKMAP), "XdpMapCreate")) return FALSE;
  for (UINT32 i = 0; i < settings->queue_count; ++i) {
    if (!worked(XdpMapInsert(*map, &queues[i].id, &queues[i].socket), "XdpMapInsert", i)) return FALSE;
  }
  rule.Match = settings->port == 0 ? XDP_MATCH_UDP : XDP_MATCH_UDP_DST;
  if (settings->port != 0) rule.Pattern.Port = htons((UINT16)settings->port);
  rule.Action = XDP_PROGRAM_ACTION_REDIRECT;
  rule.Redirect.TargetType = XDP_REDIRECT_TARGET_TYPE_XSKMAP_BY_QUEUEID;
  rule.Redirect.Target = *map;
  return tool_worked("xskmaprx",
                     XdpCreateProgram(settings->interface_index, &hook, 0, XDP_CREATE_PROGRAM_FLAG_ALL_QUEUES,
                                      &rule, 1, program),
                     "XdpCreateProgram");
}

// ---- one thread ----

// Counts what waits in RX and gives its chunks back. FILL has room for every chunk there is.
static UINT32 take_received(struct queue* queue) {
  UINT32 rx_index;
  UINT32 fill_index;
  UINT32 count = XskRingConsumerReserve(&queue->rx, BATCH_FRAMES, &rx_index);
  if (count == 0) return 0;
  count = XskRingProducerReserve(&queue->fill, count, &fill_index);
  for (UINT32 i = 0; i < count; ++i) {
    const XSK_BUFFER_DESCRIPTOR* buffer =
        &((const XSK_FRAME_DESCRIPTOR*)XskRingGetElement(&queue->rx, rx_index + i))->Buffer;
    queue->bytes += buffer->Length;
    *(UINT64*)XskRingGetElement(&queue->fill, fill_index + i) = buffer->Address.BaseAddress;
  }
  queue->frames += count;
  ++queue->batches;
  XskRingConsumerRelease(&queue->rx, count);
  XskRingProducerSubmit(&queue->fill, count);
  return count;
}

// The driver may have stopped looking for chunks: it says so.
static UINT32 poke_flag(const struct queue* queue) {
  XdpBarrierBetweenReleaseAndAcquire();
  return XskRingProducerNeedPoke(&queue->fill) ? XSK_NOTIFY_FLAG_POKE_RX : XSK_NOTIFY_FLAG_NONE;
}

static DWORD WINAPI serve(LPVOID parameter) {
  struct queue* queue = (struct queue*)parameter;
  for (;;) {
    XSK_NOTIFY_RESULT_FLAGS result;
    XDP_STATUS status;
    while (take_received(queue) > 0) {
    }
    ++queue->waits;
    status = XskNotifySocket(queue->socket, (XSK_NOTIFY_FLAGS)(XSK_NOTIFY_FLAG_WAIT_RX | poke_flag(queue)),
                             queue->quiet_ms, &result);
    if (status == XDP_STATUS_TIMEOUT) return 0;
    if (!worked(status, "XskNotifySocket", queue->id)) {
      queue->failed = TRUE;
      return 0;
    }
  }
}

static BOOL start_thread(struct queue* queue) {
  const DWORD processor = queue->id % GetActiveProcessorCount(0);
  queue->thread = CreateThread(NULL, 0, serve, queue, CREATE_SUSPENDED, NULL);
  if (queue->thread == NULL || SetThreadAffinityMask(queue->thread, (DWORD_PTR)1 << processor) == 0 ||
      ResumeThread(queue->thread) == (DWORD)-1) {
    fprintf(stderr, "xskmaprx: no thread for queue %u: error %u\n", queue->id, (UINT32)GetLastError());
    return FALSE;
  }
  return TRUE;
}

// ---- from start to end ----

static BOOL print_results(const struct queue* queues, UINT32 queue_count) {
  UINT64 frames = 0;
  UINT64 bytes = 0;
  for (UINT32 i = 0; i < queue_count; ++i) {
    XSK_STATISTICS statistics;
    UINT32 statistics_bytes = sizeof(statistics);
    if (!worked(XskGetSockopt(queues[i].socket, XSK_SOCKOPT_STATISTICS, &statistics, &statistics_bytes),
                "XSK_SOCKOPT_STATISTICS", i)) {
      return FALSE;
    }
    printf("queue %u: %llu frames, %llu bytes in %llu batches, %llu waits, %llu dropped\n", i,
           queues[i].frames, queues[i].bytes, queues[i].batches, queues[i].waits, statistics.RxDropped);
    frames += queues[i].frames;
    bytes += queues[i].bytes;
  }
  printf("total: %llu frames, %llu bytes\n", frames, bytes);
  return TRUE;
}

static BOOL run(struct queue* queues, const struct settings* settings, HANDLE* map, HANDLE* program) {
  BOOL all_well = TRUE;
  for (UINT32 i = 0; i < settings->queue_count; ++i) {
    queues[i].id = i;
    queues[i].quiet_ms = settings->quiet_ms;
    if (!open_queue(&queues[i], settings->interface_index)) return FALSE;
  }
  if (!attach(queues, settings, map, program)) return FALSE;
  for (UINT32 i = 0; i < settings->queue_count && all_well; ++i) all_well = start_thread(&queues[i]);
  for (UINT32 i = 0; i < settings->queue_count; ++i) {
    if (queues[i].thread == NULL) continue;
    if (!all_well) ResumeThread(queues[i].thread);  // the one that could not be started whole
    WaitForSingleObject(queues[i].thread, INFINITE);
    CloseHandle(queues[i].thread);
    all_well = all_well && !queues[i].failed;
  }
  return all_well && print_results(queues, settings->queue_count);
}

// The program first, so that nothing is redirected to a socket that is gone; the memory last.
static void close_all(struct queue* queues, UINT32 queue_count, HANDLE map, HANDLE program) {
  if (program != NULL) CloseHandle(program);
  if (map != NULL) CloseHandle(map);
  for (UINT32 i = 0; i < queue_count; ++i) {
    if (queues[i].socket != NULL) CloseHandle(queues[i].socket);
    if (queues[i].umem != NULL) VirtualFree(queues[i].umem, 0, MEM_RELEASE);
  }
}

static BOOL read_words(struct tool* tool, struct settings* settings) {
  const char* option;
  while ((option = tool_option(tool)) != NULL) {
    BOOL good;
    if (strcmp(option, "-if") == 0) {
      good = tool_number(tool, 1, MAXUINT32, &settings->interface_index);
    } else if (strcmp(option, "-queues") == 0) {
      good = tool_number(tool, 1, QUEUES_MAX, &settings->queue_count);
    } else if (strcmp(option, "-port") == 0) {
      good = tool_number(tool, 1, 65535, &settings->port);
    } else if (strcmp(option, "-quiet") == 0) {
      good = tool_number(tool, 1, INFINITE - 1, &settings->quiet_ms);
    } else {
      good = tool_unknown(tool);
    }
    if (!good) return FALSE;
  }
  return tool_has_interface(tool, settings->interface_index);
}

int main(int argc, char** argv) {
  static struct queue queues[QUEUES_MAX];
  struct tool tool = {.name = "xskmaprx", .argc = argc, .argv = argv, .at = 1};
  struct settings settings = {.queue_count = 1, .quiet_ms = 1000};
  HANDLE map = NULL;
  HANDLE program = NULL;
  BOOL all_well;
  if (tool_wants_usage(argc, argv)) {
    fputs(usage, stdout);
    return 0;
  }
  if (!read_words(&tool, &settings)) return 1;
  all_well = run(queues, &settings, &map, &program);
  close_all(queues, settings.queue_count, map, program);
  return all_well ? 0 : 1;
}

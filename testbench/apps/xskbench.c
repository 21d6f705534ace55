// xskbench.c: how many frames a second a socket receives, sends or forwards, and how long sending takes.
// Role     worked example of a benchmark: one thread, one processor and one socket per queue; it spins or it
//          waits
// Shapes   UMEM per queue: as many chunks of 2048 bytes as a ring has entries, so that every ring can hold
//          all of them
// Units    latency in nanoseconds, as fine as the performance counter is
// Threads  one per queue; each touches its own rings only. `stopping` and `left` are shared
// Errors   a wrong option or a call that fails: one line, exit 1
// Source   docs of the XDP for Windows API, sections "afxdp.h", "afxdp_helper.h" and "xdpapi.h"
//
// The way of a chunk:   rx    FILL -> RX -> FILL
//                       tx    free -> TX -> COMPLETION -> free
//                       fwd   FILL -> RX -> TX -> COMPLETION -> FILL
#include "tool.h"

enum {
  QUEUES_MAX = 64,
  CHUNK_BYTES = 2048,
  FRAME_BYTES_MIN = 60,
  FRAME_BYTES_MAX = 14 + 1500,
  MAC_BYTES = 6,
  SAMPLES_MAX = 10000000,
  WAIT_MS = 10,           // a blocked thread looks at least so often whether it is to end
  DRAIN_ATTEMPTS = 1000,  // of WAIT_MS each, for frames that are under way at the end
};

static const char usage[] =
    "xskbench: frames per second, and the latency of sending\n"
    "\n"
    "  xskbench rx|tx|fwd|lat -if N [options]\n"
    "\n"
    "  rx             receives, and gives every buffer back at once\n"
    "  tx             sends frames of its own as fast as it can\n"
    "  fwd            sends what it receives, Ethernet addresses exchanged\n"
    "  lat            sends one frame at a time, and measures until its completion is seen\n"
    "\n"
    "  -if N          index of the interface\n"
    "  -queues N      queues 0 to N-1, each with a thread of its own (1)\n"
    "  -cpu N         the first thread runs on processor N, the next on N+1, and so on (0)\n"
    "  -ring N        entries of each ring, a power of two up to 32768 (256)\n"
    "  -batch N       frames moved at a time, up to 1024 (64)\n"
    "  -size BYTES    length of the frames that tx and lat send, 60 to 1514 (60)\n"
    "  -port PORT     rx, fwd: only UDP to this port; otherwise everything\n"
    "  -wait MODE     spin, or block in XskNotifySocket while there is nothing to do (spin)\n"
    "  -poke MODE     flag: when the ring asks for it; always (flag)\n"
    "  -mode MODE     native or generic; otherwise native, and generic if there is no native\n"
    "  -time MS       ends after so many milliseconds (1000)\n"
    "  -count N       ends after N frames, all queues together; lat: at most, and at least room for, N "
    "(10000)\n"
    "\n"
    "Ctrl+C ends it as well.\n";

enum mode { MODE_RX, MODE_TX, MODE_FWD, MODE_LAT };
static const char* const mode_names[] = {"rx", "tx", "fwd", "lat"};

struct settings {
  UINT32 mode;
  UINT32 interface_index;
  UINT32 queue_count;
  UINT32 first_processor;
  UINT32 ring_entries;
  UINT32 batch;
  UINT32 frame_bytes;
  UINT32 port;  // 0: every frame
  UINT32 blocks;
  UINT32 pokes_always;
  UINT32 flags;  // of XskBind, XSK_BIND_FLAG_NATIVE or XSK_BIND_FLAG_GENERIC
  UINT32 time_ms;
  UINT32 count;  // 0: any number
};

struct queue {
  const struct settings* settings;
  UINT32 id;
  HANDLE socket;
  HANDLE program;
  HANDLE thread;
  UCHAR* umem;
  XSK_RING fill;
  XSK_RING rx;
  XSK_RING tx;
  XSK_RING completion;
  UINT64* free_chunks;  // tx, lat: those that are not under way
  UINT32 free_count;
  UINT32 under_way;  // frames in TX, sent, or in COMPLETION
  BOOL failed;
  UINT64 frames;
  UINT64 bytes;
  UINT64 waits;
  UINT64 pokes;
  LONGLONG idle_since;  // when it began to wait in vain; 0: it has something to do
  LONGLONG begin;
  LONGLONG end;
  UINT32* samples;  // lat [ticks]
  UINT32 sample_count;
};

static volatile LONG stopping;  // the time is over, or Ctrl+C, or a thread failed
static volatile LONG64 left;    // frames that may still be counted
static HANDLE go;               // manual reset: all threads begin together
static HANDLE finished;         // manual reset: there is no need to wait until the time is over
static LONGLONG frequency;

static LONGLONG now(void) {
  LARGE_INTEGER count;
  QueryPerformanceCounter(&count);
  return count.QuadPart;
}

static void stop(void) {
  InterlockedExchange(&stopping, 1);
  SetEvent(finished);
}

static BOOL is_over(void) { return ReadAcquire(&stopping) != 0 || ReadAcquire64(&left) == 0; }

static BOOL WINAPI on_control(DWORD type) {
  if (type != CTRL_C_EVENT && type != CTRL_BREAK_EVENT) return FALSE;
  stop();
  return TRUE;
}

// Takes up to `count` of the frames that are left; with the last one the measurement is over.
static UINT32 claim(UINT32 count) {
  LONG64 seen = left;
  for (;;) {
    const LONG64 taken = seen < (LONG64)count ? seen : (LONG64)count;
    const LONG64 before = InterlockedCompareExchange64(&left, seen - taken, seen);
    if (before == seen) {
      if (taken == seen) SetEvent(finished);
      return (UINT32)taken;
    }
    seen = before;
  }
}

// ---- a queue ----

static BOOL uses_rx(const struct settings* settings) {
  return settings->mode == MODE_RX || settings->mode == MODE_FWD;
}
static BOOL uses_tx(const struct settings* settings) { return settings->mode != MODE_RX; }

static BOOL worked(const struct queue* queue, XDP_STATUS status, const char* call) {
  char text[64];
  sprintf_s(text, sizeof(text), "%s on queue %u", call, queue->id);
  return tool_worked("xskbench", status, text);
}

static BOOL set_option(const struct queue* queue, UINT32 option, const void* value, UINT32 bytes,
                       const char* name) {
  return worked(queue, XskSetSockopt(queue->socket, option, value, bytes), name);
}

static BOOL size_rings(const struct queue* queue) {
  const UINT32 entries = queue->settings->ring_entries;
  const UINT32 bytes = sizeof(entries);
  if (uses_rx(queue->settings) &&
      (!set_option(queue, XSK_SOCKOPT_RX_FILL_RING_SIZE, &entries, bytes, "XSK_SOCKOPT_RX_FILL_RING_SIZE") ||
       !set_option(queue, XSK_SOCKOPT_RX_RING_SIZE, &entries, bytes, "XSK_SOCKOPT_RX_RING_SIZE"))) {
    return FALSE;
  }
  return !uses_tx(queue->settings) ||
         (set_option(queue, XSK_SOCKOPT_TX_RING_SIZE, &entries, bytes, "XSK_SOCKOPT_TX_RING_SIZE") &&
          set_option(queue, XSK_SOCKOPT_TX_COMPLETION_RING_SIZE, &entries, bytes,
                     "XSK_SOCKOPT_TX_COMPLETION_RING_SIZE"));
}

// A frame for nobody in particular: an experimental EtherType, from and to addresses of this queue's own.
static void write_frame(UCHAR* frame, UINT32 queue_id) {
  static const UCHAR header[14] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xB5};
  memcpy(frame, header, sizeof(header));
  frame[MAC_BYTES - 2] = frame[2 * MAC_BYTES - 2] = (UCHAR)queue_id;
}

static void place_chunks(struct queue* queue) {
  const UINT32 chunks = queue->settings->ring_entries;
  UINT32 index;
  if (uses_rx(queue->settings)) {
    const UINT32 count = XskRingProducerReserve(&queue->fill, chunks, &index);
    for (UINT32 i = 0; i < count; ++i) {
      *(UINT64*)XskRingGetElement(&queue->fill, index + i) = (UINT64)i * CHUNK_BYTES;
    }
    XskRingProducerSubmit(&queue->fill, count);
    return;
  }
  for (UINT32 i = 0; i < chunks; ++i) {
    write_frame(queue->umem + (SIZE_T)i * CHUNK_BYTES, queue->id);
    queue->free_chunks[i] = (UINT64)i * CHUNK_BYTES;
  }
  queue->free_count = chunks;
}

static BOOL get_memory(struct queue* queue) {
  const struct settings* settings = queue->settings;
  const SIZE_T umem_bytes = (SIZE_T)settings->ring_entries * CHUNK_BYTES;
  queue->umem = (UCHAR*)VirtualAlloc(NULL, umem_bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
  queue->free_chunks = (UINT64*)calloc(settings->ring_entries, sizeof(UINT64));
  if (settings->mode == MODE_LAT) queue->samples = (UINT32*)calloc(settings->count, sizeof(UINT32));
  if (queue->umem != NULL && queue->free_chunks != NULL &&
      (settings->mode != MODE_LAT || queue->samples != NULL)) {
    return TRUE;
  }
  fprintf(stderr, "xskbench: no memory for queue %u\n", queue->id);
  return FALSE;
}

static BOOL open_queue(struct queue* queue) {
  const struct settings* settings = queue->settings;
  XSK_UMEM_REG umem = {0};
  XSK_RING_INFO_SET info;
  UINT32 bytes = sizeof(info);
  UINT32 flags = settings->flags;
  if (uses_rx(settings)) flags |= XSK_BIND_FLAG_RX;
  if (uses_tx(settings)) flags |= XSK_BIND_FLAG_TX;
  if (!get_memory(queue)) return FALSE;
  umem.TotalSize = (UINT64)settings->ring_entries * CHUNK_BYTES;
  umem.ChunkSize = CHUNK_BYTES;
  umem.Address = queue->umem;
  if (!worked(queue, XskCreate(&queue->socket), "XskCreate") ||
      !worked(queue, XskBind(queue->socket, settings->interface_index, queue->id, (XSK_BIND_FLAGS)flags),
              "XskBind") ||
      !set_option(queue, XSK_SOCKOPT_UMEM_REG, &umem, sizeof(umem), "XSK_SOCKOPT_UMEM_REG") ||
      !size_rings(queue) ||
      !worked(queue, XskActivate(queue->socket, XSK_ACTIVATE_FLAG_NONE), "XskActivate") ||
      !worked(queue, XskGetSockopt(queue->socket, XSK_SOCKOPT_RING_INFO, &info, &bytes),
              "XSK_SOCKOPT_RING_INFO")) {
    return FALSE;
  }
  if (uses_rx(settings)) {
    XskRingInitialize(&queue->fill, &info.Fill);
    XskRingInitialize(&queue->rx, &info.Rx);
  }
  if (uses_tx(settings)) {
    XskRingInitialize(&queue->tx, &info.Tx);
    XskRingInitialize(&queue->completion, &info.Completion);
  }
  place_chunks(queue);
  return TRUE;
}

static BOOL attach(struct queue* queue) {
  static const XDP_HOOK_ID hook = {
      .Layer = XDP_HOOK_L2,
      .Direction = XDP_HOOK_RX,
      .SubLayer = XDP_HOOK_INSPECT,
  };
  const struct settings* settings = queue->settings;
  XDP_RULE rule = {0};
  UINT32 flags = XDP_CREATE_PROGRAM_FLAG_NONE;
  if (!uses_rx(settings)) return TRUE;
  if ((settings->flags & XSK_BIND_FLAG_NATIVE) != 0) flags |= XDP_CREATE_PROGRAM_FLAG_NATIVE;
  if ((settings->flags & XSK_BIND_FLAG_GENERIC) != 0) flags |= XDP_CREATE_PROGRAM_FLAG_GENERIC;
  rule.Match = settings->port == 0 ? XDP_MATCH_ALL : XDP_MATCH_UDP_DST;
  if (settings->port != 0) rule.Pattern.Port = htons((UINT16)settings->port);
  rule.Action = XDP_PROGRAM_ACTION_REDIRECT;
  rule.Redirect.TargetType = XDP_REDIRECT_TARGET_TYPE_XSK;
  rule.Redirect.Target = queue->socket;
  return worked(queue,
                XdpCreateProgram(settings->interface_index, &hook, queue->id, (XDP_CREATE_PROGRAM_FLAGS)flags,
                                 &rule, 1, &queue->program),
                "XdpCreateProgram");
}

// ---- rings ----

static const XSK_BUFFER_DESCRIPTOR* received(const struct queue* queue, UINT32 index) {
  return &((const XSK_FRAME_DESCRIPTOR*)XskRingGetElement(&queue->rx, index))->Buffer;
}

static void give_back(struct queue* queue, UINT64 chunk) {
  UINT32 index;
  if (XskRingProducerReserve(&queue->fill, 1, &index) == 0)
    return;  // cannot be: FILL has room for all chunks
  *(UINT64*)XskRingGetElement(&queue->fill, index) = chunk;
  XskRingProducerSubmit(&queue->fill, 1);
}

// The number of frames taken from RX; their chunks are in FILL again.
static UINT32 receive_some(struct queue* queue) {
  UINT32 rx_index;
  UINT32 fill_index;
  UINT32 count = XskRingConsumerReserve(&queue->rx, queue->settings->batch, &rx_index);
  if (count == 0) return 0;
  count = claim(XskRingProducerReserve(&queue->fill, count, &fill_index));
  for (UINT32 i = 0; i < count; ++i) {
    const XSK_BUFFER_DESCRIPTOR* buffer = received(queue, rx_index + i);
    queue->bytes += buffer->Length;
    *(UINT64*)XskRingGetElement(&queue->fill, fill_index + i) = buffer->Address.BaseAddress;
  }
  queue->frames += count;
  XskRingConsumerRelease(&queue->rx, count);
  XskRingProducerSubmit(&queue->fill, count);
  return count;
}

static void publish(struct queue* queue, UINT32 index, UINT64 address_and_offset, UINT32 length) {
  XSK_FRAME_DESCRIPTOR* frame = (XSK_FRAME_DESCRIPTOR*)XskRingGetElement(&queue->tx, index);
  frame->Buffer.Address.AddressAndOffset = address_and_offset;
  frame->Buffer.Length = length;
  frame->Buffer.Reserved = 0;
  queue->bytes += length;
}

// The number of frames put into TX.
static UINT32 send_some(struct queue* queue, UINT32 most) {
  UINT32 index;
  UINT32 count = queue->free_count < most ? queue->free_count : most;
  if (count == 0) return 0;
  count = XskRingProducerReserve(&queue->tx, count, &index);
  if (count == 0) return 0;
  count = claim(count);
  for (UINT32 i = 0; i < count; ++i) {
    publish(queue, index + i, queue->free_chunks[--queue->free_count], queue->settings->frame_bytes);
  }
  queue->frames += count;
  queue->under_way += count;
  XskRingProducerSubmit(&queue->tx, count);
  return count;
}

static void exchange_addresses(UCHAR* frame) {
  UCHAR destination[MAC_BYTES];
  memcpy(destination, frame, MAC_BYTES);
  memcpy(frame, frame + MAC_BYTES, MAC_BYTES);
  memcpy(frame + MAC_BYTES, destination, MAC_BYTES);
}

// The number of frames taken from RX. One that is longer than the interface sends is not forwarded.
static UINT32 forward_some(struct queue* queue) {
  UINT32 rx_index;
  UINT32 tx_index;
  UINT32 sent = 0;
  UINT32 count = XskRingConsumerReserve(&queue->rx, queue->settings->batch, &rx_index);
  if (count == 0) return 0;
  count = claim(XskRingProducerReserve(&queue->tx, count, &tx_index));
  for (UINT32 i = 0; i < count; ++i) {
    const XSK_BUFFER_DESCRIPTOR* buffer = received(queue, rx_index + i);
    const UINT64 chunk = buffer->Address.BaseAddress;
    if (buffer->Length > FRAME_BYTES_MAX) {
      give_back(queue, chunk);
      continue;
    }
    exchange_addresses(queue->umem + chunk + buffer->Address.Offset);
    publish(queue, tx_index + sent, buffer->Address.AddressAndOffset, buffer->Length);
    ++sent;
  }
  queue->frames += sent;
  queue->under_way += sent;
  XskRingProducerSubmit(&queue->tx, sent);
  XskRingConsumerRelease(&queue->rx, count);
  return count;
}

// The number of chunks that came back.
static UINT32 complete_some(struct queue* queue) {
  UINT32 index;
  // Never more than was sent, whatever the index says: there is no room for others.
  const UINT32 most = min(queue->settings->batch, queue->under_way);
  const UINT32 count = XskRingConsumerReserve(&queue->completion, most, &index);
  if (count == 0) return 0;
  for (UINT32 i = 0; i < count; ++i) {
    const UINT64 chunk = *(const UINT64*)XskRingGetElement(&queue->completion, index + i);
    if (uses_rx(queue->settings)) {
      give_back(queue, chunk);
    } else {
      queue->free_chunks[queue->free_count++] = chunk;
    }
  }
  queue->under_way -= count;
  XskRingConsumerRelease(&queue->completion, count);
  return count;
}

// ---- notifications ----

// An index was published before; the barrier lets either us see the driver's flag, or the driver our index.
static UINT32 pokes_needed(const struct queue* queue) {
  UINT32 flags = 0;
  XdpBarrierBetweenReleaseAndAcquire();
  if (uses_rx(queue->settings) && (queue->settings->pokes_always || XskRingProducerNeedPoke(&queue->fill))) {
    flags |= XSK_NOTIFY_FLAG_POKE_RX;
  }
  if (uses_tx(queue->settings) && (queue->settings->pokes_always || XskRingProducerNeedPoke(&queue->tx))) {
    flags |= XSK_NOTIFY_FLAG_POKE_TX;
  }
  return flags;
}

// A wait may end without anything: the caller looks again.
static BOOL notify(struct queue* queue, UINT32 flags) {
  XSK_NOTIFY_RESULT_FLAGS result;
  XDP_STATUS status;
  if (flags == 0) return TRUE;
  if ((flags & (XSK_NOTIFY_FLAG_POKE_RX | XSK_NOTIFY_FLAG_POKE_TX)) != 0) ++queue->pokes;
  if ((flags & (XSK_NOTIFY_FLAG_WAIT_RX | XSK_NOTIFY_FLAG_WAIT_TX)) != 0) ++queue->waits;
  status = XskNotifySocket(queue->socket, (XSK_NOTIFY_FLAGS)flags, WAIT_MS, &result);
  return status == XDP_STATUS_TIMEOUT || worked(queue, status, "XskNotifySocket");
}

static UINT32 what_to_wait_for(const struct queue* queue) {
  UINT32 flags = 0;
  if (uses_rx(queue->settings)) flags |= XSK_NOTIFY_FLAG_WAIT_RX;
  if (queue->under_way > 0) flags |= XSK_NOTIFY_FLAG_WAIT_TX;
  return flags;
}

static BOOL rings_are_alive(const struct queue* queue) {
  const BOOL dead = (uses_rx(queue->settings) && XskRingError(&queue->rx)) ||
                    (uses_tx(queue->settings) && XskRingError(&queue->completion));
  if (dead) fprintf(stderr, "xskbench: the rings of queue %u are dead\n", queue->id);
  return !dead;
}

// ---- modes ----

static UINT32 turn(struct queue* queue) {
  UINT32 moved = 0;
  if (uses_tx(queue->settings)) moved += complete_some(queue);
  switch (queue->settings->mode) {
    case MODE_RX:
      return receive_some(queue);
    case MODE_TX:
      return moved + send_some(queue, queue->settings->batch);
    default:
      return moved + forward_some(queue);
  }
}

static BOOL move_frames(struct queue* queue) {
  while (!is_over()) {
    const UINT32 moved = turn(queue);
    UINT32 flags = 0;
    if (moved > 0) {
      queue->idle_since = 0;
      flags = pokes_needed(queue);
    } else {
      if (!rings_are_alive(queue)) return FALSE;
      if (queue->settings->blocks) {
        if (queue->idle_since == 0) queue->idle_since = now();
        flags = pokes_needed(queue) | what_to_wait_for(queue);
      }
    }
    if (!notify(queue, flags)) return FALSE;
  }
  return TRUE;
}

// Frames that are under way belong to the measurement; a driver that keeps them for ever does not.
static BOOL drain(struct queue* queue) {
  for (UINT32 i = 0; queue->under_way > 0 && i < DRAIN_ATTEMPTS; ++i) {
    if (complete_some(queue) > 0) continue;
    if (!rings_are_alive(queue) || !notify(queue, pokes_needed(queue) | XSK_NOTIFY_FLAG_WAIT_TX))
      return FALSE;
  }
  if (queue->under_way == 0) return TRUE;
  fprintf(stderr, "xskbench: %u frames of queue %u were not completed\n", queue->under_way, queue->id);
  return FALSE;
}

static BOOL measure_latency(struct queue* queue) {
  while (!is_over() && queue->sample_count < queue->settings->count) {
    const LONGLONG begin = now();
    if (send_some(queue, 1) == 0) break;  // another thread took the last one
    if (!notify(queue, pokes_needed(queue))) return FALSE;
    while (complete_some(queue) == 0) {
      if (ReadAcquire(&stopping) != 0) return TRUE;
      if (!rings_are_alive(queue)) return FALSE;
      if (queue->settings->blocks && !notify(queue, XSK_NOTIFY_FLAG_WAIT_TX)) return FALSE;
    }
    queue->samples[queue->sample_count++] = (UINT32)(now() - begin);
  }
  return TRUE;
}

static DWORD WINAPI serve(LPVOID parameter) {
  struct queue* queue = (struct queue*)parameter;
  WaitForSingleObject(go, INFINITE);
  queue->begin = now();
  if (queue->settings->mode == MODE_LAT) {
    queue->failed = !measure_latency(queue);
  } else {
    queue->failed = !move_frames(queue);
  }
  if (uses_tx(queue->settings) && !queue->failed) queue->failed = !drain(queue);
  // Who was waiting while others counted the last frame was done when it began to wait.
  queue->end = queue->idle_since != 0 && ReadAcquire(&stopping) == 0 ? queue->idle_since : now();
  if (queue->failed) stop();
  return 0;
}

// ---- results ----

static double per_second(UINT64 count, LONGLONG ticks) {
  return ticks > 0 ? (double)count * (double)frequency / (double)ticks : 0.0;
}

static UINT64 nanoseconds(UINT32 ticks) { return (UINT64)ticks * 1000000000u / (UINT64)frequency; }

static int compare_samples(const void* a, const void* b) {
  const UINT32 first = *(const UINT32*)a;
  const UINT32 second = *(const UINT32*)b;
  return first < second ? -1 : first > second ? 1 : 0;
}

// Nearest rank: the smallest sample that at least so many thousandths of all are not above.
static UINT64 percentile(const UINT32* sorted, UINT32 count, UINT32 thousandths) {
  const UINT64 rank = ((UINT64)count * thousandths + 999) / 1000;
  return nanoseconds(sorted[rank == 0 ? 0 : rank - 1]);
}

static void print_percentiles(const char* who, UINT32* samples, UINT32 count) {
  if (count == 0) return;
  qsort(samples, count, sizeof(samples[0]), compare_samples);
  printf("%s latency [ns]: min %llu, p50 %llu, p90 %llu, p99 %llu, p99.9 %llu, max %llu\n", who,
         nanoseconds(samples[0]), percentile(samples, count, 500), percentile(samples, count, 900),
         percentile(samples, count, 990), percentile(samples, count, 999), nanoseconds(samples[count - 1]));
}

static BOOL print_queue(struct queue* queue) {
  char who[32];
  XSK_STATISTICS statistics;
  UINT32 bytes = sizeof(statistics);
  if (!worked(queue, XskGetSockopt(queue->socket, XSK_SOCKOPT_STATISTICS, &statistics, &bytes),
              "XSK_SOCKOPT_STATISTICS")) {
    return FALSE;
  }
  sprintf_s(who, sizeof(who), "queue %u:", queue->id);
  printf("%s %llu frames, %llu bytes, %.0f frames/s; dropped %llu; pokes %llu, waits %llu\n", who,
         queue->frames, queue->bytes, per_second(queue->frames, queue->end - queue->begin),
         statistics.RxDropped, queue->pokes, queue->waits);
  print_percentiles(who, queue->samples, queue->sample_count);
  return TRUE;
}

static BOOL print_all_samples(const struct queue* queues, UINT32 queue_count) {
  UINT32 count = 0;
  UINT32* samples;
  for (UINT32 i = 0; i < queue_count; ++i) count += queues[i].sample_count;
  samples = (UINT32*)calloc(count + 1, sizeof(UINT32));
  if (samples == NULL) return FALSE;
  count = 0;
  for (UINT32 i = 0; i < queue_count; ++i) {
    memcpy(samples + count, queues[i].samples, queues[i].sample_count * sizeof(UINT32));
    count += queues[i].sample_count;
  }
  print_percentiles("total:", samples, count);
  free(samples);
  return TRUE;
}

static BOOL print_results(struct queue* queues, const struct settings* settings) {
  UINT64 frames = 0;
  UINT64 bytes = 0;
  LONGLONG begin = MAXINT64;
  LONGLONG end = 0;
  LONGLONG ticks;
  for (UINT32 i = 0; i < settings->queue_count; ++i) {
    if (!print_queue(&queues[i])) return FALSE;
    frames += queues[i].frames;
    bytes += queues[i].bytes;
    begin = min(begin, queues[i].begin);
    end = max(end, queues[i].end);
  }
  ticks = end - begin;
  printf("total: %llu frames, %llu bytes in %.4f ms, %.0f frames/s\n", frames, bytes,
         (double)ticks * 1000.0 / (double)frequency, per_second(frames, ticks));
  return settings->mode != MODE_LAT || print_all_samples(queues, settings->queue_count);
}

// ---- from start to end ----

static BOOL start_thread(struct queue* queue) {
  const DWORD processors = GetActiveProcessorCount(0);
  const DWORD processor = (queue->settings->first_processor + queue->id) % processors;
  queue->thread = CreateThread(NULL, 0, serve, queue, CREATE_SUSPENDED, NULL);
  if (queue->thread == NULL || SetThreadAffinityMask(queue->thread, (DWORD_PTR)1 << processor) == 0 ||
      ResumeThread(queue->thread) == (DWORD)-1) {
    fprintf(stderr, "xskbench: no thread for queue %u: error %u\n", queue->id, (UINT32)GetLastError());
    return FALSE;
  }
  return TRUE;
}

static BOOL run(struct queue* queues, const struct settings* settings) {
  BOOL all_well = TRUE;
  for (UINT32 i = 0; i < settings->queue_count; ++i) {
    queues[i].settings = settings;
    queues[i].id = i;
    if (!open_queue(&queues[i])) return FALSE;
  }
  for (UINT32 i = 0; i < settings->queue_count && all_well; ++i) all_well = start_thread(&queues[i]);
  // Only now, so that no queue's frames are lost while another queue is still being set up.
  for (UINT32 i = 0; i < settings->queue_count && all_well; ++i) all_well = attach(&queues[i]);
  if (!all_well) stop();
  SetEvent(go);
  if (WaitForSingleObject(finished, settings->time_ms) == WAIT_TIMEOUT) stop();
  for (UINT32 i = 0; i < settings->queue_count; ++i) {
    if (queues[i].thread == NULL) continue;
    if (!all_well) ResumeThread(queues[i].thread);  // one that could not be started whole
    WaitForSingleObject(queues[i].thread, INFINITE);
    CloseHandle(queues[i].thread);
    all_well = all_well && !queues[i].failed;
  }
  return all_well && print_results(queues, settings);
}

// Programs first, so that nothing is redirected to a socket that is gone; the memory last.
static void close_queues(struct queue* queues, UINT32 queue_count) {
  for (UINT32 i = 0; i < queue_count; ++i) {
    if (queues[i].program != NULL) CloseHandle(queues[i].program);
  }
  for (UINT32 i = 0; i < queue_count; ++i) {
    if (queues[i].socket != NULL) CloseHandle(queues[i].socket);
    if (queues[i].umem != NULL) VirtualFree(queues[i].umem, 0, MEM_RELEASE);
    free(queues[i].free_chunks);
    free(queues[i].samples);
  }
}

static BOOL read_ring_entries(struct tool* tool, UINT32* entries) {
  const char* text = tool->at < tool->argc ? tool->argv[tool->at] : NULL;
  if (!tool_number(tool, 1, 32768, entries)) return FALSE;
  return (*entries & (*entries - 1)) == 0 || tool_wrong(tool, "a power of two up to 32768", text);
}

static BOOL read_words(struct tool* tool, struct settings* settings) {
  static const char* const waits[] = {"spin", "block"};
  static const char* const pokes[] = {"flag", "always"};
  static const char* const modes[] = {"native", "generic"};
  const char* option;
  UINT32 mode = 0;
  tool->option = "mode";
  if (!tool_choice(tool, mode_names, ARRAYSIZE(mode_names), &settings->mode)) return FALSE;
  while ((option = tool_option(tool)) != NULL) {
    BOOL good;
    if (strcmp(option, "-if") == 0) {
      good = tool_number(tool, 1, MAXUINT32, &settings->interface_index);
    } else if (strcmp(option, "-queues") == 0) {
      good = tool_number(tool, 1, QUEUES_MAX, &settings->queue_count);
    } else if (strcmp(option, "-cpu") == 0) {
      good = tool_number(tool, 0, MAXIMUM_PROC_PER_GROUP - 1, &settings->first_processor);
    } else if (strcmp(option, "-ring") == 0) {
      good = read_ring_entries(tool, &settings->ring_entries);
    } else if (strcmp(option, "-batch") == 0) {
      good = tool_number(tool, 1, 1024, &settings->batch);
    } else if (strcmp(option, "-size") == 0) {
      good = tool_number(tool, FRAME_BYTES_MIN, FRAME_BYTES_MAX, &settings->frame_bytes);
    } else if (strcmp(option, "-port") == 0) {
      good = tool_number(tool, 1, 65535, &settings->port);
    } else if (strcmp(option, "-wait") == 0) {
      good = tool_choice(tool, waits, ARRAYSIZE(waits), &settings->blocks);
    } else if (strcmp(option, "-poke") == 0) {
      good = tool_choice(tool, pokes, ARRAYSIZE(pokes), &settings->pokes_always);
    } else if (strcmp(option, "-mode") == 0) {
      good = tool_choice(tool, modes, ARRAYSIZE(modes), &mode);
      if (good) settings->flags = mode == 0 ? XSK_BIND_FLAG_NATIVE : XSK_BIND_FLAG_GENERIC;
    } else if (strcmp(option, "-time") == 0) {
      good = tool_number(tool, 1, INFINITE - 1, &settings->time_ms);
    } else if (strcmp(option, "-count") == 0) {
      good = tool_number(tool, 1, SAMPLES_MAX, &settings->count);
    } else {
      good = tool_unknown(tool);
    }
    if (!good) return FALSE;
  }
  return tool_has_interface(tool, settings->interface_index);
}

int main(int argc, char** argv) {
  static struct queue queues[QUEUES_MAX];
  struct tool tool = {.name = "xskbench", .argc = argc, .argv = argv, .at = 1};
  struct settings settings = {
      .queue_count = 1, .ring_entries = 256, .batch = 64, .frame_bytes = FRAME_BYTES_MIN, .time_ms = 1000};
  LARGE_INTEGER ticks_per_second;
  BOOL all_well;
  if (tool_wants_usage(argc, argv)) {
    fputs(usage, stdout);
    return 0;
  }
  if (!read_words(&tool, &settings)) return 1;
  if (settings.mode == MODE_LAT && settings.count == 0) settings.count = 10000;
  left = settings.count == 0 ? MAXINT64 : (LONG64)settings.count;
  QueryPerformanceFrequency(&ticks_per_second);
  frequency = ticks_per_second.QuadPart;
  go = CreateEvent(NULL, TRUE, FALSE, NULL);
  finished = CreateEvent(NULL, TRUE, FALSE, NULL);
  if (go == NULL || finished == NULL || !SetConsoleCtrlHandler(on_control, TRUE)) {
    fprintf(stderr, "xskbench: no events: error %u\n", (UINT32)GetLastError());
    return 1;
  }
  all_well = run(queues, &settings);
  close_queues(queues, settings.queue_count);
  SetConsoleCtrlHandler(on_control, FALSE);
  CloseHandle(go);
  CloseHandle(finished);
  return all_well ? 0 : 1;
}

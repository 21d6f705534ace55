// xdpcap.c: writes the frames that an interface receives into a pcapng file.
// Role     worked example of one thread that waits for many sockets, and of the extensions of a received
//          frame: when the NIC saw it, and how long it was before it was cut to fit its chunk
// Shapes   UMEM per queue: as many chunks as a ring has entries, each of the snap length; a chunk goes FILL
//          -> RX -> FILL
// Units    time stamps in nanoseconds: of the NIC's clock, or else of the performance counter
// Threads  one; the handler of Ctrl+C only sets an event
// Errors   a wrong option or a call that fails: one line, exit 1
// Source   docs of the XDP for Windows API, sections "afxdp.h", "afxdp_helper.h" and "xdpapi.h"; pcapng:
//          draft-ietf-opsawg-pcapng
//
// A frame that goes to a socket does not go to the host as well: what is captured is taken away from it.
#include "tool.h"

enum {
  QUEUES_MAX = MAXIMUM_WAIT_OBJECTS - 1,  // the event of the end is waited for as well
  RULES_MAX = 16,
  BATCH_FRAMES = 64,
  FRAME_BYTES_MIN = 14,
};

static const char usage[] =
    "xdpcap: captures received frames; what it captures does not reach the host\n"
    "\n"
    "  xdpcap -if N -o FILE [options]\n"
    "\n"
    "  -if N            index of the interface\n"
    "  -o FILE          pcapng file to write; an old one is replaced\n"
    "  -queues N        receive queues 0 to N-1, up to 63 (1)\n"
    "  -udp-dst PORT    only UDP to this port\n"
    "  -tcp-dst PORT    only TCP to this port\n"
    "  -proto NUMBER    only this IP protocol: 1 ICMP, 6 TCP, 17 UDP, 58 ICMPv6\n"
    "                   of several such options, up to 16, a frame must meet one\n"
    "  -snaplen BYTES   at most so much of a frame, 14 to 65535 (2048)\n"
    "  -ring N          entries of each ring, a power of two up to 4096 (256)\n"
    "  -mode MODE       native or generic; otherwise native, and generic if there is no native\n"
    "  -count N         ends after N frames\n"
    "  -time MS         ends after so many milliseconds\n"
    "\n"
    "Ctrl+C ends it as well.\n";

struct queue {
  UINT32 id;
  HANDLE socket;
  HANDLE program;
  UCHAR* umem;
  XSK_RING fill;
  XSK_RING rx;
  UINT16 length_offset;  // of the extensions in an RX element
  UINT16 time_offset;
  XDP_OVERLAPPED overlapped;
  BOOL waits;  // `overlapped` belongs to the driver
  UINT64 frames;
};

struct capture {
  UINT32 interface_index;
  UINT32 queue_count;
  UINT32 snap_bytes;
  UINT32 ring_entries;
  UINT32 flags;  // of XskBind, XSK_BIND_FLAG_NATIVE or XSK_BIND_FLAG_GENERIC
  UINT32 count;  // 0: any number
  UINT32 time_ms;
  UINT32 rule_count;
  XDP_RULE rules[RULES_MAX];
  const char* path;
  FILE* file;
  BOOL nic_has_clock;
  UINT64 frames;
  UINT64 bytes;
  struct queue queues[QUEUES_MAX];
};

static HANDLE finished;  // manual reset: Ctrl+C
static LONGLONG frequency;

static BOOL WINAPI on_control(DWORD type) {
  if (type != CTRL_C_EVENT && type != CTRL_BREAK_EVENT) return FALSE;
  SetEvent(finished);
  return TRUE;
}

static UINT64 counter_ns(void) {
  LARGE_INTEGER now;
  QueryPerformanceCounter(&now);
  return (UINT64)now.QuadPart / (UINT64)frequency * 1000000000u +
         (UINT64)now.QuadPart % (UINT64)frequency * 1000000000u / (UINT64)frequency;
}

// ---- pcapng: blocks of a type, a length, a body in multiples of 4 bytes, and the length again ----

enum {
  SECTION_HEADER = 0x0A0D0D0A,
  INTERFACE_DESCRIPTION = 1,
  INTERFACE_STATISTICS = 5,
  ENHANCED_PACKET = 6
};

static void put(FILE* file, const void* data, UINT32 bytes) { fwrite(data, 1, bytes, file); }

static void put32(FILE* file, UINT32 value) { put(file, &value, sizeof(value)); }

// As pcapng has it: the upper half first, whatever the order of bytes.
static void put_halves(FILE* file, UINT64 value) {
  put32(file, (UINT32)(value >> 32));
  put32(file, (UINT32)value);
}

static void put_padding(FILE* file, UINT32 bytes) {
  static const UCHAR zeros[4];
  put(file, zeros, (4 - bytes % 4) % 4);
}

static void put_option(FILE* file, UINT16 code, const void* value, UINT16 bytes) {
  put32(file, code | (UINT32)bytes << 16);
  put(file, value, bytes);
  put_padding(file, bytes);
}

static void write_beginning(const struct capture* capture) {
  static const char application[8] = "xdpcap";
  static const UCHAR nanoseconds = 9;  // 10^-9
  FILE* file = capture->file;
  const UINT32 section_bytes = 28 + 12 + 4;
  const UINT32 interface_bytes = 20 + 8 + 4;
  put32(file, SECTION_HEADER);
  put32(file, section_bytes);
  put32(file, 0x1A2B3C4D);
  put32(file, 1);  // version 1.0
  put32(file, 0xFFFFFFFF);
  put32(file, 0xFFFFFFFF);  // of a length that is not told
  put_option(file, 4, application, 6);
  put32(file, 0);
  put32(file, section_bytes);

  put32(file, INTERFACE_DESCRIPTION);
  put32(file, interface_bytes);
  put32(file, 1);  // Ethernet
  put32(file, capture->snap_bytes);
  put_option(file, 9, &nanoseconds, 1);
  put32(file, 0);
  put32(file, interface_bytes);
}

static void write_frame(FILE* file, UINT32 queue, UINT64 time_ns, const UCHAR* data, UINT32 bytes,
                        UINT32 original_bytes) {
  const UINT32 block_bytes = 32 + (bytes + 3) / 4 * 4 + 8 + 4;
  put32(file, ENHANCED_PACKET);
  put32(file, block_bytes);
  put32(file, 0);  // the only interface
  put_halves(file, time_ns);
  put32(file, bytes);
  put32(file, original_bytes);
  put(file, data, bytes);
  put_padding(file, bytes);
  put_option(file, 6, &queue, sizeof(queue));
  put32(file, 0);
  put32(file, block_bytes);
}

static void write_end(FILE* file, UINT64 time_ns, UINT64 received, UINT64 dropped) {
  const UINT32 block_bytes = 24 + 12 + 12 + 4;
  put32(file, INTERFACE_STATISTICS);
  put32(file, block_bytes);
  put32(file, 0);
  put_halves(file, time_ns);
  put_option(file, 4, &received, sizeof(received));
  put_option(file, 5, &dropped, sizeof(dropped));
  put32(file, 0);
  put32(file, block_bytes);
}

// ---- a queue ----

static BOOL worked(const struct queue* queue, XDP_STATUS status, const char* call) {
  char text[64];
  sprintf_s(text, sizeof(text), "%s on queue %u", call, queue->id);
  return tool_worked("xdpcap", status, text);
}

static BOOL set_option(const struct queue* queue, UINT32 option, const void* value, UINT32 bytes,
                       const char* name) {
  return worked(queue, XskSetSockopt(queue->socket, option, value, bytes), name);
}

// Extensions are chosen after the socket is bound and before its rings have a size. Not every NIC has a
// clock.
static BOOL choose_extensions(struct capture* capture, struct queue* queue) {
  const UINT32 on = 1;
  if (!set_option(queue, XSK_SOCKOPT_RX_ORIGINAL_LENGTH, &on, sizeof(on), "XSK_SOCKOPT_RX_ORIGINAL_LENGTH")) {
    return FALSE;
  }
  if (XDP_FAILED(XskSetSockopt(queue->socket, XSK_SOCKOPT_RX_OFFLOAD_TIMESTAMP, &on, sizeof(on)))) {
    capture->nic_has_clock = FALSE;
  }
  return TRUE;
}

static BOOL find_extensions(const struct capture* capture, struct queue* queue) {
  UINT32 bytes = sizeof(queue->length_offset);
  if (!worked(queue,
              XskGetSockopt(queue->socket, XSK_SOCKOPT_RX_FRAME_ORIGINAL_LENGTH_EXTENSION,
                            &queue->length_offset, &bytes),
              "XSK_SOCKOPT_RX_FRAME_ORIGINAL_LENGTH_EXTENSION")) {
    return FALSE;
  }
  if (!capture->nic_has_clock) return TRUE;
  bytes = sizeof(queue->time_offset);
  return worked(
      queue,
      XskGetSockopt(queue->socket, XSK_SOCKOPT_RX_FRAME_TIMESTAMP_EXTENSION, &queue->time_offset, &bytes),
      "XSK_SOCKOPT_RX_FRAME_TIMESTAMP_EXTENSION");
}

static void fill_with_all_chunks(const struct capture* capture, struct queue* queue) {
  UINT32 index;
  const UINT32 count = XskRingProducerReserve(&queue->fill, capture->ring_entries, &index);
  for (UINT32 i = 0; i < count; ++i) {
    *(UINT64*)XskRingGetElement(&queue->fill, index + i) = (UINT64)i * capture->snap_bytes;
  }
  XskRingProducerSubmit(&queue->fill, count);
}

static BOOL open_queue(struct capture* capture, struct queue* queue) {
  const UINT32 entries = capture->ring_entries;
  const SIZE_T umem_bytes = (SIZE_T)entries * capture->snap_bytes;
  XSK_UMEM_REG umem = {0};
  XSK_RING_INFO_SET info;
  UINT32 bytes = sizeof(info);
  queue->umem = (UCHAR*)VirtualAlloc(NULL, umem_bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
  queue->overlapped.hEvent = CreateEvent(NULL, TRUE, FALSE, NULL);
  if (queue->umem == NULL || queue->overlapped.hEvent == NULL) {
    fprintf(stderr, "xdpcap: no memory for queue %u\n", queue->id);
    return FALSE;
  }
  umem.TotalSize = umem_bytes;
  umem.ChunkSize = capture->snap_bytes;
  umem.Address = queue->umem;
  if (!worked(queue, XskCreate(&queue->socket), "XskCreate") ||
      !worked(queue,
              XskBind(queue->socket, capture->interface_index, queue->id,
                      (XSK_BIND_FLAGS)(capture->flags | XSK_BIND_FLAG_RX)),
              "XskBind") ||
      !choose_extensions(capture, queue) ||
      !set_option(queue, XSK_SOCKOPT_UMEM_REG, &umem, sizeof(umem), "XSK_SOCKOPT_UMEM_REG") ||
      !set_option(queue, XSK_SOCKOPT_RX_FILL_RING_SIZE, &entries, sizeof(entries),
                  "XSK_SOCKOPT_RX_FILL_RING_SIZE") ||
      !set_option(queue, XSK_SOCKOPT_RX_RING_SIZE, &entries, sizeof(entries), "XSK_SOCKOPT_RX_RING_SIZE") ||
      !find_extensions(capture, queue) ||
      !worked(queue, XskActivate(queue->socket, XSK_ACTIVATE_FLAG_NONE), "XskActivate") ||
      !worked(queue, XskGetSockopt(queue->socket, XSK_SOCKOPT_RING_INFO, &info, &bytes),
              "XSK_SOCKOPT_RING_INFO")) {
    return FALSE;
  }
  XskRingInitialize(&queue->fill, &info.Fill);
  XskRingInitialize(&queue->rx, &info.Rx);
  fill_with_all_chunks(capture, queue);
  return TRUE;
}

static BOOL attach(const struct capture* capture, struct queue* queue) {
  static const XDP_HOOK_ID hook = {
      .Layer = XDP_HOOK_L2,
      .Direction = XDP_HOOK_RX,
      .SubLayer = XDP_HOOK_INSPECT,
  };
  XDP_RULE rules[RULES_MAX];
  UINT32 flags = XDP_CREATE_PROGRAM_FLAG_NONE;
  if ((capture->flags & XSK_BIND_FLAG_NATIVE) != 0) flags |= XDP_CREATE_PROGRAM_FLAG_NATIVE;
  if ((capture->flags & XSK_BIND_FLAG_GENERIC) != 0) flags |= XDP_CREATE_PROGRAM_FLAG_GENERIC;
  for (UINT32 i = 0; i < capture->rule_count; ++i) {
    rules[i] = capture->rules[i];
    rules[i].Action = XDP_PROGRAM_ACTION_REDIRECT;
    rules[i].Redirect.TargetType = XDP_REDIRECT_TARGET_TYPE_XSK;
    rules[i].Redirect.Target = queue->socket;
  }
  return worked(queue,
                XdpCreateProgram(capture->interface_index, &hook, queue->id, (XDP_CREATE_PROGRAM_FLAGS)flags,
                                 rules, capture->rule_count, &queue->program),
                "XdpCreateProgram");
}

// ---- frames ----

static BOOL is_complete(const struct capture* capture) {
  return capture->count != 0 && capture->frames == capture->count;
}

static void write_received(struct capture* capture, struct queue* queue, UINT32 index) {
  const UCHAR* element = (const UCHAR*)XskRingGetElement(&queue->rx, index);
  const XSK_BUFFER_DESCRIPTOR* buffer = &((const XSK_FRAME_DESCRIPTOR*)element)->Buffer;
  const UCHAR* data = queue->umem + buffer->Address.BaseAddress + buffer->Address.Offset;
  const XSK_FRAME_ORIGINAL_LENGTH* length =
      (const XSK_FRAME_ORIGINAL_LENGTH*)(element + queue->length_offset);
  const UINT64 time_ns = capture->nic_has_clock
                             ? ((const XDP_FRAME_TIMESTAMP*)(element + queue->time_offset))->Timestamp
                             : counter_ns();
  write_frame(capture->file, queue->id, time_ns, data, buffer->Length, length->OriginalLength);
  capture->bytes += buffer->Length;
  ++capture->frames;
  ++queue->frames;
}

// The number of frames taken from RX. Their chunks go back to FILL, which has room for every chunk there is.
static UINT32 take_received(struct capture* capture, struct queue* queue) {
  UINT32 rx_index;
  UINT32 fill_index;
  UINT32 taken = 0;
  UINT32 count = XskRingConsumerReserve(&queue->rx, BATCH_FRAMES, &rx_index);
  if (count == 0) return 0;
  count = XskRingProducerReserve(&queue->fill, count, &fill_index);
  for (; taken < count && !is_complete(capture); ++taken) {
    const XSK_FRAME_DESCRIPTOR* frame =
        (const XSK_FRAME_DESCRIPTOR*)XskRingGetElement(&queue->rx, rx_index + taken);
    write_received(capture, queue, rx_index + taken);
    *(UINT64*)XskRingGetElement(&queue->fill, fill_index + taken) = frame->Buffer.Address.BaseAddress;
  }
  XskRingConsumerRelease(&queue->rx, taken);
  XskRingProducerSubmit(&queue->fill, taken);
  return taken;
}

// ---- waiting ----

// Asks to be told of the next frame, if that is not asked already. `*ready`: there is one now.
static BOOL ask(struct queue* queue, BOOL* ready) {
  UINT32 flags = XSK_NOTIFY_FLAG_WAIT_RX;
  XDP_STATUS status;
  if (queue->waits) return TRUE;
  XdpBarrierBetweenReleaseAndAcquire();
  if (XskRingProducerNeedPoke(&queue->fill)) flags |= XSK_NOTIFY_FLAG_POKE_RX;
  ResetEvent(queue->overlapped.hEvent);
  status = XskNotifyAsync(queue->socket, (XSK_NOTIFY_FLAGS)flags, &queue->overlapped);
  if (status == XDP_STATUS_PENDING) {
    queue->waits = TRUE;
    return TRUE;
  }
  *ready = TRUE;
  return worked(queue, status, "XskNotifyAsync");
}

// A wait may also end with nothing there: the rings are looked at in any case.
static BOOL answered(struct queue* queue) {
  XSK_NOTIFY_RESULT_FLAGS result;
  if (!queue->waits || !HasOverlappedIoCompleted(&queue->overlapped)) return TRUE;
  queue->waits = FALSE;
  return worked(queue, XskGetNotifyAsyncResult(&queue->overlapped, &result), "XskGetNotifyAsyncResult");
}

// Until some queue has a frame, or the end: `*over`.
static BOOL wait(struct capture* capture, ULONGLONG deadline, BOOL* over) {
  HANDLE events[MAXIMUM_WAIT_OBJECTS];
  const ULONGLONG now = GetTickCount64();
  DWORD left = INFINITE;
  BOOL ready = FALSE;
  DWORD answer;
  for (UINT32 i = 0; i < capture->queue_count; ++i) {
    if (!ask(&capture->queues[i], &ready)) return FALSE;
    events[1 + i] = capture->queues[i].overlapped.hEvent;
  }
  events[0] = finished;
  if (capture->time_ms != INFINITE) left = now < deadline ? (DWORD)(deadline - now) : 0;
  answer = WaitForMultipleObjects(1 + capture->queue_count, events, FALSE, ready ? 0 : left);
  if (answer == WAIT_FAILED) {
    fprintf(stderr, "xdpcap: WaitForMultipleObjects failed: error %u\n", (UINT32)GetLastError());
    return FALSE;
  }
  *over = answer == WAIT_OBJECT_0 || (answer == WAIT_TIMEOUT && !ready);
  for (UINT32 i = 0; i < capture->queue_count; ++i) {
    if (!answered(&capture->queues[i])) return FALSE;
  }
  return TRUE;
}

// What is asked for in vain is taken back: until it is, the driver may write to it.
static void stop_asking(struct queue* queue) {
  DWORD bytes;
  if (!queue->waits) return;
  CancelIoEx(queue->socket, &queue->overlapped);
  GetOverlappedResult(queue->socket, &queue->overlapped, &bytes, TRUE);
  queue->waits = FALSE;
}

static BOOL capture_frames(struct capture* capture) {
  const ULONGLONG deadline = GetTickCount64() + capture->time_ms;
  BOOL over = FALSE;
  while (!over && !is_complete(capture)) {
    UINT32 taken = 0;
    for (UINT32 i = 0; i < capture->queue_count; ++i) taken += take_received(capture, &capture->queues[i]);
    over = WaitForSingleObject(finished, 0) == WAIT_OBJECT_0 ||
           (capture->time_ms != INFINITE && GetTickCount64() >= deadline);
    if (taken > 0 || over) continue;
    fflush(capture->file);  // whoever ends us now finds everything so far
    if (!wait(capture, deadline, &over)) return FALSE;
  }
  return TRUE;
}

// ---- from start to end ----

static BOOL tell_results(struct capture* capture) {
  UINT64 dropped = 0;
  for (UINT32 i = 0; i < capture->queue_count; ++i) {
    struct queue* queue = &capture->queues[i];
    XSK_STATISTICS statistics;
    UINT32 bytes = sizeof(statistics);
    if (!worked(queue, XskGetSockopt(queue->socket, XSK_SOCKOPT_STATISTICS, &statistics, &bytes),
                "XSK_SOCKOPT_STATISTICS")) {
      return FALSE;
    }
    printf("queue %u: %llu frames, %llu cut short, %llu dropped\n", i, queue->frames, statistics.RxTruncated,
           statistics.RxDropped);
    dropped += statistics.RxDropped;
  }
  write_end(capture->file, counter_ns(), capture->frames + dropped, dropped);
  printf("total: %llu frames, %llu bytes, %llu dropped, time stamps of the %s\n", capture->frames,
         capture->bytes, dropped, capture->nic_has_clock ? "NIC" : "performance counter");
  return TRUE;
}

static BOOL run(struct capture* capture) {
  BOOL all_well;
  for (UINT32 i = 0; i < capture->queue_count; ++i) {
    capture->queues[i].id = i;
    if (!open_queue(capture, &capture->queues[i])) return FALSE;
  }
  // Only now, so that no queue's frames are lost while another queue is still being set up.
  for (UINT32 i = 0; i < capture->queue_count; ++i) {
    if (!attach(capture, &capture->queues[i])) return FALSE;
  }
  all_well = capture_frames(capture);
  for (UINT32 i = 0; i < capture->queue_count; ++i) stop_asking(&capture->queues[i]);
  return all_well && tell_results(capture);
}

// Programs first, so that nothing is redirected to a socket that is gone; the memory last.
static void close_queues(struct capture* capture) {
  for (UINT32 i = 0; i < capture->queue_count; ++i) {
    if (capture->queues[i].program != NULL) CloseHandle(capture->queues[i].program);
  }
  for (UINT32 i = 0; i < capture->queue_count; ++i) {
    struct queue* queue = &capture->queues[i];
    if (queue->socket != NULL) CloseHandle(queue->socket);
    if (queue->overlapped.hEvent != NULL) CloseHandle(queue->overlapped.hEvent);
    if (queue->umem != NULL) VirtualFree(queue->umem, 0, MEM_RELEASE);
  }
}

static BOOL add_rule(struct tool* tool, struct capture* capture, XDP_MATCH_TYPE match) {
  XDP_RULE* rule = &capture->rules[capture->rule_count];
  const UINT32 max = match == XDP_MATCH_IP_NEXT_HEADER ? 255 : 65535;
  UINT32 number;
  if (capture->rule_count == RULES_MAX) return tool_wrong(tool, "at most 16 filters", "another one");
  if (!tool_number(tool, 0, max, &number)) return FALSE;
  rule->Match = match;
  if (match == XDP_MATCH_IP_NEXT_HEADER) {
    rule->Pattern.NextHeader = (UINT8)number;
  } else {
    rule->Pattern.Port = htons((UINT16)number);
  }
  ++capture->rule_count;
  return TRUE;
}

static BOOL read_ring_entries(struct tool* tool, UINT32* entries) {
  const char* text = tool->at < tool->argc ? tool->argv[tool->at] : NULL;
  if (!tool_number(tool, 1, 4096, entries)) return FALSE;
  return (*entries & (*entries - 1)) == 0 || tool_wrong(tool, "a power of two up to 4096", text);
}

static BOOL read_words(struct tool* tool, struct capture* capture) {
  static const char* const modes[] = {"native", "generic"};
  const char* option;
  UINT32 mode = 0;
  while ((option = tool_option(tool)) != NULL) {
    BOOL good;
    if (strcmp(option, "-if") == 0) {
      good = tool_number(tool, 1, MAXUINT32, &capture->interface_index);
    } else if (strcmp(option, "-o") == 0) {
      capture->path = tool_word(tool);
      good = capture->path != NULL || tool_wrong(tool, "the name of a file", NULL);
    } else if (strcmp(option, "-queues") == 0) {
      good = tool_number(tool, 1, QUEUES_MAX, &capture->queue_count);
    } else if (strcmp(option, "-udp-dst") == 0) {
      good = add_rule(tool, capture, XDP_MATCH_UDP_DST);
    } else if (strcmp(option, "-tcp-dst") == 0) {
      good = add_rule(tool, capture, XDP_MATCH_TCP_DST);
    } else if (strcmp(option, "-proto") == 0) {
      good = add_rule(tool, capture, XDP_MATCH_IP_NEXT_HEADER);
    } else if (strcmp(option, "-snaplen") == 0) {
      good = tool_number(tool, FRAME_BYTES_MIN, 65535, &capture->snap_bytes);
    } else if (strcmp(option, "-ring") == 0) {
      good = read_ring_entries(tool, &capture->ring_entries);
    } else if (strcmp(option, "-mode") == 0) {
      good = tool_choice(tool, modes, ARRAYSIZE(modes), &mode);
      if (good) capture->flags = mode == 0 ? XSK_BIND_FLAG_NATIVE : XSK_BIND_FLAG_GENERIC;
    } else if (strcmp(option, "-count") == 0) {
      good = tool_number(tool, 1, MAXUINT32, &capture->count);
    } else if (strcmp(option, "-time") == 0) {
      good = tool_number(tool, 1, INFINITE - 1, &capture->time_ms);
    } else {
      good = tool_unknown(tool);
    }
    if (!good) return FALSE;
  }
  if (capture->rule_count == 0) capture->rules[capture->rule_count++].Match = XDP_MATCH_ALL;
  if (!tool_has_interface(tool, capture->interface_index)) return FALSE;
  tool->option = "-o";
  return capture->path != NULL || tool_wrong(tool, "the name of a file", NULL);
}

static BOOL open_and_run(struct capture* capture) {
  LARGE_INTEGER ticks_per_second;
  BOOL all_well;
  if (fopen_s(&capture->file, capture->path, "wb") != 0) {
    fprintf(stderr, "xdpcap: -o: expected a file that can be written, got \"%s\"\n", capture->path);
    return FALSE;
  }
  QueryPerformanceFrequency(&ticks_per_second);
  frequency = ticks_per_second.QuadPart;
  finished = CreateEvent(NULL, TRUE, FALSE, NULL);
  SetConsoleCtrlHandler(on_control, TRUE);
  write_beginning(capture);
  all_well = run(capture);
  close_queues(capture);
  SetConsoleCtrlHandler(on_control, FALSE);
  CloseHandle(finished);
  if (fflush(capture->file) != 0 || ferror(capture->file)) {
    fprintf(stderr, "xdpcap: %s could not be written\n", capture->path);
    all_well = FALSE;
  }
  fclose(capture->file);
  return all_well;
}

int main(int argc, char** argv) {
  static struct capture capture = {
      .queue_count = 1, .snap_bytes = 2048, .ring_entries = 256, .time_ms = INFINITE, .nic_has_clock = TRUE};
  struct tool tool = {.name = "xdpcap", .argc = argc, .argv = argv, .at = 1};
  if (tool_wants_usage(argc, argv)) {
    fputs(usage, stdout);
    return 0;
  }
  return read_words(&tool, &capture) && open_and_run(&capture) ? 0 : 1;
}

// xsklend.c: lends sockets to processes that may not open any: each queue is served by a restricted child.
// Role     worked example of two kinds of process: one with all rights opens sockets, binds them and attaches
//          the program; children without rights get a handle each, and do everything with it that touches
//          packets
// Shapes   per queue: a pipe of messages, a child, a socket; the UMEM (256 chunks of 2048 bytes) is the
//          child's
// Threads  one per process
// Errors   a wrong option or a call that fails: one line, exit 1, in whichever process it was
// Source   docs of the XDP for Windows API: access control of its devices; Windows: restricted tokens, named
//          pipes, DuplicateHandle
#include "tool.h"

enum {
  QUEUES_MAX = 16,
  CHUNK_BYTES = 2048,
  CHUNKS = 256,
  BATCH_FRAMES = 32,
};

static const char usage[] =
    "xsklend: lends a socket per queue to child processes that may not open any\n"
    "\n"
    "  xsklend -if N [options]\n"
    "\n"
    "  -if N        index of the interface\n"
    "  -queues N    receive queues 0 to N-1, up to 16 (1)\n"
    "  -port PORT   only UDP to this port; otherwise all UDP\n"
    "  -quiet MS    so long without a frame, and a child takes the traffic to be over (1000)\n";

// What goes through the pipes: what is lent, that it is ready, and what came of it.
struct loan {
  HANDLE socket;  // a handle of the child's
  UINT32 quiet_ms;
};
struct report {
  UINT64 frames;
  UINT64 bytes;
  XDP_STATUS own_socket;  // what the child was told when it tried to open one by itself
};

static BOOL failed(const char* call) {
  fprintf(stderr, "xsklend: %s failed: error %u\n", call, (UINT32)GetLastError());
  return FALSE;
}

static BOOL send_message(HANDLE pipe, const void* message, DWORD bytes) {
  DWORD sent = 0;
  return (WriteFile(pipe, message, bytes, &sent, NULL) && sent == bytes) || failed("WriteFile");
}

static BOOL receive_message(HANDLE pipe, void* message, DWORD bytes) {
  DWORD received = 0;
  return (ReadFile(pipe, message, bytes, &received, NULL) && received == bytes) || failed("ReadFile");
}

// ---- the child: has no rights but the handle that it is given ----

struct service {
  HANDLE socket;
  UCHAR* umem;
  XSK_RING fill;
  XSK_RING rx;
};

static BOOL worked(XDP_STATUS status, const char* call) { return tool_worked("xsklend", status, call); }

static BOOL activate(struct service* service) {
  const UINT32 entries = CHUNKS;
  XSK_UMEM_REG umem = {0};
  XSK_RING_INFO_SET rings;
  UINT32 rings_bytes = sizeof(rings);
  UINT32 index;
  service->umem =
      (UCHAR*)VirtualAlloc(NULL, (SIZE_T)CHUNKS * CHUNK_BYTES, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
  if (service->umem == NULL) return failed("VirtualAlloc");
  umem.TotalSize = (UINT64)CHUNKS * CHUNK_BYTES;
  umem.ChunkSize = CHUNK_BYTES;
  umem.Address = service->umem;
  if (!worked(XskSetSockopt(service->socket, XSK_SOCKOPT_UMEM_REG, &umem, sizeof(umem)),
              "XSK_SOCKOPT_UMEM_REG") ||
      !worked(XskSetSockopt(service->socket, XSK_SOCKOPT_RX_FILL_RING_SIZE, &entries, sizeof(entries)),
              "XSK_SOCKOPT_RX_FILL_RING_SIZE") ||
      !worked(XskSetSockopt(service->socket, XSK_SOCKOPT_RX_RING_SIZE, &entries, sizeof(entries)),
              "XSK_SOCKOPT_RX_RING_SIZE") ||
      !worked(XskActivate(service->socket, XSK_ACTIVATE_FLAG_NONE), "XskActivate") ||
      !worked(XskGetSockopt(service->socket, XSK_SOCKOPT_RING_INFO, &rings, &rings_bytes),
              "XSK_SOCKOPT_RING_INFO")) {
    return FALSE;
  }
  XskRingInitialize(&service->fill, &rings.Fill);
  XskRingInitialize(&service->rx, &rings.Rx);
  const UINT32 count = XskRingProducerReserve(&service->fill, CHUNKS, &index);
  for (UINT32 i = 0; i < count; ++i) {
    *(UINT64*)XskRingGetElement(&service->fill, index + i) = (UINT64)i * CHUNK_BYTES;
  }
  XskRingProducerSubmit(&service->fill, count);
  return TRUE;
}

// Counts what waits in RX and gives its chunks back. FILL has room for every chunk there is.
static UINT32 take_received(struct service* service, struct report* report) {
  UINT32 rx_index;
  UINT32 fill_index;
  UINT32 count = XskRingConsumerReserve(&service->rx, BATCH_FRAMES, &rx_index);
  if (count == 0) return 0;
  count = XskRingProducerReserve(&service->fill, count, &fill_index);
  for (UINT32 i = 0; i < count; ++i) {
    const XSK_BUFFER_DESCRIPTOR* buffer =
        &((const XSK_FRAME_DESCRIPTOR*)XskRingGetElement(&service->rx, rx_index + i))->Buffer;
    report->bytes += buffer->Length;
    *(UINT64*)XskRingGetElement(&service->fill, fill_index + i) = buffer->Address.BaseAddress;
  }
  report->frames += count;
  XskRingConsumerRelease(&service->rx, count);
  XskRingProducerSubmit(&service->fill, count);
  return count;
}

// The driver may have stopped looking for chunks: it says so.
static UINT32 poke_flag(const struct service* service) {
  XdpBarrierBetweenReleaseAndAcquire();
  return XskRingProducerNeedPoke(&service->fill) ? XSK_NOTIFY_FLAG_POKE_RX : XSK_NOTIFY_FLAG_NONE;
}

static BOOL receive(struct service* service, UINT32 quiet_ms, struct report* report) {
  for (;;) {
    XSK_NOTIFY_RESULT_FLAGS result;
    XDP_STATUS status;
    while (take_received(service, report) > 0) {
    }
    status = XskNotifySocket(
        service->socket, (XSK_NOTIFY_FLAGS)(XSK_NOTIFY_FLAG_WAIT_RX | poke_flag(service)), quiet_ms, &result);
    if (status == XDP_STATUS_TIMEOUT) return TRUE;
    if (!worked(status, "XskNotifySocket")) return FALSE;
  }
}

static BOOL serve(HANDLE pipe) {
  struct service service = {0};
  struct loan loan;
  struct report report = {0};
  const BYTE ready = 1;
  HANDLE own = NULL;
  if (!receive_message(pipe, &loan, sizeof(loan))) return FALSE;
  report.own_socket = XskCreate(&own);
  service.socket = loan.socket;
  const BOOL all_well = activate(&service) && send_message(pipe, &ready, sizeof(ready)) &&
                        receive(&service, loan.quiet_ms, &report) &&
                        send_message(pipe, &report, sizeof(report));
  CloseHandle(service.socket);
  return all_well;
}

static int be_child(const char* pipe_name) {
  DWORD mode = PIPE_READMODE_MESSAGE;
  const HANDLE pipe = CreateFileA(pipe_name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
  if (pipe == INVALID_HANDLE_VALUE) {
    failed("CreateFile");
    return 1;
  }
  const BOOL all_well = SetNamedPipeHandleState(pipe, &mode, NULL, NULL) && serve(pipe);
  CloseHandle(pipe);
  return all_well ? 0 : 1;
}

// ---- the parent: has all rights, and sees no packet ----

struct settings {
  UINT32 interface_index;
  UINT32 queue_count;
  UINT32 port;  // 0: any
  UINT32 quiet_ms;
};

struct lender {
  HANDLE pipe;
  HANDLE child;
  HANDLE socket;
  struct report report;
};

// Without the group of administrators, who alone may open what XDP has.
static BOOL make_token(HANDLE* token) {
  BYTE administrators[SECURITY_MAX_SID_SIZE];
  DWORD bytes = sizeof(administrators);
  SID_AND_ATTRIBUTES disabled = {administrators, 0};
  HANDLE own = NULL;
  if (!CreateWellKnownSid(WinBuiltinAdministratorsSid, NULL, administrators, &bytes)) {
    return failed("CreateWellKnownSid");
  }
  if (!OpenProcessToken(GetCurrentProcess(), TOKEN_ALL_ACCESS, &own)) return failed("OpenProcessToken");
  const BOOL made = CreateRestrictedToken(own, DISABLE_MAX_PRIVILEGE, 1, &disabled, 0, NULL, 0, NULL, token);
  CloseHandle(own);
  return made || failed("CreateRestrictedToken");
}

static BOOL start_child(struct lender* lender, HANDLE token, UINT32 queue) {
  char name[64];
  WCHAR file[MAX_PATH];
  WCHAR line[MAX_PATH];
  STARTUPINFOW startup = {0};
  PROCESS_INFORMATION child;
  startup.cb = sizeof(startup);
  sprintf_s(name, sizeof(name), "\\\\.\\pipe\\xsklend-%u-%u", (UINT32)GetCurrentProcessId(), queue);
  swprintf_s(line, MAX_PATH, L"xsklend -child %S", name);
  lender->pipe = CreateNamedPipeA(name, PIPE_ACCESS_DUPLEX | FILE_FLAG_FIRST_PIPE_INSTANCE,
                                  PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE | PIPE_REJECT_REMOTE_CLIENTS, 1,
                                  512, 512, 0, NULL);
  if (lender->pipe == INVALID_HANDLE_VALUE) return failed("CreateNamedPipe");
  if (GetModuleFileNameW(NULL, file, MAX_PATH) == 0) return failed("GetModuleFileName");
  if (!CreateProcessAsUserW(token, file, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &child)) {
    return failed("CreateProcessAsUser");
  }
  CloseHandle(child.hThread);
  lender->child = child.hProcess;
  if (ConnectNamedPipe(lender->pipe, NULL) || GetLastError() == ERROR_PIPE_CONNECTED) return TRUE;
  return failed("ConnectNamedPipe");
}

static BOOL lend_socket(struct lender* lender, const struct settings* settings, UINT32 queue) {
  struct loan loan = {.quiet_ms = settings->quiet_ms};
  BYTE ready;
  if (!worked(XskCreate(&lender->socket), "XskCreate") ||
      !worked(XskBind(lender->socket, settings->interface_index, queue, XSK_BIND_FLAG_RX), "XskBind")) {
    return FALSE;
  }
  if (!DuplicateHandle(GetCurrentProcess(), lender->socket, lender->child, &loan.socket, 0, FALSE,
                       DUPLICATE_SAME_ACCESS)) {
    return failed("DuplicateHandle");
  }
  return send_message(lender->pipe, &loan, sizeof(loan)) &&
         receive_message(lender->pipe, &ready, sizeof(ready));
}

static BOOL attach(const struct lender* lenders, const struct settings* settings, HANDLE* map,
                   HANDLE* program) {
  static const XDP_HOOK_ID hook = {
      .Layer = XDP_HOOK_L2,
      .Direction = XDP_HOOK_RX,
      .SubLayer = XDP_HOOK_INSPECT,
  };
  XDP_RULE rule = {0};
  if (!worked(XdpMapCreate(map, XDP_MAP_TYPE_XSKMAP), "XdpMapCreate")) return FALSE;
  for (UINT32 i = 0; i < settings->queue_count; ++i) {
    if (!worked(XdpMapInsert(*map, &i, &lenders[i].socket), "XdpMapInsert")) return FALSE;
  }
  rule.Match = settings->port == 0 ? XDP_MATCH_UDP : XDP_MATCH_UDP_DST;
  if (settings->port != 0) rule.Pattern.Port = htons((UINT16)settings->port);
  rule.Action = XDP_PROGRAM_ACTION_REDIRECT;
  rule.Redirect.TargetType = XDP_REDIRECT_TARGET_TYPE_XSKMAP_BY_QUEUEID;
  rule.Redirect.Target = *map;
  return worked(XdpCreateProgram(settings->interface_index, &hook, 0, XDP_CREATE_PROGRAM_FLAG_ALL_QUEUES,
                                 &rule, 1, program),
                "XdpCreateProgram");
}

// The child says what it counted, and ends.
static BOOL collect(struct lender* lender, UINT32 queue) {
  DWORD code = 1;
  if (!receive_message(lender->pipe, &lender->report, sizeof(lender->report))) return FALSE;
  if (WaitForSingleObject(lender->child, INFINITE) != WAIT_OBJECT_0) return failed("WaitForSingleObject");
  if (!GetExitCodeProcess(lender->child, &code)) return failed("GetExitCodeProcess");
  printf("queue %u: %llu frames, %llu bytes; a socket of the child's own: 0x%08x; exit code %u\n", queue,
         lender->report.frames, lender->report.bytes, (UINT32)lender->report.own_socket, (UINT32)code);
  return code == 0;
}

static BOOL lend(struct lender* lenders, const struct settings* settings, HANDLE* map, HANDLE* program) {
  UINT64 frames = 0;
  UINT64 bytes = 0;
  HANDLE token = NULL;
  if (!make_token(&token)) return FALSE;
  for (UINT32 i = 0; i < settings->queue_count; ++i) {
    if (!start_child(&lenders[i], token, i) || !lend_socket(&lenders[i], settings, i)) return FALSE;
  }
  CloseHandle(token);
  if (!attach(lenders, settings, map, program)) return FALSE;
  for (UINT32 i = 0; i < settings->queue_count; ++i) {
    if (!collect(&lenders[i], i)) return FALSE;
    frames += lenders[i].report.frames;
    bytes += lenders[i].report.bytes;
  }
  printf("total: %llu frames, %llu bytes\n", frames, bytes);
  return TRUE;
}

// Children that are still there have lost their pipe, and end by themselves.
static void close_all(struct lender* lenders, UINT32 queue_count, HANDLE map, HANDLE program) {
  if (program != NULL) CloseHandle(program);
  if (map != NULL) CloseHandle(map);
  for (UINT32 i = 0; i < queue_count; ++i) {
    if (lenders[i].socket != NULL) CloseHandle(lenders[i].socket);
    if (lenders[i].pipe != NULL) CloseHandle(lenders[i].pipe);
    if (lenders[i].child != NULL) CloseHandle(lenders[i].child);
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
  static struct lender lenders[QUEUES_MAX];
  struct tool tool = {.name = "xsklend", .argc = argc, .argv = argv, .at = 1};
  struct settings settings = {.queue_count = 1, .quiet_ms = 1000};
  HANDLE map = NULL;
  HANDLE program = NULL;
  BOOL all_well;
  if (argc == 3 && strcmp(argv[1], "-child") == 0) return be_child(argv[2]);
  if (tool_wants_usage(argc, argv)) {
    fputs(usage, stdout);
    return 0;
  }
  if (!read_words(&tool, &settings)) return 1;
  all_well = lend(lenders, &settings, &map, &program);
  close_all(lenders, settings.queue_count, map, program);
  return all_well ? 0 : 1;
}

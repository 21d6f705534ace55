// An echo server as Windows people write one: sockets in a map, worker threads on a completion port, an event
// that ends it, statistics under a lock.
//
// Usage: ports [interface] [queues] [workers] [milliseconds]

#define XDP_API_VERSION 3
#include <afxdp_helper.h>
#include <windows.h>
#include <xdpapi.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

namespace {

constexpr UINT32 kChunkSize = 2048;
constexpr UINT32 kChunks = 64;
constexpr ULONG_PTR kStop = 0;

void Check(HRESULT Result, const char* What) {
  if (SUCCEEDED(Result)) return;
  fprintf(stderr, "%s failed: 0x%08lx\n", What, Result);
  exit(1);
}

class Handle {
 public:
  Handle() = default;
  explicit Handle(HANDLE Value) : Value_(Value) {}
  ~Handle() {
    if (Value_ != nullptr) CloseHandle(Value_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  HANDLE* put() { return &Value_; }
  HANDLE get() const { return Value_; }

 private:
  HANDLE Value_ = nullptr;
};

struct Queue {
  Handle Socket;
  PVOID Umem = nullptr;
  XSK_RING Rx, Tx, Fill, Completion;
  OVERLAPPED Overlapped = {};
  UINT64 Received = 0;
  UINT64 Sent = 0;
};

struct Server {
  Handle Port;
  CRITICAL_SECTION Lock;
  std::vector<std::unique_ptr<Queue>> Queues;
  UINT64 Wakeups = 0;
};

void Open(Queue& Queue, UINT32 Interface, UINT32 QueueId) {
  const UINT32 RingSize = kChunks;
  XSK_UMEM_REG Registration = {};
  XSK_RING_INFO_SET Info;
  UINT32 InfoSize = sizeof(Info);
  Queue.Umem = VirtualAlloc(nullptr, SIZE_T{kChunkSize} * kChunks, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
  Registration.TotalSize = UINT64{kChunkSize} * kChunks;
  Registration.ChunkSize = kChunkSize;
  Registration.Address = Queue.Umem;
  Check(XskCreate(Queue.Socket.put()), "XskCreate");
  const HANDLE Socket = Queue.Socket.get();
  Check(XskSetSockopt(Socket, XSK_SOCKOPT_UMEM_REG, &Registration, sizeof(Registration)), "UMEM_REG");
  Check(XskBind(Socket, Interface, QueueId, XSK_BIND_FLAG_RX | XSK_BIND_FLAG_TX), "XskBind");
  for (UINT32 Option : {XSK_SOCKOPT_RX_RING_SIZE, XSK_SOCKOPT_RX_FILL_RING_SIZE, XSK_SOCKOPT_TX_RING_SIZE,
                        XSK_SOCKOPT_TX_COMPLETION_RING_SIZE}) {
    Check(XskSetSockopt(Socket, Option, &RingSize, sizeof(RingSize)), "ring size");
  }
  Check(XskActivate(Socket, XSK_ACTIVATE_FLAG_NONE), "XskActivate");
  Check(XskGetSockopt(Socket, XSK_SOCKOPT_RING_INFO, &Info, &InfoSize), "RING_INFO");
  XskRingInitialize(&Queue.Rx, &Info.Rx);
  XskRingInitialize(&Queue.Tx, &Info.Tx);
  XskRingInitialize(&Queue.Fill, &Info.Fill);
  XskRingInitialize(&Queue.Completion, &Info.Completion);
  UINT32 Index;
  const UINT32 Reserved = XskRingProducerReserve(&Queue.Fill, kChunks, &Index);
  for (UINT32 i = 0; i < Reserved; ++i) {
    *static_cast<UINT64*>(XskRingGetElement(&Queue.Fill, Index + i)) = UINT64{kChunkSize} * i;
  }
  XskRingProducerSubmit(&Queue.Fill, Reserved);
}

// What has come goes back to its sender; what has been sent may be filled again.
void Work(Queue& Queue) {
  UINT32 From, To;
  UINT32 Count = XskRingConsumerReserve(&Queue.Rx, kChunks, &From);
  Count = XskRingProducerReserve(&Queue.Tx, Count, &To);
  for (UINT32 i = 0; i < Count; ++i) {
    const auto* In = static_cast<XSK_BUFFER_DESCRIPTOR*>(XskRingGetElement(&Queue.Rx, From + i));
    auto* Frame = static_cast<UCHAR*>(Queue.Umem) + In->Address.BaseAddress + In->Address.Offset;
    UCHAR Mac[6];
    RtlCopyMemory(Mac, Frame, sizeof(Mac));
    RtlMoveMemory(Frame, Frame + 6, 6);
    RtlCopyMemory(Frame + 6, Mac, sizeof(Mac));
    *static_cast<XSK_BUFFER_DESCRIPTOR*>(XskRingGetElement(&Queue.Tx, To + i)) = *In;
  }
  if (Count > 0) {
    XskRingConsumerRelease(&Queue.Rx, Count);
    XskRingProducerSubmit(&Queue.Tx, Count);
    Queue.Received += Count;
  }
  Count = XskRingConsumerReserve(&Queue.Completion, kChunks, &From);
  Count = XskRingProducerReserve(&Queue.Fill, Count, &To);
  for (UINT32 i = 0; i < Count; ++i) {
    *static_cast<UINT64*>(XskRingGetElement(&Queue.Fill, To + i)) =
        *static_cast<UINT64*>(XskRingGetElement(&Queue.Completion, From + i));
  }
  if (Count > 0) {
    XskRingConsumerRelease(&Queue.Completion, Count);
    XskRingProducerSubmit(&Queue.Fill, Count);
    Queue.Sent += Count;
  }
}

// Works until there is nothing left to do but to wait for the port.
void Serve(Queue& Queue) {
  while (true) {
    Work(Queue);
    XSK_NOTIFY_FLAGS Flags = XSK_NOTIFY_FLAG_WAIT_RX | XSK_NOTIFY_FLAG_WAIT_TX;
    if (XskRingProducerNeedPoke(&Queue.Tx)) Flags |= XSK_NOTIFY_FLAG_POKE_TX;
    if (XskRingProducerNeedPoke(&Queue.Fill)) Flags |= XSK_NOTIFY_FLAG_POKE_RX;
    const HRESULT Status = XskNotifyAsync(Queue.Socket.get(), Flags, &Queue.Overlapped);
    if (Status == HRESULT_FROM_WIN32(ERROR_IO_PENDING) || Status == S_OK) return;
    Check(Status, "XskNotifyAsync");
  }
}

DWORD WINAPI Worker(LPVOID Parameter) {
  auto& ServerState = *static_cast<Server*>(Parameter);
  DWORD Served = 0;
  while (true) {
    DWORD Flags = 0;
    ULONG_PTR Key = 0;
    OVERLAPPED* Overlapped = nullptr;
    const BOOL Good = GetQueuedCompletionStatus(ServerState.Port.get(), &Flags, &Key, &Overlapped, INFINITE);
    if (Key == kStop) return Served;
    if (!Good) {
      if (GetLastError() == ERROR_OPERATION_ABORTED) continue;
      fprintf(stderr, "GetQueuedCompletionStatus failed: %lu\n", GetLastError());
      return 0;
    }
    ++Served;
    EnterCriticalSection(&ServerState.Lock);
    ++ServerState.Wakeups;
    LeaveCriticalSection(&ServerState.Lock);
    Serve(*reinterpret_cast<Queue*>(Key));
  }
}

UINT32 Argument(int ArgC, char** ArgV, int Which, UINT32 Default) {
  return ArgC > Which ? static_cast<UINT32>(atoi(ArgV[Which])) : Default;
}

}  // namespace

int __cdecl main(int ArgC, char** ArgV) {
  const UINT32 Interface = Argument(ArgC, ArgV, 1, 1);
  const UINT32 QueueCount = Argument(ArgC, ArgV, 2, 1);
  const UINT32 WorkerCount = Argument(ArgC, ArgV, 3, 2);
  const UINT32 Milliseconds = Argument(ArgC, ArgV, 4, 3000);
  Server ServerState;
  InitializeCriticalSection(&ServerState.Lock);
  *ServerState.Port.put() = CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, WorkerCount);

  Handle Map;
  Check(XdpMapCreate(Map.put(), XDP_MAP_TYPE_XSKMAP), "XdpMapCreate");
  for (UINT32 i = 0; i < QueueCount; ++i) {
    auto& Queue = *ServerState.Queues.emplace_back(std::make_unique<struct Queue>());
    Open(Queue, Interface, i);
    Check(XdpMapInsert(Map.get(), &i, Queue.Socket.put()), "XdpMapInsert");
    if (CreateIoCompletionPort(Queue.Socket.get(), ServerState.Port.get(),
                               reinterpret_cast<ULONG_PTR>(&Queue), 0) == nullptr) {
      Check(HRESULT_FROM_WIN32(GetLastError()), "CreateIoCompletionPort");
    }
  }

  XDP_RULE Rule = {};
  const XDP_HOOK_ID Hook = {XDP_HOOK_L2, XDP_HOOK_RX, XDP_HOOK_INSPECT};
  Handle Program;
  Rule.Match = XDP_MATCH_UDP_DST;
  Rule.Pattern.Port = 0xD204;  // 1234
  Rule.Action = XDP_PROGRAM_ACTION_REDIRECT;
  Rule.Redirect.TargetType = XDP_REDIRECT_TARGET_TYPE_XSKMAP_BY_QUEUEID;
  Rule.Redirect.Target = Map.get();
  Check(XdpCreateProgram(Interface, &Hook, 0, XDP_CREATE_PROGRAM_FLAG_ALL_QUEUES, &Rule, 1, Program.put()),
        "XdpCreateProgram");

  std::vector<HANDLE> Workers;
  for (UINT32 i = 0; i < WorkerCount; ++i) {
    Workers.push_back(CreateThread(nullptr, 0, Worker, &ServerState, 0, nullptr));
  }
  for (auto& Queue : ServerState.Queues) Serve(*Queue);

  Handle Ended(CreateEvent(nullptr, TRUE, FALSE, nullptr));
  if (WaitForSingleObject(Ended.get(), Milliseconds) != WAIT_TIMEOUT) return 1;
  UINT32 Cancelled = 0;
  for (auto& Queue : ServerState.Queues) {
    if (CancelIoEx(Queue->Socket.get(), &Queue->Overlapped)) ++Cancelled;
  }
  for (UINT32 i = 0; i < WorkerCount; ++i) {
    PostQueuedCompletionStatus(ServerState.Port.get(), 0, kStop, nullptr);
  }
  WaitForMultipleObjects(WorkerCount, Workers.data(), TRUE, INFINITE);
  UINT64 Served = 0;
  for (HANDLE Thread : Workers) {
    DWORD Code = 0;
    GetExitCodeThread(Thread, &Code);
    Served += Code;
    CloseHandle(Thread);
  }
  UINT64 Received = 0;
  UINT64 Sent = 0;
  for (auto& Queue : ServerState.Queues) {
    Received += Queue->Received;
    Sent += Queue->Sent;
  }
  printf("received %llu, sent %llu, cancelled %u, %s\n", Received, Sent, Cancelled,
         Served == ServerState.Wakeups ? "every wake-up served" : "wake-ups lost");
  DeleteCriticalSection(&ServerState.Lock);
  return 0;
}

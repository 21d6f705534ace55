// Waits that race with what ends them: an address that is woken, notifications of sockets that are cancelled.
#define XDP_API_VERSION 3
#include <afxdp_helper.h>
#include <xdpapi.h>

#include <initializer_list>

#include "check.h"

namespace {

constexpr LONG kRounds = 20;

struct PingPong {
  volatile LONG turn = 0;
  LONG rounds[2] = {};
};

struct Player {
  PingPong* game;
  LONG number;
};

// Waits without an end: one wake-up that comes between the look and the wait, and both wait for ever.
DWORD WINAPI Play(LPVOID Parameter) {
  const auto& own = *static_cast<Player*>(Parameter);
  LONG other = 1 - own.number;
  for (LONG i = 0; i < kRounds; ++i) {
    while (ReadAcquire(&own.game->turn) != own.number) {
      CHECK(WaitOnAddress(&own.game->turn, &other, sizeof other, INFINITE));
    }
    ++own.game->rounds[own.number];
    InterlockedExchange(&own.game->turn, other);
    if (i % 2 == 0) {
      WakeByAddressSingle(const_cast<LONG*>(&own.game->turn));
    } else {
      WakeByAddressAll(const_cast<LONG*>(&own.game->turn));
    }
  }
  return 0;
}

void NoWakeUpIsLost() {
  PingPong game;
  Player players[] = {{&game, 0}, {&game, 1}};
  HANDLE threads[] = {CreateThread(nullptr, 0, Play, &players[0], 0, nullptr),
                      CreateThread(nullptr, 0, Play, &players[1], 0, nullptr)};
  CHECK(WaitForMultipleObjects(2, threads, TRUE, 1000) == WAIT_OBJECT_0);
  CHECK(game.rounds[0] == kRounds && game.rounds[1] == kRounds);
  for (HANDLE thread : threads) CloseHandle(thread);
}

HANDLE MakeSocket(UINT32 Queue) {
  constexpr UINT32 kBytes = 4096;
  const UINT32 entries = 2;
  HANDLE socket = nullptr;
  XSK_UMEM_REG umem = {};
  umem.TotalSize = kBytes;
  umem.ChunkSize = kBytes;
  umem.Address = VirtualAlloc(nullptr, kBytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
  CHECK(SUCCEEDED(XskCreate(&socket)));
  CHECK(SUCCEEDED(XskSetSockopt(socket, XSK_SOCKOPT_UMEM_REG, &umem, sizeof umem)));
  CHECK(SUCCEEDED(XskBind(socket, 1, Queue, XSK_BIND_FLAG_RX)));
  for (UINT32 option : {XSK_SOCKOPT_RX_RING_SIZE, XSK_SOCKOPT_RX_FILL_RING_SIZE}) {
    CHECK(SUCCEEDED(XskSetSockopt(socket, option, &entries, sizeof entries)));
  }
  CHECK(SUCCEEDED(XskActivate(socket, XSK_ACTIVATE_FLAG_NONE)));
  return socket;
}

void Begin(HANDLE Socket, OVERLAPPED* Overlapped) {
  CHECK(XskNotifyAsync(Socket, XSK_NOTIFY_FLAG_WAIT_RX, Overlapped) == HRESULT_FROM_WIN32(ERROR_IO_PENDING));
}

DWORD WINAPI CancelLater(LPVOID Parameter) {
  Sleep(1);
  CHECK(CancelIoEx(Parameter, nullptr));
  return 0;
}

// The wait is for the operation itself when there is no event.
void ResultWithoutEvent() {
  HANDLE socket = MakeSocket(0);
  OVERLAPPED overlapped = {};
  DWORD bytes = 0;
  Begin(socket, &overlapped);
  CHECK_FAILS(GetOverlappedResult(socket, &overlapped, &bytes, FALSE), ERROR_IO_INCOMPLETE);
  HANDLE thread = CreateThread(nullptr, 0, CancelLater, socket, 0, nullptr);
  CHECK_FAILS(GetOverlappedResult(socket, &overlapped, &bytes, TRUE), ERROR_OPERATION_ABORTED);
  CHECK(WaitForSingleObject(thread, INFINITE) == WAIT_OBJECT_0);
  CloseHandle(thread);
  CloseHandle(socket);
}

// CancelIoEx with NULL means one handle, whatever the addresses of its OVERLAPPED and those of others. The
// packets come in the order in which the requests were cancelled.
void CancelsInOrder() {
  HANDLE port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 0);
  OVERLAPPED overlapped[3] = {};
  HANDLE sockets[3];
  for (UINT32 i = 0; i < 3; ++i) {
    sockets[i] = MakeSocket(i);
    CHECK(CreateIoCompletionPort(sockets[i], port, i, 0) == port);
  }
  for (const UINT32 i : {1, 2, 0}) Begin(sockets[i], &overlapped[i]);
  const UINT32 order[] = {2, 0, 1};
  for (const UINT32 i : order) {
    CHECK(CancelIoEx(sockets[i], nullptr));
    CHECK_FAILS(CancelIoEx(sockets[i], nullptr), ERROR_NOT_FOUND);
  }
  for (const UINT32 i : order) {
    DWORD bytes = 0;
    ULONG_PTR key = 9;
    OVERLAPPED* which = nullptr;
    CHECK_FAILS(GetQueuedCompletionStatus(port, &bytes, &key, &which, 0), ERROR_OPERATION_ABORTED);
    CHECK(key == i && which == &overlapped[i]);
  }
  for (HANDLE socket : sockets) CloseHandle(socket);
  CloseHandle(port);
}

}  // namespace

int main() {
  for (int i = 0; i < 3; ++i) NoWakeUpIsLost();
  ResultWithoutEvent();
  CancelsInOrder();
  return checks_end();
}

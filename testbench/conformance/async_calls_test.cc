// Events, completion ports and results around asynchronous notification: S-100 to S-102, section 8.4.

#include <ringproof/app.h>

#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"

namespace ringproof::test {
namespace {

class AsyncCalls : public Conformance {
 protected:
  std::unique_ptr<ReadySocket> kept;  // longer than the body

  static UINT32 start(const RawSocket& socket, UINT32 flags, OVERLAPPED* overlapped) {
    return number(XskNotifyAsync(socket.handle(), static_cast<XSK_NOTIFY_FLAGS>(flags), overlapped));
  }
  static bool is_set(HANDLE event) { return WaitForSingleObject(event, 0) == WAIT_OBJECT_0; }
  static HANDLE manual_event() { return CreateEvent(nullptr, TRUE, FALSE, nullptr); }
  void send_one(ReadySocket& socket) {
    socket.send(1, udp_frame(64, 2));
    machine().settle();
  }
};

CONFORMANCE(AsyncCalls, TheEventIsSetWhenTheWaitEnds) {
  ReadySocket socket;
  OVERLAPPED overlapped{};
  overlapped.hEvent = CreateEvent(nullptr, TRUE, TRUE, nullptr);
  overlapped.InternalHigh = 77;
  EXPECT_EQ(start(socket, kWaitTx, &overlapped), kPending);
  EXPECT_FALSE(is_set(overlapped.hEvent)) << "the start resets it";
  EXPECT_EQ(overlapped.Internal, kStatusPending);
  EXPECT_FALSE(HasOverlappedIoCompleted(&overlapped));
  // It cannot tell that the request is still under way, and leaves what it found.
  auto flags = static_cast<XSK_NOTIFY_RESULT_FLAGS>(0);
  EXPECT_EQ(number(XskGetNotifyAsyncResult(&overlapped, &flags)), kOk);
  EXPECT_EQ(static_cast<UINT32>(flags), 77u);
  DWORD bytes = 0;
  EXPECT_FALSE(GetOverlappedResult(socket.handle(), &overlapped, &bytes, FALSE));
  EXPECT_EQ(GetLastError(), static_cast<DWORD>(ERROR_IO_INCOMPLETE));

  send_one(socket);
  EXPECT_TRUE(is_set(overlapped.hEvent));
  EXPECT_TRUE(HasOverlappedIoCompleted(&overlapped));
  EXPECT_EQ(number(XskGetNotifyAsyncResult(&overlapped, &flags)), kOk);
  EXPECT_EQ(static_cast<UINT32>(flags), kTxAvailable);
  EXPECT_TRUE(GetOverlappedResult(socket.handle(), &overlapped, &bytes, FALSE));
  EXPECT_EQ(bytes, kTxAvailable);
  EXPECT_TRUE(CloseHandle(overlapped.hEvent));
}

CONFORMANCE(AsyncCalls, AThreadThatWaitsForTheEventWakes) {
  ReadySocket socket;
  OVERLAPPED overlapped{};
  overlapped.hEvent = manual_event();
  EXPECT_EQ(start(socket, kWaitTx, &overlapped), kPending);
  DWORD woken = WAIT_FAILED;
  DWORD bytes = 0;
  const std::uint32_t waiter = machine().start_thread([&] {
    woken = WaitForSingleObject(overlapped.hEvent, INFINITE);
    EXPECT_TRUE(GetOverlappedResult(socket.handle(), &overlapped, &bytes, TRUE));
  });
  machine().sleep_us(50);
  EXPECT_EQ(woken, WAIT_FAILED);
  send_one(socket);
  machine().join(waiter);
  EXPECT_EQ(woken, WAIT_OBJECT_0);
  EXPECT_EQ(bytes, kTxAvailable);
}

CONFORMANCE(AsyncCalls, ReadyAtOnceSetsTheEventToo) {
  ReadySocket socket;
  send_one(socket);
  OVERLAPPED overlapped{};
  overlapped.hEvent = manual_event();
  EXPECT_EQ(start(socket, kWaitTx, &overlapped), kOk);
  EXPECT_TRUE(is_set(overlapped.hEvent));
  EXPECT_EQ(overlapped.InternalHigh, kTxAvailable);
}

CONFORMANCE(AsyncCalls, RefusalLeavesTheOverlappedPendingAndTheEventAlone) {
  const RawSocket socket;
  OVERLAPPED overlapped{};
  overlapped.hEvent = manual_event();
  EXPECT_EQ(start(socket, kWaitRx, &overlapped), kBadState);
  EXPECT_EQ(overlapped.Internal, kStatusPending);
  EXPECT_FALSE(is_set(overlapped.hEvent));
  EXPECT_EQ(start(socket, kWaitRx, nullptr), kNoAccess);
  OVERLAPPED no_event{};
  no_event.hEvent = socket.handle();
  EXPECT_EQ(start(socket, kWaitRx, &no_event), kInvalidHandle);
}

CONFORMANCE(AsyncCalls, CancellationIsAResult) {
  const ReadySocket socket;
  OVERLAPPED overlapped{};
  overlapped.hEvent = manual_event();
  EXPECT_FALSE(CancelIoEx(socket.handle(), &overlapped));
  EXPECT_EQ(GetLastError(), static_cast<DWORD>(ERROR_NOT_FOUND));
  EXPECT_FALSE(CancelIoEx(nullptr, &overlapped));
  EXPECT_EQ(GetLastError(), static_cast<DWORD>(ERROR_INVALID_HANDLE));
  EXPECT_EQ(start(socket, kWaitRx, &overlapped), kPending);
  EXPECT_TRUE(CancelIoEx(socket.handle(), &overlapped));
  EXPECT_TRUE(is_set(overlapped.hEvent));
  EXPECT_EQ(overlapped.Internal, 0xC0000120u);
  auto flags = static_cast<XSK_NOTIFY_RESULT_FLAGS>(5);
  EXPECT_EQ(number(XskGetNotifyAsyncResult(&overlapped, &flags)), kCancelled);
  EXPECT_EQ(static_cast<UINT32>(flags), 5u) << "written on success only";
  DWORD bytes = 0;
  EXPECT_FALSE(GetOverlappedResult(socket.handle(), &overlapped, &bytes, FALSE));
  EXPECT_EQ(GetLastError(), static_cast<DWORD>(ERROR_OPERATION_ABORTED));
}

// 8.4: a status that is a failure is told as its HRESULT, whatever put it there; any other one is success.
CONFORMANCE(AsyncCalls, AFailureIsToldAsWhatItIs) {
  const struct {
    ULONG_PTR status;
    UINT32 answer;
  } failures[] = {{0xC0000120, kCancelled},
                  {0xC0000184, kBadState},
                  {0xC000009A, kNoResources},
                  {0xC0000008, kInvalidHandle},
                  {0x80000005, kMoreData}};
  OVERLAPPED overlapped{};
  overlapped.InternalHigh = kTxAvailable;
  for (const auto& [status, answer] : failures) {
    overlapped.Internal = status;
    auto flags = static_cast<XSK_NOTIFY_RESULT_FLAGS>(0x55);
    EXPECT_EQ(number(XskGetNotifyAsyncResult(&overlapped, &flags)), answer) << status;
    EXPECT_EQ(static_cast<UINT32>(flags), 0x55u) << status;
  }
  for (const ULONG_PTR status : {0u, 0x102u, 0x103u}) {
    overlapped.Internal = status;
    auto flags = static_cast<XSK_NOTIFY_RESULT_FLAGS>(0x55);
    EXPECT_EQ(number(XskGetNotifyAsyncResult(&overlapped, &flags)), kOk) << status;
    EXPECT_EQ(static_cast<UINT32>(flags), kTxAvailable) << status;
  }
}

CONFORMANCE(AsyncCalls, CancelIoEndsOnlyTheCallersRequests) {
  const ReadySocket socket;
  OVERLAPPED overlapped{};
  EXPECT_EQ(start(socket, kWaitRx, &overlapped), kPending);
  machine().join(machine().start_thread([&] { EXPECT_TRUE(CancelIo(socket.handle())); }));
  EXPECT_EQ(overlapped.Internal, kStatusPending);
  EXPECT_TRUE(CancelIo(socket.handle()));
  EXPECT_EQ(overlapped.Internal, 0xC0000120u);
}

CONFORMANCE(AsyncCalls, AThreadThatEndsCancelsItsRequest) {
  const ReadySocket socket;
  OVERLAPPED overlapped{};
  overlapped.hEvent = manual_event();
  machine().join(machine().start_thread([&] { EXPECT_EQ(start(socket, kWaitRx, &overlapped), kPending); }));
  machine().sleep_us(1);
  EXPECT_TRUE(is_set(overlapped.hEvent));
  EXPECT_EQ(overlapped.Internal, 0xC0000120u);
  EXPECT_EQ(socket.notify(kWaitRx, 1), kTimeout) << "the wait slot is free";
}

CONFORMANCE(AsyncCalls, CloseSetsTheEvent) {
  ReadySocket socket;
  OVERLAPPED overlapped{};
  overlapped.hEvent = manual_event();
  EXPECT_EQ(start(socket, kWaitRx | kWaitTx, &overlapped), kPending);
  socket.close();
  EXPECT_TRUE(is_set(overlapped.hEvent));
  EXPECT_EQ(overlapped.Internal, 0u);
  EXPECT_EQ(overlapped.InternalHigh, 3u);
}

// The request is still under way when the process ends, and its memory is gone already: nothing is written.
CONFORMANCE(AsyncCalls, TheEndOfTheProcessWritesNothing) {
  kept = std::make_unique<ReadySocket>();
  const auto overlapped = std::make_unique<OVERLAPPED>();
  EXPECT_EQ(start(*kept, kWaitRx, overlapped.get()), kPending);
  kept->forget();
}

// ---- events ----

CONFORMANCE(AsyncCalls, AnAutoResetEventReleasesOneWaiter) {
  const HANDLE event = CreateEvent(nullptr, FALSE, FALSE, nullptr);
  UINT32 released = 0;
  for (int i = 0; i < 3; ++i) {
    machine().start_thread([&] {
      EXPECT_EQ(WaitForSingleObject(event, INFINITE), WAIT_OBJECT_0);
      ++released;
    });
  }
  for (UINT32 i = 1; i <= 3; ++i) {
    EXPECT_TRUE(SetEvent(event));
    machine().sleep_us(5);
    EXPECT_EQ(released, i);
  }
  machine().join_all();
  EXPECT_EQ(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
}

CONFORMANCE(AsyncCalls, AManualEventStaysSetUntilItIsReset) {
  const HANDLE event = CreateEventW(nullptr, TRUE, TRUE, nullptr);
  EXPECT_EQ(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
  EXPECT_EQ(WaitForSingleObject(event, INFINITE), WAIT_OBJECT_0);
  EXPECT_TRUE(ResetEvent(event));
  EXPECT_EQ(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
}

CONFORMANCE(AsyncCalls, WaitsEndAtTheirTimeInSimulatedTime) {
  const HANDLE event = manual_event();
  const std::uint64_t before_us = machine().now_us();
  EXPECT_EQ(WaitForSingleObject(event, 7), WAIT_TIMEOUT);
  EXPECT_GE(machine().now_us() - before_us, 7'000u);
  EXPECT_LT(machine().now_us() - before_us, 7'010u);
  EXPECT_EQ(WaitForSingleObject(reinterpret_cast<HANDLE>(0x7FFC), 0), WAIT_FAILED);
  EXPECT_EQ(GetLastError(), static_cast<DWORD>(ERROR_INVALID_HANDLE));
  const RawSocket socket;
  EXPECT_EQ(WaitForSingleObject(socket.handle(), 1), WAIT_TIMEOUT) << "a socket is never signalled";
}

CONFORMANCE(AsyncCalls, ManyObjectsAnyOrAll) {
  const std::array<HANDLE, 3> events = {manual_event(), CreateEvent(nullptr, FALSE, FALSE, nullptr),
                                        manual_event()};
  const auto wait = [&](bool all, DWORD ms) {
    return WaitForMultipleObjects(3, events.data(), all ? TRUE : FALSE, ms);
  };
  EXPECT_EQ(wait(false, 1), WAIT_TIMEOUT);
  SetEvent(events[2]);
  EXPECT_EQ(wait(false, INFINITE), WAIT_OBJECT_0 + 2);
  SetEvent(events[1]);
  EXPECT_EQ(wait(true, 1), WAIT_TIMEOUT) << "one is missing";
  EXPECT_EQ(wait(false, 0), WAIT_OBJECT_0 + 1) << "which the wait for all did not take";
  EXPECT_EQ(wait(false, 0), WAIT_OBJECT_0 + 2);
  const std::uint32_t waiter =
      machine().start_thread([&] { EXPECT_EQ(wait(true, INFINITE), WAIT_OBJECT_0); });
  SetEvent(events[0]);
  SetEvent(events[1]);
  machine().join(waiter);
  EXPECT_EQ(WaitForSingleObject(events[1], 0), WAIT_TIMEOUT) << "taken";
  EXPECT_EQ(WaitForMultipleObjects(0, events.data(), FALSE, 0), WAIT_FAILED);
  EXPECT_EQ(GetLastError(), static_cast<DWORD>(ERROR_INVALID_PARAMETER));
}

CONFORMANCE(AsyncCalls, ANameFindsTheSameEvent) {
  const HANDLE first = CreateEventA(nullptr, TRUE, FALSE, "stop");
  EXPECT_EQ(GetLastError(), 0u);
  const HANDLE second = CreateEventW(nullptr, TRUE, FALSE, RINGPROOF_WIDE("stop"));
  EXPECT_EQ(GetLastError(), static_cast<DWORD>(ERROR_ALREADY_EXISTS));
  EXPECT_NE(first, second);
  EXPECT_TRUE(SetEvent(second));
  EXPECT_EQ(WaitForSingleObject(first, 0), WAIT_OBJECT_0);
  EXPECT_TRUE(CloseHandle(first));
  EXPECT_FALSE(SetEvent(first));
  EXPECT_EQ(GetLastError(), static_cast<DWORD>(ERROR_INVALID_HANDLE));
  EXPECT_EQ(WaitForSingleObject(second, 0), WAIT_OBJECT_0);
}

// ---- completion ports ----

CONFORMANCE(AsyncCalls, APortGivesPacketsInOrder) {
  const HANDLE port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 1);
  OVERLAPPED overlapped{};
  EXPECT_TRUE(PostQueuedCompletionStatus(port, 1, 10, nullptr));
  EXPECT_TRUE(PostQueuedCompletionStatus(port, 2, 20, &overlapped));
  DWORD bytes = 0;
  ULONG_PTR key = 0;
  OVERLAPPED* found = &overlapped;
  EXPECT_TRUE(GetQueuedCompletionStatus(port, &bytes, &key, &found, 0));
  EXPECT_TRUE(bytes == 1 && key == 10 && found == nullptr);
  EXPECT_TRUE(GetQueuedCompletionStatus(port, &bytes, &key, &found, INFINITE));
  EXPECT_TRUE(bytes == 2 && key == 20 && found == &overlapped);
  const std::uint64_t before_us = machine().now_us();
  EXPECT_FALSE(GetQueuedCompletionStatus(port, &bytes, &key, &found, 3));
  EXPECT_EQ(GetLastError(), WAIT_TIMEOUT);
  EXPECT_EQ(found, nullptr);
  EXPECT_GE(machine().now_us() - before_us, 3'000u);
}

CONFORMANCE(AsyncCalls, ClosingAPortReleasesItsWaiters) {
  const HANDLE port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 0);
  const std::uint32_t waiter = machine().start_thread([&] {
    DWORD bytes = 0;
    ULONG_PTR key = 0;
    OVERLAPPED* found = nullptr;
    EXPECT_FALSE(GetQueuedCompletionStatus(port, &bytes, &key, &found, INFINITE));
    EXPECT_EQ(GetLastError(), static_cast<DWORD>(ERROR_ABANDONED_WAIT_0));
    EXPECT_EQ(found, nullptr);
  });
  machine().sleep_us(5);
  EXPECT_TRUE(CloseHandle(port));
  machine().join(waiter);
}

CONFORMANCE(AsyncCalls, ASocketHasOnePort) {
  const RawSocket socket;
  const HANDLE port = CreateIoCompletionPort(socket.handle(), nullptr, 7, 0);
  EXPECT_NE(port, nullptr);
  EXPECT_EQ(CreateIoCompletionPort(socket.handle(), port, 8, 0), nullptr);
  EXPECT_EQ(GetLastError(), static_cast<DWORD>(ERROR_INVALID_PARAMETER));
  EXPECT_EQ(CreateIoCompletionPort(port, nullptr, 8, 0), nullptr) << "a port is not a file";
  EXPECT_EQ(GetLastError(), static_cast<DWORD>(ERROR_INVALID_HANDLE));
  EXPECT_EQ(CreateIoCompletionPort(INVALID_HANDLE_VALUE, port, 0, 0), nullptr);
  EXPECT_EQ(GetLastError(), static_cast<DWORD>(ERROR_INVALID_PARAMETER));
}

CONFORMANCE(AsyncCalls, TheLowestBitOfTheEventKeepsThePacketBack) {
  ReadySocket socket;
  const HANDLE port = CreateIoCompletionPort(socket.handle(), nullptr, 7, 0);
  const HANDLE event = manual_event();
  OVERLAPPED overlapped{};
  overlapped.hEvent = reinterpret_cast<HANDLE>(reinterpret_cast<ULONG_PTR>(event) | 1);
  EXPECT_EQ(start(socket, kWaitTx, &overlapped), kPending);
  send_one(socket);
  EXPECT_TRUE(is_set(event));
  EXPECT_TRUE(is_set(overlapped.hEvent)) << "the lowest bits of a handle name nothing";
  DWORD bytes = 0;
  EXPECT_TRUE(GetOverlappedResult(socket.handle(), &overlapped, &bytes, TRUE));
  ULONG_PTR key = 0;
  OVERLAPPED* found = nullptr;
  EXPECT_FALSE(GetQueuedCompletionStatus(port, &bytes, &key, &found, 0));
  EXPECT_EQ(found, nullptr);
}

}  // namespace
}  // namespace ringproof::test

// Asynchronous notification: S-100 to S-103.

#include <ringproof/app.h>

#include <deque>
#include <map>
#include <set>

#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"
#include "testbench/conformance/sweep.h"
#include "testbench/conformance/waiting_thread.h"

namespace ringproof::test {
namespace {

// A completion port, and how many packets came for each OVERLAPPED.
class Completions {
 public:
  struct Seen {
    UINT32 packets = 0;
    UINT32 error = 0;
    UINT32 bytes = 0;
    ULONG_PTR key = 0;
  };

  // A socket and the OVERLAPPED of a new request on it. It lives as long as this object: a request may be
  // completed long after the test has lost interest.
  OVERLAPPED* prepare(HANDLE socket) {
    if (port_ == nullptr) port_ = CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 0);
    if (associated_.insert(socket).second) {
      EXPECT_EQ(CreateIoCompletionPort(socket, port_, reinterpret_cast<ULONG_PTR>(socket), 0), port_);
    }
    return &requests_.emplace_back();
  }
  const Seen& of(OVERLAPPED* overlapped) {
    DWORD bytes = 0;
    ULONG_PTR key = 0;
    OVERLAPPED* found = nullptr;
    while (true) {
      const BOOL succeeded = GetQueuedCompletionStatus(port_, &bytes, &key, &found, 0);
      const DWORD error = succeeded != FALSE ? 0 : GetLastError();
      if (found == nullptr) break;
      Seen& seen = seen_[found];
      seen = {seen.packets + 1, error, bytes, key};
    }
    EXPECT_EQ(GetLastError(), WAIT_TIMEOUT);
    return seen_[overlapped];
  }

 private:
  HANDLE port_ = nullptr;
  std::set<HANDLE> associated_;
  std::deque<OVERLAPPED> requests_;
  std::map<OVERLAPPED*, Seen> seen_;
};

// A request and what became of it.
class Request {
 public:
  Request(Completions& completions, const RawSocket& socket)
      : completions_(completions), socket_(socket.handle()), overlapped_(completions.prepare(socket_)) {}
  UINT32 start(UINT32 flags) {
    answer_ = number(XskNotifyAsync(socket_, static_cast<XSK_NOTIFY_FLAGS>(flags), overlapped_));
    return answer_;
  }
  bool cancel() { return CancelIoEx(socket_, overlapped_) != FALSE; }
  bool cancel_any() { return CancelIoEx(socket_, nullptr) != FALSE; }

  // How often it was completed: once is right. While it is under way the answer takes no time.
  UINT32 completions() {
    if (answer_ == kPending && overlapped_->Internal == kStatusPending) return 0;
    return completions_.of(overlapped_).packets;
  }
  UINT32 status() {
    const Completions::Seen& seen = completions_.of(overlapped_);
    EXPECT_EQ(seen.key, reinterpret_cast<ULONG_PTR>(socket_));
    EXPECT_EQ(overlapped_->Internal, seen.error == 0 ? 0u : 0xC0000120u);
    return seen.error == ERROR_OPERATION_ABORTED ? kCancelled : seen.error;
  }
  UINT32 result() {
    EXPECT_EQ(overlapped_->InternalHigh, completions_.of(overlapped_).bytes);
    return completions_.of(overlapped_).bytes;
  }
  OVERLAPPED* overlapped() { return overlapped_; }

 private:
  Completions& completions_;
  const HANDLE socket_;
  OVERLAPPED* const overlapped_;
  UINT32 answer_ = 0;
};

class Async : public Conformance {
 protected:
  Completions completions;

  void receive_one(ReadySocket& socket) {
    EXPECT_EQ(socket.post_chunks(0, 1), 1u);
    machine().wire({udp_frame(64, 1)});
    machine().settle();
  }
  void send_one(ReadySocket& socket) {
    socket.send(1, udp_frame(64, 2));
    machine().settle();
  }
};

// S-100
CONFORMANCE(Async, PendingWaitEndsWithTheConditionThatCameFirst) {
  for (const Mode& mode : kModes) {
    for (const UINT32 flags : {kWaitRx, kWaitTx, kWaitRx | kWaitTx}) {
      SCOPED_TRACE(mode.name);
      SCOPED_TRACE(flags);
      ReadySocket socket(SocketShape{}.in(mode));
      const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
      Request request(completions, socket);
      EXPECT_EQ(request.start(flags), kPending);
      machine().sleep_us(100);
      EXPECT_EQ(request.completions(), 0u);
      receive_one(socket);
      EXPECT_EQ(request.completions(), (flags & kWaitRx) != 0 ? 1u : 0u);
      send_one(socket);
      EXPECT_EQ(request.completions(), 1u);
      EXPECT_EQ(request.status(), kOk);
      EXPECT_EQ(request.result(), (flags & kWaitRx) != 0 ? kRxAvailable : kTxAvailable);
    }
  }
}

// S-100: done inline, and completed all the same; with all that is ready of what was asked for.
CONFORMANCE(Async, ReadyAtOnceIsCompletedAtOnce) {
  ReadySocket socket;
  const auto program = TestProgram::redirect_all(socket);
  receive_one(socket);
  send_one(socket);
  const struct {
    UINT32 flags, result;
  } cases[] = {{kWaitRx, kRxAvailable},
               {kWaitTx, kTxAvailable},
               {kWaitRx | kWaitTx, kRxAvailable | kTxAvailable},
               {kPokeTx, 0}};
  for (const auto& [flags, result] : cases) {
    Request request(completions, socket);
    EXPECT_EQ(request.start(flags), kOk) << flags;
    EXPECT_EQ(request.completions(), 1u) << flags;
    EXPECT_EQ(request.status(), kOk) << flags;
    EXPECT_EQ(request.result(), result) << flags;
  }
}

// 8.1, 8.3: what is refused is never completed.
CONFORMANCE(Async, RefusalCompletesNothing) {
  const auto refused = [this](const RawSocket& socket, UINT32 flags) {
    Request request(completions, socket);
    const UINT32 answer = request.start(flags);
    EXPECT_EQ(request.completions(), 0u) << flags;
    return answer;
  };
  const RawSocket unbound;
  EXPECT_EQ(refused(unbound, kWaitRx), kBadState);
  EXPECT_EQ(refused(unbound, 0), kBadState);
  const ReadySocket rx(SocketShape{}.in(kModes[0], XSK_BIND_FLAG_RX));
  EXPECT_EQ(refused(rx, 0), kBadParameter);
  EXPECT_EQ(refused(rx, kWaitRx | 0x10u), kBadParameter);
  EXPECT_EQ(refused(rx, kWaitTx), kBadState);
  EXPECT_EQ(refused(rx, kPokeTx | kWaitRx), kBadState);
}

// 8.3: the poke comes before the wait.
CONFORMANCE(Async, PokesBeforeItWaits) {
  ReadySocket socket;
  EXPECT_EQ(socket.submit({ReadySocket::descriptor(0, 0, 64)}), 1u);
  Request request(completions, socket);
  EXPECT_EQ(request.start(kPokeTx | kWaitTx), kPending);
  machine().settle();
  EXPECT_EQ(machine().sent().size(), 1u);
  EXPECT_EQ(request.completions(), 1u);
  EXPECT_EQ(request.result(), kTxAvailable);
}

// S-098, 8.5: one wait per socket, of either kind.
CONFORMANCE(Async, SharesTheWaitSlotWithBlockingCalls) {
  ReadySocket socket;
  Request pending(completions, socket);
  EXPECT_EQ(pending.start(kWaitRx), kPending);
  Request second(completions, socket);
  EXPECT_EQ(second.start(kWaitTx), kBadState);
  EXPECT_EQ(second.completions(), 0u);
  EXPECT_EQ(socket.notify(kWaitTx, 1), kBadState);
  EXPECT_EQ(socket.notify(kPokeTx), kOk);
  EXPECT_EQ(second.start(kPokeTx), kOk);
  EXPECT_EQ(second.completions(), 1u);

  EXPECT_TRUE(pending.cancel());
  WaitingThread blocked(machine(), socket, kWaitRx, 1);
  EXPECT_TRUE(blocked.waits());
  Request third(completions, socket);
  EXPECT_EQ(third.start(kWaitTx), kBadState);
  EXPECT_FALSE(third.cancel_any());  // a blocking call is none
  EXPECT_TRUE(blocked.waits());
  blocked.join();
  EXPECT_EQ(third.start(kWaitTx), kPending);
}

// S-100: from its completion on the slot is free, though nobody looked at the result.
CONFORMANCE(Async, NextWaitCanStartOnceOneIsCompleted) {
  ReadySocket socket;
  for (UINT32 round = 0; round < 3; ++round) {
    Request request(completions, socket);
    EXPECT_EQ(request.start(kWaitTx), kPending);
    send_one(socket);
    EXPECT_EQ(request.completions(), 1u);
    EXPECT_EQ(socket.completed().size(), 1u);
  }
}

// S-101
CONFORMANCE(Async, CancelledWaitLeavesTheSlotFree) {
  ReadySocket socket;
  Request first(completions, socket);
  EXPECT_FALSE(first.cancel());  // nothing is pending yet
  EXPECT_EQ(first.start(kWaitRx | kWaitTx), kPending);
  EXPECT_TRUE(first.cancel());
  EXPECT_EQ(first.completions(), 1u);
  EXPECT_EQ(first.status(), kCancelled);
  EXPECT_FALSE(first.cancel());

  Request second(completions, socket);
  EXPECT_EQ(second.start(kWaitTx), kPending);
  EXPECT_FALSE(first.cancel());  // names another request
  send_one(socket);
  EXPECT_EQ(second.completions(), 1u);
  EXPECT_EQ(second.status(), kOk);
  EXPECT_EQ(first.completions(), 1u);
  EXPECT_FALSE(second.cancel());  // too late
  EXPECT_EQ(second.completions(), 1u);
}

// S-101: without naming it.
CONFORMANCE(Async, WhateverIsPendingCanBeCancelled) {
  const ReadySocket socket;
  Request request(completions, socket);
  EXPECT_FALSE(request.cancel_any());
  EXPECT_EQ(request.start(kWaitRx), kPending);
  EXPECT_TRUE(request.cancel_any());
  EXPECT_EQ(request.status(), kCancelled);
  EXPECT_EQ(socket.notify(kWaitRx, 1), kTimeout);
}

// S-102
CONFORMANCE(Async, CloseCompletesWithAllThatWasWaitedFor) {
  const struct {
    UINT32 flags, result;
  } cases[] = {
      {kWaitRx, kRxAvailable}, {kWaitTx, kTxAvailable}, {kWaitRx | kWaitTx, kRxAvailable | kTxAvailable}};
  for (const auto& [flags, result] : cases) {
    ReadySocket socket;
    Request request(completions, socket);
    EXPECT_EQ(request.start(flags), kPending);
    socket.close();
    EXPECT_EQ(request.completions(), 1u) << flags;
    EXPECT_EQ(request.status(), kOk) << flags;
    EXPECT_EQ(request.result(), result) << flags;
  }
}

// S-102: before the frames come back, whose completions change nothing about it.
CONFORMANCE(Async, CloseCompletesOnceWithFramesAtTheNic) {
  ReadySocket socket;
  machine().hold_all_tx();
  socket.send(0, udp_frame(64, 1));
  machine().wait_until([&] { return machine().driver().held_tx().size() == 1; });
  Request request(completions, socket);
  EXPECT_EQ(request.start(kWaitRx | kWaitTx), kPending);
  const std::uint32_t closer = machine().start_thread([&] { socket.close(); });
  machine().sleep_us(50);
  EXPECT_EQ(request.completions(), 1u);
  EXPECT_EQ(request.result(), kRxAvailable | kTxAvailable);
  machine().driver().release_all_tx();
  machine().join(closer);
  EXPECT_EQ(request.completions(), 1u);
}

// S-103
CONFORMANCE(Async, DetachCompletesNothing) {
  const ReadySocket socket;
  Request request(completions, socket);
  EXPECT_EQ(request.start(kWaitRx | kWaitTx), kPending);
  machine().platform().remove_adapter(1);
  machine().sleep_us(1'000);
  EXPECT_EQ(request.completions(), 0u);
  EXPECT_TRUE(request.cancel());
  EXPECT_EQ(request.status(), kCancelled);
}

// 7.4: an abandoned wait reports all that it waited for.
CONFORMANCE_ON(Async, EnteringPollModeSocketCompletesIt, settings.driver.polling = true) {
  const ReadySocket socket;
  Request request(completions, socket);
  EXPECT_EQ(request.start(kWaitRx | kWaitTx), kPending);
  EXPECT_EQ(socket.set_number(XSK_SOCKOPT_POLL_MODE, XSK_POLL_MODE_SOCKET), kOk);
  EXPECT_EQ(request.completions(), 1u);
  EXPECT_EQ(request.status(), kOk);
  EXPECT_EQ(request.result(), kRxAvailable | kTxAvailable);
}

// S-099, S-100: at any distance between the request and the data it is completed, and once.
CONFORMANCE(Async, DataBesideTheRequestCompletesItOnce) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(SocketShape{}.in(mode));
    const std::uint32_t changes = sweep(8'000'000, 20'000, [&](std::uint64_t distance_ps) {
      socket.send(0, udp_frame(64, 1));
      machine().kernel().sleep(distance_ps);
      Request request(completions, socket);
      const UINT32 answer = request.start(kWaitTx);
      EXPECT_EQ(request.completions(), answer == kOk ? 1u : 0u) << distance_ps;
      machine().settle();
      EXPECT_EQ(request.completions(), 1u) << distance_ps;
      EXPECT_EQ(request.result(), kTxAvailable) << distance_ps;
      EXPECT_EQ(socket.completed().size(), 1u) << distance_ps;
      return answer == kOk;
    });
    EXPECT_GE(changes, 1u);
  }
}

// S-101: a cancellation beside the data: exactly one of them ends the request.
CONFORMANCE(Async, DataBesideTheCancellationCompletesItOnce) {
  ReadySocket socket;
  const std::uint32_t changes = sweep(8'000'000, 20'000, [&](std::uint64_t distance_ps) {
    Request request(completions, socket);
    EXPECT_EQ(request.start(kWaitTx), kPending) << distance_ps;
    socket.send(0, udp_frame(64, 1));
    machine().kernel().sleep(distance_ps);
    const bool cancelled = request.cancel();
    EXPECT_EQ(request.completions(), 1u) << distance_ps;
    machine().settle();
    EXPECT_EQ(request.completions(), 1u) << distance_ps;
    EXPECT_EQ(request.status(), cancelled ? kCancelled : kOk) << distance_ps;
    EXPECT_EQ(socket.completed().size(), 1u) << distance_ps;
    return cancelled;
  });
  EXPECT_GE(changes, 1u);
}

}  // namespace
}  // namespace ringproof::test

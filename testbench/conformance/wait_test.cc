// Blocking in a notify call: S-093, S-094, S-096, S-098, S-099.

#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"
#include "testbench/conformance/sweep.h"
#include "testbench/conformance/waiting_thread.h"

namespace ringproof::test {
namespace {

using Wait = Conformance;

// What a call takes that finds its condition true; and one that is woken, long before any timeout.
constexpr std::uint64_t kNotBlockedPs = 400'000;
constexpr std::uint64_t kWokenPs = 50'000'000;

// S-093
CONFORMANCE(Wait, TimeoutOfZeroNeverBlocks) {
  const ReadySocket socket;
  for (const UINT32 flags : {kWaitRx, kWaitTx, kWaitRx | kWaitTx, kPokeTx | kWaitTx}) {
    const std::uint64_t begin_us = machine().now_us();
    UINT32 result = WaitingThread::kUntouched;
    EXPECT_EQ(socket.notify(flags, 0, &result), kTimeout) << flags;
    EXPECT_EQ(result, WaitingThread::kUntouched) << flags;
    EXPECT_LE(machine().now_us(), begin_us + 2) << flags;
  }
}

// S-094
CONFORMANCE(Wait, TimeoutComesNotBeforeItsTime) {
  const ReadySocket socket;
  for (const UINT32 timeout_ms : {1u, 2u, 7u}) {
    const std::uint64_t begin_us = machine().now_us();
    UINT32 result = WaitingThread::kUntouched;
    EXPECT_EQ(socket.notify(kWaitRx | kWaitTx, timeout_ms, &result), kTimeout);
    EXPECT_EQ(result, WaitingThread::kUntouched);
    EXPECT_GE(machine().now_us() - begin_us, timeout_ms * 1000u);
    EXPECT_LE(machine().now_us() - begin_us, timeout_ms * 1000u + 100);
  }
}

// The longest timeout that is one.
CONFORMANCE(Wait, LongestTimeoutIsNotTakenForNone) {
  ReadySocket socket;
  const auto program = TestProgram::redirect_all(socket);
  EXPECT_EQ(socket.post_chunks(0, 1), 1u);
  WaitingThread waiter(machine(), socket, kWaitRx, 0xFFFFFFFE);
  machine().sleep_us(5'000);
  EXPECT_TRUE(waiter.waits());
  machine().wire({udp_frame(64, 1)});
  waiter.join();
  EXPECT_EQ(waiter.status(), kOk);
}

// S-096, S-097: in both directions, with data that comes while the thread is blocked.
CONFORMANCE(Wait, IsEndedByItsOwnDirectionOnly) {
  for (const Mode& mode : kModes) {
    for (const bool rx_first : {true, false}) {
      SCOPED_TRACE(mode.name);
      ReadySocket socket(SocketShape{}.in(mode));
      const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
      EXPECT_EQ(socket.post_chunks(0, 1), 1u);
      WaitingThread waiter(machine(), socket, rx_first ? kWaitTx : kWaitRx);
      const auto make = [&](bool rx) {
        if (rx) {
          machine().wire({udp_frame(64, 1)});
        } else {
          socket.send(1, udp_frame(64, 2));
        }
        machine().settle();
      };
      make(rx_first);
      EXPECT_TRUE(waiter.waits());
      make(!rx_first);
      waiter.join();
      EXPECT_EQ(waiter.status(), kOk);
      EXPECT_EQ(waiter.result(), rx_first ? kTxAvailable : kRxAvailable);
    }
  }
}

// S-097: blocked for both, ended by the first.
CONFORMANCE(Wait, ForBothIsEndedByEither) {
  for (const bool rx : {true, false}) {
    ReadySocket socket;
    const auto program = TestProgram::redirect_all(socket);
    EXPECT_EQ(socket.post_chunks(0, 1), 1u);
    WaitingThread waiter(machine(), socket, kWaitRx | kWaitTx);
    if (rx) {
      machine().wire({udp_frame(64, 1)});
    } else {
      socket.send(1, udp_frame(64, 2));
    }
    waiter.join();
    EXPECT_EQ(waiter.status(), kOk);
    EXPECT_EQ(waiter.result(), rx ? kRxAvailable : kTxAvailable);
  }
}

// S-096: frames that are dropped publish nothing and end nothing.
CONFORMANCE(Wait, IsNotEndedByDroppedFrames) {
  const ReadySocket socket;
  const auto program = TestProgram::redirect_all(socket);
  WaitingThread waiter(machine(), socket, kWaitRx, 2);
  machine().wire({udp_frame(64, 1), udp_frame(64, 2)});
  waiter.join();
  EXPECT_EQ(waiter.status(), kTimeout);
  EXPECT_GE(waiter.took_us(), 2000u);
  EXPECT_EQ(socket.statistics().RxDropped, 2u);
}

// S-098
CONFORMANCE(Wait, SecondWaiterIsRefused) {
  ReadySocket socket;
  WaitingThread first(machine(), socket, kWaitRx, 2);
  for (const UINT32 flags : {kWaitRx, kWaitTx, kWaitRx | kWaitTx}) {
    const std::uint64_t begin_us = machine().now_us();
    UINT32 result = WaitingThread::kUntouched;
    for (const UINT32 timeout_ms : {0u, 1u, kNoTimeout}) {
      EXPECT_EQ(socket.notify(flags, timeout_ms, &result), kBadState);
    }
    EXPECT_EQ(result, WaitingThread::kUntouched);
    EXPECT_LE(machine().now_us(), begin_us + 5);
  }
  EXPECT_EQ(socket.notify(XSK_NOTIFY_FLAG_POKE_RX), kOk);
  EXPECT_EQ(socket.notify(kPokeTx), kOk);
  EXPECT_TRUE(first.waits());
  first.join();
  EXPECT_EQ(first.status(), kTimeout);
  // The slot is free again.
  EXPECT_EQ(socket.notify(kWaitTx, 1), kTimeout);
}

// S-098: a refused wait has poked before, and it succeeds if there is nothing to wait for.
CONFORMANCE(Wait, SecondWaiterPokesAndSeesWhatIsReady) {
  ReadySocket socket;
  WaitingThread first(machine(), socket, kWaitRx, 3);
  EXPECT_EQ(socket.submit({ReadySocket::descriptor(socket.chunk(1), 0, 64)}), 1u);
  EXPECT_EQ(socket.notify(kPokeTx | kWaitTx, 1), kBadState);
  machine().settle();
  EXPECT_EQ(machine().sent().size(), 1u);
  UINT32 result = 0;
  EXPECT_EQ(socket.notify(kWaitTx, 1, &result), kOk);
  EXPECT_EQ(result, kTxAvailable);
  EXPECT_TRUE(first.waits());
  first.join();
}

// S-098: the slot belongs to the socket, not to the machine.
CONFORMANCE(Wait, SocketsWaitIndependently) {
  const ReadySocket one;
  const ReadySocket other;
  WaitingThread first(machine(), one, kWaitRx, 1);
  WaitingThread second(machine(), other, kWaitRx, 1);
  EXPECT_TRUE(second.waits());
  first.join();
  second.join();
  EXPECT_EQ(second.status(), kTimeout);
}

// The entry that woke the waiter is there to be read when the call returns, in order, frame after frame.
CONFORMANCE(Wait, EveryFrameCanBeWaitedFor) {
  ReadySocket socket;
  const auto program = TestProgram::redirect_all(socket);
  EXPECT_EQ(socket.post_chunks(0, 8), 8u);
  machine().start_thread([this] {
    for (unsigned char mark = 0; mark < 8; ++mark) {
      machine().wire({udp_frame(64, mark)});
      machine().sleep_us(30);
    }
  });
  for (unsigned char mark = 0; mark < 8; ++mark) {
    UINT32 result = 0;
    EXPECT_EQ(socket.notify(kWaitRx, 1, &result), kOk);
    const auto received = socket.received();
    ASSERT_EQ(received.size(), 1u);
    EXPECT_EQ(socket.bytes_of(received[0]), udp_frame(64, mark));
  }
  machine().join_all();
}

// S-099: a frame that arrives at any distance from the call ends the wait, or is seen at once.
CONFORMANCE(Wait, FrameThatArrivesBesideTheCallIsNeverMissed) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(SocketShape{}.in(mode));
    const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
    const std::uint32_t changes = sweep(12'000'000, 20'000, [&](std::uint64_t distance_ps) {
      EXPECT_EQ(socket.post_chunks(0, 1), 1u);
      machine().wire({udp_frame(64, 1)});
      machine().kernel().sleep(distance_ps);
      const std::uint64_t begin_ps = machine().kernel().now_ps();
      UINT32 result = 0;
      EXPECT_EQ(socket.notify(kWaitRx, 1, &result), kOk) << distance_ps;
      EXPECT_EQ(result, kRxAvailable) << distance_ps;
      const std::uint64_t took_ps = machine().kernel().now_ps() - begin_ps;
      EXPECT_LE(took_ps, kWokenPs) << distance_ps;
      EXPECT_EQ(socket.received().size(), 1u) << distance_ps;
      machine().settle();
      return took_ps > kNotBlockedPs;
    });
    EXPECT_GE(changes, 1u);
  }
}

// S-099 for completions, with the poke in the same call.
CONFORMANCE(Wait, CompletionThatComesBesideTheCallIsNeverMissed) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(SocketShape{}.in(mode));
    const std::uint32_t changes = sweep(12'000'000, 20'000, [&](std::uint64_t distance_ps) {
      socket.send(0, udp_frame(64, 1));
      machine().kernel().sleep(distance_ps);
      const std::uint64_t begin_ps = machine().kernel().now_ps();
      UINT32 result = 0;
      EXPECT_EQ(socket.notify(kPokeTx | kWaitTx, 1, &result), kOk) << distance_ps;
      EXPECT_EQ(result, kTxAvailable) << distance_ps;
      const std::uint64_t took_ps = machine().kernel().now_ps() - begin_ps;
      EXPECT_LE(took_ps, kWokenPs) << distance_ps;
      EXPECT_EQ(socket.completed().size(), 1u) << distance_ps;
      machine().settle();
      return took_ps > kNotBlockedPs;
    });
    EXPECT_GE(changes, 1u);
  }
}

}  // namespace
}  // namespace ringproof::test

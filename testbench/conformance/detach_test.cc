// An interface that goes away, or gets another MTU: S-103 to S-106.

#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"
#include "testbench/conformance/waiting_thread.h"

namespace ringproof::test {
namespace {

constexpr UINT32 kRx = XSK_BIND_FLAG_RX;
constexpr UINT32 kTx = XSK_BIND_FLAG_TX;

class Detach : public Conformance {
 protected:
  // Whether the rings of a direction report that the interface left: by their code and, if they are sized,
  // by their flag. Both rings of a direction must agree.
  static bool lost(const RawSocket& socket, UINT32 direction) {
    const auto info = socket.get<XSK_RING_INFO_SET>(XSK_SOCKOPT_RING_INFO);
    const bool rx = direction == kRx;
    const bool first = lost(socket, rx ? XSK_SOCKOPT_RX_ERROR : XSK_SOCKOPT_TX_ERROR, rx ? info.Rx : info.Tx);
    const bool second = lost(socket, rx ? XSK_SOCKOPT_RX_FILL_ERROR : XSK_SOCKOPT_TX_COMPLETION_ERROR,
                             rx ? info.Fill : info.Completion);
    EXPECT_EQ(first, second);
    return first;
  }
  static bool lost(const RawSocket& socket, UINT32 option, const XSK_RING_INFO& info) {
    const auto error = socket.get<XSK_ERROR>(option);
    if (error != XSK_NO_ERROR) {
      EXPECT_EQ(error, XSK_ERROR_INTERFACE_DETACH);
    }
    if (info.Size != 0) {
      const UINT32 flags = index_in(reinterpret_cast<UINT32*>(info.Ring + info.FlagsOffset));
      EXPECT_EQ((flags & XSK_RING_FLAG_ERROR) != 0, error != XSK_NO_ERROR);
    }
    return error != XSK_NO_ERROR;
  }
  void remove_adapter() { machine().platform().remove_adapter(1); }
  // Generic interface only; returns when sockets that send have lost it.
  void set_mtu(std::uint32_t bytes) {
    const XDP_HOOK_ID hook = {XDP_HOOK_L2, XDP_HOOK_RX, XDP_HOOK_INSPECT};
    machine().platform().find_interface(1, hook, true, false)->set_mtu(bytes);
  }
};

// S-104
CONFORMANCE(Detach, EveryRingOfABoundDirectionReportsIt) {
  for (const Mode& mode : kModes) {
    for (const bool activated : {true, false}) {
      SCOPED_TRACE(mode.name);
      SocketShape shape;
      shape.activated = activated;
      const ReadySocket both(shape.in(mode));
      const ReadySocket rx(shape.in(mode, kRx));
      const ReadySocket tx(shape.in(mode, kTx));
      EXPECT_FALSE(lost(both, kRx) || lost(both, kTx) || lost(rx, kRx) || lost(tx, kTx));
      remove_adapter();
      EXPECT_TRUE(lost(both, kRx));
      EXPECT_TRUE(lost(both, kTx));
      EXPECT_TRUE(lost(rx, kRx));
      EXPECT_FALSE(lost(rx, kTx));
      EXPECT_TRUE(lost(tx, kTx));
      EXPECT_FALSE(lost(tx, kRx));
      machine().platform().add_adapter(1);
    }
  }
}

// S-104: rings of the other direction exist, and have nothing to do with it.
CONFORMANCE(Detach, RingsOfAnUnboundDirectionReportNothing) {
  const RawSocket socket;
  EXPECT_EQ(socket.bind(1, 0, kRx), kOk);
  for (const UINT32 option : {XSK_SOCKOPT_RX_RING_SIZE, XSK_SOCKOPT_TX_RING_SIZE}) {
    EXPECT_EQ(socket.set_number(option, 8), kOk);
  }
  remove_adapter();
  EXPECT_TRUE(lost(socket, kRx));  // FILL has a code, and no flag: it is not sized
  EXPECT_FALSE(lost(socket, kTx));
  const RawSocket unbound;
  EXPECT_FALSE(lost(unbound, kRx) || lost(unbound, kTx));
}

// S-104
CONFORMANCE(Detach, SocketAnswersQuestionsAndNothingElse) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape;
    const ReadySocket active(shape.in(mode));
    shape.activated = false;
    const ReadySocket bound(shape);
    const auto before =
        active.get<std::array<unsigned char, sizeof(XSK_RING_INFO_SET)>>(XSK_SOCKOPT_RING_INFO);
    remove_adapter();
    for (const ReadySocket* socket : {&active, &bound}) {
      EXPECT_EQ(socket->notify(XSK_NOTIFY_FLAG_POKE_TX), kBadState);
      EXPECT_EQ(socket->notify(kWaitRx), kBadState);
      EXPECT_EQ(socket->bind(1, 0, kRx), kBadState);
      EXPECT_EQ(socket->activate(), kBadState);
      EXPECT_EQ(socket->set_number(XSK_SOCKOPT_POLL_MODE, XSK_POLL_MODE_BUSY), kBadState);
      EXPECT_EQ(socket->set_number(XSK_SOCKOPT_POLL_MODE, XSK_POLL_MODE_DEFAULT), kOk);
      EXPECT_EQ(socket->set_number(XSK_SOCKOPT_TX_PROCESSOR_AFFINITY, 1), kOk);
      EXPECT_EQ(socket->statistics().RxDropped, 0u);
      EXPECT_EQ(socket->get<XDP_HOOK_ID>(XSK_SOCKOPT_RX_HOOK_ID).Direction, XDP_HOOK_RX);
      UINT32 length = sizeof(XDP_CHECKSUM_CONFIGURATION);
      EXPECT_EQ(socket->try_get(XSK_SOCKOPT_TX_OFFLOAD_CURRENT_CONFIG_CHECKSUM, &length), kBadState);
    }
    EXPECT_EQ((active.get<std::array<unsigned char, sizeof(XSK_RING_INFO_SET)>>(XSK_SOCKOPT_RING_INFO)),
              before);
    machine().platform().add_adapter(1);
  }
}

// S-104: while the adapter is away there is nothing to bind to; what comes back is new.
CONFORMANCE(Detach, AdapterThatComesBackServesNewSocketsOnly) {
  ReadySocket old;
  const auto program = TestProgram::redirect_all(old);
  remove_adapter();
  const RawSocket early;
  EXPECT_EQ(early.bind(1, 0, kRx), kNotFound);
  machine().platform().add_adapter(1);
  EXPECT_EQ(early.bind(1, 0, kRx), kOk);
  EXPECT_EQ(old.notify(XSK_NOTIFY_FLAG_POKE_TX), kBadState);

  ReadySocket fresh;
  const auto fresh_program = TestProgram::redirect_all(fresh);
  EXPECT_EQ(old.post_chunks(0, 1), 1u);
  EXPECT_EQ(fresh.post_chunks(0, 1), 1u);
  machine().wire({udp_frame(64, 1)});
  machine().settle();
  EXPECT_EQ(fresh.received().size(), 1u);
  EXPECT_EQ(old.received().size(), 0u);
}

// S-106, 4.5: entries that were published stay readable, the frame included; nothing comes after them.
CONFORMANCE(Detach, ReceivedEntriesCanStillBeConsumed) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(SocketShape{}.in(mode));
    const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
    EXPECT_EQ(socket.post_chunks(0, 4), 4u);
    machine().wire({udp_frame(64, 1), udp_frame(128, 2)});
    socket.send(5, udp_frame(64, 3));
    machine().settle();
    remove_adapter();
    machine().wire({udp_frame(64, 4)});
    machine().settle();
    const auto received = socket.received();
    ASSERT_EQ(received.size(), 2u);
    EXPECT_EQ(socket.bytes_of(received[0]), udp_frame(64, 1));
    EXPECT_EQ(socket.bytes_of(received[1]), udp_frame(128, 2));
    EXPECT_EQ(socket.completed(), (std::vector<std::uint64_t>{socket.chunk(5)}));
    machine().platform().add_adapter(1);
  }
}

// 4.5: frames with the NIC are completed first, into a ring that still works; what was not consumed stays.
CONFORMANCE(Detach, WaitsForFramesThatAreWithTheNic) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape;
    shape.completion_size = 2;
    ReadySocket socket(shape.in(mode));
    machine().hold_all_tx();
    const std::size_t before = machine().sent().size();
    for (UINT32 k = 0; k < 3; ++k) socket.send(k, udp_frame(64, static_cast<unsigned char>(k)));
    machine().wait_until([&] { return machine().driver().held_tx().size() == 2; });
    bool removed = false;
    const std::uint32_t remover = machine().start_thread([&] {
      remove_adapter();
      removed = true;
    });
    machine().sleep_us(500);
    EXPECT_FALSE(removed);
    EXPECT_FALSE(lost(socket, kTx));
    EXPECT_EQ(socket.notify(XSK_NOTIFY_FLAG_POKE_TX), kBadState);
    machine().driver().release_tx(0);
    machine().sleep_us(100);
    EXPECT_FALSE(removed);
    machine().driver().hold_tx(nullptr);
    machine().driver().release_all_tx();
    machine().join(remover);
    EXPECT_TRUE(lost(socket, kTx));
    machine().settle();
    EXPECT_EQ(machine().sent().size(), before + 2);
    EXPECT_EQ(socket.completed(), (std::vector<std::uint64_t>{socket.chunk(0), socket.chunk(1)}));
    EXPECT_EQ(index_in(socket.tx_ring.SharedConsumer), 2u);
    machine().platform().add_adapter(1);
  }
}

// 4.5: programs lose the interface too; nothing is redirected or dropped any more.
CONFORMANCE(Detach, FramesPassOnceTheProgramIsGone) {
  const ReadySocket socket;
  const auto program = TestProgram::redirect_all(socket);
  remove_adapter();
  machine().wire({udp_frame(64, 1)});
  machine().settle();
  EXPECT_EQ(machine().passed(), 1u);
}

// S-103
CONFORMANCE(Detach, DoesNotWakeAWaiter) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    const ReadySocket socket(SocketShape{}.in(mode));
    WaitingThread waiter(machine(), socket, kWaitRx | kWaitTx, 3);
    remove_adapter();
    EXPECT_TRUE(lost(socket, kRx) && lost(socket, kTx));
    machine().sleep_us(2'000);
    EXPECT_TRUE(waiter.waits());
    waiter.join();
    EXPECT_EQ(waiter.status(), kTimeout);
    EXPECT_GE(waiter.took_us(), 3'000u);
    EXPECT_LE(waiter.took_us(), 3'100u);
    machine().platform().add_adapter(1);
  }
}

// S-103: what the rundown completes is data like any other, and wakes who waits for it.
CONFORMANCE(Detach, CompletionsOfTheRundownWakeAWaiter) {
  ReadySocket socket;
  machine().hold_all_tx();
  socket.send(0, udp_frame(64, 1));
  machine().wait_until([&] { return machine().driver().held_tx().size() == 1; });
  WaitingThread waiter(machine(), socket, kWaitTx);
  const std::uint32_t remover = machine().start_thread([&] { remove_adapter(); });
  machine().sleep_us(100);
  EXPECT_TRUE(waiter.waits());
  machine().driver().release_all_tx();
  waiter.join();
  EXPECT_EQ(waiter.status(), kOk);
  EXPECT_EQ(waiter.result(), XSK_NOTIFY_RESULT_FLAG_TX_COMP_AVAILABLE);
  machine().join(remover);
}

// S-103: without a timeout only the close ends it.
CONFORMANCE(Detach, WaiterWithoutTimeoutWaitsUntilTheClose) {
  ReadySocket socket;
  WaitingThread waiter(machine(), socket, kWaitRx);
  remove_adapter();
  machine().sleep_us(5'000);
  EXPECT_TRUE(waiter.waits());
  socket.close();
  waiter.join();
  EXPECT_EQ(waiter.status(), kOk);
  EXPECT_EQ(waiter.result(), 0u);
}

// S-105
CONFORMANCE(Detach, NewMtuCostsTheTransmitSideOnly) {
  const Mode& generic = kModes[1];
  ReadySocket socket(SocketShape{}.in(generic));
  const auto program = TestProgram::redirect_all(socket, 0, generic.program_flag);
  EXPECT_EQ(socket.post_chunks(0, 4), 4u);
  set_mtu(1500);
  EXPECT_FALSE(lost(socket, kTx)) << "it is what it was";
  set_mtu(1400);
  EXPECT_TRUE(lost(socket, kTx));
  EXPECT_FALSE(lost(socket, kRx));
  machine().wire({udp_frame(64, 1), udp_frame(1514, 2)});
  machine().settle();
  const auto received = socket.received();
  ASSERT_EQ(received.size(), 2u);
  EXPECT_EQ(socket.bytes_of(received[1]), udp_frame(1514, 2));
  EXPECT_EQ(XskRingGetFlags(&socket.rx_ring) | XskRingGetFlags(&socket.fill), XSK_RING_FLAG_NONE);
  // 1.4: what the interface does at present is told of the direction that is left.
  UINT32 length = sizeof(XDP_CHECKSUM_CONFIGURATION);
  EXPECT_EQ(socket.try_get(XSK_SOCKOPT_RX_OFFLOAD_CURRENT_CONFIG_CHECKSUM, &length), kOk);
  EXPECT_EQ(socket.try_get(XSK_SOCKOPT_TX_OFFLOAD_CURRENT_CONFIG_CHECKSUM, &length), kBadState);
  // Such an application can only poll.
  EXPECT_EQ(socket.notify(kWaitRx), kBadState);
  EXPECT_EQ(socket.activate(), kBadState);
}

// S-105, 4.5: the change waits for frames in flight, which are sent as they were accepted.
CONFORMANCE(Detach, NewMtuWaitsForFramesThatAreWithTheNic) {
  ReadySocket socket(SocketShape{}.in(kModes[1]));
  machine().hold_all_tx();
  socket.send(0, udp_frame(1514, 1));
  machine().wait_until([&] { return machine().driver().held_tx().size() == 1; });
  const std::uint32_t changer = machine().start_thread([&] { set_mtu(1400); });
  machine().sleep_us(200);
  EXPECT_FALSE(lost(socket, kTx));
  EXPECT_EQ(socket.notify(XSK_NOTIFY_FLAG_POKE_TX), kBadState);
  machine().driver().release_all_tx();
  machine().join(changer);
  EXPECT_TRUE(lost(socket, kTx));
  EXPECT_EQ(machine().sent(), (std::vector<Bytes>{udp_frame(1514, 1)}));
  EXPECT_EQ(socket.completed().size(), 1u);
}

// S-105: only who sends is concerned, and only on the interface that changed. The next socket has the new
// limit.
CONFORMANCE(Detach, NewMtuLeavesOtherSocketsAlone) {
  ReadySocket native;
  const ReadySocket receiver(SocketShape{}.in(kModes[1], kRx));
  set_mtu(1400);
  EXPECT_FALSE(lost(native, kTx) || lost(native, kRx) || lost(receiver, kRx));
  EXPECT_EQ(receiver.notify(XSK_NOTIFY_FLAG_POKE_RX), kOk);
  native.send(0, udp_frame(1514, 1));
  machine().settle();
  EXPECT_EQ(machine().sent().size(), 1u);

  ReadySocket next(SocketShape{}.in(kModes[1]));
  next.send(0, udp_frame(1414, 2));
  next.send(1, udp_frame(1415, 3));
  machine().settle();
  EXPECT_EQ(machine().sent().size(), 2u);
  EXPECT_EQ(next.statistics().TxInvalidDescriptors, 1u);
}

// The end of the interface and the close of a program meet while a pass of the queue is under way.
CONFORMANCE(Detach, AProgramMayBeClosedMeanwhile) {
  for (std::uint64_t distance_ps = 0; distance_ps < 6'000'000; distance_ps += 60'000) {
    ReadySocket socket;
    auto program = TestProgram::redirect_all(socket);
    EXPECT_EQ(socket.post_chunks(0, 16), 16u);
    machine().wire(std::vector<Bytes>(16, udp_frame(1000, 1)));
    const std::uint32_t closer = machine().start_thread([&] {
      machine().kernel().sleep(distance_ps + 200'000);
      program.reset();
    });
    machine().kernel().sleep(distance_ps + 500'000);
    machine().platform().remove_adapter(1);
    machine().join(closer);
    machine().platform().add_adapter(1);
    machine().settle();
  }
}

// Not before the sockets of the one that left have their frames back: a new socket would get their
// completions.
CONFORMANCE(Detach, InterfaceComesBackOnceTheOneBeforeIsGone) {
  ReadySocket old;
  machine().hold_all_tx();
  for (UINT32 k = 0; k < 4; ++k) old.send(k, udp_frame(64, 1));
  machine().sleep_us(5);
  ASSERT_EQ(machine().driver().held_tx().size(), 4u);
  bool gone = false;
  machine().start_thread([&] {
    remove_adapter();
    gone = true;
  });
  machine().sleep_us(1);
  bool back = false;
  machine().start_thread([&] {
    machine().platform().add_adapter(1);
    back = true;
  });
  machine().sleep_us(20);
  EXPECT_FALSE(gone);
  EXPECT_FALSE(back);
  const RawSocket early;
  EXPECT_EQ(early.bind(1, 0, kTx), kNotFound);
  machine().driver().hold_tx(nullptr);
  machine().driver().release_all_tx();
  machine().join_all();
  EXPECT_TRUE(gone && back);
  EXPECT_EQ(old.completed().size(), 4u);
  ReadySocket next;
  next.send(0, udp_frame(64, 2));
  machine().settle();
  EXPECT_EQ(next.completed().size(), 1u);
}

}  // namespace
}  // namespace ringproof::test

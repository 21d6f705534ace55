// What a notify call accepts and answers: S-089 to S-092, S-095 to S-097.

#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"

namespace ringproof::test {
namespace {

using Notify = Conformance;

constexpr UINT32 kUntouched = 0x5A5A5A5A;

// S-089
CONFORMANCE(Notify, NeedsAnActiveSocket) {
  const RawSocket unbound;
  SocketShape shape;
  shape.activated = false;
  const ReadySocket bound(shape);
  ReadySocket detached;
  machine().platform().remove_adapter(1);
  for (const UINT32 flags : {0u, 0x10u, kPokeTx, kWaitRx, kPokeRx | kPokeTx | kWaitRx | kWaitTx}) {
    for (const RawSocket* socket :
         {&unbound, static_cast<const RawSocket*>(&bound), static_cast<const RawSocket*>(&detached)}) {
      UINT32 result = kUntouched;
      EXPECT_EQ(socket->notify(flags, 1, &result), kBadState) << flags;
      EXPECT_EQ(result, kUntouched) << flags;
    }
  }
}

// S-090
CONFORMANCE(Notify, FlagsMustBeKnown) {
  const ReadySocket socket;
  for (const UINT32 flags : {0u, 0x10u, 0x11u, kWaitRx | 0x80000000u}) {
    UINT32 result = kUntouched;
    EXPECT_EQ(socket.notify(flags, 1, &result), kBadParameter) << flags;
    EXPECT_EQ(result, kUntouched) << flags;
  }
}

// S-091: rings of the other direction make no difference. An unknown flag is the parameter error first.
CONFORMANCE(Notify, FlagsOfADirectionThatIsNotBoundAreRefused) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    const ReadySocket rx(SocketShape{}.in(mode, XSK_BIND_FLAG_RX));
    for (const UINT32 flags : {kPokeTx, kWaitTx, kPokeRx | kPokeTx, kWaitRx | kWaitTx}) {
      EXPECT_EQ(rx.notify(flags), kBadState) << flags;
    }
    EXPECT_EQ(rx.notify(kPokeTx | 0x10u), kBadParameter);
    EXPECT_EQ(rx.notify(kPokeRx), kOk);
    const ReadySocket tx(SocketShape{}.in(mode, XSK_BIND_FLAG_TX));
    for (const UINT32 flags : {kPokeRx, kWaitRx, kPokeRx | kPokeTx, kWaitRx | kWaitTx}) {
      EXPECT_EQ(tx.notify(flags), kBadState) << flags;
    }
    EXPECT_EQ(tx.notify(kPokeTx), kOk);
  }
}

// One unread frame in RX, one unread completion.
class NotifyWithData : public Conformance {
 protected:
  void make_ready(ReadySocket& socket, bool rx, bool tx) {
    if (rx) {
      const auto program = TestProgram::redirect_all(socket);
      EXPECT_EQ(socket.post_chunks(0, 1), 1u);
      machine().wire({udp_frame(64, 1)});
      machine().settle();
    }
    if (tx) socket.send(1, udp_frame(64, 2));
    machine().settle();
  }
};

// S-092: and the timeout means nothing to it.
CONFORMANCE(NotifyWithData, PokeAloneReportsNothing) {
  ReadySocket socket;
  make_ready(socket, true, true);
  for (const UINT32 flags : {kPokeRx, kPokeTx, kPokeRx | kPokeTx}) {
    UINT32 result = kUntouched;
    const std::uint64_t begin_us = machine().now_us();
    EXPECT_EQ(socket.notify(flags, kNoTimeout, &result), kOk) << flags;
    EXPECT_EQ(result, 0u) << flags;
    EXPECT_LE(machine().now_us(), begin_us + 5);
  }
  EXPECT_EQ(socket.received().size(), 1u);
  EXPECT_EQ(socket.completed().size(), 1u);
}

// S-095
CONFORMANCE(NotifyWithData, ConditionHoldsUntilTheEntryIsReleased) {
  ReadySocket socket;
  make_ready(socket, true, true);
  for (int round = 0; round < 3; ++round) {
    for (const UINT32 timeout_ms : {0u, 1u, kNoTimeout}) {
      const std::uint64_t begin_us = machine().now_us();
      UINT32 result = kUntouched;
      EXPECT_EQ(socket.notify(kWaitRx, timeout_ms, &result), kOk);
      EXPECT_EQ(result, kRxAvailable);
      EXPECT_EQ(socket.notify(kWaitTx, timeout_ms, &result), kOk);
      EXPECT_EQ(result, kTxAvailable);
      EXPECT_LE(machine().now_us(), begin_us + 5);
    }
    EXPECT_EQ(socket.received(true).size(), 1u);
    EXPECT_EQ(socket.completed(true).size(), 1u);
  }
  socket.received();
  EXPECT_EQ(socket.notify(kWaitRx, 1), kTimeout);
  socket.completed();
  EXPECT_EQ(socket.notify(kWaitTx, 1), kTimeout);
}

// S-095: with two entries, releasing one is not enough.
CONFORMANCE(NotifyWithData, ConditionHoldsWhileOneEntryIsLeft) {
  ReadySocket socket;
  make_ready(socket, false, true);
  make_ready(socket, false, true);
  XskRingConsumerRelease(&socket.completion, 1);
  EXPECT_EQ(socket.notify(kWaitTx), kOk);
  XskRingConsumerRelease(&socket.completion, 1);
  EXPECT_EQ(socket.notify(kWaitTx), kTimeout);
}

// S-096, S-097
CONFORMANCE(NotifyWithData, OnlyWhatIsWaitedForAndReadyIsReported) {
  const struct {
    bool rx, tx;
    UINT32 both;
  } cases[] = {
      {true, false, kRxAvailable}, {false, true, kTxAvailable}, {true, true, kRxAvailable | kTxAvailable}};
  for (const auto& [rx, tx, both] : cases) {
    SCOPED_TRACE(both);
    ReadySocket socket;
    make_ready(socket, rx, tx);
    for (const UINT32 poke : {0u, kPokeRx | kPokeTx}) {
      UINT32 result = kUntouched;
      EXPECT_EQ(socket.notify(poke | kWaitRx | kWaitTx, 1, &result), kOk);
      EXPECT_EQ(result, both);
      EXPECT_EQ(socket.notify(poke | kWaitRx, 1, &result), rx ? kOk : kTimeout);
      EXPECT_EQ(result, rx ? kRxAvailable : both);
      result = both;
      EXPECT_EQ(socket.notify(poke | kWaitTx, 1, &result), tx ? kOk : kTimeout);
      EXPECT_EQ(result, tx ? kTxAvailable : both);
    }
  }
}

// A poke and a wait in one call: the frame that the poke sends ends the wait.
CONFORMANCE(Notify, PokesBeforeItWaits) {
  ReadySocket socket;
  socket.put(socket.chunk(0), udp_frame(64, 1));
  EXPECT_EQ(socket.submit({ReadySocket::descriptor(socket.chunk(0), 0, 64)}), 1u);
  UINT32 result = kUntouched;
  EXPECT_EQ(socket.notify(kPokeTx | kWaitTx, kNoTimeout, &result), kOk);
  EXPECT_EQ(result, kTxAvailable);
  EXPECT_EQ(machine().sent().size(), 1u);
}

// The answer to an index that an application has moved too far: such a ring reads as empty.
CONFORMANCE(Notify, ConsumerAheadOfTheProducerReadsAsEmpty) {
  machine().expect_application_violations();
  ReadySocket socket;
  set_index(socket.rx_ring.SharedConsumer, 1);
  EXPECT_EQ(socket.notify(kWaitRx), kTimeout);
  set_index(socket.rx_ring.SharedConsumer, 0);
}

}  // namespace
}  // namespace ringproof::test

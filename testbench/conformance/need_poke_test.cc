// When an application must poke: S-085 to S-088.

#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"
#include "testbench/conformance/sweep.h"

namespace ringproof::test {
namespace {

using NeedPoke = Conformance;

bool flag(const ReadySocket& socket) { return XskRingProducerNeedPoke(&socket.tx_ring) != 0; }

// S-085
CONFORMANCE(NeedPoke, IsClearWhileAFrameIsWithTheNic) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(SocketShape{}.in(mode));
    EXPECT_TRUE(flag(socket));
    machine().hold_all_tx();
    socket.send(0, udp_frame(64, 1));
    socket.send(1, udp_frame(64, 2));
    machine().wait_until([&] { return machine().driver().held_tx().size() == 2; });
    EXPECT_FALSE(flag(socket));
    machine().driver().release_tx(0);
    machine().wait_until([&] { return socket.completed().size() == 1; });
    machine().sleep_us(50);
    EXPECT_FALSE(flag(socket));
    machine().driver().release_tx(0);
    machine().driver().hold_tx(nullptr);
    machine().settle();
    EXPECT_EQ(socket.completed().size(), 1u);
    EXPECT_TRUE(flag(socket));
  }
}

// S-085
CONFORMANCE(NeedPoke, IsSetOnTheTxRingAlone) {
  const RawSocket socket;
  for (const UINT32 option : {XSK_SOCKOPT_RX_RING_SIZE, XSK_SOCKOPT_RX_FILL_RING_SIZE,
                              XSK_SOCKOPT_TX_RING_SIZE, XSK_SOCKOPT_TX_COMPLETION_RING_SIZE}) {
    EXPECT_EQ(socket.set_number(option, 8), kOk);
  }
  const auto info = socket.get<XSK_RING_INFO_SET>(XSK_SOCKOPT_RING_INFO);
  const auto flags = [](const XSK_RING_INFO& ring) {
    return index_in(reinterpret_cast<UINT32*>(ring.Ring + ring.FlagsOffset));
  };
  EXPECT_EQ(flags(info.Tx), XSK_RING_FLAG_NEED_POKE);
  EXPECT_EQ(flags(info.Completion), XSK_RING_FLAG_NONE);
  EXPECT_EQ(flags(info.Rx), XSK_RING_FLAG_NONE);
  EXPECT_EQ(flags(info.Fill), XSK_RING_FLAG_NONE);
}

// S-086: entries there, used up, dry with frames dropped, and there again.
CONFORMANCE(NeedPoke, IsNeverSetOnFill) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(SocketShape{}.in(mode));
    const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
    std::size_t received = 0;
    for (const UINT32 entries : {4u, 0u, 2u, 16u}) {
      EXPECT_EQ(socket.post_chunks(0, entries), entries);
      EXPECT_EQ(XskRingGetFlags(&socket.fill), XSK_RING_FLAG_NONE) << entries;
      EXPECT_EQ(socket.notify(XSK_NOTIFY_FLAG_POKE_RX), kOk);
      machine().wire(std::vector<Bytes>(4, udp_frame(64, 1)));
      machine().settle();
      EXPECT_EQ(XskRingGetFlags(&socket.fill), XSK_RING_FLAG_NONE) << entries;
      received += socket.received().size();
    }
    EXPECT_EQ(received, 10u);
    EXPECT_EQ(socket.statistics().RxDropped, 6u);
  }
}

// S-088: what waits in TX is sent after completions were released and the flag was heeded.
CONFORMANCE(NeedPoke, IsSetWhenNoCompletionSlotIsLeft) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape;
    shape.completion_size = 2;
    ReadySocket socket(shape.in(mode));
    const std::size_t before = machine().sent().size();
    for (UINT32 k = 0; k < 5; ++k) socket.send(k, udp_frame(64, static_cast<unsigned char>(k)));
    machine().settle();
    EXPECT_EQ(machine().sent().size(), before + 2);
    EXPECT_TRUE(flag(socket));
    EXPECT_EQ(socket.completed().size(), 2u);
    EXPECT_TRUE(socket.poke_if_needed());
    machine().settle();
    EXPECT_EQ(machine().sent().size(), before + 4);
    EXPECT_TRUE(flag(socket));
    EXPECT_EQ(socket.completed().size(), 2u);
    EXPECT_TRUE(socket.poke_if_needed());
    machine().settle();
    EXPECT_EQ(machine().sent().size(), before + 5);
  }
}

// S-088: with frames still with the NIC their completions bring the next pass.
CONFORMANCE(NeedPoke, IsClearWhenNoCompletionSlotIsLeftButFramesAreOutstanding) {
  SocketShape shape;
  shape.completion_size = 2;
  ReadySocket socket(shape);
  machine().hold_all_tx();
  for (UINT32 k = 0; k < 3; ++k) socket.send(k, udp_frame(64, 1));
  machine().wait_until([&] { return machine().driver().held_tx().size() == 2; });
  machine().driver().release_tx(0);
  machine().sleep_us(50);
  EXPECT_FALSE(flag(socket));
  EXPECT_EQ(socket.completed().size(), 1u);
  EXPECT_FALSE(socket.poke_if_needed());
  machine().driver().release_all_tx();
  machine().wait_until([&] { return machine().driver().held_tx().size() == 1; });
  machine().driver().release_all_tx();
  machine().settle();
  EXPECT_EQ(machine().sent().size(), 3u);
}

// S-085: a frame that is refused leaves the flag as it found it, once the passes are over.
CONFORMANCE(NeedPoke, IsSetAgainAfterAPokeThatMetOnlyInvalidDescriptors) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(SocketShape{}.in(mode));
    for (UINT32 round = 1; round <= 3; ++round) {
      EXPECT_EQ(socket.submit({ReadySocket::descriptor(0, 0, 0)}), 1u);
      EXPECT_TRUE(socket.poke_if_needed());
      machine().settle();
      EXPECT_EQ(socket.statistics().TxInvalidDescriptors, round);
      EXPECT_TRUE(flag(socket));
    }
  }
}

// The races of an application that looks at the flag while the driver sets it.
class NeedPokeRace : public Conformance {
 protected:
  static constexpr std::uint64_t kEndPs = 12'000'000;
  static constexpr std::uint64_t kStepPs = 20'000;

  // Puts a frame into TX and pokes only if the flag asks for it. Returns whether it did.
  static bool send(ReadySocket& socket, UINT32 k) {
    EXPECT_EQ(socket.submit({ReadySocket::descriptor(socket.chunk(k), 0, 60)}), 1u);
    return socket.poke_if_needed();
  }
  // The same by an application that has its own ring code: its store, fence and look take no time at all.
  static bool send_at_once(ReadySocket& socket, UINT32 k) {
    const XSK_BUFFER_DESCRIPTOR buffer = ReadySocket::descriptor(socket.chunk(k), 0, 60);
    const UINT32 producer = *socket.tx_ring.SharedProducer;
    std::memcpy(XskRingGetElement(&socket.tx_ring, producer), &buffer, sizeof buffer);
    __atomic_store_n(socket.tx_ring.SharedProducer, producer + 1, __ATOMIC_RELEASE);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    const UINT32 flags = __atomic_load_n(socket.tx_ring.SharedFlags, __ATOMIC_ACQUIRE);
    if ((flags & XSK_RING_FLAG_NEED_POKE) != 0) socket.poke();
    return (flags & XSK_RING_FLAG_NEED_POKE) != 0;
  }
};

// S-087: at every distance from the life of an earlier frame, a frame is sent by the flag's rule alone.
CONFORMANCE(NeedPokeRace, FrameBehindAFrameIsNeverForgotten) {
  for (const Mode& mode : kModes) {
    for (const auto second : {&send, &send_at_once}) {
      SCOPED_TRACE(mode.name);
      ReadySocket socket(SocketShape{}.in(mode));
      const std::uint32_t changes = sweep(kEndPs, kStepPs, [&](std::uint64_t distance_ps) {
        const std::size_t before = machine().sent().size();
        EXPECT_TRUE(send(socket, 0));
        machine().kernel().sleep(distance_ps);
        const bool poked = second(socket, 1);
        machine().settle();
        EXPECT_EQ(machine().sent().size(), before + 2) << distance_ps;
        EXPECT_EQ(socket.completed().size(), 2u) << distance_ps;
        return poked;
      });
      EXPECT_GE(changes, 1u);
    }
  }
}

// S-087, the hole that the interface must close: the earlier descriptor is invalid.
CONFORMANCE(NeedPokeRace, FrameBehindAnInvalidDescriptorIsNeverForgotten) {
  for (const Mode& mode : kModes) {
    for (const auto second : {&send, &send_at_once}) {
      SCOPED_TRACE(mode.name);
      ReadySocket socket(SocketShape{}.in(mode));
      const std::uint32_t changes = sweep(3'000'000, 5'000, [&](std::uint64_t distance_ps) {
        const std::size_t before = machine().sent().size();
        EXPECT_EQ(socket.submit({ReadySocket::descriptor(0, 0, 0)}), 1u);
        EXPECT_TRUE(socket.poke_if_needed());
        machine().kernel().sleep(distance_ps);
        const bool poked = second(socket, 1);
        machine().settle();
        EXPECT_EQ(machine().sent().size(), before + 1) << distance_ps;
        EXPECT_EQ(socket.completed().size(), 1u) << distance_ps;
        return poked;
      });
      EXPECT_GE(changes, 1u);
    }
  }
}

// S-087, S-088: a released completion slot, with a frame waiting for it, is never overlooked. Another socket,
// served first, keeps the pass busy between the completion and the look at the flag.
CONFORMANCE(NeedPokeRace, ReleasedCompletionSlotIsNeverForgotten) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape;
    ReadySocket busy(shape.in(mode));
    shape.completion_size = 1;
    ReadySocket socket(shape);
    std::vector<XSK_BUFFER_DESCRIPTOR> invalid;
    for (UINT32 k = 0; k < 16; ++k) invalid.push_back(ReadySocket::descriptor(busy.chunk(k), 0, 0));
    enum class Outcome : std::uint8_t { kNoCompletion, kNoPoke, kPoke };
    const std::uint32_t changes = sweep(2'000'000, 4'000, [&](std::uint64_t distance_ps) {
      const std::size_t before = machine().sent().size();
      EXPECT_TRUE(send(socket, 0));
      send(socket, 1);
      machine().kernel().sleep(1'500'000);
      EXPECT_EQ(busy.submit(invalid), 16u);
      machine().kernel().sleep(distance_ps);
      Outcome outcome = Outcome::kNoCompletion;
      if (socket.completed().empty()) {
        machine().settle();
        EXPECT_EQ(socket.completed().size(), 1u) << distance_ps;
        socket.poke_if_needed();
      } else {
        outcome = socket.poke_if_needed() ? Outcome::kPoke : Outcome::kNoPoke;
      }
      machine().settle();
      EXPECT_EQ(machine().sent().size(), before + 2) << distance_ps;
      EXPECT_EQ(socket.completed().size(), 1u) << distance_ps;
      return outcome;
    });
    EXPECT_GE(changes, 2u);
  }
}

}  // namespace
}  // namespace ringproof::test

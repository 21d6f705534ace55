// Applications that write nonsense into shared rings, and what the platform makes of it: section 4.3, S-068.

#include <atomic>
#include <vector>

#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"

namespace ringproof::test {
namespace {

using RingAbuse = Conformance;
using Addresses = std::vector<std::uint64_t>;

SocketShape small_rings() {
  SocketShape shape;
  shape.ring_size = 4;
  return shape;
}

Addresses bases(const std::vector<XSK_BUFFER_DESCRIPTOR>& buffers) {
  Addresses result;
  for (const XSK_BUFFER_DESCRIPTOR& buffer : buffers) result.push_back(buffer.Address.BaseAddress);
  return result;
}

void expect_no_ring_error(const RawSocket& socket) {
  for (const UINT32 option : {XSK_SOCKOPT_RX_ERROR, XSK_SOCKOPT_RX_FILL_ERROR, XSK_SOCKOPT_TX_ERROR,
                              XSK_SOCKOPT_TX_COMPLETION_ERROR}) {
    EXPECT_EQ(socket.get<XSK_ERROR>(option), XSK_NO_ERROR) << option;
  }
}

std::vector<Bytes> frames(UINT32 count) { return std::vector<Bytes>(count, udp_frame(100, 1)); }

// S-068
CONFORMANCE(RingAbuse, OverfullFillRingIsUsedSlotBySlot) {
  machine().expect_application_violations();
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape;
    shape.fill_size = 4;
    ReadySocket socket(shape.in(mode, kRxOnly));
    const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
    ASSERT_EQ(socket.post({0, socket.chunk(1), socket.chunk(64), socket.chunk(3)}), 4u);
    set_index(socket.fill.SharedProducer, 9);  // twice round, and one more
    for (UINT32 i = 0; i < 10; ++i) {
      machine().wire(frames(1));
      machine().settle();
    }
    EXPECT_EQ(bases(socket.received()),
              (Addresses{0, socket.chunk(1), socket.chunk(3), 0, socket.chunk(1), socket.chunk(3), 0}));
    EXPECT_EQ(index_in(socket.fill.SharedConsumer), 9u);
    EXPECT_EQ(socket.statistics().RxInvalidDescriptors, 2u);
    EXPECT_EQ(socket.statistics().RxDropped, 3u);
    expect_no_ring_error(socket);
    EXPECT_FALSE(XskRingError(&socket.fill));
  }
}

// S-068: as the upstream tests post their fill entry, one index backward.
CONFORMANCE(RingAbuse, FillProducerMovedBackwardStillDelivers) {
  machine().expect_application_violations();
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(SocketShape().in(mode, kRxOnly));
    const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
    *static_cast<UINT64*>(XskRingGetElement(&socket.fill, 0)) = socket.chunk(5);
    XskRingProducerSubmit(&socket.fill, ~UINT32{0});
    machine().wire(frames(1));
    machine().settle();
    EXPECT_EQ(bases(socket.received()), (Addresses{socket.chunk(5)}));
    EXPECT_EQ(index_in(socket.fill.SharedConsumer), 1u);
    expect_no_ring_error(socket);
  }
}

// Section 4.3: each stale slot is judged and sent again.
CONFORMANCE(RingAbuse, OverfullTxRingIsSentSlotBySlot) {
  machine().expect_application_violations();
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape = small_rings();
    shape.completion_size = 16;
    ReadySocket socket(shape.in(mode, kTxOnly));
    const std::size_t before = machine().sent().size();
    ASSERT_EQ(socket.submit({ReadySocket::descriptor(0, 0, 60), ReadySocket::descriptor(2048, 0, 61),
                             ReadySocket::descriptor(4096, 0, 0), ReadySocket::descriptor(6144, 0, 63)}),
              4u);
    set_index(socket.tx_ring.SharedProducer, 6);
    socket.poke();
    machine().settle();
    EXPECT_EQ(socket.completed(), (Addresses{0, 2048, 6144, 0, 2048}));
    EXPECT_EQ(machine().sent().size(), before + 5);
    EXPECT_EQ(index_in(socket.tx_ring.SharedConsumer), 6u);
    EXPECT_EQ(socket.statistics().TxInvalidDescriptors, 1u);
    expect_no_ring_error(socket);
  }
}

// Section 4.3: the ring seems to hold 2^32 - 1 entries; COMPLETION is what bounds the damage.
CONFORMANCE(RingAbuse, TxProducerMovedBackwardSendsAsMuchAsCompletionHolds) {
  machine().expect_application_violations();
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape = small_rings();
    shape.completion_size = 8;
    ReadySocket socket(shape.in(mode, kTxOnly));
    const std::size_t before = machine().sent().size();
    for (UINT32 k = 0; k < 4; ++k) {
      auto* entry = static_cast<XSK_BUFFER_DESCRIPTOR*>(XskRingGetElement(&socket.tx_ring, k));
      *entry = ReadySocket::descriptor(socket.chunk(k), 0, 60);
    }
    set_index(socket.tx_ring.SharedProducer, ~UINT32{0});
    socket.poke();
    machine().settle();
    EXPECT_EQ(machine().sent().size(), before + 8);
    EXPECT_EQ(index_in(socket.tx_ring.SharedConsumer), 8u);
    EXPECT_EQ(socket.completed(true).size(), 8u);
    expect_no_ring_error(socket);
  }
}

// Section 4.3: a ring that seems to hold 2^31 descriptors, none of them valid, keeps the queue busy. Others
// come in between two of its passes: a socket that joins, sends and leaves, and a reset.
CONFORMANCE(RingAbuse, EndlessDescriptorsKeepNobodyOut) {
  machine().expect_application_violations();
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket endless(small_rings().in(mode, kTxOnly));
    set_index(endless.tx_ring.SharedConsumer, UINT32{1} << 31);
    endless.poke();
    machine().sleep_us(5);
    {
      ReadySocket other(SocketShape().in(mode, kTxOnly));
      other.send(0, udp_frame(60, 1));
      Addresses completed;
      for (int us = 0; us < 200 && completed.empty(); ++us) {
        machine().sleep_us(1);
        completed = other.completed();
      }
      EXPECT_EQ(completed, Addresses{0});
    }
    machine().driver().reset_queue(0, driver::Direction::kTx);
    EXPECT_GT(endless.statistics().TxInvalidDescriptors, 0u);
    endless.close();
    machine().settle();
  }
}

// Section 4.3: unread entries are overwritten.
CONFORMANCE(RingAbuse, RxConsumerAheadOfTheProducerMakesRoomThatIsNotThere) {
  machine().expect_application_violations();
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape = small_rings();
    shape.fill_size = 16;
    ReadySocket socket(shape.in(mode, kRxOnly));
    const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
    ASSERT_EQ(socket.post_chunks(0, 8), 8u);
    machine().wire(frames(4));
    machine().settle();
    set_index(socket.rx_ring.SharedConsumer, 1000);
    machine().wire(frames(2));
    machine().settle();
    EXPECT_EQ(index_in(socket.rx_ring.SharedProducer), 6u);
    EXPECT_EQ(socket.statistics().RxDropped, 0u);
    expect_no_ring_error(socket);
    set_index(socket.rx_ring.SharedConsumer, 2);
    EXPECT_EQ(bases(socket.received()),
              (Addresses{socket.chunk(2), socket.chunk(3), socket.chunk(4), socket.chunk(5)}));
  }
}

// Section 4.3: the platform has no copy of its own index.
CONFORMANCE(RingAbuse, OverwrittenPlatformIndexIsWhereThePlatformGoesOn) {
  machine().expect_application_violations();
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(small_rings().in(mode));
    const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
    ASSERT_EQ(socket.post_chunks(0, 4), 4u);
    machine().wire(frames(1));
    machine().settle();
    set_index(socket.fill.SharedConsumer, 3);
    set_index(socket.rx_ring.SharedProducer, 2);
    machine().wire(frames(1));
    machine().settle();
    EXPECT_EQ(index_in(socket.fill.SharedConsumer), 4u);
    EXPECT_EQ(index_in(socket.rx_ring.SharedProducer), 3u);
    EXPECT_EQ(bases(socket.received()), (Addresses{0, 0, socket.chunk(3)}));

    socket.send(10, udp_frame(60, 1));
    socket.send(11, udp_frame(61, 2));
    machine().settle();
    EXPECT_EQ(socket.completed(), (Addresses{socket.chunk(10), socket.chunk(11)}));
    set_index(socket.tx_ring.SharedConsumer, 1);
    set_index(socket.completion.SharedProducer, 3);
    socket.poke();
    machine().settle();
    EXPECT_EQ(index_in(socket.tx_ring.SharedConsumer), 2u);
    EXPECT_EQ(socket.completed(), (Addresses{0, socket.chunk(11)}));
    expect_no_ring_error(socket);
  }
}

// Section 4.3: flag bits of the application's making change nothing but what reads them.
CONFORMANCE(RingAbuse, FlagsThatTheApplicationSetAreNoErrors) {
  machine().expect_application_violations();
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(SocketShape().in(mode));
    const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
    for (const UINT32 bits : {~UINT32{0}, 0u}) {
      for (XSK_RING* ring : {&socket.fill, &socket.rx_ring, &socket.tx_ring, &socket.completion}) {
        set_index(ring->SharedFlags, bits);
      }
      ASSERT_EQ(socket.post_chunks(0, 1), 1u);
      machine().wire({udp_frame(100, 1)});
      socket.put(socket.chunk(8), udp_frame(100, 2));
      ASSERT_EQ(socket.submit({ReadySocket::descriptor(socket.chunk(8), 0, 100)}), 1u);
      socket.poke();
      machine().settle();
      EXPECT_EQ(socket.received().size(), 1u);
      EXPECT_EQ(socket.completed(), (Addresses{socket.chunk(8)}));
      expect_no_ring_error(socket);
    }
  }
}

// INV-46: while another thread changes address and length one after the other, each frame that goes out has
// one of the lengths and comes from the address that its completion names.
CONFORMANCE(RingAbuse, EachDescriptorIsReadOnce) {
  machine().expect_application_violations();
  constexpr UINT32 kRounds = 50;
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(SocketShape().in(mode, kTxOnly));
    for (UINT32 k = 0; k < 2; ++k) {
      socket.put(socket.chunk(k), udp_frame(1500, static_cast<unsigned char>(k)));
    }
    const std::size_t before = machine().sent().size();
    std::atomic<bool> over = false;
    const auto flipper = machine().start_thread([&] {
      constexpr std::array<UINT32, 3> kLengths = {100, 70'000, 1000};
      for (UINT32 i = 0; !over; ++i) {
        for (UINT32 slot = 0; slot < socket.tx_ring.Size; ++slot) {
          auto* entry = static_cast<XSK_BUFFER_DESCRIPTOR*>(XskRingGetElement(&socket.tx_ring, slot));
          entry->Address.AddressAndOffset = socket.chunk(i / 2 % 2);
          machine().kernel().spend(7'000);
          entry->Length = kLengths[i % kLengths.size()];
          machine().kernel().spend(5'000);
        }
      }
    });
    Addresses completed;
    UINT32 submitted = 0;
    for (UINT32 round = 0; round < kRounds; ++round) {
      submitted += socket.submit(std::vector(16, ReadySocket::descriptor(0, 0, 100)));
      socket.poke();
      machine().sleep_us(10);
      for (const std::uint64_t base : socket.completed()) completed.push_back(base);
    }
    over = true;
    machine().join(flipper);
    machine().settle();
    for (const std::uint64_t base : socket.completed()) completed.push_back(base);

    const std::uint64_t invalid = socket.statistics().TxInvalidDescriptors;
    EXPECT_GT(invalid, 0u);
    EXPECT_EQ(completed.size() + invalid, submitted);
    ASSERT_EQ(machine().sent().size() - before, completed.size());
    std::array<UINT32, 2> sent_from{};
    for (std::size_t i = 0; i < completed.size(); ++i) {
      const Bytes& frame = machine().sent()[before + i];
      const auto k = static_cast<UINT32>(completed[i] / 2048);
      ASSERT_LT(k, 2u);
      ++sent_from[k];
      EXPECT_TRUE(frame.size() == 100 || frame.size() == 1000) << frame.size();
      EXPECT_EQ(frame.back(), k);
    }
    EXPECT_GT(sent_from[0], 0u);
    EXPECT_GT(sent_from[1], 0u);
  }
}

}  // namespace
}  // namespace ringproof::test

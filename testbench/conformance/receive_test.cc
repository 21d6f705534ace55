// How one received frame comes into the UMEM and the RX ring: S-054 to S-059, S-064 to S-066.

#include <vector>

#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"

namespace ringproof::test {
namespace {

using Receive = Conformance;

constexpr std::uint64_t kLongUs = 100;

// An index, read in no time.
UINT32 now_in(const UINT32* word) { return __atomic_load_n(word, __ATOMIC_ACQUIRE); }

// S-054
CONFORMANCE(Receive, FrameTakesOneFillEntryAndMakesOneRxEntry) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape;
    shape.headroom = 100;
    ReadySocket socket(shape.in(mode, kRxOnly));
    const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
    ASSERT_EQ(socket.post({socket.chunk(7), socket.chunk(3)}), 2u);
    machine().wire({udp_frame(321, 9)});
    machine().settle();

    EXPECT_EQ(index_in(socket.fill.SharedConsumer), 1u);
    const auto received = socket.received();
    ASSERT_EQ(received.size(), 1u);
    EXPECT_EQ(received[0].Address.BaseAddress, socket.chunk(7));
    EXPECT_EQ(received[0].Address.Offset, 100u);
    EXPECT_EQ(received[0].Length, 321u);
    EXPECT_EQ(socket.bytes_of(received[0]), udp_frame(321, 9));
  }
}

// S-054: the smallest and the largest frame of the port.
CONFORMANCE(Receive, FramesOfEverySizeArriveWhole) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(SocketShape().in(mode, kRxOnly));
    const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
    const std::vector<Bytes> frames = {udp_frame(60, 1), udp_frame(61, 2), udp_frame(1514, 3),
                                       udp_frame(1518, 4)};
    ASSERT_EQ(socket.post_chunks(0, 4), 4u);
    machine().wire(frames);
    machine().settle();
    const auto received = socket.received();
    ASSERT_EQ(received.size(), frames.size());
    for (std::size_t i = 0; i < frames.size(); ++i) EXPECT_EQ(socket.bytes_of(received[i]), frames[i]) << i;
    EXPECT_EQ(socket.statistics().RxTruncated, 0u);
  }
}

// S-054, 5.5: the largest head room; and `Reserved`, which the platform leaves as it found it.
CONFORMANCE(Receive, LargestHeadRoomFitsTheDescriptorAndReservedIsLeftAlone) {
  constexpr UINT32 kMark = 0xA5A5A5A5;
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape;
    shape.chunks = 4;
    shape.chunk_bytes = 65536 + 2048;
    shape.headroom = 65535;
    shape.ring_size = 2;
    ReadySocket socket(shape.in(mode, kRxOnly));
    const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
    auto* const marked = static_cast<XSK_BUFFER_DESCRIPTOR*>(XskRingGetElement(&socket.rx_ring, 1));
    marked->Reserved = kMark;
    ASSERT_EQ(socket.post_chunks(2, 2), 2u);
    machine().wire({udp_frame(300, 1), udp_frame(301, 2)});
    machine().settle();
    const auto received = socket.received();
    ASSERT_EQ(received.size(), 2u);
    for (UINT32 i = 0; i < 2; ++i) {
      EXPECT_EQ(received[i].Address.BaseAddress, socket.chunk(2 + i));
      EXPECT_EQ(received[i].Address.Offset, 65535u);
      EXPECT_EQ(socket.bytes_of(received[i]), udp_frame(300 + i, static_cast<unsigned char>(1 + i)));
    }
    EXPECT_EQ(received[0].Reserved, 0u);
    EXPECT_EQ(received[1].Reserved, kMark);
  }
}

// S-055
CONFORMANCE(Receive, WithoutFillEntryTheFrameIsDroppedAndCounted) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(SocketShape().in(mode, kRxOnly));
    const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
    machine().wire({udp_frame(64, 1)});
    machine().settle();
    EXPECT_EQ(socket.statistics().RxDropped, 1u);
    EXPECT_EQ(socket.received().size(), 0u);
    EXPECT_EQ(index_in(socket.rx_ring.SharedProducer), 0u);
    EXPECT_EQ(machine().passed(), 0u);
  }
}

// S-056
CONFORMANCE(Receive, FullRxRingDropsAndTakesNoFillEntry) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape;
    shape.ring_size = 4;
    shape.fill_size = 8;
    ReadySocket socket(shape.in(mode, kRxOnly));
    const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
    ASSERT_EQ(socket.post_chunks(0, 8), 8u);
    machine().wire(std::vector<Bytes>(4, udp_frame(64, 1)));
    machine().settle();
    machine().wire({udp_frame(64, 2), udp_frame(64, 3)});
    machine().settle();
    EXPECT_EQ(socket.statistics().RxDropped, 2u);
    EXPECT_EQ(index_in(socket.fill.SharedConsumer), 4u);
    EXPECT_EQ(socket.received().size(), 4u);

    machine().wire({udp_frame(64, 4)});
    machine().settle();
    const auto received = socket.received();
    ASSERT_EQ(received.size(), 1u);
    EXPECT_EQ(received[0].Address.BaseAddress, socket.chunk(4));
    EXPECT_EQ(socket.bytes_of(received[0]), udp_frame(64, 4));
    EXPECT_EQ(socket.statistics().RxDropped, 2u);
  }
}

// S-057, S-059: any value above the last chunk, up to the last one that 64 bits hold.
CONFORMANCE(Receive, InvalidFillEntriesAreConsumedAndCounted) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(SocketShape().in(mode, kRxOnly));
    const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
    const std::vector<std::uint64_t> invalid = {
        socket.chunk(63) + 1,   socket.chunk(64),           std::uint64_t{1} << 47, std::uint64_t{1} << 48,
        std::uint64_t{1} << 63, ~std::uint64_t{0} - 0xFFFF, ~std::uint64_t{0}};
    for (std::size_t i = 0; i < invalid.size(); ++i) {
      SCOPED_TRACE(invalid[i]);
      ASSERT_EQ(socket.post({invalid[i]}), 1u);
      machine().wire({udp_frame(64, 1)});
      machine().settle();
      const XSK_STATISTICS statistics = socket.statistics();
      EXPECT_EQ(statistics.RxInvalidDescriptors, i + 1);
      EXPECT_EQ(statistics.RxDropped, i + 1);
      EXPECT_EQ(index_in(socket.fill.SharedConsumer), i + 1);
      EXPECT_EQ(socket.received().size(), 0u);
    }
    EXPECT_EQ(socket.get<XSK_ERROR>(XSK_SOCKOPT_RX_FILL_ERROR), XSK_NO_ERROR);
    EXPECT_FALSE(XskRingError(&socket.fill));
    EXPECT_EQ(machine().passed(), 0u);
  }
}

// S-058
CONFORMANCE(Receive, LastChunkAndUnalignedAddressesAreAccepted) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(SocketShape().in(mode, kRxOnly));
    const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
    const std::vector<std::uint64_t> valid = {socket.chunk(63), socket.chunk(60) + 1, 0, 4097};
    ASSERT_EQ(socket.post(valid), valid.size());
    const std::vector<Bytes> frames = {udp_frame(200, 0), udp_frame(200, 1), udp_frame(200, 2),
                                       udp_frame(200, 3)};
    machine().wire(frames);
    machine().settle();
    const auto received = socket.received();
    ASSERT_EQ(received.size(), valid.size());
    for (std::size_t i = 0; i < valid.size(); ++i) {
      EXPECT_EQ(received[i].Address.BaseAddress, valid[i]);
      EXPECT_EQ(socket.bytes_of(received[i]), frames[i]) << i;
    }
    EXPECT_EQ(socket.statistics().RxInvalidDescriptors, 0u);
  }
}

// S-064: at the moment in which the RX producer is seen to move.
CONFORMANCE(Receive, DataAndFillConsumerAreThereWhenTheRxProducerMoves) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape;
    shape.ring_size = 1;
    ReadySocket socket(shape.in(mode, kRxOnly));
    const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
    for (UINT32 i = 0; i < 4; ++i) {
      ASSERT_EQ(socket.post_chunks(i, 1), 1u);
      const Bytes frame = udp_frame(1000, static_cast<unsigned char>(i));
      machine().wire({frame});
      // Looks more often than the platform stores, which the helpers would not.
      const std::uint64_t end_us = machine().now_us() + kLongUs;
      while (now_in(socket.rx_ring.SharedProducer) == i && machine().now_us() < end_us) {
        machine().kernel().spend(1'500);
      }
      EXPECT_EQ(now_in(socket.fill.SharedConsumer), i + 1);
      const auto received = socket.received();
      ASSERT_EQ(received.size(), 1u);
      EXPECT_EQ(socket.bytes_of(received[0]), frame);
    }
  }
}

// S-065
CONFORMANCE(Receive, FramesBeforeActivationVanishUncounted) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape;
    shape.activated = false;
    ReadySocket socket(shape.in(mode, kRxOnly));
    ASSERT_EQ(socket.post_chunks(0, 4), 4u);
    const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
    machine().wire({udp_frame(64, 1), udp_frame(64, 2)});
    machine().settle();
    EXPECT_EQ(index_in(socket.rx_ring.SharedProducer), 0u);
    EXPECT_EQ(index_in(socket.fill.SharedConsumer), 0u);
    EXPECT_EQ(socket.statistics().RxDropped, 0u);
    EXPECT_EQ(machine().passed(), 0u);

    ASSERT_EQ(socket.activate(), kOk);
    machine().wire({udp_frame(64, 3)});
    machine().settle();
    const auto received = socket.received();
    ASSERT_EQ(received.size(), 1u);
    EXPECT_EQ(socket.bytes_of(received[0]), udp_frame(64, 3));
  }
}

// S-065: all frames arrive on the same one of two queues, and a socket on the other one sees nothing.
CONFORMANCE_ON(Receive, FramesOfAnotherQueueVanishUncounted, settings.nic.rx_queues = 2) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    UINT32 delivered = 0;
    for (const UINT32 queue : {0u, 1u}) {
      SocketShape shape;
      shape.queue = queue;
      ReadySocket socket(shape.in(mode, kRxOnly));
      const auto program =
          TestProgram::redirect_all(socket, 0, mode.program_flag | XDP_CREATE_PROGRAM_FLAG_ALL_QUEUES);
      ASSERT_EQ(socket.post_chunks(0, 16), 16u);
      machine().wire(std::vector<Bytes>(5, udp_frame(64, 1)));
      machine().settle();
      const auto received = static_cast<UINT32>(socket.received().size());
      EXPECT_EQ(index_in(socket.fill.SharedConsumer), received);
      EXPECT_EQ(socket.statistics().RxDropped, 0u);
      delivered += received;
    }
    EXPECT_EQ(delivered, 5u);
    EXPECT_EQ(machine().passed(), 0u);
  }
}

// S-066
CONFORMANCE(Receive, NewProgramResumesDelivery) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(SocketShape().in(mode, kRxOnly));
    ASSERT_EQ(socket.post_chunks(0, 4), 4u);
    auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
    machine().wire({udp_frame(64, 1)});
    machine().settle();
    program.reset();
    const std::size_t passed_before = machine().passed();
    machine().wire({udp_frame(64, 2)});
    machine().settle();
    EXPECT_EQ(machine().passed(), passed_before + 1);
    program = TestProgram::redirect_batched(socket, 0, mode.program_flag);
    machine().wire({udp_frame(64, 3)});
    machine().settle();

    const auto received = socket.received();
    ASSERT_EQ(received.size(), 2u);
    EXPECT_EQ(socket.bytes_of(received[0]), udp_frame(64, 1));
    EXPECT_EQ(socket.bytes_of(received[1]), udp_frame(64, 3));
    EXPECT_EQ(socket.statistics().RxDropped, 0u);
  }
}

}  // namespace
}  // namespace ringproof::test

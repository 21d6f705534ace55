// Rings whose indices run round their slots, and round 32 bits: S-115.

#include <vector>

#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"

namespace ringproof::test {
namespace {

using IndexWrap = Conformance;
using Addresses = std::vector<std::uint64_t>;

// What the application does and sees in one round: `count` frames in and `count` frames out.
void expect_round(Machine& machine, ReadySocket& socket, UINT32 count, unsigned char mark) {
  Addresses out;
  std::vector<Bytes> in;
  const std::size_t before = machine.sent().size();
  ASSERT_EQ(socket.post_chunks(0, count), count);
  for (UINT32 k = 0; k < count; ++k) {
    in.push_back(udp_frame(60 + k, mark));
    socket.send(32 + k, udp_frame(160 + k, mark));
    out.push_back(socket.chunk(32 + k));
  }
  machine.wire_as_one_batch(in);
  const auto received = socket.received();
  ASSERT_EQ(received.size(), count);
  ASSERT_EQ(machine.sent().size(), before + count);
  for (UINT32 k = 0; k < count; ++k) {
    EXPECT_EQ(received[k].Address.BaseAddress, socket.chunk(k));
    EXPECT_EQ(socket.bytes_of(received[k]), in[k]);
    EXPECT_EQ(machine.sent()[before + k], udp_frame(160 + k, mark));
  }
  EXPECT_EQ(socket.completed(), out);
}

// S-115: both words of all rings stand shortly before 2^32 before there is any traffic.
CONFORMANCE(IndexWrap, RoundOf32BitsIsInvisible) {
  machine().expect_application_violations();  // to get there
  // The platform believes the indices that it saw last, 0, until they are not enough: more entries than there
  // are from here to the wrap make it look.
  constexpr UINT32 kBefore = 5;
  constexpr UINT32 kStart = 0 - kBefore;
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(SocketShape().in(mode));
    const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
    for (XSK_RING* ring : {&socket.fill, &socket.rx_ring, &socket.tx_ring, &socket.completion}) {
      set_index(ring->SharedProducer, kStart);
      set_index(ring->SharedConsumer, kStart);
      ring->CachedProducer = ring->CachedConsumer = kStart;
    }
    for (unsigned char round = 0; round < 3; ++round) {
      SCOPED_TRACE(static_cast<int>(round));
      expect_round(machine(), socket, kBefore + 3, round);
    }
    for (const XSK_RING* ring : {&socket.fill, &socket.rx_ring, &socket.tx_ring, &socket.completion}) {
      EXPECT_EQ(index_in(ring->SharedProducer), kStart + 3 * (kBefore + 3));
      EXPECT_EQ(index_in(ring->SharedConsumer), kStart + 3 * (kBefore + 3));
      EXPECT_FALSE(XskRingError(ring));
    }
    const XSK_STATISTICS statistics = socket.statistics();
    EXPECT_EQ(statistics.RxDropped + statistics.RxInvalidDescriptors + statistics.TxInvalidDescriptors, 0u);
  }
}

// S-115: the smallest rings, many times round, full in each round.
CONFORMANCE(IndexWrap, RoundOfSmallRingsIsInvisible) {
  for (const Mode& mode : kModes) {
    for (const UINT32 size : {1u, 2u, 4u}) {
      SCOPED_TRACE(testing::Message() << mode.name << ", " << size << " entries");
      SocketShape shape;
      shape.ring_size = size;
      ReadySocket socket(shape.in(mode));
      const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
      for (unsigned char round = 0; round < 50; ++round) expect_round(machine(), socket, size, round);
      EXPECT_EQ(index_in(socket.rx_ring.SharedProducer), 50 * size);
      EXPECT_EQ(socket.statistics().RxDropped, 0u);
    }
  }
}

}  // namespace
}  // namespace ringproof::test

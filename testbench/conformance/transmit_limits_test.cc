// Which descriptors may be sent: S-070 to S-073.

#include <vector>

#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"

namespace ringproof::test {
namespace {

using TransmitLimits = Conformance;

constexpr std::uint64_t kUmemBytes = 64 * 2048;  // in whole chunks
constexpr std::uint64_t kHighestBase = (std::uint64_t{1} << 48) - 1;

struct Descriptor {
  std::uint64_t base;
  UINT32 offset;
  UINT32 length;
};

// A UMEM whose memory goes on behind its last whole chunk, and with a pattern in it.
struct Sender : ReadySocket {
  explicit Sender(const Mode& mode, UINT32 chunk_bytes = 2048) : ReadySocket(shape(mode, chunk_bytes)) {
    for (std::uint64_t at = 0; at < chunk(64); ++at)
      umem()[at] = static_cast<unsigned char>(at * 7 + at / 256);
  }
  static SocketShape shape(const Mode& mode, UINT32 chunk_bytes) {
    SocketShape shape;
    shape.chunk_bytes = chunk_bytes;
    shape.extra_bytes = chunk_bytes - 1;
    return shape.in(mode, kTxOnly);
  }
};

std::string text(const Mode& mode, const Descriptor& each) {
  return std::string(mode.name) + ", base " + std::to_string(each.base) + ", offset " +
         std::to_string(each.offset) + ", length " + std::to_string(each.length);
}

void expect_sent(Machine& machine, const Mode& mode, Sender& socket, const Descriptor& each) {
  SCOPED_TRACE(text(mode, each));
  const std::size_t before = machine.sent().size();
  const std::uint64_t invalid_before = socket.statistics().TxInvalidDescriptors;
  const auto buffer = ReadySocket::descriptor(each.base, each.offset, each.length);
  ASSERT_EQ(socket.submit({buffer}), 1u);
  socket.poke_if_needed();
  machine.settle();
  ASSERT_EQ(machine.sent().size(), before + 1);
  EXPECT_EQ(machine.sent().back(), socket.bytes_of(buffer));
  EXPECT_EQ(socket.completed(), (std::vector<std::uint64_t>{each.base}));
  EXPECT_EQ(socket.statistics().TxInvalidDescriptors, invalid_before);
}

void expect_refused(Machine& machine, const Mode& mode, Sender& socket, const Descriptor& each) {
  SCOPED_TRACE(text(mode, each));
  const std::size_t before = machine.sent().size();
  const std::uint64_t invalid_before = socket.statistics().TxInvalidDescriptors;
  const UINT32 consumer_before = index_in(socket.tx_ring.SharedConsumer);
  ASSERT_EQ(socket.submit({ReadySocket::descriptor(each.base, each.offset, each.length)}), 1u);
  socket.poke_if_needed();
  machine.settle();
  EXPECT_EQ(machine.sent().size(), before);
  EXPECT_EQ(socket.completed().size(), 0u);
  EXPECT_EQ(socket.statistics().TxInvalidDescriptors, invalid_before + 1);
  EXPECT_EQ(index_in(socket.tx_ring.SharedConsumer), consumer_before + 1);
  EXPECT_EQ(socket.get<XSK_ERROR>(XSK_SOCKOPT_TX_ERROR), XSK_NO_ERROR);
}

// S-070: zero length, and beyond the UMEM by base, offset or length.
CONFORMANCE(TransmitLimits, EmptyFramesAndFramesOutsideTheUmemAreRefused) {
  for (const Mode& mode : kModes) {
    Sender socket(mode);
    for (const Descriptor& each : std::vector<Descriptor>{{0, 0, 0},
                                                          {kUmemBytes, 0, 0},
                                                          {kUmemBytes - 59, 0, 60},
                                                          {kUmemBytes - 100, 41, 60},
                                                          {kUmemBytes, 0, 60},
                                                          {kUmemBytes + 100, 0, 60},
                                                          {kUmemBytes - 2048, 2048, 60},
                                                          {kUmemBytes - 2048, 65535, 60},
                                                          {kHighestBase, 0, 60},
                                                          {kHighestBase, 65535, 60},
                                                          {kHighestBase, 65535, 0xFFFFFFFF}}) {
      expect_refused(machine(), mode, socket, each);
    }
  }
}

// S-073
CONFORMANCE(TransmitLimits, FrameMayEndWithTheUmem) {
  for (const Mode& mode : kModes) {
    Sender socket(mode);
    for (const Descriptor& each : std::vector<Descriptor>{
             {kUmemBytes - 60, 0, 60}, {kUmemBytes - 100, 40, 60}, {kUmemBytes - 2048, 2048 - 60, 60}}) {
      expect_sent(machine(), mode, socket, each);
    }
  }
}

// S-070, S-071: native has room for a VLAN tag, generic goes by the layer 3 MTU.
CONFORMANCE(TransmitLimits, LongestFrameIsThatOfTheInterface) {
  for (const Mode& mode : kModes) {
    Sender socket(mode);
    expect_sent(machine(), mode, socket, {0, 0, mode.frame_bytes_max});
    expect_refused(machine(), mode, socket, {2048, 0, mode.frame_bytes_max + 1});
    expect_refused(machine(), mode, socket, {2048, 0, 2048});
    expect_refused(machine(), mode, socket, {2048, 0, 0xFFFFFFFF});
  }
}

// S-071: the limit follows the MTU.
CONFORMANCE_ON(TransmitLimits, LongestFrameFollowsTheMtu, settings.nic.mtu = 9000) {
  for (const Mode& mode : kModes) {
    const UINT32 longest = mode.frame_bytes_max - 1500 + 9000;
    Sender socket(mode, 16384);
    expect_sent(machine(), mode, socket, {0, 0, longest});
    expect_refused(machine(), mode, socket, {16384, 0, longest + 1});
  }
}

// S-072: with bounce buffers a frame stays in the chunk of its base address.
CONFORMANCE(TransmitLimits, OnlyWithoutBounceMayAFrameCrossChunks) {
  for (const Mode& mode : kModes) {
    const bool bounces = mode.bind_flag == XSK_BIND_FLAG_GENERIC;
    Sender socket(mode);
    for (const Descriptor& each : std::vector<Descriptor>{{2048 * 3 - 59, 0, 60},
                                                          {2048 * 3 - 1, 0, 60},
                                                          {2048 * 4, 2048 - 59, 60},
                                                          {2048 * 4, 2048, 60},
                                                          {2048 * 5, 65535, 60},
                                                          {2048 * 6 + 600, 0, 1500}}) {
      (bounces ? expect_refused : expect_sent)(machine(), mode, socket, each);
    }
    for (const Descriptor& each :
         std::vector<Descriptor>{{2048 * 3 - 60, 0, 60}, {2048 * 4, 2048 - 60, 60}, {2048 * 4 + 1, 3, 61}}) {
      expect_sent(machine(), mode, socket, each);
    }
  }
}

}  // namespace
}  // namespace ringproof::test

// Frames that do not fit their chunk, or come in pieces: S-060 to S-062.

#include <vector>

#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"

namespace ringproof::test {
namespace {

using ReceiveTruncation = Conformance;

Bytes first_of(const Bytes& frame, std::size_t count) {
  return {frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(std::min(count, frame.size()))};
}

// One frame that comes to a chunk, and what is left of it.
struct Case {
  UINT32 chunk_bytes;
  UINT32 headroom;
  UINT32 frame_bytes;
  UINT32 delivered;
};

void check(Machine& machine, const std::vector<Case>& cases) {
  for (const Mode& mode : kModes) {
    for (const Case& each : cases) {
      SCOPED_TRACE(testing::Message() << mode.name << ", chunk " << each.chunk_bytes << ", headroom "
                                      << each.headroom << ", frame " << each.frame_bytes);
      SocketShape shape;
      shape.chunk_bytes = each.chunk_bytes;
      shape.headroom = each.headroom;
      ReadySocket socket(shape.in(mode, kRxOnly));
      const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
      ASSERT_EQ(socket.post_chunks(2, 1), 1u);
      const Bytes frame = udp_frame(each.frame_bytes, 7);
      machine.wire({frame});
      machine.settle();
      const auto received = socket.received();
      ASSERT_EQ(received.size(), 1u);
      EXPECT_EQ(received[0].Length, each.delivered);
      EXPECT_EQ(socket.bytes_of(received[0]), first_of(frame, each.delivered));
      // The neighbouring chunks are untouched.
      EXPECT_EQ(socket.umem()[socket.chunk(2) - 1], 0u);
      EXPECT_EQ(socket.umem()[socket.chunk(3)], 0u);
      const XSK_STATISTICS statistics = socket.statistics();
      EXPECT_EQ(statistics.RxTruncated, each.delivered < each.frame_bytes ? 1u : 0u);
      EXPECT_EQ(statistics.RxDropped, 0u);
    }
  }
}

// S-060
CONFORMANCE(ReceiveTruncation, LongFrameIsCutToTheRoomOfTheChunk) {
  check(machine(), {{2048, 1948, 100, 100},
                    {2048, 1949, 100, 99},
                    {512, 0, 512, 512},
                    {512, 0, 513, 512},
                    {512, 128, 1518, 384},
                    {100, 99, 60, 1},
                    {100, 100, 60, 0}});
}

// S-061: buffers of 256 bytes; what fills the chunk exactly is whole, one byte more is not.
CONFORMANCE_ON(ReceiveTruncation, FragmentsBecomeOneFrame, settings.nic.rx_fragment_bytes = 256) {
  check(machine(), {{2048, 0, 1518, 1518},
                    {2048, 100, 257, 257},
                    {512, 0, 512, 512},
                    {512, 0, 513, 512},
                    {512, 100, 1000, 412},
                    {512, 412, 1000, 100},
                    {256, 256, 1000, 0}});
}

// S-060: each frame counts once.
CONFORMANCE(ReceiveTruncation, EachTruncatedFrameCountsOnce) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape;
    shape.chunk_bytes = 128;
    ReadySocket socket(shape.in(mode, kRxOnly));
    const auto program = TestProgram::redirect_batched(socket, 0, mode.program_flag);
    ASSERT_EQ(socket.post_chunks(0, 5), 5u);
    machine().wire_as_one_batch(
        {udp_frame(129, 1), udp_frame(128, 2), udp_frame(1500, 3), udp_frame(60, 4), udp_frame(500, 5)});
    EXPECT_EQ(socket.statistics().RxTruncated, 3u);
    EXPECT_EQ(socket.received().size(), 5u);
  }
}

UINT32 original_length(const ReadySocket& socket, UINT32 index) {
  const auto offset = socket.get<UINT16>(XSK_SOCKOPT_RX_FRAME_ORIGINAL_LENGTH_EXTENSION);
  XSK_FRAME_ORIGINAL_LENGTH extension{};
  const auto* element = static_cast<const unsigned char*>(XskRingGetElement(&socket.rx_ring, index));
  std::memcpy(&extension, element + offset, sizeof extension);
  return extension.OriginalLength;
}

// S-062: whole and truncated.
CONFORMANCE(ReceiveTruncation, OriginalLengthIsThatOfTheWholeFrame) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape;
    shape.chunk_bytes = 256;
    shape.headroom = 56;
    shape.offloads = {XSK_SOCKOPT_RX_ORIGINAL_LENGTH};
    ReadySocket socket(shape.in(mode, kRxOnly));
    const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
    ASSERT_EQ(socket.post_chunks(0, 3), 3u);
    machine().wire({udp_frame(200, 1), udp_frame(201, 2), udp_frame(1518, 3)});
    machine().settle();
    const auto received = socket.received(true);
    ASSERT_EQ(received.size(), 3u);
    EXPECT_EQ(received[2].Length, 200u);
    EXPECT_EQ(original_length(socket, 0), 200u);
    EXPECT_EQ(original_length(socket, 1), 201u);
    EXPECT_EQ(original_length(socket, 2), 1518u);
  }
}

// S-062, beyond upstream: the full length of frames that come in pieces, and upstream's way by a switch.
CONFORMANCE_ON(ReceiveTruncation, OriginalLengthOfFragmentsIsTheWhole, settings.nic.rx_fragment_bytes = 512) {
  SocketShape shape;
  shape.chunk_bytes = 1024;
  shape.offloads = {XSK_SOCKOPT_RX_ORIGINAL_LENGTH};
  ReadySocket socket(shape);
  const auto program = TestProgram::redirect_all(socket);
  ASSERT_EQ(socket.post_chunks(0, 2), 2u);
  machine().wire({udp_frame(1000, 1), udp_frame(1500, 2)});
  machine().settle();
  ASSERT_EQ(socket.received(true).size(), 2u);
  EXPECT_EQ(original_length(socket, 0), 1000u);
  EXPECT_EQ(original_length(socket, 1), 1500u);
}

CONFORMANCE_ON(ReceiveTruncation, OriginalLengthOfTheLastBufferIsASwitch,
               settings.nic.rx_fragment_bytes = 512;
               settings.platform.sockets.original_length_of_buffer = true) {
  SocketShape shape;
  shape.offloads = {XSK_SOCKOPT_RX_ORIGINAL_LENGTH};
  ReadySocket socket(shape);
  const auto program = TestProgram::redirect_all(socket);
  ASSERT_EQ(socket.post_chunks(0, 2), 2u);
  machine().wire({udp_frame(1000, 1), udp_frame(500, 2)});
  machine().settle();
  ASSERT_EQ(socket.received(true).size(), 2u);
  EXPECT_EQ(original_length(socket, 0), 1000u - 512u);
  EXPECT_EQ(original_length(socket, 1), 500u);
}

}  // namespace
}  // namespace ringproof::test

// What a batch of received frames does to the rings: S-057, S-063, S-067.

#include <vector>

#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"

namespace ringproof::test {
namespace {

using ReceiveBatch = Conformance;

enum class Path { kExclusive, kNormal };

std::unique_ptr<TestProgram> redirect(Path path, const RawSocket& socket, const Mode& mode) {
  return path == Path::kExclusive ? TestProgram::redirect_all(socket, 0, mode.program_flag)
                                  : TestProgram::redirect_batched(socket, 0, mode.program_flag);
}

std::vector<Bytes> numbered(UINT32 first, UINT32 count) {
  std::vector<Bytes> frames;
  for (UINT32 i = first; i < first + count; ++i) {
    frames.push_back(udp_frame(100, static_cast<unsigned char>(i)));
  }
  return frames;
}

// The contents of what waits in RX.
std::vector<Bytes> contents(ReadySocket& socket) {
  std::vector<Bytes> frames;
  for (const XSK_BUFFER_DESCRIPTOR& buffer : socket.received()) frames.push_back(socket.bytes_of(buffer));
  return frames;
}

// Runs a body once for each mode and path.
template <typename Body>
void for_each_path(Body body) {
  for (const Mode& mode : kModes) {
    for (const Path path : {Path::kExclusive, Path::kNormal}) {
      SCOPED_TRACE(mode.name);
      SCOPED_TRACE(path == Path::kExclusive ? "exclusive path" : "normal path");
      body(mode, path);
    }
  }
}

// S-055, counting example: two fill entries, five frames.
CONFORMANCE(ReceiveBatch, DryFillRingCostsTheFramesAtTheEnd) {
  for_each_path([this](const Mode& mode, Path path) {
    ReadySocket socket(SocketShape().in(mode, kRxOnly));
    const auto program = redirect(path, socket, mode);
    ASSERT_EQ(socket.post_chunks(0, 2), 2u);
    machine().wire_as_one_batch(numbered(0, 5));
    EXPECT_EQ(contents(socket), numbered(0, 2));
    EXPECT_EQ(socket.statistics().RxDropped, 3u);
    EXPECT_EQ(index_in(socket.fill.SharedConsumer), 2u);
  });
}

// S-056, counting example: RX full, five frames.
CONFORMANCE(ReceiveBatch, FullRxRingTakesNoFillEntry) {
  for_each_path([this](const Mode& mode, Path path) {
    SocketShape shape;
    shape.fill_size = 32;
    ReadySocket socket(shape.in(mode, kRxOnly));
    const auto program = redirect(path, socket, mode);
    ASSERT_EQ(socket.post_chunks(0, 32), 32u);
    machine().wire_as_one_batch(numbered(0, 16));
    machine().wire_as_one_batch(numbered(16, 5));
    EXPECT_EQ(socket.statistics().RxDropped, 5u);
    EXPECT_EQ(index_in(socket.fill.SharedConsumer), 16u);
    EXPECT_EQ(contents(socket), numbered(0, 16));
  });
}

// S-056: room for a part of the batch.
CONFORMANCE(ReceiveBatch, ShortRxRingTakesTheFirstFrames) {
  for_each_path([this](const Mode& mode, Path path) {
    SocketShape shape;
    shape.ring_size = 4;
    shape.fill_size = 16;
    ReadySocket socket(shape.in(mode, kRxOnly));
    const auto program = redirect(path, socket, mode);
    ASSERT_EQ(socket.post_chunks(0, 16), 16u);
    machine().wire_as_one_batch(numbered(0, 3));
    machine().wire_as_one_batch(numbered(3, 3));
    EXPECT_EQ(contents(socket), numbered(0, 4));
    EXPECT_EQ(socket.statistics().RxDropped, 2u);
    EXPECT_EQ(index_in(socket.fill.SharedConsumer), 4u);
  });
}

// S-057: one RxDropped for the batch, although a valid entry is left.
CONFORMANCE(ReceiveBatch, InvalidFillEntryCostsOneFrameOfTheBatch) {
  for_each_path([this](const Mode& mode, Path path) {
    ReadySocket socket(SocketShape().in(mode, kRxOnly));
    const auto program = redirect(path, socket, mode);
    ASSERT_EQ(socket.post({socket.chunk(1), socket.chunk(64), socket.chunk(2), socket.chunk(3)}), 4u);
    machine().wire_as_one_batch(numbered(0, 3));
    const XSK_STATISTICS statistics = socket.statistics();
    EXPECT_EQ(statistics.RxInvalidDescriptors, 1u);
    EXPECT_EQ(statistics.RxDropped, 1u);
    EXPECT_EQ(index_in(socket.fill.SharedConsumer), 3u);
    const auto received = socket.received();
    ASSERT_EQ(received.size(), 2u);
    EXPECT_EQ(received[0].Address.BaseAddress, socket.chunk(1));
    EXPECT_EQ(received[1].Address.BaseAddress, socket.chunk(2));
    EXPECT_EQ(socket.get<XSK_ERROR>(XSK_SOCKOPT_RX_FILL_ERROR), XSK_NO_ERROR);
  });
}

// S-057: nothing but invalid entries.
CONFORMANCE(ReceiveBatch, BatchOfInvalidEntriesDeliversNothing) {
  for_each_path([this](const Mode& mode, Path path) {
    ReadySocket socket(SocketShape().in(mode, kRxOnly));
    const auto program = redirect(path, socket, mode);
    ASSERT_EQ(socket.post(std::vector<std::uint64_t>(3, socket.chunk(64))), 3u);
    machine().wire_as_one_batch(numbered(0, 5));
    const XSK_STATISTICS statistics = socket.statistics();
    EXPECT_EQ(statistics.RxInvalidDescriptors, 3u);
    EXPECT_EQ(statistics.RxDropped, 5u);
    EXPECT_EQ(index_in(socket.fill.SharedConsumer), 3u);
    EXPECT_EQ(index_in(socket.rx_ring.SharedProducer), 0u);
  });
}

// S-067
CONFORMANCE(ReceiveBatch, WhichFrameAnInvalidEntryCostsDependsOnThePath) {
  for_each_path([this](const Mode& mode, Path path) {
    ReadySocket socket(SocketShape().in(mode, kRxOnly));
    const auto program = redirect(path, socket, mode);
    ASSERT_EQ(socket.post({socket.chunk(64), socket.chunk(0)}), 2u);
    machine().wire_as_one_batch(numbered(0, 2));
    EXPECT_EQ(contents(socket), numbered(path == Path::kNormal ? 0 : 1, 1));
    EXPECT_EQ(socket.statistics().RxDropped, 1u);
  });
}

// S-063
CONFORMANCE(ReceiveBatch, FramesKeepTheirOrder) {
  for_each_path([this](const Mode& mode, Path path) {
    SocketShape shape;
    shape.ring_size = 64;
    ReadySocket socket(shape.in(mode, kRxOnly));
    const auto program = redirect(path, socket, mode);
    ASSERT_EQ(socket.post_chunks(0, 64), 64u);
    machine().wire(numbered(0, 25));
    machine().settle();
    machine().wire_as_one_batch(numbered(25, 39));
    EXPECT_EQ(contents(socket), numbered(0, 64));
  });
}

// S-063: 40 frames in one pass of the queue make a batch of 32 and one of 8.
CONFORMANCE(ReceiveBatch, NormalPathPublishesOncePerBatch) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape;
    shape.ring_size = 64;
    ReadySocket socket(shape.in(mode, kRxOnly));
    const auto program = redirect(Path::kNormal, socket, mode);
    ASSERT_EQ(socket.post_chunks(0, 64), 64u);
    std::vector<UINT32> seen;
    const auto watcher = machine().start_thread([&] {
      for (UINT32 now = 0; now < 40;) {
        const UINT32 before = now;
        while ((now = index_in(socket.rx_ring.SharedProducer)) == before) {
        }
        seen.push_back(now);
      }
    });
    machine().wire_as_one_batch(numbered(0, 40));
    machine().join(watcher);
    EXPECT_EQ(seen, (std::vector<UINT32>{32, 40}));
  }
}

// S-063: a frame for somebody else in between ends the batch, and order holds for each socket.
CONFORMANCE(ReceiveBatch, FramesOfTwoSocketsKeepTheirOrder) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket first(SocketShape().in(mode, kRxOnly));
    ReadySocket second(SocketShape().in(mode, kRxOnly));
    const TestProgram program({TestProgram::redirect_port(first, 1), TestProgram::redirect_port(second, 2)},
                              0, mode.program_flag);
    ASSERT_EQ(first.post_chunks(0, 8), 8u);
    ASSERT_EQ(second.post_chunks(0, 8), 8u);
    std::vector<Bytes> frames;
    std::vector<Bytes> of_first;
    std::vector<Bytes> of_second;
    for (unsigned char i = 0; i < 12; ++i) {
      const bool to_first = i % 3 != 1;
      frames.push_back(udp_frame(80, i, to_first ? 1 : 2));
      (to_first ? of_first : of_second).push_back(frames.back());
    }
    machine().wire_as_one_batch(frames);
    EXPECT_EQ(contents(first), of_first);
    EXPECT_EQ(contents(second), of_second);
  }
}

}  // namespace
}  // namespace ringproof::test

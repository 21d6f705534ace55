// What the AF_XDP selftests of Linux ask for beyond the statements: L-14, L-17 to L-19.

#include <vector>

#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"

namespace ringproof::test {
namespace {

using LinuxSelftest = Conformance;

Bytes numbered(UINT32 i, unsigned char mark) { return udp_frame(60 + i % 1400, mark); }

// L-14: a thread for each direction, with all buffers in use.
CONFORMANCE(LinuxSelftest, BothDirectionsAtTheSameTime) {
  constexpr UINT32 kFrames = 300;
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape;
    shape.ring_size = 32;
    ReadySocket socket(shape.in(mode));
    const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
    const std::size_t sent_before = machine().sent().size();
    ASSERT_EQ(socket.post_chunks(0, 32), 32u);
    UINT32 received = 0;
    const auto receiver = machine().start_thread([&] {
      EXPECT_TRUE(machine().wait_until([&] {
        for (const XSK_BUFFER_DESCRIPTOR& buffer : socket.received()) {
          EXPECT_EQ(socket.bytes_of(buffer), numbered(received, 1));
          ++received;
          EXPECT_EQ(socket.post({buffer.Address.BaseAddress}), 1u);
        }
        return received == kFrames;
      }));
    });
    const auto wire = machine().start_thread([&] {
      for (UINT32 i = 0; i < kFrames; i += 10) {
        std::vector<Bytes> burst;
        for (UINT32 k = i; k < i + 10; ++k) burst.push_back(numbered(k, 1));
        machine().wire(burst);
        machine().sleep_us(10);
      }
    });
    UINT32 completed = 0;
    UINT32 submitted = 0;
    EXPECT_TRUE(machine().wait_until([&] {
      for (; submitted < kFrames && submitted < completed + 32; ++submitted) {
        socket.send(32 + submitted % 32, numbered(submitted, 2));
      }
      socket.poke_if_needed();
      for (const std::uint64_t base : socket.completed()) {
        EXPECT_EQ(base, socket.chunk(32 + completed % 32));
        ++completed;
      }
      return completed == kFrames;
    }));
    machine().join(wire);
    machine().join(receiver);
    machine().settle();
    ASSERT_EQ(machine().sent().size(), sent_before + kFrames);
    for (UINT32 i = 0; i < kFrames; ++i) EXPECT_EQ(machine().sent()[sent_before + i], numbered(i, 2)) << i;
    EXPECT_EQ(socket.statistics().RxDropped, 0u);
  }
}

// L-17
CONFORMANCE(LinuxSelftest, LargeRingsAreFilledToTheLastEntry) {
  constexpr UINT32 kEntries = 1024;
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape;
    shape.ring_size = kEntries;
    shape.chunks = 2 * kEntries;
    shape.chunk_bytes = 128;
    ReadySocket socket(shape.in(mode));
    const auto program = TestProgram::redirect_batched(socket, 0, mode.program_flag);
    const std::size_t sent_before = machine().sent().size();
    ASSERT_EQ(socket.post_chunks(0, kEntries), kEntries);
    EXPECT_EQ(socket.post_chunks(kEntries, 1), 0u);
    for (UINT32 i = 0; i < kEntries; i += 128) {
      machine().wire(std::vector<Bytes>(128, udp_frame(80, 1)));
      machine().settle();
    }
    machine().wire({udp_frame(80, 1)});
    machine().settle();
    std::vector<XSK_BUFFER_DESCRIPTOR> buffers = socket.received();
    ASSERT_EQ(buffers.size(), kEntries);
    EXPECT_EQ(socket.statistics().RxDropped, 1u);

    // The same buffers go out again.
    EXPECT_EQ(socket.submit(buffers), kEntries);
    EXPECT_EQ(socket.submit({ReadySocket::descriptor(0, 0, 60)}), 0u);
    socket.poke_if_needed();
    machine().settle();
    EXPECT_EQ(socket.completed().size(), kEntries);
    EXPECT_EQ(machine().sent().size(), sent_before + kEntries);
  }
}

// L-18, L-19
CONFORMANCE(LinuxSelftest, EachLifeOfAQueueMayHaveOtherRingSizes) {
  for (const UINT32 size : {16u, 1u, 64u, 2u, 128u}) {
    for (const Mode& mode : kModes) {
      SCOPED_TRACE(testing::Message() << mode.name << ", " << size << " entries");
      SocketShape shape;
      shape.ring_size = size;
      shape.completion_size = 2 * size;
      shape.fill_size = 4 * size;
      ReadySocket socket(shape.in(mode));
      const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
      ASSERT_EQ(socket.post_chunks(0, 1), 1u);
      machine().wire({udp_frame(100, 1)});
      socket.send(3, udp_frame(100, static_cast<unsigned char>(size)));
      machine().settle();
      EXPECT_EQ(socket.received().size(), 1u);
      EXPECT_EQ(socket.completed(), (std::vector<std::uint64_t>{socket.chunk(3)}));
      EXPECT_EQ(machine().sent().back(), udp_frame(100, static_cast<unsigned char>(size)));
    }
  }
}

// L-19: a socket goes while its traffic runs, and its successor gets what comes after it.
CONFORMANCE(LinuxSelftest, ProgramsComeAndGo) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    for (unsigned char life = 0; life < 5; ++life) {
      {
        ReadySocket socket(SocketShape().in(mode));
        const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
        ASSERT_EQ(socket.post_chunks(0, 16), 16u);
        machine().wire(std::vector<Bytes>(40, udp_frame(100, life)));
        socket.send(20, udp_frame(100, life));
        EXPECT_TRUE(machine().wait_until([&] { return !socket.received().empty(); }));
      }
      machine().settle();
      EXPECT_EQ(machine().sent().back(), udp_frame(100, life));
      ReadySocket next(SocketShape().in(mode));
      const auto program = TestProgram::redirect_all(next, 0, mode.program_flag);
      ASSERT_EQ(next.post_chunks(0, 16), 16u);
      machine().wire({udp_frame(200, life)});
      machine().settle();
      const auto received = next.received();
      ASSERT_EQ(received.size(), 1u);
      EXPECT_EQ(next.bytes_of(received[0]), udp_frame(200, life));
    }
  }
}

}  // namespace
}  // namespace ringproof::test

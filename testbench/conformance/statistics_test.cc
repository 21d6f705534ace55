// The counters of a socket: S-114.

#include <vector>

#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"

namespace ringproof::test {
namespace {

using Statistics = Conformance;

std::array<UINT64, 4> counters(const RawSocket& socket) {
  const XSK_STATISTICS now = socket.statistics();
  return {now.RxDropped, now.RxTruncated, now.RxInvalidDescriptors, now.TxInvalidDescriptors};
}

// S-114
CONFORMANCE(Statistics, CountersOnlyGrowAndSurviveDetach) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape;
    shape.chunk_bytes = 256;
    ReadySocket socket(shape.in(mode));
    auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
    std::array<UINT64, 4> before = counters(socket);
    EXPECT_EQ(before, (std::array<UINT64, 4>{}));
    for (UINT32 round = 1; round <= 10; ++round) {
      ASSERT_EQ(socket.post({socket.chunk(round), socket.chunk(64)}), 2u);
      for (int i = 0; i < 3; ++i) {  // truncated, invalid entry, no entry
        machine().wire({udp_frame(300, 1)});
        machine().settle();
        const std::array<UINT64, 4> now = counters(socket);
        for (std::size_t c = 0; c < now.size(); ++c) EXPECT_GE(now[c], before[c]) << c;
        before = now;
      }
      ASSERT_EQ(socket.submit({ReadySocket::descriptor(0, 0, 0)}), 1u);
      socket.poke();
      machine().settle();
      EXPECT_EQ(socket.received().size(), 1u);
      before = counters(socket);
      EXPECT_EQ(before, (std::array<UINT64, 4>{2 * round, round, round, round}));
    }
    machine().platform().remove_adapter(1);
    EXPECT_EQ(counters(socket), before);
    machine().wire({udp_frame(300, 1)});
    machine().settle();
    EXPECT_EQ(counters(socket), before);
    program.reset();
    socket.close();
    machine().platform().add_adapter(1);
  }
}

// S-114, section 10: each socket has its own.
CONFORMANCE(Statistics, CountersBelongToOneSocket) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket first(SocketShape().in(mode));
    ReadySocket second(SocketShape().in(mode));
    const auto program = TestProgram::redirect_all(first, 0, mode.program_flag);
    machine().wire({udp_frame(64, 1)});
    ASSERT_EQ(second.submit({ReadySocket::descriptor(0, 0, 0)}), 1u);
    second.poke();
    machine().settle();
    EXPECT_EQ(counters(first), (std::array<UINT64, 4>{1, 0, 0, 0}));
    EXPECT_EQ(counters(second), (std::array<UINT64, 4>{0, 0, 0, 1}));
  }
}

}  // namespace
}  // namespace ringproof::test

// The counters of a socket: S-114.

#include <array>
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

// What the platform tells the monitors that it has answered.
class ToldStatistics final : public Tap {
 public:
  void statistics_read(std::uint64_t, const SocketStatistics& now) override {
    last = {now.rx_dropped, now.rx_truncated, now.rx_invalid_descriptors, now.tx_invalid_descriptors};
    ++times;
  }
  std::array<UINT64, 4> last{};
  int times = 0;
};

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

class TellingStatistics : public Conformance {
 protected:
  ToldStatistics told_;
};

// S-114: INV-22 goes by what is told, the bytes that the application gets, and nothing where it gets none.
CONFORMANCE_ON(TellingStatistics, TellTheMonitorsWhatIsAnswered, machine().taps().add(&told_)) {
  SocketShape shape;
  shape.chunk_bytes = 256;
  ReadySocket socket(shape);
  const auto program = TestProgram::redirect_all(socket);
  ASSERT_EQ(socket.post({socket.chunk(1), socket.chunk(64)}), 2u);
  machine().wire({udp_frame(300, 1), udp_frame(60, 2), udp_frame(60, 3)});
  ASSERT_EQ(socket.submit({ReadySocket::descriptor(0, 0, 0)}), 1u);
  socket.poke();
  machine().settle();
  const std::array<UINT64, 4> answered = counters(socket);
  EXPECT_EQ(answered, (std::array<UINT64, 4>{2, 1, 1, 1}));
  EXPECT_EQ(told_.last, answered);
  EXPECT_EQ(told_.times, 1);
  XSK_STATISTICS place{};
  UINT32 room = sizeof place - 1;
  EXPECT_TRUE(XDP_FAILED(XskGetSockopt(socket.handle(), XSK_SOCKOPT_STATISTICS, &place, &room)));
  EXPECT_EQ(told_.times, 1);
}

}  // namespace
}  // namespace ringproof::test

// What a socket's neighbour cannot do to it: INV-44.

#include <random>
#include <vector>

#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"

namespace ringproof::test {
namespace {

using Isolation = Conformance;

constexpr std::uint16_t kHonestPort = 1;
constexpr std::uint16_t kOtherPort = 2;
constexpr unsigned char kHonestMark = 0xA5;

// Everything that an application can see of its traffic.
struct Trace {
  std::vector<std::uint64_t> received_at;
  std::vector<Bytes> received;
  std::vector<std::uint64_t> completed;
  std::vector<Bytes> sent;
  std::array<UINT64, 4> statistics{};
  std::array<UINT32, 4> errors{};
  bool operator==(const Trace&) const = default;
};

// Words, flags and elements of all four rings, with anything in them.
void write_garbage(ReadySocket& socket, std::mt19937& random) {
  for (XSK_RING* ring : {&socket.fill, &socket.rx_ring, &socket.tx_ring, &socket.completion}) {
    for (UINT32 i = 0; i < ring->Size; ++i) {
      auto* words = static_cast<UINT32*>(XskRingGetElement(ring, i));
      // Small numbers too, or hardly an entry would be valid.
      for (UINT32 w = 0; w < ring->ElementStride / 4; ++w) {
        words[w] = static_cast<UINT32>(random() >> (random() % 32));
      }
      if (random() % 2 == 0) words[1] = 0;
    }
    for (UINT32* word : {ring->SharedProducer, ring->SharedConsumer, ring->SharedFlags}) {
      if (random() % 2 == 0) set_index(word, static_cast<UINT32>(random() >> (random() % 32)));
    }
  }
}

// Frames in and out of an honest socket, with a neighbour on the same queues that is idle or hostile.
Trace honest_trace(Machine& machine, const Mode& mode, bool hostile) {
  constexpr UINT32 kRounds = 40;
  ReadySocket honest(SocketShape().in(mode));
  ReadySocket other(SocketShape().in(mode));
  const TestProgram program(
      {TestProgram::redirect_port(honest, kHonestPort), TestProgram::redirect_port(other, kOtherPort)}, 0,
      mode.program_flag);
  Trace trace;
  const std::size_t before = machine.sent().size();
  bool over = false;
  const auto neighbour = machine.start_thread([&] {
    std::mt19937 random(7);
    while (!over) {
      if (hostile) write_garbage(other, random);
      static_cast<void>(other.notify(XSK_NOTIFY_FLAG_POKE_TX));
      machine.sleep_us(3);
    }
  });
  for (UINT32 i = 0; i < kRounds; ++i) {
    EXPECT_EQ(honest.post_chunks(i % 16, 1), 1u);
    machine.wire({udp_frame(100 + i, 0, kOtherPort), udp_frame(100 + i, kHonestMark, kHonestPort),
                  udp_frame(200 + i, 0, kOtherPort)});
    honest.send(20 + i % 16, udp_frame(300 + i, kHonestMark));
    EXPECT_TRUE(machine.wait_until([&] {
      for (const XSK_BUFFER_DESCRIPTOR& buffer : honest.received()) {
        trace.received_at.push_back(buffer.Address.AddressAndOffset);
        trace.received.push_back(honest.bytes_of(buffer));
      }
      for (const std::uint64_t base : honest.completed()) trace.completed.push_back(base);
      return trace.received.size() > i && trace.completed.size() > i;
    }));
  }
  over = true;
  machine.join(neighbour);
  const XSK_STATISTICS statistics = honest.statistics();
  trace.statistics = {statistics.RxDropped, statistics.RxTruncated, statistics.RxInvalidDescriptors,
                      statistics.TxInvalidDescriptors};
  for (UINT32 i = 0; i < 4; ++i) trace.errors[i] = honest.get<UINT32>(XSK_SOCKOPT_RX_ERROR + i);
  if (hostile) {
    const XSK_STATISTICS harm = other.statistics();
    EXPECT_GT(harm.RxInvalidDescriptors + harm.RxDropped, 0u);
    EXPECT_GT(harm.TxInvalidDescriptors + other.get<UINT32>(XSK_SOCKOPT_TX_ERROR), 0u);
  }
  other.close();
  machine.settle();
  // The neighbour's own frames do not end like this.
  for (std::size_t i = before; i < machine.sent().size(); ++i) {
    const Bytes& frame = machine.sent()[i];
    if (frame.size() >= 300 && frame.back() == kHonestMark) trace.sent.push_back(frame);
  }
  EXPECT_EQ(trace.sent.size(), kRounds);
  return trace;
}

// INV-44
CONFORMANCE(Isolation, HonestSocketSeesNothingOfAHostileNeighbour) {
  machine().expect_application_violations();
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    const Trace beside_idle = honest_trace(machine(), mode, false);
    const Trace beside_hostile = honest_trace(machine(), mode, true);
    EXPECT_TRUE(beside_hostile == beside_idle);
    EXPECT_EQ(beside_hostile.errors, (std::array<UINT32, 4>{}));
  }
}

// INV-10, INV-44: the same when broken indices are errors.
CONFORMANCE_ON(Isolation, HonestSocketSeesNothingOfAHostileNeighbourInStrictMode,
               settings.platform.sockets.strict = true) {
  machine().expect_application_violations();
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    const Trace beside_idle = honest_trace(machine(), mode, false);
    EXPECT_TRUE(honest_trace(machine(), mode, true) == beside_idle);
  }
}

}  // namespace
}  // namespace ringproof::test

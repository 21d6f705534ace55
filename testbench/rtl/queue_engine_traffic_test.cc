// queue_engine_traffic_test.cc: a queue engine under mixed traffic.
// Role     random loads in both directions; that runs are equal with and without idle cycles, waves and what
//          reset does not touch; the rate, in simulated time
// Source   docs/design/queue-engine.md

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "sim/conform/line_rate.h"
#include "testbench/rtl/engine_bench.h"

namespace ringproof::nic {
namespace {

using Ring = EngineBench::Ring;

// --- everything at once ---

struct Traffic {
  int queues = 6;
  int frames = 600;
  std::size_t bytes_max = 600;
};

// Both directions on all queues, with a host that posts, rings and arms at random. Returns what was posted
// for sending, per queue.
std::vector<std::vector<TxFrame>> run_traffic(EngineBench& bench, const Traffic& traffic) {
  std::vector<std::vector<TxFrame>> posted(static_cast<std::size_t>(traffic.queues));
  std::vector<Ring*> rx, tx;
  for (std::uint8_t queue = 0; queue < traffic.queues; ++queue) {
    rx.push_back(&bench.open_rx(queue, 1 + queue % 5u, 0xFFFFFFF0u + queue));
    tx.push_back(&bench.open_tx(queue, 1 + (queue + 3u) % 5u, 0xFFFFFFF0u - queue));
  }
  auto random = [&](std::size_t limit) { return static_cast<std::uint32_t>(bench.random()() % limit); };
  int wire_left = traffic.frames, tx_left = traffic.frames;
  while (wire_left > 0 || tx_left > 0) {
    const std::uint32_t queue = random(static_cast<std::size_t>(traffic.queues));
    Ring& in = *rx[queue];
    Ring& out = *tx[queue];
    for (std::uint32_t count = random(in.size + 1); count > 0; --count) {
      if (in.posted - in.seen == in.size) break;
      bench.post_buffer(in, random(traffic.bytes_max + 100), random(64));
    }
    for (std::uint32_t count = random(out.size + 1); count > 0 && tx_left > 0; --count, --tx_left) {
      if (out.posted - out.seen == out.size) break;
      posted[queue].push_back(
          bench.post_frame(out, bench.random_bytes(1 + random(traffic.bytes_max)), random(64)));
    }
    bench.post_write32(EngineBench::address_of(false, queue, kDoorbell), in.posted);
    bench.post_write32(EngineBench::address_of(true, queue, kDoorbell), out.posted);
    if (random(4) == 0) bench.post_write32(EngineBench::address_of(false, queue, kIrqArm), in.seen);
    if (random(4) == 0) bench.post_write32(EngineBench::address_of(true, queue, kIrqArm), out.seen);
    for (std::uint32_t count = random(4); count > 0 && wire_left > 0; --count, --wire_left) {
      const auto to = static_cast<std::uint8_t>(random(static_cast<std::size_t>(traffic.queues) + 1));
      bench.wire_sends(bench.frame_for(to, 1 + random(traffic.bytes_max)));
    }
    bench.run(random(60));
  }
  bench.run_until_drained();
  return posted;
}

void expect_sent(const EngineBench& bench, const std::vector<std::vector<TxFrame>>& posted) {
  std::vector<std::vector<TxFrame>> sent(posted.size());
  for (const TxFrame& frame : bench.sent()) sent.at(frame.queue).push_back(frame);
  for (std::size_t queue = 0; queue < posted.size(); ++queue)
    EXPECT_TRUE(sent[queue] == posted[queue]) << queue;
}

// {ready, back-pressure} x {busy, idle gaps}, and everything mixed.
class QueueEngineTraffic
    : public testing::TestWithParam<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>> {};

TEST_P(QueueEngineTraffic, ArrivesWholeAndInOrder) {
  const auto [stall, gap, jitter] = GetParam();
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    EngineBench bench({.seed = seed,
                       .latency_jitter = jitter,
                       .stall_pct = stall,
                       .gap_pct = gap,
                       .tx_stall_pct = stall,
                       .irq_stall_pct = stall});
    const Traffic traffic;
    const auto posted = run_traffic(bench, traffic);
    expect_sent(bench, posted);
    std::uint64_t finished = bench.drops();
    for (std::uint32_t queue = 0; queue < 6; ++queue) {
      finished += bench.read32(EngineBench::address_of(false, queue, kFrames));
      EXPECT_EQ(bench.read32(EngineBench::address_of(false, queue, kErrors)), 0u);
      EXPECT_EQ(bench.read32(EngineBench::address_of(true, queue, kErrors)), 0u);
      EXPECT_EQ(bench.read32(EngineBench::address_of(true, queue, kState)), 1u);
    }
    EXPECT_EQ(finished, static_cast<std::uint64_t>(traffic.frames));
    if (HasFailure()) return;
  }
}
INSTANTIATE_TEST_SUITE_P(Streams, QueueEngineTraffic,
                         testing::Combine(testing::Values(0u, 30u, 75u), testing::Values(0u, 50u),
                                          testing::Values(0u, 200u)));

TEST(QueueEngineTrafficAllQueues, ArrivesWholeAndInOrder) {
  EngineBench bench({.seed = 11, .latency_jitter = 50, .stall_pct = 20, .tx_stall_pct = 20});
  Traffic traffic;
  traffic.queues = static_cast<int>(bench.engine().max_queues()) - 1;
  traffic.frames = 3000;
  expect_sent(bench, run_traffic(bench, traffic));
}

TEST(QueueEngineTrafficJumbo, ArrivesWholeAndInOrder) {
  EngineBench bench({.seed = 5, .stall_pct = 10, .gap_pct = 20, .tx_stall_pct = 40});
  expect_sent(bench, run_traffic(bench, {.queues = 3, .frames = 120, .bytes_max = 9000}));
}

// --- idle, determinism, waveforms ---

std::vector<std::string> traced(BenchOptions options, std::uint64_t x_seed, const std::string& wave = "") {
  EngineBench bench(options, x_seed, wave);
  bench.keep_trace();
  run_traffic(bench, {.queues = 4, .frames = 300, .bytes_max = 300});
  if (options.skip_idle) {
    EXPECT_GT(bench.skipped(), 300u);
  }
  return bench.trace();
}

TEST(QueueEngineIdle, SkippingIdleCyclesChangesNothing) {
  for (const std::uint32_t stall : {0u, 40u}) {
    BenchOptions options{
        .seed = 3, .stall_pct = stall, .gap_pct = 60, .tx_stall_pct = stall, .irq_stall_pct = stall};
    const auto stepped = traced(options, 1);
    options.skip_idle = true;
    EXPECT_TRUE(stepped == traced(options, 1)) << "stall " << stall;
    EXPECT_GT(stepped.size(), 1000u);
  }
}

TEST(QueueEngineReset, NothingDependsOnWhatResetDoesNotTouch) {
  const BenchOptions options{.seed = 4, .stall_pct = 20, .gap_pct = 20};
  EXPECT_TRUE(traced(options, 1) == traced(options, 0xFEDCBA9876543210));
}

TEST(QueueEngineWave, IsWrittenAndChangesNothing) {
  const BenchOptions options{.seed = 4};
  const auto plain = traced(options, 1);
  for (const char* suffix : {".fst", ".vcd"}) {
    const std::string path = testing::TempDir() + "queue_engine_test" + suffix;
    EXPECT_TRUE(plain == traced(options, 1, path)) << suffix;
    EXPECT_GT(std::filesystem::file_size(path), 10'000u) << suffix;
    std::filesystem::remove(path);
  }
}

TEST(QueueEngineWave, RefusesWhatItCannotWrite) {
  EXPECT_THROW(make_rtl_engine("wave.txt", 1), std::runtime_error);
  EXPECT_THROW(make_rtl_engine("fst", 1), std::runtime_error);
  EXPECT_THROW(make_rtl_engine("/nonexistent/folder/wave.fst", 1), std::runtime_error);
  EXPECT_THROW(make_rtl_engine("/nonexistent/folder/wave.vcd", 1), std::runtime_error);
}

TEST(QueueEngineAssertion, FailureEndsTheProcessWithAMessage) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_DEATH(
      {
        EngineBench bench({});
        EngineInputs in;
        EngineOutputs out;
        in.axi_bvalid = true;  // a response that nobody waits for
        dup2(2, 1);            // the message goes to standard output
        bench.engine().step(in, out);
      },
      "Assertion failed.*response_was_due");
}

TEST(QueueEngineAssertion, FailureIsToldOnceToWhoeverAsked) {
  EngineBench bench({});
  std::vector<std::pair<std::string, std::uint32_t>> told;
  bench.engine().on_assertion(
      [&](const std::string& module, std::uint32_t line) { told.emplace_back(module, line); });
  EngineInputs in;
  EngineOutputs out;
  in.axi_bvalid = true;  // responses that nobody waits for
  bench.engine().step(in, out);
  bench.engine().step(in, out);
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(told[0].first.substr(0, 4), "nic_");
  EXPECT_GT(told[0].second, 0u);
  const std::size_t first_cycle = told.size();
  bench.engine().step(in, out);
  EXPECT_EQ(told.size(), first_cycle);
}

// --- rate: in simulated time, so exact ---

RateFigures rate_of(const RateLoad& load) {
  EngineBench bench({.check_payload = false});
  const std::uint32_t queues = bench.engine().max_queues();
  const RateFigures figures = measure_rate(bench, {queues, queues, kRingLog2Max}, load);
  EXPECT_EQ(figures.lost, 0u);
  return figures;
}

TEST(QueueEngineRate, SixtyFourByteFramesAtAHundredGigabits) {
  EXPECT_LE(rate_of({.transmit = false}).rx_cycles, kLineRateCycles);
  EXPECT_LE(rate_of({.receive = false}).tx_cycles, kLineRateCycles);
  EXPECT_LE(rate_of({}).slower(), kLineRateCycles);
}

TEST(QueueEngineRate, CyclesPerFrame) {
  for (const auto& [offset, bytes, queues] :
       std::vector<std::tuple<std::uint32_t, std::size_t, std::uint32_t>>{
           {0, 64, 4}, {2, 64, 4}, {0, 64, 1}, {0, 1514, 4}, {2, 1514, 4}}) {
    const RateFigures rx = rate_of({.transmit = false, .queues = queues, .bytes = bytes, .offset = offset});
    const RateFigures tx = rate_of({.receive = false, .queues = queues, .bytes = bytes, .offset = offset});
    std::printf("%zu bytes at offset %u, %u queues: %.2f cycles per frame received, %.2f sent\n", bytes,
                offset, queues, rx.rx_cycles, tx.tx_cycles);
  }
  std::printf("64 bytes, 4 queues, both at once: %.2f cycles per frame\n", rate_of({}).slower());
}

}  // namespace
}  // namespace ringproof::nic

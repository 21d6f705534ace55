// queue_engine_pacing_test.cc: what waits for more of its kind, whose turn it is, and what went wrong.
// Role     COALESCE, MODERATION, WEIGHT, CAUSE and the counters of the engine, through its port
// Units    [cycles]
// Source   docs/design/queue-engine.md, "Registers"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "testbench/rtl/engine_bench.h"

namespace ringproof::nic {
namespace {

using Ring = EngineBench::Ring;

// Every queue is looked at once in so many cycles.
constexpr std::uint64_t kRound = 64;

std::uint32_t pacing(std::uint32_t count, std::uint32_t cycles) { return cycles << 16 | count; }

// Buffers are posted; frames come when receive() is called.
Ring& open_receiver(EngineBench& bench, std::uint8_t queue, std::uint32_t buffers = 16) {
  Ring& ring = bench.open_rx(queue, 6);
  for (std::uint32_t i = 0; i < buffers; ++i) bench.post_buffer(ring, 128);
  bench.ring_doorbell(ring);
  bench.run(300);
  return ring;
}

void receive(EngineBench& bench, const Ring& ring, std::uint32_t frames) {
  for (std::uint32_t i = 0; i < frames; ++i) bench.wire_sends(bench.frame_for(ring.queue, 64));
}

// The bench takes an engine that stands still for long as dead.
void run_close_to(EngineBench& bench, std::uint64_t cycle) {
  if (cycle > bench.now() + 100) bench.run(cycle - bench.now() - 100);
}

// --- publication ---

TEST(QueueEngineCoalescing, WithoutItEveryFrameOfASlowWireIsPublishedByItself) {
  EngineBench bench({});
  Ring& ring = open_receiver(bench, 3);
  for (int i = 0; i < 5; ++i) {
    receive(bench, ring, 1);
    bench.run_until_drained();
  }
  EXPECT_EQ(bench.index_writes(), 5u);
  EXPECT_EQ(bench.reg(ring, kPublishes), 5u);
}

TEST(QueueEngineCoalescing, WaitsForSoManyEntries) {
  EngineBench bench({});
  Ring& ring = open_receiver(bench, 3);
  bench.set_reg(ring, kCoalesce, pacing(4, 60'000));
  for (int frames = 1; frames <= 8; ++frames) {
    receive(bench, ring, 1);
    bench.run(1'000);
    EXPECT_EQ(ring.seen, frames / 4 * 4u) << frames;
  }
  EXPECT_EQ(bench.index_writes(), 2u);
  EXPECT_EQ(bench.reg(ring, kPublishes), 2u);
}

TEST(QueueEngineCoalescing, WaitsNoLongerThanItIsToldTo) {
  for (const std::uint32_t cycles : {1u, 100u, 5'000u, 65'535u}) {
    EngineBench bench({.write_latency = 10});
    Ring& ring = open_receiver(bench, 3);
    bench.set_reg(ring, kCoalesce, pacing(0, cycles));
    receive(bench, ring, 1);
    bench.wait([&] { return ring.entries == 1; });  // the entry is in memory
    const std::uint64_t first = bench.now();
    receive(bench, ring, 2);  // do not put it off
    run_close_to(bench, first + cycles);
    bench.wait([&] { return ring.seen != 0; });
    EXPECT_GE(bench.now() - first, cycles);
    EXPECT_LE(bench.now() - first, cycles + kRound + 40);
    EXPECT_EQ(ring.seen, cycles == 1 ? ring.seen : 3u);
    bench.run_until_drained();
    EXPECT_EQ(ring.seen, 3u);
  }
}

TEST(QueueEngineCoalescing, OneQueueDoesNotHoldBackAnother) {
  EngineBench bench({});
  Ring& slow = open_receiver(bench, 0);
  Ring& quick = open_receiver(bench, 1);
  bench.set_reg(slow, kCoalesce, pacing(0, 60'000));
  receive(bench, slow, 1);
  bench.run(500);
  receive(bench, quick, 1);
  bench.run(500);
  EXPECT_EQ(quick.seen, 1u);
  EXPECT_EQ(slow.seen, 0u);
}

TEST(QueueEngineCoalescing, HoldsForSentFramesAsWell) {
  EngineBench bench({});
  Ring& ring = bench.open_tx(5, 6);
  bench.set_reg(ring, kCoalesce, pacing(3, 60'000));
  for (std::uint32_t frames = 1; frames <= 6; ++frames) {
    bench.post_frame(ring, bench.random_bytes(100));
    bench.ring_doorbell(ring);
    bench.run(1'000);
    EXPECT_EQ(ring.seen, frames / 3 * 3) << frames;
  }
}

TEST(QueueEngineCoalescing, AQueueThatIsDisabledPublishesWhatItHas) {
  EngineBench bench({});
  Ring& ring = open_receiver(bench, 3);
  bench.set_reg(ring, kCoalesce, pacing(8, 3'000));
  receive(bench, ring, 2);
  bench.run(500);
  bench.set_reg(ring, kControl, 0);
  EXPECT_EQ(bench.reg(ring, kState), kStateInFlight);
  bench.run(3'000);
  EXPECT_EQ(ring.seen, 2u);
  EXPECT_EQ(bench.reg(ring, kState), 0u);
}

// --- interrupts ---

TEST(QueueEngineModeration, WaitsForSoManyEntries) {
  EngineBench bench({});
  Ring& ring = open_receiver(bench, 3);
  bench.set_reg(ring, kModeration, pacing(3, 60'000));
  bench.arm(ring, 0);
  for (std::uint32_t frames = 1; frames <= 4; ++frames) {
    receive(bench, ring, 1);
    bench.run(1'000);
    EXPECT_EQ(ring.seen, frames) << "the index is not moderated";
    EXPECT_EQ(bench.irqs().size(), frames < 3 ? 0u : 1u) << frames;
  }
  EXPECT_EQ(bench.reg(ring, kInterrupts), 1u);
}

TEST(QueueEngineModeration, WaitsNoLongerThanItIsToldTo) {
  for (const std::uint32_t cycles : {1u, 100u, 5'000u, 65'535u}) {
    EngineBench bench({.write_latency = 10});
    Ring& ring = open_receiver(bench, 3);
    bench.set_reg(ring, kModeration, pacing(200, cycles));
    bench.arm(ring, 0);
    receive(bench, ring, 1);
    bench.wait([&] { return ring.seen == 1; });
    const std::uint64_t published = bench.now();
    run_close_to(bench, published + cycles);
    bench.wait([&] { return !bench.irqs().empty(); });
    EXPECT_GE(bench.now() - published, cycles);
    EXPECT_LE(bench.now() - published, cycles + kRound + 10);
  }
}

TEST(QueueEngineModeration, AnArmingInBetweenStartsTheTimeAnew) {
  EngineBench bench({});
  Ring& ring = open_receiver(bench, 3);
  bench.set_reg(ring, kModeration, pacing(0, 1'000));
  bench.arm(ring, 0);
  receive(bench, ring, 1);
  bench.wait([&] { return ring.seen == 1; });
  bench.run(900);
  bench.arm(ring, 0);
  bench.run(900);
  EXPECT_TRUE(bench.irqs().empty());
  bench.run(200);
  EXPECT_EQ(bench.irqs().size(), 1u);
}

TEST(QueueEngineModeration, WhoHasSeenItMeanwhileIsNotAsked) {
  EngineBench bench({});
  Ring& ring = open_receiver(bench, 3);
  bench.set_reg(ring, kModeration, pacing(0, 1'000));
  bench.arm(ring, 0);
  receive(bench, ring, 1);
  bench.wait([&] { return ring.seen == 1; });
  bench.arm(ring, 1);
  bench.run_until_drained();
  EXPECT_TRUE(bench.irqs().empty());
}

// --- turns ---

// How many frames of the first queue go between two of the second, when both have enough.
std::vector<std::uint32_t> between(const std::vector<TxFrame>& sent, std::uint8_t first,
                                   std::uint8_t second) {
  std::vector<std::uint32_t> runs;
  std::optional<std::uint32_t> run;
  for (const TxFrame& frame : sent) {
    if (frame.queue == first && run) ++*run;
    if (frame.queue != second) continue;
    if (run) runs.push_back(*run);
    run = 0;
  }
  return runs;
}

// In the middle, when both queues have frames at hand and the link is what they wait for.
TEST(QueueEngineWeights, AQueueSendsSoManyFramesInItsTurn) {
  for (const std::uint32_t weight : {0u, 1u, 3u, 7u}) {
    EngineBench bench({.tx_stall_pct = 80});
    Ring& heavy = bench.open_tx(2, 7);
    Ring& light = bench.open_tx(9, 7);
    bench.set_reg(heavy, kWeight, weight);
    EXPECT_EQ(bench.reg(heavy, kWeight), weight);
    for (Ring* ring : {&heavy, &light}) {
      for (int i = 0; i < 128; ++i) bench.post_frame(*ring, bench.random_bytes(300));
      bench.ring_doorbell(*ring);
    }
    bench.run_until_drained();
    ASSERT_EQ(bench.sent().size(), 256u);
    const std::vector<TxFrame> middle(bench.sent().begin() + 70, bench.sent().begin() + 120);
    const auto runs = between(middle, 2, 9);
    EXPECT_GE(runs.size(), 5u);
    for (const std::uint32_t run : runs) EXPECT_EQ(run, std::max(weight, 1u));
  }
}

TEST(QueueEngineWeights, AQueueWithoutFramesLosesItsTurn) {
  EngineBench bench({});
  Ring& heavy = bench.open_tx(2, 7);
  Ring& light = bench.open_tx(9, 7);
  bench.set_reg(heavy, kWeight, 200);
  bench.post_frame(heavy, bench.random_bytes(64));
  for (int i = 0; i < 5; ++i) bench.post_frame(light, bench.random_bytes(64));
  bench.ring_doorbell(heavy);
  bench.ring_doorbell(light);
  bench.run_until_drained();
  EXPECT_EQ(bench.sent().size(), 6u);
}

// --- what went wrong ---

struct Mistake {
  const char* name;
  bool tx;
  std::uint32_t cause;
  std::function<void(EngineBench&, Ring&)> make;
};

void receive_with(EngineBench& bench, Ring& ring, std::uint8_t failing_write) {
  bench.post_buffer(ring, 128);
  bench.ring_doorbell(ring);
  bench.run_until_drained();
  bench.fail_write = [=](std::uint8_t id, std::uint64_t) { return id == failing_write; };
  receive(bench, ring, 1);
  bench.run_until_drained();
  bench.fail_write = nullptr;
}

void send_with(EngineBench& bench, Ring& ring, std::optional<std::uint8_t> failing_read, std::size_t bytes) {
  if (failing_read) bench.fail_read = [=](std::uint8_t id, std::uint64_t) { return id == *failing_read; };
  bench.post_frame(ring, bench.random_bytes(bytes));
  bench.ring_doorbell(ring);
  bench.run_until_drained();
  bench.fail_read = nullptr;
}

const Mistake kMistakes[] = {
    {"RxDescriptorRead", false, kCauseDescriptorRead,
     [](EngineBench& bench, Ring& ring) {
       bench.fail_read = [](std::uint8_t id, std::uint64_t) { return id == kReadRxDesc; };
       bench.post_buffer(ring, 128);
       bench.ring_doorbell(ring);
       receive(bench, ring, 1);
       bench.run_until_drained();
       bench.fail_read = nullptr;
     }},
    {"RxPayload", false, kCausePayload,
     [](EngineBench& bench, Ring& ring) { receive_with(bench, ring, kWritePayload); }},
    {"RxCompletion", false, kCauseCompletion,
     [](EngineBench& bench, Ring& ring) { receive_with(bench, ring, kWriteCompletion); }},
    {"RxIndex", false, kCauseIndex,
     [](EngineBench& bench, Ring& ring) { receive_with(bench, ring, kWriteRxIndex); }},
    {"RxDoorbell", false, kCauseDoorbell,
     [](EngineBench& bench, Ring& ring) { bench.set_reg(ring, kDoorbell, ring.size + 1); }},
    {"TxDescriptorRead", true, kCauseDescriptorRead,
     [](EngineBench& bench, Ring& ring) { send_with(bench, ring, kReadTxDesc, 64); }},
    {"TxDescriptor", true, kCauseDescriptor,
     [](EngineBench& bench, Ring& ring) { send_with(bench, ring, std::nullopt, 0); }},
    {"TxPayload", true, kCausePayload,
     [](EngineBench& bench, Ring& ring) { send_with(bench, ring, kReadPayload, 64); }},
    {"TxIndex", true, kCauseIndex,
     [](EngineBench& bench, Ring& ring) {
       bench.fail_write = [](std::uint8_t id, std::uint64_t) { return id == kWriteTxIndex; };
       send_with(bench, ring, std::nullopt, 64);
       bench.fail_write = nullptr;
     }},
    {"TxDoorbell", true, kCauseDoorbell,
     [](EngineBench& bench, Ring& ring) { bench.set_reg(ring, kDoorbell, ring.size + 1); }},
};

class QueueEngineCause : public testing::TestWithParam<Mistake> {};

TEST_P(QueueEngineCause, IsOfTheQueueAndOfTheMistake) {
  EngineBench bench({});
  Ring& ring = bench.open(GetParam().tx, 7, 3);
  Ring& neighbour = bench.open(GetParam().tx, 8, 3);
  GetParam().make(bench, ring);
  EXPECT_EQ(bench.reg(ring, kCause), GetParam().cause);
  EXPECT_EQ(bench.reg(neighbour, kCause), 0u);
}

TEST_P(QueueEngineCause, StaysUntilItIsClearedByItsBit) {
  EngineBench bench({});
  Ring& ring = bench.open(GetParam().tx, 7, 3);
  GetParam().make(bench, ring);
  bench.set_reg(ring, kCause, ~GetParam().cause);
  EXPECT_EQ(bench.reg(ring, kCause), GetParam().cause);
  bench.set_reg(ring, kCause, GetParam().cause);
  EXPECT_EQ(bench.reg(ring, kCause), 0u);
}

TEST_P(QueueEngineCause, EndsWithTheNextLifeOfTheQueue) {
  EngineBench bench({});
  Ring& ring = bench.open(GetParam().tx, 7, 3);
  GetParam().make(bench, ring);
  bench.set_reg(ring, kControl, 0);
  EXPECT_EQ(bench.reg(ring, kCause), GetParam().cause);
  bench.set_reg(ring, kControl, kControlEnable);
  EXPECT_EQ(bench.reg(ring, kCause), 0u);
}

INSTANTIATE_TEST_SUITE_P(Mistakes, QueueEngineCause, testing::ValuesIn(kMistakes),
                         [](const auto& each) { return std::string(each.param.name); });

// --- counters ---

TEST(QueueEngineCounters, CountEveryEvent) {
  EngineBench bench({});
  Ring& ring = open_receiver(bench, 3, 8);  // two reads of four descriptors
  EXPECT_EQ(bench.reg(ring, kFetches), 2u);
  for (std::uint32_t i = 0; i < 3; ++i) {
    bench.arm(ring, i);
    receive(bench, ring, 1);
    bench.run_until_drained();
  }
  EXPECT_EQ(bench.reg(ring, kPublishes), 3u);
  EXPECT_EQ(bench.reg(ring, kInterrupts), 3u);
  EXPECT_EQ(bench.irqs().size(), 3u);
  EXPECT_EQ(bench.reg(ring, kRefused), 0u);
  for (int i = 0; i < 2; ++i) bench.set_reg(ring, kDoorbell, ring.posted + ring.size);
  EXPECT_EQ(bench.reg(ring, kRefused), 2u);
}

TEST(QueueEngineCounters, SurviveTheEndOfTheQueue) {
  EngineBench bench({});
  Ring& ring = open_receiver(bench, 3, 8);
  receive(bench, ring, 1);
  bench.run_until_drained();
  bench.set_reg(ring, kControl, 0);
  bench.set_reg(ring, kControl, kControlEnable);
  EXPECT_EQ(bench.reg(ring, kFetches), 2u);
  EXPECT_EQ(bench.reg(ring, kPublishes), 1u);
}

TEST(QueueEngineCounters, AreNamedByFeatures) {
  EngineBench bench({});
  EXPECT_EQ(bench.read32(kRegisterFeatures), kFeaturesCoalesce | kFeaturesModeration | kFeaturesWeight |
                                                 kFeaturesCause | kFeaturesCounters | kFeaturesZeroCopy |
                                                 kFeaturesRss);
}

}  // namespace
}  // namespace ringproof::nic

// queue_engine_test.cc: what any queue engine must do, seen from its port only.
// Role     drives the engine of make_rtl_engine() with the neighbours of engine_bench.h; the bench checks bus
//          rules, order and every byte, the tests say what should happen
// Source   docs/design/queue-engine.md

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <set>
#include <stdexcept>
#include <tuple>

#include "sim/conform/line_rate.h"
#include "testbench/rtl/engine_bench.h"

namespace ringproof::nic {
namespace {

using Ring = EngineBench::Ring;

constexpr std::uint32_t kTypicalFrameBytes = 200;

std::vector<std::size_t> interesting_lengths() {
  std::vector<std::size_t> lengths;
  for (std::size_t bytes = 1; bytes <= 130; ++bytes) lengths.push_back(bytes);
  lengths.push_back(1514);
  lengths.push_back(9000);
  return lengths;
}

// --- registers ---

TEST(QueueEngineRegisters, IdentifyTheEngine) {
  EngineBench bench({});
  const std::uint32_t queues = bench.engine().max_queues();
  EXPECT_EQ(bench.read32(kRegisterId), kIdValue);
  EXPECT_EQ(bench.read32(kRegisterVersion), kVersionValue);
  EXPECT_EQ(bench.read32(kRegisterQueues), queues << 16 | queues);
  EXPECT_EQ(bench.read32(kRegisterLimits), 16u);
}

TEST(QueueEngineRegisters, UnmappedAddressesReadZeroAndIgnoreWrites) {
  EngineBench bench({});
  for (const int unmapped : {0x0014, 0x2000, 0x4094, 0x40FC, 0x80F0, 0xC000, 0xFFFC}) {
    const auto address = static_cast<std::uint16_t>(unmapped);
    bench.write32(address, 0xFFFFFFFF);
    EXPECT_EQ(bench.read32(address), 0u) << std::hex << address;
  }
}

TEST(QueueEngineRegisters, KeepTheConfigurationOfEachQueueApart) {
  EngineBench bench({});
  const std::uint32_t last = bench.engine().max_queues() - 1;
  const std::vector<std::pair<std::uint32_t, std::uint32_t>> values = {
      {kRingLog2, 3},        {kDescBaseLow, 0x11111140},  {kDescBaseHigh, 0x22},  {kCompBaseLow, 0x33333340},
      {kCompBaseHigh, 0x44}, {kIndexAddrLow, 0x55555554}, {kIndexAddrHigh, 0x66}, {kStartIndex, 0x77777777}};
  std::uint32_t salt = 0;
  for (const bool tx : {false, true}) {
    for (const std::uint32_t queue : {0u, 1u, last}) {
      salt += 0x40;
      for (const auto& [reg, value] : values) {
        bench.write32(EngineBench::address_of(tx, queue, reg),
                      reg == kRingLog2 ? value + salt / 64 : value + salt);
      }
    }
  }
  salt = 0;
  for (const bool tx : {false, true}) {
    for (const std::uint32_t queue : {0u, 1u, last}) {
      salt += 0x40;
      for (const auto& [reg, value] : values) {
        EXPECT_EQ(bench.read32(EngineBench::address_of(tx, queue, reg)),
                  reg == kRingLog2 ? value + salt / 64 : value + salt)
            << "tx " << tx << " queue " << queue << " register " << reg;
      }
    }
  }
}

TEST(QueueEngineRegisters, ClampTheRingSizeAndHoldItWhileEnabled) {
  EngineBench bench({});
  const std::uint16_t log2 = EngineBench::address_of(false, 2, kRingLog2);
  bench.write32(log2, 0);
  EXPECT_EQ(bench.read32(log2), 1u);
  bench.write32(log2, 40);
  EXPECT_EQ(bench.read32(log2), 16u);
  Ring& ring = bench.open_rx(2, 4);
  bench.write32(log2, 7);
  EXPECT_EQ(bench.reg(ring, kRingLog2), 4u);
  EXPECT_EQ(bench.reg(ring, kControl), 1u);
  EXPECT_EQ(bench.reg(ring, kState), 1u);
}

// --- receive ---

TEST(QueueEngineRx, OneFrameByteForByte) {
  EngineBench bench({});
  Ring& ring = bench.open_rx(0, 3);
  bench.post_buffer(ring, 2048, 5);
  bench.ring_doorbell(ring);
  bench.wire_sends(bench.frame_for(0, 301));
  bench.run_until_drained();
  ASSERT_EQ(ring.completions.size(), 1u);  // the bench has compared its bytes
  EXPECT_EQ(ring.completions[0].length, 301u);
  EXPECT_EQ(ring.seen, 1u);
  EXPECT_EQ(bench.reg(ring, kPublished), 1u);
  EXPECT_EQ(bench.reg(ring, kFetched), 1u);
  EXPECT_EQ(bench.reg(ring, kFrames), 1u);
  EXPECT_EQ(bench.reg(ring, kErrors), 0u);
}

TEST(QueueEngineRx, AnyBufferAlignmentAnyLength) {
  EngineBench bench({});
  Ring& ring = bench.open_rx(1, 8);
  const auto lengths = interesting_lengths();
  for (std::uint32_t offset = 0; offset < 64; ++offset) {
    for (const std::size_t bytes : lengths) {
      bench.post_buffer(ring, static_cast<std::uint32_t>(bytes), offset);
      bench.wire_sends_later(bench.frame_for(1, bytes));
    }
    bench.ring_doorbell(ring);
    bench.run_until_drained();
    ASSERT_EQ(ring.seen, (offset + 1) * lengths.size()) << "offset " << offset;
  }
}

TEST(QueueEngineRx, CutsFramesLongerThanTheirBuffer) {
  EngineBench bench({});
  Ring& ring = bench.open_rx(0, 6);
  const std::vector<std::uint32_t> rooms = {0, 1, 20, 63, 64, 65, 447, 512, 1000, 1513, 1514, 1515, 0, 64};
  std::uint32_t offset = 0;
  for (const std::uint32_t room : rooms) {
    bench.post_buffer(ring, room, offset += 13);
    bench.wire_sends_later(bench.frame_for(0, 1514));
  }
  bench.ring_doorbell(ring);
  bench.run_until_drained();
  ASSERT_EQ(ring.completions.size(), rooms.size());
  for (std::size_t i = 0; i < rooms.size(); ++i) {
    EXPECT_EQ(ring.completions[i].length, std::min(rooms[i], 1514u));
    EXPECT_EQ(ring.completions[i].flags, rooms[i] < 1514 ? kRxFlagTruncated : 0u);
  }
}

TEST(QueueEngineRx, BufferLengthsAbove16BitsAreLarge) {
  EngineBench bench({});
  Ring& ring = bench.open_rx(0, 2);
  bench.post_buffer(ring, 0x10001, 3);
  bench.ring_doorbell(ring);
  bench.wire_sends(bench.frame_for(0, 9000));
  bench.run_until_drained();
  ASSERT_EQ(ring.completions.size(), 1u);
  EXPECT_EQ(ring.completions[0].flags, 0u);
}

TEST(QueueEngineRx, DiscardsWholeFramesWithoutBufferAndCountsThem) {
  EngineBench bench({});
  Ring& ring = bench.open_rx(3, 4);
  bench.post_buffer(ring, 2048);
  bench.post_buffer(ring, 2048);
  bench.ring_doorbell(ring);
  for (int i = 0; i < 5; ++i) bench.wire_sends(bench.frame_for(3, 700));
  bench.run_until_drained();
  EXPECT_EQ(ring.completions.size(), 2u);
  EXPECT_EQ(bench.drops(), 3u);
  EXPECT_EQ(bench.reg(ring, kDrops), 3u);
  bench.post_buffer(ring, 2048);  // and goes on afterwards
  bench.ring_doorbell(ring);
  bench.wire_sends(bench.frame_for(3, 100));
  bench.run_until_drained();
  EXPECT_EQ(ring.completions.size(), 3u);
}

TEST(QueueEngineRx, DiscardsFramesForDisabledQueuesWithoutStalling) {
  EngineBench bench({});
  Ring& ring = bench.open_rx(0, 4);
  bench.post_buffer(ring, 2048);
  bench.ring_doorbell(ring);
  for (int i = 0; i < 20; ++i) bench.wire_sends(bench.frame_for(5, 64));
  bench.wire_sends(bench.frame_for(0, 64));
  bench.run_until_drained();
  EXPECT_EQ(bench.drops(), 20u);
  EXPECT_EQ(bench.read32(EngineBench::address_of(false, 5, kDrops)), 20u);
  EXPECT_EQ(ring.completions.size(), 1u);
}

TEST(QueueEngineRx, FrameWaitsForADescriptorThatIsPostedButNotFetched) {
  EngineBench bench({.read_latency = 700});
  Ring& ring = bench.open_rx(0, 4);
  bench.post_buffer(ring, 2048);
  bench.ring_doorbell(ring);
  bench.wire_sends(bench.frame_for(0, 64));
  bench.run(300);
  EXPECT_EQ(bench.drops() + ring.completions.size(), 0u);
  bench.run_until_drained();
  EXPECT_EQ(bench.drops(), 0u);
  EXPECT_EQ(ring.completions.size(), 1u);
}

TEST(QueueEngineRx, PrefetchesAndIsIdleWithPostedBuffers) {
  EngineBench bench({});
  Ring& ring = bench.open_rx(0, 8);
  for (int i = 0; i < 200; ++i) bench.post_buffer(ring, 64);
  bench.ring_doorbell(ring);
  bench.arm(ring, 0);
  bench.run_until_drained();
  EXPECT_GE(bench.reg(ring, kFetched), 8u);
  bench.run(10);
  EXPECT_TRUE(bench.out().idle);
}

TEST(QueueEngineRx, OneIndexWriteCoversManyFrames) {
  EngineBench bench({.write_latency = 400});
  Ring& ring = bench.open_rx(0, 7);
  for (int i = 0; i < 100; ++i) {
    bench.post_buffer(ring, 64);
    bench.wire_sends_later(bench.frame_for(0, 64));
  }
  bench.ring_doorbell(ring);
  bench.run_until_drained();
  EXPECT_EQ(ring.seen, 100u);
  EXPECT_LT(bench.index_writes(), 10u);
}

// --- transmit ---

TEST(QueueEngineTx, OneFrameByteForByte) {
  EngineBench bench({});
  Ring& ring = bench.open_tx(7, 3);
  const TxFrame frame = bench.post_frame(ring, bench.random_bytes(301), 5);
  bench.ring_doorbell(ring);
  bench.run_until_drained();
  EXPECT_EQ(bench.sent(), std::vector<TxFrame>{frame});
  EXPECT_EQ(ring.seen, 1u);
  EXPECT_EQ(bench.reg(ring, kFrames), 1u);
  EXPECT_EQ(bench.reg(ring, kErrors), 0u);
}

TEST(QueueEngineTx, AnyBufferAlignmentAnyLength) {
  EngineBench bench({});
  Ring& ring = bench.open_tx(1, 8);
  const auto lengths = interesting_lengths();
  std::vector<TxFrame> expected;
  for (std::uint32_t offset = 0; offset < 64; ++offset) {
    for (const std::size_t bytes : lengths) {
      expected.push_back(bench.post_frame(ring, bench.random_bytes(bytes), offset));
    }
    bench.ring_doorbell(ring);
    bench.run_until_drained();
  }
  ASSERT_EQ(bench.sent().size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    ASSERT_EQ(bench.sent()[i], expected[i])
        << "offset " << i / lengths.size() << " bytes " << expected[i].bytes.size();
  }
}

TEST(QueueEngineTx, KeepsManyFramesInFlight) {
  EngineBench bench({.read_latency = 200});
  Ring& ring = bench.open_tx(0, 6);
  for (int i = 0; i < 64; ++i) bench.post_frame(ring, bench.random_bytes(64));
  bench.ring_doorbell(ring);
  bench.run_until_drained();
  EXPECT_EQ(bench.sent().size(), 64u);
  EXPECT_GE(bench.frames_outstanding_max(), 8u);
}

// Until the first answer comes, which takes long, every reader asks for as much as it has tags, none twice.
TEST(QueueEngineReads, HaveTagsOfTheirOwn) {
  constexpr std::uint32_t kAnswersFrom = 6000;
  EngineBench bench({.read_latency = kAnswersFrom});
  std::set<std::uint8_t> ids;
  const auto look = [&] {
    bench.cycle();
    if (bench.out().axi_arvalid) {
      EXPECT_TRUE(ids.insert(bench.out().axi_arid).second) << +bench.out().axi_arid;
    }
  };
  for (std::uint8_t queue = 0; queue < 16; ++queue) {
    bench.open_rx(queue, 5);
    bench.open_tx(queue, 5);
  }
  for (std::uint8_t queue = 0; queue < 16; ++queue) {
    for (const bool tx : {false, true}) {
      Ring& ring = bench.ring(tx, queue);
      for (std::uint32_t i = 0; i < ring.size; ++i) {
        if (tx) bench.post_frame(ring, bench.random_bytes(64));
        if (!tx) bench.post_buffer(ring, 64);
      }
      bench.post_write32(EngineBench::address_of(tx, queue, kDoorbell), ring.posted);
    }
  }
  ASSERT_LT(bench.now(), kAnswersFrom / 2);
  while (bench.now() < kAnswersFrom) look();
  const auto asked = [&](ReadFor what) {
    return std::count_if(ids.begin(), ids.end(), [&](std::uint8_t id) { return read_for(id) == what; });
  };
  EXPECT_EQ(asked(kReadRxDescriptor), 64);
  EXPECT_EQ(asked(kReadTxDescriptor), 64);
  bench.run_until_drained();
  EXPECT_EQ(bench.sent().size(), 16u * 32);
  EXPECT_EQ(bench.frames_outstanding_max(), 64u);
}

TEST(QueueEngineReads, AreAnsweredInAnyOrderAndUsedInThatOfTheRing) {
  for (const ReadOrder order : {ReadOrder::kAny, ReadOrder::kNewestFirst}) {
    EngineBench bench({.read_latency = 50, .latency_jitter = 500, .read_order = order});
    Ring& ring = bench.open_tx(5, 6, 0xFFFFFFF0);
    std::vector<TxFrame> expected;
    for (std::uint32_t round = 0; round < 4; ++round) {
      for (std::uint32_t i = 0; i < 64; ++i) {
        expected.push_back(bench.post_frame(ring, bench.random_bytes(1 + 37 * i), 11 * i));
      }
      bench.ring_doorbell(ring);
      bench.run_until_drained();
    }
    EXPECT_EQ(bench.sent(), expected);
    EXPECT_EQ(bench.reg(ring, kFetched), ring.posted);
    EXPECT_EQ(bench.reg(ring, kErrors), 0u);
  }
}

// What comes early counts for nothing yet, and is not forgotten.
TEST(QueueEngineReads, AQueueIsInFlightUntilTheLastOfThemIsAnswered) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    EngineBench bench(
        {.seed = seed, .read_latency = 200, .latency_jitter = 400, .read_order = ReadOrder::kAny});
    bench.keep_trace();
    Ring& ring = bench.open_rx(0, 5);
    for (int i = 0; i < 32; ++i) bench.post_buffer(ring, 100);
    bench.ring_doorbell(ring);
    bench.run(20);
    bench.set_reg(ring, kControl, 0);
    EXPECT_EQ(bench.reg(ring, kState), kStateInFlight);
    while ((bench.reg(ring, kState) & kStateInFlight) != 0) EXPECT_LT(bench.now(), 2000u);
    const std::size_t transfers = bench.trace().size();
    EXPECT_EQ(bench.reg(ring, kFetched), 32u);
    bench.run_until_drained();
    EXPECT_EQ(bench.trace().size(), transfers);
  }
}

// The MAC knows the timestamp of every frame that the index stands for.
TEST(QueueEngineTx, NothingIsPublishedBeforeTheLinkTakesIt) {
  EngineBench bench({.tx_stall_pct = 100});
  Ring& ring = bench.open_tx(0, 4);
  for (int i = 0; i < 4; ++i) bench.post_frame(ring, bench.random_bytes(300));
  bench.ring_doorbell(ring);
  bench.run(2000);
  EXPECT_EQ(ring.seen, 0u);
  EXPECT_EQ(ring.beats_read, 20u);
  EXPECT_EQ(bench.reg(ring, kState), 1u | kStateInFlight);
}

TEST(QueueEngineTx, TakesQueuesInTurn) {
  EngineBench bench({.read_latency = 300});
  std::vector<Ring*> rings;
  for (std::uint8_t queue = 0; queue < 3; ++queue) {
    rings.push_back(&bench.open_tx(queue, 4));
    for (int i = 0; i < 8; ++i) bench.post_frame(*rings.back(), bench.random_bytes(64));
  }
  for (const Ring* ring : rings) bench.post_write32(EngineBench::address_of(true, ring->queue, kDoorbell), 8);
  bench.run_until_drained();
  ASSERT_EQ(bench.sent().size(), 24u);
  std::array<int, 3> sent_of{};
  for (std::size_t i = 0; i < 18; ++i) ++sent_of[bench.sent()[i].queue];
  for (const int count : sent_of) EXPECT_GE(count, 4);
}

TEST(QueueEngineTx, UnsendableLengthsAreMarkedAndKeepTheirPlace) {
  EngineBench bench({});
  Ring& ring = bench.open_tx(0, 4);
  const TxFrame before = bench.post_frame(ring, bench.random_bytes(2000), 9);
  bench.post(ring, kMemoryBase + 4096, 0);
  bench.post(ring, kMemoryBase + 4096, 0x10000);
  const TxFrame after = bench.post_frame(ring, bench.random_bytes(80), 60);
  bench.ring_doorbell(ring);
  bench.run_until_drained();
  EXPECT_EQ(bench.sent(), (std::vector<TxFrame>{before, {0, {}, true}, {0, {}, true}, after}));
  EXPECT_EQ(ring.seen, 4u);
  EXPECT_EQ(bench.reg(ring, kErrors), 2u);
}

// --- indices ---

class QueueEngineIndex : public testing::TestWithParam<std::tuple<std::uint32_t, std::uint32_t>> {};

TEST_P(QueueEngineIndex, RunsAcrossWrapAndRingEnd) {
  const auto [log2, start] = GetParam();
  EngineBench bench({.stall_pct = 20});
  Ring& rx = bench.open_rx(0, log2, start);
  Ring& tx = bench.open_tx(0, log2, start);
  std::vector<TxFrame> expected;
  for (std::uint32_t round = 0; round < 12; ++round) {
    for (std::uint32_t i = 0; i < rx.size; ++i) {
      bench.post_buffer(rx, kTypicalFrameBytes, 3 * i);
      bench.wire_sends_later(bench.frame_for(0, 90 + i));
      expected.push_back(bench.post_frame(tx, bench.random_bytes(70 + i), 7 * i));
    }
    bench.ring_doorbell(rx);
    bench.ring_doorbell(tx);
    bench.run_until_drained();
    ASSERT_EQ(rx.seen, start + (round + 1) * rx.size);
    ASSERT_EQ(tx.seen, rx.seen);
  }
  EXPECT_EQ(bench.sent(), expected);
  EXPECT_EQ(rx.completions.size(), 12 * rx.size);
  EXPECT_EQ(bench.reg(rx, kFetched), rx.seen);
}
INSTANTIATE_TEST_SUITE_P(Rings, QueueEngineIndex,
                         testing::Combine(testing::Values(1u, 2u, 3u, 6u),
                                          testing::Values(0u, 0xFFFFFFFBu, 0x7FFFFFFEu)));

TEST(QueueEngineDoorbell, OutOfRangeIsIgnoredAndRemembered) {
  EngineBench bench({});
  for (const bool tx : {false, true}) {
    Ring& ring = bench.open(tx, 4, 2, 100);
    for (const std::uint32_t wrong : {105u, 99u, 0u, 100u + 0x80000000u}) {
      bench.set_reg(ring, kControl, 0);
      bench.set_reg(ring, kControl, 1);
      EXPECT_EQ(bench.reg(ring, kState), 1u);
      bench.set_reg(ring, kDoorbell, wrong);
      bench.run_until_drained();
      EXPECT_EQ(bench.reg(ring, kState), 1u | kStateRangeError) << wrong;
      EXPECT_EQ(bench.reg(ring, kFetched), 100u) << wrong;
    }
    bench.set_reg(ring, kControl, 0);
    bench.set_reg(ring, kControl, 1);
    for (int i = 0; i < 4; ++i) {
      bench.post(ring, bench.allocate(64), 64);
    }
    bench.set_reg(ring, kDoorbell, 104);  // just in range, and not again backwards
    bench.set_reg(ring, kDoorbell, 102);
    EXPECT_NE(bench.reg(ring, kState) & kStateRangeError, 0u);
    bench.run_until_drained();
    EXPECT_EQ(bench.reg(ring, kFetched), 104u);
  }
}

TEST(QueueEngineDoorbell, RepeatedDoorbellsHaveNoOtherEffect) {
  EngineBench bench({});
  Ring& ring = bench.open_rx(0, 3);
  bench.post_buffer(ring, 64);
  for (int i = 0; i < 5; ++i) bench.ring_doorbell(ring);
  bench.run_until_drained();
  EXPECT_EQ(bench.reg(ring, kFetched), 1u);
  EXPECT_EQ(bench.reg(ring, kState), 1u);
}

// --- enable and disable ---

TEST(QueueEngineDisable, FinishesWhatIsInFlightAndIsQuietThen) {
  EngineBench bench({.read_latency = 300, .write_latency = 300});
  Ring& rx = bench.open_rx(0, 4);
  Ring& tx = bench.open_tx(0, 4);
  for (int i = 0; i < 8; ++i) {
    bench.post_buffer(rx, 2048);
    bench.wire_sends_later(bench.frame_for(0, 64));
    bench.post_frame(tx, bench.random_bytes(64));
  }
  bench.ring_doorbell(rx);
  bench.ring_doorbell(tx);
  bench.run(320);
  for (Ring* ring : {&rx, &tx}) {
    bench.set_reg(*ring, kControl, 0);
    EXPECT_EQ(bench.reg(*ring, kState), kStateInFlight);
    bench.arm(*ring, ring->start - 1);
  }
  bench.wait([&] { return bench.wire_backlog() == 0; });
  bench.wait([&] { return bench.reg(rx, kState) == 0 && bench.reg(tx, kState) == 0; });
  const std::uint64_t writes = bench.index_writes();
  const std::size_t irqs = bench.irqs().size();
  bench.run(3000);
  EXPECT_EQ(bench.index_writes(), writes);
  EXPECT_EQ(bench.irqs().size(), irqs);
  EXPECT_EQ(bench.reg(rx, kFrames) + bench.reg(rx, kDrops), 8u);
}

TEST(QueueEngineDisable, EnableWaitsForTheFormerLifeAndStartsAfresh) {
  EngineBench bench({.read_latency = 400});
  Ring& old_ring = bench.open_tx(2, 4, 50);
  for (int i = 0; i < 8; ++i) bench.post_frame(old_ring, bench.random_bytes(64));
  bench.ring_doorbell(old_ring);
  bench.run(20);
  bench.set_reg(old_ring, kControl, 0);
  Ring& ring = bench.open_tx(2, 3, 0xFFFFFFFF);
  EXPECT_EQ(bench.reg(ring, kPublished), 0xFFFFFFFFu);
  EXPECT_EQ(bench.reg(ring, kFetched), 0xFFFFFFFFu);
  const TxFrame frame = bench.post_frame(ring, bench.random_bytes(99), 1);
  bench.ring_doorbell(ring);
  bench.run_until_drained();
  ASSERT_FALSE(bench.sent().empty());
  EXPECT_EQ(bench.sent().back(), frame);
  EXPECT_EQ(ring.seen, 0u);
}

// --- interrupts ---

TEST(QueueEngineIrq, AsksOncePerArmingWhenTheIndexMoves) {
  EngineBench bench({});
  Ring& rx = bench.open_rx(6, 4);
  Ring& tx = bench.open_tx(9, 4);
  bench.arm(rx, 0);
  bench.arm(tx, 0);
  bench.run_until_drained();
  EXPECT_TRUE(bench.irqs().empty());
  for (int i = 0; i < 3; ++i) {
    bench.post_buffer(rx, 64);
    bench.ring_doorbell(rx);
    bench.wire_sends(bench.frame_for(6, 64));
    bench.run_until_drained();
  }
  EXPECT_EQ(bench.irqs(), std::vector<std::uint8_t>{6});
  bench.post_frame(tx, bench.random_bytes(64));
  bench.ring_doorbell(tx);
  bench.run_until_drained();
  EXPECT_EQ(bench.irqs(), (std::vector<std::uint8_t>{6, 64 + 9}));
}

TEST(QueueEngineIrq, AsksAtOnceIfTheIndexHasMovedAlready) {
  EngineBench bench({});
  Ring& ring = bench.open_rx(0, 4);
  bench.post_buffer(ring, 64);
  bench.ring_doorbell(ring);
  bench.wire_sends(bench.frame_for(0, 64));
  bench.run_until_drained();
  bench.arm(ring, 1);
  bench.run_until_drained();
  EXPECT_TRUE(bench.irqs().empty());
  bench.arm(ring, 0);
  bench.run_until_drained();
  EXPECT_EQ(bench.irqs().size(), 1u);
}

// Whenever the host arms around the publication, it is asked exactly once.
TEST(QueueEngineIrq, ArmingNeverMissesAPublication) {
  for (std::uint64_t delay = 0; delay < 130; ++delay) {
    EngineBench bench({.read_latency = 10, .write_latency = 20});
    Ring& ring = bench.open_rx(0, 4);
    bench.post_buffer(ring, 64);
    bench.ring_doorbell(ring);
    bench.run(40);
    bench.wire_sends(bench.frame_for(0, 64));
    bench.run(delay);
    bench.arm(ring, 0);
    bench.run_until_drained();
    ASSERT_EQ(bench.irqs().size(), 1u) << "armed after " << delay << " cycles";
    ASSERT_EQ(ring.seen, 1u);
  }
}

TEST(QueueEngineIrq, AllQueuesGetTheirTurnAtAStalledSink) {
  EngineBench bench({.irq_stall_pct = 80});
  std::vector<Ring*> rings;
  std::vector<std::uint8_t> expected;
  for (std::uint8_t queue = 0; queue < 8; ++queue) {
    for (const bool tx : {false, true}) {
      rings.push_back(&bench.open(tx, queue, 2, 10));
      bench.arm(*rings.back(), 9);
      expected.push_back(static_cast<std::uint8_t>(queue + (tx ? kTxVectorBase : 0)));
    }
  }
  bench.run_until_drained();
  std::vector<std::uint8_t> irqs = bench.irqs();
  std::sort(irqs.begin(), irqs.end());
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(irqs, expected);
}

// --- failing memory ---

struct Outcome {
  std::uint32_t frames, errors, published;
  bool operator==(const Outcome&) const = default;
};

Outcome outcome(EngineBench& bench, const Ring& ring) {
  return {bench.reg(ring, kFrames), bench.reg(ring, kErrors), bench.reg(ring, kPublished)};
}

Ring& receive_with_failing_writes(EngineBench& bench, std::uint8_t id, std::size_t frame_bytes, int fail_at) {
  Ring& ring = bench.open_rx(0, 4);
  auto count = std::make_shared<int>(0);
  bench.fail_write = [=](std::uint8_t write_id, std::uint64_t) {
    return write_id == id && (*count)++ == fail_at;
  };
  for (int i = 0; i < 6; ++i) {
    bench.post_buffer(ring, 2048, 11);
    bench.wire_sends_later(bench.frame_for(0, frame_bytes));
  }
  bench.ring_doorbell(ring);
  bench.run_until_drained();
  return ring;
}

TEST(QueueEngineFaults, FailedPayloadWriteIsFlaggedInItsCompletion) {
  EngineBench bench({});
  Ring& ring = receive_with_failing_writes(bench, kWritePayload, 1500, 5);  // 4 bursts a frame
  ASSERT_EQ(ring.completions.size(), 6u);
  for (std::uint32_t i = 0; i < 6; ++i)
    EXPECT_EQ(ring.completions[i].flags, i == 1 ? kRxFlagDmaError : 0u) << i;
  EXPECT_EQ(outcome(bench, ring), (Outcome{6, 1, 6}));
}

TEST(QueueEngineFaults, FailedCompletionWriteIsCounted) {
  EngineBench bench({});
  Ring& ring = receive_with_failing_writes(bench, kWriteCompletion, 100, 2);
  EXPECT_EQ(ring.completions.size(), 4u);  // one beat, two entries
  EXPECT_EQ(outcome(bench, ring), (Outcome{6, 2, 6}));
}

TEST(QueueEngineFaults, FailedIndexWriteIsCountedAndTheNextOneGoesOn) {
  EngineBench bench({});
  Ring& ring = receive_with_failing_writes(bench, kWriteRxIndex, 100, 0);
  EXPECT_EQ(ring.seen, 6u);
  EXPECT_EQ(outcome(bench, ring), (Outcome{6, 1, 6}));
}

TEST(QueueEngineFaults, FailedRxDescriptorReadCostsItsFramesAndNothingElse) {
  EngineBench bench({});
  Ring& ring = bench.open_rx(0, 4);
  int reads = 0;
  bench.fail_read = [&](std::uint8_t id, std::uint64_t) { return id == kReadRxDesc && reads++ == 1; };
  for (int i = 0; i < 12; ++i) {
    bench.post_buffer(ring, 2048, 11);
    bench.wire_sends_later(bench.frame_for(0, 150));
  }
  bench.ring_doorbell(ring);
  bench.run_until_drained();
  ASSERT_EQ(ring.completions.size(), 12u);
  for (std::uint32_t i = 0; i < 12; ++i) {
    EXPECT_EQ(ring.completions[i].flags, i / 4 == 1 ? kRxFlagDmaError : 0u) << i;
    EXPECT_EQ(ring.completions[i].length, i / 4 == 1 ? 0u : 150u) << i;
  }
  EXPECT_EQ(outcome(bench, ring), (Outcome{12, 4, 12}));
}

TEST(QueueEngineFaults, FailedTxDescriptorReadSendsMarkedEmptyFrames) {
  EngineBench bench({});
  Ring& ring = bench.open_tx(0, 4);
  int reads = 0;
  bench.fail_read = [&](std::uint8_t id, std::uint64_t) { return id == kReadTxDesc && reads++ == 1; };
  std::vector<TxFrame> expected;
  for (int i = 0; i < 12; ++i) {
    const TxFrame frame = bench.post_frame(ring, bench.random_bytes(150), 11);
    expected.push_back(i / 4 == 1 ? TxFrame{0, {}, true} : frame);
  }
  bench.ring_doorbell(ring);
  bench.run_until_drained();
  EXPECT_EQ(bench.sent(), expected);
  EXPECT_EQ(outcome(bench, ring), (Outcome{12, 4, 12}));
}

TEST(QueueEngineFaults, FailedTxPayloadReadMarksItsFrameOnly) {
  for (const std::size_t bytes : {60u, 64u, 1500u}) {
    for (const std::uint32_t offset : {0u, 2u, 40u}) {
      EngineBench bench({});
      Ring& ring = bench.open_tx(0, 4);
      int reads = 0;
      bench.fail_read = [&](std::uint8_t id, std::uint64_t) { return id == kReadPayload && reads++ == 5; };
      for (int i = 0; i < 8; ++i) bench.post_frame(ring, bench.random_bytes(bytes), offset);
      bench.ring_doorbell(ring);
      bench.run_until_drained();
      const auto marked = std::count_if(bench.sent().begin(), bench.sent().end(),
                                        [](const TxFrame& frame) { return frame.error; });
      EXPECT_EQ(marked, 1) << bytes << " at " << offset;
      for (const TxFrame& frame : bench.sent()) EXPECT_EQ(frame.bytes.size(), bytes);
      EXPECT_EQ(outcome(bench, ring), (Outcome{8, 1, 8}));
    }
  }
}

TEST(QueueEngineFaults, FailedTxIndexWriteIsCounted) {
  EngineBench bench({});
  Ring& ring = bench.open_tx(0, 4);
  int writes = 0;
  bench.fail_write = [&](std::uint8_t id, std::uint64_t) { return id == kWriteTxIndex && writes++ == 0; };
  bench.post_frame(ring, bench.random_bytes(150));
  bench.ring_doorbell(ring);
  bench.run_until_drained();
  EXPECT_EQ(outcome(bench, ring), (Outcome{1, 1, 1}));
}

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

// --- completion entries that share a beat ---

std::uint64_t cycles_until_published(std::uint32_t start) {
  EngineBench bench({});
  Ring& ring = bench.open_rx(0, 3, start);
  bench.post_buffer(ring, 2048, 0);
  bench.ring_doorbell(ring);
  bench.run_until_drained();
  bench.wire_sends(bench.frame_for(0, 64));
  const std::uint64_t begin = bench.now();
  bench.wait([&] { return ring.seen == start + 1; });
  return bench.now() - begin;
}

// Nothing comes behind it, so nothing is gained by waiting.
TEST(QueueEngineCompletion, AFrameByItselfWaitsForNoOther) {
  EXPECT_LE(cycles_until_published(0), cycles_until_published(1) + 1);
}

// A long frame of another queue is coming in slowly, and the entry before it does not wait for that.
TEST(QueueEngineCompletion, WaitsForItsNeighbourNotForLong) {
  EngineBench bench({.gap_pct = 97});
  Ring& waits = bench.open_rx(0, 3);
  Ring& slow = bench.open_rx(1, 3);
  for (Ring* ring : {&waits, &slow}) {
    bench.post_buffer(*ring, 2048, 0);
    bench.ring_doorbell(*ring);
  }
  bench.run_until_drained();
  bench.wire_sends(bench.frame_for(0, 64));
  bench.wire_sends(bench.frame_for(1, 1514));
  bench.wait([&] { return waits.seen == 1; });
  EXPECT_GT(bench.wire_backlog(), 0u);
  const std::uint64_t first = bench.now();
  bench.wait([&] { return slow.seen == 1; });
  EXPECT_GT(bench.now(), first + 200);
}

TEST(QueueEngineCompletion, FramesThatFollowEachOtherShareBeats) {
  EngineBench bench({});
  Ring& ring = bench.open_rx(0, 5);
  for (int i = 0; i < 31; ++i) bench.post_buffer(ring, 256, 0);
  bench.ring_doorbell(ring);
  bench.run_until_drained();
  for (int i = 0; i < 31; ++i) bench.wire_sends(bench.frame_for(0, 64));
  bench.run_until_drained();
  EXPECT_EQ(ring.completions.size(), 31u);
  EXPECT_EQ(bench.pairs(), 15u);
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

// queue_engine_frames_test.cc: how a queue engine receives and sends frames.
// Role     through the port only: the bench checks bus rules, order and every byte, the tests say what should
//          happen
// Source   docs/design/queue-engine.md

#include <algorithm>
#include <cstdint>
#include <set>
#include <vector>

#include "testbench/rtl/engine_bench.h"

namespace ringproof::nic {
namespace {

using Ring = EngineBench::Ring;

std::vector<std::size_t> interesting_lengths() {
  std::vector<std::size_t> lengths;
  for (std::size_t bytes = 1; bytes <= 130; ++bytes) lengths.push_back(bytes);
  lengths.push_back(1514);
  lengths.push_back(9000);
  return lengths;
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

}  // namespace
}  // namespace ringproof::nic

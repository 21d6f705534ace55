// queue_engine_queue_test.cc: what a queue of an engine answers to its driver.
// Role     registers, indices, doorbells, enable and disable, interrupts, and what becomes of a failed access
// Source   docs/design/queue-engine.md

#include <algorithm>
#include <cstdint>
#include <memory>
#include <tuple>
#include <vector>

#include "testbench/rtl/engine_bench.h"

namespace ringproof::nic {
namespace {

using Ring = EngineBench::Ring;

constexpr std::uint32_t kTypicalFrameBytes = 200;

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

}  // namespace
}  // namespace ringproof::nic

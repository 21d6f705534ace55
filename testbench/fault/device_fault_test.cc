// F-DMA, F-DSC, F-DBL, F-IRQ, F-CLK: what the device or the way to it does wrong.

#include <gtest/gtest.h>

#include "testbench/fault/workload.h"

namespace ringproof::test {
namespace {

class DeviceFault : public FaultTest {
 protected:
  // Everything arrives and everything is sent, as without the fault, only later.
  void expect_invisible(const FaultRecord& record) {
    play(record, 8);
    EXPECT_GT(struck, 0u) << fault_info(record.id).id;
    EXPECT_EQ(received.size(), 8u * kFramesPerRound) << fault_info(record.id).id;
    EXPECT_EQ(statistics.RxDropped, 0u) << fault_info(record.id).id;
    EXPECT_TRUE(drops.by.empty()) << fault_info(record.id).id;
  }
};

TEST_F(DeviceFault, SlowReorderedSplitAndTornAccessesOnlyTakeTime) {
  for (const FaultId id : {FaultId::kDma01, FaultId::kDma02, FaultId::kDma03, FaultId::kDma07}) {
    FaultRecord record = at_rate(id, 0.5);
    expect_invisible(record);
  }
}

TEST_F(DeviceFault, StarvedCreditsOnlyTakeTime) { expect_invisible(at_rate(FaultId::kDma05, 0.001)); }

TEST_F(DeviceFault, UnusualAddressesChangeNothing) {
  for (const std::uint64_t bit : {32u, 33u, 40u, 62u}) {
    FaultRecord record = at_rate(FaultId::kDma08, 1);
    record.amount = bit;
    expect_invisible(record);
  }
}

TEST_F(DeviceFault, RingsThatBeginNearTheWrapChangeNothing) {
  for (const std::uint32_t kind : {fault_kind::kSocketRings, fault_kind::kHardwareRings}) {
    FaultRecord record = at_rate(FaultId::kDsc02, 1);
    record.kind = kind;
    expect_invisible(record);
  }
}

TEST_F(DeviceFault, RefusedPayloadIsCountedFrameByFrame) {
  FaultRecord record = at_rate(FaultId::kDma04, 0.3);
  record.kind = 0;
  play(record);
  EXPECT_GT(drops.by[DropReason::kDmaError], 0u);
}

TEST_F(DeviceFault, RevokedMappingCostsTheFramesThatMeetIt) {
  play(nth(FaultId::kDma06, 10));
  EXPECT_EQ(struck, 1u);
  EXPECT_GT(drops.by[DropReason::kDmaError], 0u);
}

TEST_F(DeviceFault, NonsenseInACompletionIsContainedByTheDriver) {
  for (const std::uint32_t kind : {fault_kind::kLength, fault_kind::kId, fault_kind::kIndex}) {
    drops = {};
    FaultRecord record = nth(FaultId::kDsc07, 3, 2);
    record.kind = kind;
    play(record);
    EXPECT_EQ(drops.by[DropReason::kBadCompletion], 2u) << kind;
  }
}

TEST_F(DeviceFault, LateMergedAndRepeatedDoorbellsAreInvisible) {
  expect_invisible(at_rate(FaultId::kDbl01, 0.5));
  FaultRecord repeat = at_rate(FaultId::kDbl03, 1);
  repeat.kind = fault_kind::kRepeat;
  expect_invisible(repeat);
}

// Where rings begin near the wrap, 0 is an index that lies ahead.
TEST_F(DeviceFault, BackwardsDoorbellIsIgnoredThoughNoneCameBefore) {
  FaultRecord backwards = at_rate(FaultId::kDbl03, 1);
  backwards.kind = fault_kind::kBackwards;
  FaultRecord near_the_wrap = at_rate(FaultId::kDsc02, 1);
  near_the_wrap.kind = fault_kind::kHardwareRings;
  near_the_wrap.amount = 16;
  MachineSettings settings;
  settings.faults.records = {backwards, near_the_wrap};
  settings.wait_for_driver = false;
  play_on(settings, 8);
  EXPECT_GT(struck, 0u);
  EXPECT_EQ(received.size(), 8u * kFramesPerRound);
  EXPECT_EQ(sent, completed);
  EXPECT_TRUE(drops.by.empty());
}

TEST_F(DeviceFault, LostDoorbellIsMadeGoodByTheWatchdog) {
  play(at_rate(FaultId::kDbl04, 0.5), 8);
  EXPECT_GT(struck, 0u);
  EXPECT_EQ(received.size() + statistics.RxDropped + drops.by[DropReason::kNoDescriptor],
            8u * kFramesPerRound);
}

TEST_F(DeviceFault, DeviceThatReadsAllOnesIsAskedAgain) {
  FaultRecord record = nth(FaultId::kDbl05, 1, 2);
  record.kind = fault_kind::kAllOnes;
  expect_invisible(record);
}

TEST_F(DeviceFault, LateDuplicateAndMovedInterruptsAreInvisible) {
  for (const FaultId id : {FaultId::kIrq01, FaultId::kIrq02, FaultId::kIrq03, FaultId::kIrq04}) {
    expect_invisible(at_rate(id, 0.5));
  }
}

TEST_F(DeviceFault, LostInterruptIsMadeGoodByTheWatchdog) {
  FaultRecord record = at_rate(FaultId::kIrq05, 0.5);
  record.amount = 5'000;
  play(record, 8);
  EXPECT_GT(struck, 0u);
  EXPECT_EQ(received.size(), 8u * kFramesPerRound);
}

// Without a watchdog what is lost stays lost until the faults heal; play() checks that it comes right then.
TEST_F(DeviceFault, LostInterruptsWithoutWatchdogHeal) {
  FaultRecord record = at_rate(FaultId::kIrq05, 1);
  record.amount = 0;
  play(record, 8);
  EXPECT_GT(struck, 0u);
  EXPECT_LT(received.size(), 8u * kFramesPerRound);
}

TEST_F(DeviceFault, OddClocksOnlyTakeTime) {
  for (const std::uint64_t percent : {10u, 70u, 130u, 300u}) {
    FaultRecord record = at_rate(FaultId::kClk01, 1);
    record.amount = percent;
    expect_invisible(record);
  }
  expect_invisible(at_rate(FaultId::kClk02, 0.5));
  expect_invisible(at_rate(FaultId::kClk05, 0.01));
}

}  // namespace
}  // namespace ringproof::test

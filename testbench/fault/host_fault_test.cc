// F-ALC, F-MEM, F-LIF, F-SCH, F-DSC-06: what happens on the host, and to interfaces.

#include <gtest/gtest.h>

#include "testbench/fault/workload.h"

namespace ringproof::test {
namespace {

using HostFault = FaultTest;

// Every allocation that a socket and a program need fails once, in turn: the call says so, and works when it
// is tried again.
TEST_F(HostFault, EachAllocationFailsCleanly) {
  for (std::uint64_t n = 1; n <= 8; ++n) {
    play(nth(FaultId::kAlc01, n), 1);
    EXPECT_EQ(struck, 1u) << n;
    ASSERT_EQ(failures.size(), 1u) << n;
    EXPECT_TRUE(failures.contains(kNoMemory) || failures.contains(kNoResources)) << n;
    EXPECT_EQ(received.size(), kFramesPerRound) << n;
  }
}

TEST_F(HostFault, ExhaustedTablesAreSaidSo) {
  for (std::uint64_t n = 1; n <= 3; ++n) {
    play(nth(FaultId::kAlc03, n), 1);
    EXPECT_EQ(failures, std::set<UINT32>{kNoResources}) << n;
    EXPECT_EQ(received.size(), kFramesPerRound) << n;
  }
}

TEST_F(HostFault, UmemThatIsNotMappedIsRefused) {
  play(nth(FaultId::kMem05, 1), 1);
  EXPECT_EQ(failures, std::set<UINT32>{kNoAccess});
}

TEST_F(HostFault, FillPatternOfMemoryChangesNothing) {
  for (const std::uint64_t byte : {0x00u, 0xA5u, 0xFFu}) {
    FaultRecord record = at_rate(FaultId::kMem04, 1);
    record.amount = byte;
    play(record, 4);
    EXPECT_EQ(received.size(), 4u * kFramesPerRound) << byte;
  }
}

TEST_F(HostFault, ShortOfBuffersEveryFrameStillComes) {
  play(at_rate(FaultId::kAlc02, 1), 8);
  EXPECT_EQ(received.size(), 8u * kFramesPerRound);
}

TEST_F(HostFault, StarvedRingsAreCounted) {
  FaultRecord record = nth(FaultId::kDsc06, 1);
  record.target.ring = static_cast<std::uint32_t>(RingKind::kFill);
  record.extent = 30'000;
  play(record);
  EXPECT_GT(drops.by[DropReason::kSocketFillEmpty], 0u);
  EXPECT_EQ(drops.by[DropReason::kSocketFillEmpty], statistics.RxDropped);
}

TEST_F(HostFault, InterfaceThatComesBackServesAgain) {
  FaultTrigger trigger;
  trigger.kind = FaultTrigger::Kind::kEvent;
  trigger.event = FaultEvent::kDelivered;
  trigger.number = 10;
  play(fault_record(FaultId::kLif01, trigger));
  EXPECT_EQ(struck, 1u);
  EXPECT_LT(received.size(), std::size_t{kRounds} * kFramesPerRound);
}

TEST_F(HostFault, PausedInterfaceDropsByReason) {
  FaultRecord record = nth(FaultId::kLif03, 8);
  record.kind = 0;
  record.extent = 3'000'000;
  play(record);
  EXPECT_GT(drops.by[DropReason::kPaused], 0u);
}

TEST_F(HostFault, ProgramsThatComeAndGoAreInvisibleToOthers) {
  play(at_rate(FaultId::kLif04, 0.1), 8);
  EXPECT_GT(struck, 0u);
  EXPECT_EQ(received.size(), 8u * kFramesPerRound);
}

TEST_F(HostFault, SocketThatSharesTheQueueAndClosesIsInvisibleToTheOther) {
  play(at_rate(FaultId::kLif06, 0.05), 8);
  EXPECT_GT(struck, 0u);
  EXPECT_EQ(received.size(), 8u * kFramesPerRound);
}

TEST_F(HostFault, WaitsEndByTimeoutOnly) {
  FaultRecord record = at_rate(FaultId::kIrq06, 1);
  record.kind = fault_kind::kNoTime;
  play(record, 8);
  EXPECT_EQ(timeouts, struck);
  EXPECT_GT(struck, 0u);
}

TEST_F(HostFault, StarvedActorsLoseNothing) {
  FaultRecord record = at_rate(FaultId::kSch04, 0.02);
  record.actor = "port1.tx0";
  play(record, 8);
  EXPECT_GT(struck, 0u);
  EXPECT_EQ(received.size(), 8u * kFramesPerRound);
}

}  // namespace
}  // namespace ringproof::test

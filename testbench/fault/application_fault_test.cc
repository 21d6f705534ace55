// F-APP and its like: an application that does what it must not is contained, and nobody else is blamed.

#include <gtest/gtest.h>

#include "testbench/fault/workload.h"

namespace ringproof::test {
namespace {

using ApplicationFault = FaultTest;

// Each ring, each way to break an index: play() checks that a new socket works afterwards.
TEST_F(ApplicationFault, IndexJumpOfAnyRingIsContained) {
  for (std::uint32_t ring = 0; ring < 4; ++ring) {
    for (std::uint32_t kind = 0; kind < 3; ++kind) {
      SCOPED_TRACE(std::string(ring_kind_name(static_cast<RingKind>(ring))) + " " + std::to_string(kind));
      FaultRecord record = nth(FaultId::kApp01, 3);
      record.target.ring = ring;
      record.kind = kind;
      play(record, 8);
      EXPECT_EQ(struck, 1u);
    }
  }
}

TEST_F(ApplicationFault, DescriptorChangedAfterItWasReadHasNoEffect) {
  FaultRecord record = at_rate(FaultId::kApp02, 1);
  record.kind = 1;
  record.target.ring = static_cast<std::uint32_t>(RingKind::kFill);
  play(record, 8);
  EXPECT_GT(struck, 0u);
  EXPECT_EQ(received.size(), 8u * kFramesPerRound);
}

TEST_F(ApplicationFault, InvalidDescriptorsAreCounted) {
  FaultRecord record = nth(FaultId::kDsc01, 4, 3);
  record.kind = fault_kind::kOutOfUmem;
  play(record);
  EXPECT_EQ(statistics.RxInvalidDescriptors + statistics.TxInvalidDescriptors, 3u);
}

TEST_F(ApplicationFault, WordsOfTheDriverMayBeOverwritten) {
  for (std::uint32_t kind = 0; kind < 2; ++kind) {
    FaultRecord record = nth(FaultId::kApp07, 4, 4);
    record.kind = kind;
    play(record, 8);
    EXPECT_EQ(struck, 4u);
  }
}

TEST_F(ApplicationFault, RandomCallsOfManyThreadsAreContained) {
  FaultRecord record = nth(FaultId::kApp06, 2);
  record.amount = 500;
  record.extent = 8;
  play(record, 8);
  EXPECT_EQ(struck, 1u);
}

TEST_F(ApplicationFault, PokeFloodLosesNothing) {
  FaultRecord record = nth(FaultId::kApp04, 2);
  record.kind = fault_kind::kFlood;
  record.amount = 1000;
  play(record, 8);
  EXPECT_EQ(received.size(), 8u * kFramesPerRound);
}

// What was never poked for is sent when the faults have healed.
TEST_F(ApplicationFault, WithoutPokesFramesWaitForTheHealing) {
  FaultRecord record = at_rate(FaultId::kApp04, 1);
  record.kind = fault_kind::kNever;
  play(record, 8);
  EXPECT_EQ(completed, 0u);
  EXPECT_GT(sent, 0u);
}

}  // namespace
}  // namespace ringproof::test

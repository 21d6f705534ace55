// F-LNK: what happens on the line shows in the counts, and in nothing else.

#include <gtest/gtest.h>

#include "testbench/fault/workload.h"

namespace ringproof::test {
namespace {

using LineFault = FaultTest;

FaultRecord with(FaultRecord record, std::optional<std::uint32_t> kind, std::uint64_t amount,
                 std::uint64_t extent = 0) {
  record.kind = kind;
  record.amount = amount;
  record.extent = extent;
  return record;
}

TEST_F(LineFault, LostFramesAreCountedAsLost) {
  play(with(nth(FaultId::kLnk01, 5), {}, 3));
  EXPECT_EQ(struck, 1u);
  EXPECT_EQ(drops.by[DropReason::kLineLost], 3u);
}

TEST_F(LineFault, BadFcsIsDroppedByTheMacAndCounted) {
  play(with(nth(FaultId::kLnk02, 5, 4), fault_kind::kBadFcs, 1));
  EXPECT_EQ(drops.by[DropReason::kBadFcs], 4u);
}

TEST_F(LineFault, GoodFcsBringsTheDamagedFrame) {
  play(with(nth(FaultId::kLnk02, 1), fault_kind::kGoodFcs, 1), 1);
  EXPECT_EQ(drops.by[DropReason::kBadFcs], 0u);
  ASSERT_EQ(received.size(), 6u);
  std::size_t changed = 0;
  for (unsigned char i = 0; i < 6; ++i) changed += received[i] != udp_frame(80u + i, i);
  EXPECT_EQ(changed, 1u);
}

TEST_F(LineFault, DuplicateComesAgainAfterItsDistance) {
  play(with(nth(FaultId::kLnk03, 1), fault_kind::kDuplicate, 2), 1);
  ASSERT_EQ(received.size(), 7u);
  EXPECT_EQ(received[0], received[3]);
}

TEST_F(LineFault, ReorderedFrameComesBehindThoseOfItsDistance) {
  play(with(nth(FaultId::kLnk03, 1), fault_kind::kReorder, 2), 1);
  ASSERT_EQ(received.size(), 6u);
  EXPECT_EQ(received[0], udp_frame(81, 1));
  EXPECT_EQ(received[1], udp_frame(82, 2));
  EXPECT_EQ(received[2], udp_frame(80, 0));
}

TEST_F(LineFault, EmptyAndOversizeFramesAreDroppedByReason) {
  play(with(nth(FaultId::kLnk04, 1), fault_kind::kResize, 0), 1);
  EXPECT_EQ(drops.by[DropReason::kRunt], 1u);
  play(with(nth(FaultId::kLnk04, 1), fault_kind::kResize, 9000), 1);
  EXPECT_EQ(drops.by[DropReason::kOversize], 1u);
}

TEST_F(LineFault, LinkThatIsDownDropsBothWays) {
  play(with(nth(FaultId::kLnk05, 1), {}, 0, 50'000));
  EXPECT_GT(drops.by[DropReason::kLinkDown], 0u);
  EXPECT_EQ(struck, 1u);
}

TEST_F(LineFault, PauseCostsTimeAndNothingElse) {
  play(at_rate(FaultId::kClk04, 0.000001), 4);
  const std::size_t sent_without = sent;
  play(with(at_rate(FaultId::kLnk06, 1), {}, 10), 4);
  EXPECT_EQ(sent, sent_without);
  EXPECT_GT(struck, 10u);
}

// Split at every offset of its headers, a frame still comes whole.
TEST_F(LineFault, FrameSplitAcrossBuffersComesWhole) {
  for (const std::uint64_t offset : {1u, 13u, 14u, 33u, 34u, 41u, 42u, 79u}) {
    play(with(at_rate(FaultId::kLnk08, 1), fault_kind::kSplit, offset), 1);
    ASSERT_EQ(received.size(), 6u) << offset;
    EXPECT_EQ(received[5], udp_frame(85, 5)) << offset;
    EXPECT_EQ(struck, 6u);
  }
}

}  // namespace
}  // namespace ringproof::test

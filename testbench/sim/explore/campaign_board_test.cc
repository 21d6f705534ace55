// The board of a campaign: which schedules are run does not depend on who runs them.

#include "sim/explore/campaign_board.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ringproof {
namespace {

constexpr std::uint64_t kMany = 1'000'000;

Outcome outcome_of(std::uint64_t schedule, const std::string& key = {}) {
  Outcome outcome;
  outcome.key = key;
  outcome.steps = 10;
  outcome.result.result_hash = schedule * 7;
  outcome.result.faults = {{"F-LNK-01", 3}};
  outcome.result.invariants = {{"INV-01", "", 2, 0}, {"INV-02", "", 0, 1}};
  return outcome;
}

// Workers take turns, `most` schedules at once; 5 and 9 break different things. Returns how many were run.
std::uint64_t run_all(CampaignBoard& board, std::uint32_t workers, std::uint32_t most) {
  std::vector<bool> working(workers, true);
  for (std::uint32_t left = workers; left > 0;) {
    for (std::uint32_t worker = 0; worker < workers; ++worker) {
      if (!working[worker]) continue;
      const auto taken = board.take(worker, most);
      if (!taken.has_value()) {
        working[worker] = false;
        --left;
        continue;
      }
      for (std::uint64_t i = taken->first; i < taken->first + taken->count; ++i) {
        board.count(i, outcome_of(i, i == 5 ? "one" : i == 9 ? "other" : ""));
      }
    }
  }
  return board.done();
}

TEST(CampaignBoard, GivesEachScheduleOnce) {
  CampaignBoard board(1, 6, 0, 2);
  EXPECT_EQ(board.take(0, 1)->first, 1u);
  EXPECT_EQ(board.take(1, 3)->first, 2u);
  const auto last = board.take(0, 3);
  ASSERT_TRUE(last.has_value());
  EXPECT_EQ(last->first, 5u);
  EXPECT_EQ(last->count, 1u);
  EXPECT_FALSE(board.take(0, 3).has_value());
  EXPECT_FALSE(board.take(1, 1).has_value());
}

TEST(CampaignBoard, EndsAfterTheLastFailureThatWasAskedFor) {
  for (const std::uint32_t workers : {1u, 2u, 7u}) {
    // All have a turn before one has a second, so together they must not want more than kAhead.
    for (const std::uint32_t most : {1u, 3u, 32u}) {
      const auto board = std::make_unique<CampaignBoard>(1, kMany, 2, workers);
      EXPECT_EQ(run_all(*board, workers, most), 9 + CampaignBoard::kAhead - 1) << workers << " " << most;
      EXPECT_EQ(board->kinds(), 2u);
      EXPECT_EQ(board->failed(), 2u);
    }
  }
}

TEST(CampaignBoard, GoesOnToTheEndWithoutEnoughFailures) {
  for (const std::uint32_t failures : {0u, 3u}) {
    for (const std::uint32_t most : {1u, 7u}) {
      const auto board = std::make_unique<CampaignBoard>(1, 1001, failures, 2);
      EXPECT_EQ(run_all(*board, 2, most), 1000u);
    }
  }
}

TEST(CampaignBoard, AddsUpTheSameInAnyOrder) {
  CampaignBoard forwards(1, kMany, 0, 1);
  CampaignBoard backwards(1, kMany, 0, 1);
  for (std::uint64_t i = 1; i <= 9; ++i) forwards.count(i, outcome_of(i));
  for (std::uint64_t i = 9; i >= 1; --i) backwards.count(i, outcome_of(i));
  EXPECT_EQ(forwards.hash(), backwards.hash());
  EXPECT_EQ(forwards.steps(), 90u);
  EXPECT_EQ(forwards.checked(0), 18u);
  EXPECT_EQ(forwards.violations(1), 9u);
  EXPECT_EQ(forwards.struck(static_cast<std::size_t>(FaultId::kLnk01)), 27u);
  EXPECT_EQ(forwards.struck_in(static_cast<std::size_t>(FaultId::kLnk01)), 9u);
  backwards.count(10, outcome_of(10));
  EXPECT_NE(forwards.hash(), backwards.hash());
  Outcome excused = outcome_of(9);
  excused.excused_end = true;
  EXPECT_EQ(forwards.excused_ends(), 0u);
  forwards.count(9, excused);
  EXPECT_EQ(forwards.excused_ends(), 1u);
}

TEST(CampaignBoard, CountsSchedulesInWhichTwoClassesStruck) {
  const auto board = std::make_unique<CampaignBoard>(1, kMany, 0, 1);
  const auto count = [&](std::uint64_t schedule, std::map<std::string, std::uint64_t> faults) {
    Outcome outcome = outcome_of(schedule);
    outcome.result.faults = std::move(faults);
    board->count(schedule, outcome);
  };
  count(1, {});
  count(2, {{"F-LNK-01", 5}, {"F-LNK-02", 5}});
  count(3, {{"F-LNK-01", 1}, {"F-LNK-02", 1}, {"F-DMA-01", 1}});
  count(4, {{"F-LNK-01", 9}, {"F-DMA-01", 9}, {"F-DMA-03", 9}, {"F-CLK-05", 9}});
  const std::size_t lnk = fault_class(FaultId::kLnk01);
  const std::size_t dma = fault_class(FaultId::kDma01);
  const std::size_t clk = fault_class(FaultId::kClk05);
  EXPECT_EQ(board->struck_together(lnk, dma), 2u);
  EXPECT_EQ(board->struck_together(lnk, clk), 1u);
  EXPECT_EQ(board->struck_together(dma, clk), 1u);
  std::uint64_t all = 0;
  for (std::size_t second = 1; second < kFaultClasses; ++second) {
    for (std::size_t first = 0; first < second; ++first) all += board->struck_together(first, second);
  }
  EXPECT_EQ(all, 4u);
}

TEST(CampaignBoard, GivesNothingOnceItWasStopped) {
  CampaignBoard board(1, kMany, 0, 1);
  EXPECT_TRUE(board.take(0, 1).has_value());
  board.ask_to_stop();
  EXPECT_FALSE(board.take(0, 1).has_value());
}

TEST(CampaignBoard, AWorkerThatIsAheadDoesNotWaitForEverOnceItWasStopped) {
  CampaignBoard board(1, kMany, 0, 2);
  board.take(1, 1);  // and never done
  for (std::uint64_t i = 1; i < CampaignBoard::kAhead; ++i) ASSERT_TRUE(board.take(0, 1).has_value());
  board.ask_to_stop();
  EXPECT_FALSE(board.take(0, 1).has_value());
}

}  // namespace
}  // namespace ringproof

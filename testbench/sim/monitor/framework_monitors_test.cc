// framework_monitors_test.cc: replay fidelity and the agreement of two devices, by hand-fed frames.

#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "sim/monitor/fault_excuses.h"
#include "sim/monitor/replay_monitor.h"
#include "sim/monitor/transaction_recorder.h"
#include "testbench/sim/monitor/expect.h"

namespace ringproof {
namespace {

class Plan : public testing::Test {
 protected:
  // Two frames of 100 bytes, 1 us apart, on a wire of 8 Gbit/s: 1 ns a byte, 112 with preamble and FCS.
  Plan() {
    capture_.arena.resize(200);
    for (std::size_t i = 0; i < 200; ++i) capture_.arena[i] = static_cast<unsigned char>(i);
    capture_.frames = {{0, 0, 100, 100}, {1000, 100, 100, 100}};
    options_.start_delay_ps = 0;
  }
  ReplayMonitor& monitor() {
    if (!monitor_.has_value()) {
      monitor_.emplace(log_, capture_, options_, 8.0);
      monitor_->program_attached(0, 1'000'000);
    }
    return *monitor_;
  }
  void arrive(std::size_t frame, std::uint64_t timestamp_ns) {
    monitor().wire_in(0, timestamp_ns, capture_.bytes(frame));
  }

  Capture capture_;
  ReplayOptions options_;
  InvariantLog log_;
  std::optional<ReplayMonitor> monitor_;
};

TEST_F(Plan, FollowedToTheNanosecondHolds) {
  arrive(0, 1112);
  arrive(1, 2112);
  monitor().finish(9'000'000, 2, true);
  EXPECT_EQ(log_.checks(Invariant::k52), 2u);
  expect_held(log_, Invariant::k52);
}

// At half the speed of the capture; the second loop begins an average gap after the end of the first.
TEST_F(Plan, FasterAndAgainHolds) {
  options_.pace = PaceKind::kFactor;
  options_.pace_value = 0.5;
  options_.loops = 2;
  arrive(0, 1112);
  arrive(1, 3112);
  arrive(0, 5112);
  arrive(1, 7112);
  expect_held(log_, Invariant::k52);
}

TEST_F(Plan, ALoopThatBeginsAtOnceIsAViolation) {
  options_.loops = 2;
  arrive(0, 1112);
  arrive(1, 2112);
  arrive(0, 2224);
  expect_broken(log_, Invariant::k52, "frame 3 arrived at 2224 ns, due at 3112 ns");
}

TEST_F(Plan, ClocksThatGoBackAndRatesHold) {
  capture_.frames = {{5000, 0, 100, 100}, {1000, 100, 100, 100}};
  arrive(0, 1112);
  arrive(1, 1236);  // behind the gap between frames
  expect_held(log_, Invariant::k52);
  options_.pace = PaceKind::kFramesPerSecond;
  options_.pace_value = 300'000;
  monitor_.reset();
  arrive(0, 1112);
  arrive(1, 4445);
  expect_held(log_, Invariant::k52);
}

TEST_F(Plan, AFrameThatComesTwiceIsAViolation) {
  arrive(0, 1112);
  arrive(0, 2112);
  expect_broken(log_, Invariant::k52, "frame 2 arrived with 100 bytes that are not the 100 of the capture");
}

TEST_F(Plan, AFrameAtAnotherTimeIsAViolation) {
  arrive(0, 1113);
  expect_broken(log_, Invariant::k52, "frame 1 arrived at 1113 ns, due at 1112 ns");
}

TEST_F(Plan, AFrameTooManyIsAViolation) {
  arrive(0, 1112);
  arrive(1, 2112);
  arrive(1, 3112);
  expect_broken(log_, Invariant::k52, "frame 3 arrived; the plan has 2");
}

TEST_F(Plan, AFrameThatWasBegunAndNeverCameIsAViolation) {
  arrive(0, 1112);
  monitor().finish(9'000'000, 2, true);
  expect_broken(log_, Invariant::k52, "2 frames were begun, 1 arrived");
}

TEST_F(Plan, ShortenedFramesMustBeFlagged) {
  capture_.frames[0].original_length = 1500;
  monitor();
  expect_broken(log_, Invariant::k52, "the capture has 1 shortened frames, and 0 are flagged");
}

TEST_F(Plan, ALinkThatGoesDownEndsTheComparison) {
  arrive(0, 1112);
  monitor().link_changed(0, false);
  arrive(0, 9999);
  monitor().finish(9'000'000, 2, true);
  expect_held(log_, Invariant::k52);
}

// A fault that does nothing to the line leaves everything to be judged.
TEST_F(Plan, OnlyFaultsOfTheLineExcuseADifference) {
  FaultExcuses excuses(log_);
  excuses.faults_active(true, 0);
  arrive(0, 1112);
  excuses.fault_struck(FaultId::kLnk07, {.port = 0}, 1'500'000);
  arrive(1, 9999);
  expect_held(log_, Invariant::k52);
  EXPECT_GT(log_.excused(), 0u);
}

TEST_F(Plan, AFaultElsewhereExcusesNoDifference) {
  FaultExcuses excuses(log_);
  excuses.fault_struck(FaultId::kApp01, {.socket = 1}, 0);
  arrive(0, 9999);
  EXPECT_TRUE(log_.broken());
}

class Agreement : public testing::Test {
 protected:
  static void record(TransactionRecorder& recorder, std::uint32_t index, unsigned char mark) {
    const std::vector<unsigned char> frame(60, mark);
    recorder.hw_rx_completed(0, 1, index, 100 + index, frame);
    recorder.wire_out(0, 0, 1000, frame);
    recorder.hw_tx_completed(0, 0, index);
  }
  std::size_t differ() { return TransactionRecorder::compare(a_, b_, log_, 5000); }
  InvariantLog log_;
  TransactionRecorder a_;
  TransactionRecorder b_;
};

TEST_F(Agreement, OfEqualSequencesHolds) {
  record(a_, 0, 7);
  record(b_, 0, 7);
  EXPECT_EQ(differ(), 0u);
  EXPECT_EQ(log_.checks(Invariant::k51), 3u);
  expect_held(log_, Invariant::k51);
}

TEST_F(Agreement, IsBrokenByTheFirstDifference) {
  const std::vector<unsigned char> frame(60, 1);
  a_.hw_rx_completed(0, 1, 0, 100, frame);
  b_.hw_rx_completed(0, 1, 0, 101, frame);
  EXPECT_EQ(differ(), 1u);
  expect_broken(log_, Invariant::k51, "interface 1 receive queue 1 at 5.000 ns: transaction 0 of the queue");
}

TEST_F(Agreement, IsBrokenByWhatIsMissing) {
  a_.hw_tx_completed(0, 0, 0);
  EXPECT_EQ(differ(), 1u);
  expect_broken(log_, Invariant::k51, "transaction 0 of its completions: expected entry 0");
}

}  // namespace
}  // namespace ringproof

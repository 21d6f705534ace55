// Programs that go round for ever: when their runs end.

#include "sim/run/step_limits.h"

#include <gtest/gtest.h>

#include "testbench/sim/still_hardware.h"

namespace ringproof {
namespace {

class StepLimitsOfAnEndlessProgram : public testing::Test {
 protected:
  StepLimitsOfAnEndlessProgram() {
    kernel_.start_application("endless", [this] {
      while (true) kernel_.spend(kStepPs);
    });
  }
  // About so many steps, if it may.
  void go_on(std::uint64_t steps) {
    end_ps_ += steps * kStepPs;
    kernel_.run_due(end_ps_);
  }
  bool over() const { return kernel_.out_of_steps(); }

  static constexpr std::uint64_t kStepPs = 1000;
  StillHardware hardware_;
  HostKernel kernel_{1, hardware_, nullptr};
  std::uint64_t end_ps_ = 0;
};

TEST_F(StepLimitsOfAnEndlessProgram, NobodyIsHurriedWhileNothingIsWrong) {
  StepLimits limits(kernel_, 0, {10, 10, 10});
  for (int i = 0; i < 10; ++i) {
    go_on(100);
    limits.look(false, false, 0);
    EXPECT_FALSE(over());
  }
}

TEST_F(StepLimitsOfAnEndlessProgram, ALimitOfTheRunHoldsInAnyCase) {
  StepLimits limits(kernel_, 50, {1000, 1000, 1000});
  go_on(100);
  limits.look(true, true, 1);
  EXPECT_TRUE(over());
  EXPECT_EQ(kernel_.steps(), 50u);
}

TEST_F(StepLimitsOfAnEndlessProgram, AViolationLeavesItAFewSteps) {
  StepLimits limits(kernel_, 0, {100, 0, 0});
  go_on(1000);
  const std::uint64_t then = kernel_.steps();
  limits.look(true, false, 0);
  go_on(50);
  limits.look(true, false, 0);
  EXPECT_FALSE(over());
  go_on(1000);
  EXPECT_TRUE(over());
  EXPECT_EQ(kernel_.steps(), then + 100);
}

// After memory was spoilt it goes on as long as frames come, where a run is to see all of its traffic.
TEST_F(StepLimitsOfAnEndlessProgram, FramesKeepASpoiltRunAlive) {
  StepLimits limits(kernel_, 0, {0, 0, 100});
  std::uint64_t frames = 0;
  for (; frames < 20; ++frames) {
    limits.look(false, true, frames);
    go_on(60);
    EXPECT_FALSE(over()) << frames;
  }
  limits.look(false, true, frames);
  for (int i = 0; i < 3; ++i) {
    go_on(60);
    limits.look(false, true, frames);
  }
  EXPECT_TRUE(over());
}

TEST_F(StepLimitsOfAnEndlessProgram, AScheduleOfManyEndsThoughFramesCome) {
  StepLimits limits(kernel_, 0, {0, 200, 100});
  for (std::uint64_t frames = 0; frames < 5; ++frames) {
    limits.look(false, true, frames);
    go_on(60);
  }
  EXPECT_TRUE(over());
  EXPECT_EQ(kernel_.steps(), 200u);
}

}  // namespace
}  // namespace ringproof

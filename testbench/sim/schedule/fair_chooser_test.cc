// A strategy that starves somebody is overruled, and only then.

#include "sim/schedule/fair_chooser.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sim/host/host_kernel.h"
#include "testbench/sim/still_hardware.h"

namespace ringproof {
namespace {

constexpr Fairness kFairness{1000, 50};
constexpr ActorId kVictim = 0;
constexpr ActorId kFavourite = 1;

class Starves final : public Chooser {
 public:
  std::uint32_t schedule(std::span<const ScheduleOption> options) override {
    for (std::uint32_t i = 0; i < options.size(); ++i) {
      if (options[i].actor != kVictim) return i;
    }
    return 0;
  }
  std::uint32_t choose(Choice, ActorId, std::uint32_t) override { return 0; }
};

class FairSchedule : public testing::Test {
 protected:
  // Who goes on when the victim could since `since_ps`, and it is `now_ps`.
  ActorId next(std::uint64_t since_ps, std::uint64_t now_ps, bool victim_runs = false) {
    const std::vector<ScheduleOption> options = {{kVictim, now_ps, victim_runs, since_ps},
                                                 {kFavourite, now_ps, !victim_runs, now_ps}};
    return options[fair_.schedule(options)].actor;
  }
  Starves starves_;
  FairChooser fair_{starves_, kFairness};
};

TEST_F(FairSchedule, AStrategyMayDelayUpToTheBound) {
  EXPECT_EQ(next(0, 1000), kFavourite);
  EXPECT_EQ(next(0, 1001), kVictim);
}

TEST_F(FairSchedule, WhoWasPassedOverTooOftenIsNext) {
  for (std::uint32_t i = 0; i < kFairness.passed_over_max; ++i) EXPECT_EQ(next(0, 0), kFavourite);
  EXPECT_EQ(next(0, 0), kVictim);
  EXPECT_EQ(next(0, 0), kFavourite) << "it is counted anew";
}

TEST_F(FairSchedule, WhoComesLaterIsNotPassedOver) {
  const std::vector<ScheduleOption> options = {{kFavourite, 0, true, 0}, {kVictim, 10, false, 10}};
  for (std::uint32_t i = 0; i <= kFairness.passed_over_max; ++i) EXPECT_EQ(fair_.schedule(options), 0u);
}

TEST_F(FairSchedule, WhoWasOverdueGoesOnUntilItWaits) {
  EXPECT_EQ(next(0, 2000), kVictim);
  EXPECT_EQ(next(2100, 2100, true), kVictim);
  EXPECT_EQ(next(2200, 2200, true), kVictim);
  EXPECT_EQ(next(2300, 2300, false), kFavourite) << "it has waited";
}

TEST_F(FairSchedule, OfSeveralTheOneThatWaitedLongestIsNext) {
  const std::vector<ScheduleOption> options = {
      {2, 5000, false, 3000}, {kVictim, 5000, false, 1000}, {kFavourite, 5000, false, 2000}};
  EXPECT_EQ(fair_.schedule(options), 1u);
}

// Two tasks, one of which turns round until the other one has run.
TEST(FairKernel, WhatIsTurnedRoundForHappens) {
  StillHardware hardware;
  HostKernel kernel(2, hardware, nullptr);
  Starves starves;
  FairChooser fair(starves, kFairness);
  kernel.explore(fair, 100);
  kernel.limit_steps(10'000);
  bool done = false;
  std::uint64_t done_ps = 0;
  kernel.start_service("victim", 0, [&] {
    for (int i = 0; i < 3; ++i) kernel.spend(10);
    done = true;
    done_ps = kernel.now_ps();
  });
  kernel.start_service("favourite", 1, [&] {
    while (!done) kernel.spend(10);
  });
  while (kernel.next_due_ps() != kNever && !kernel.out_of_steps()) kernel.run_due(kNever);
  EXPECT_TRUE(done);
  EXPECT_LE(done_ps, 2 * kFairness.late_ps_max);
}

}  // namespace
}  // namespace ringproof

// A run and the same once more: what only two runs together show.

#include "sim/explore/compared_run.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "sim/explore/scenario.h"
#include "sim/monitor/invariant_log.h"

namespace ringproof {
namespace {

Scenario scenario_of(const std::string& app, EngineKind engine = EngineKind::kFunctional) {
  ExploreOptions options;
  options.run.capture_path = RINGPROOF_SOURCE_DIR "/traces/udp-echo.pcapng";
  options.run.app = RINGPROOF_BINARY_DIR "/" + app + ".so";
  options.run.app_arguments = {"8"};
  options.run.pace = PaceKind::kLineRate;
  options.engine = engine;
  options.frames = {1, 2, 3, 4, 5, 6, 7, 8};
  return read_scenario(options);
}

ScheduleSpec compared(std::uint64_t seed) {
  ScheduleSpec spec;
  spec.seed = seed;
  spec.strategy = StrategyKind::kRandom;
  spec.compared = true;
  return spec;
}

class ComparedRun : public testing::Test {
 protected:
  Outcome run(const Scenario& scenario, const ScheduleSpec& spec) {
    Progress progress;
    return run_and_compare(scenario, spec, {progress, *tape_});
  }
  static std::uint64_t checked(const Outcome& outcome, Invariant id) {
    return outcome.result.invariants[static_cast<std::size_t>(id)].checked;
  }

 private:
  std::unique_ptr<DecisionTape> tape_ = std::make_unique<DecisionTape>();
};

TEST_F(ComparedRun, ACorrectProgramIsEqualWhereverItsRingsBegin) {
  for (const EngineKind engine : {EngineKind::kFunctional, EngineKind::kCycle, EngineKind::kRtl}) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      for (const char* app : {"apps/echo", "tests/apps/wraps_wrong_right"}) {
        const Outcome outcome = run(scenario_of(app, engine), compared(seed));
        EXPECT_FALSE(outcome.broke()) << app << ": " << outcome.message;
        for (const Invariant id : {Invariant::k07, Invariant::k47, Invariant::k48}) {
          EXPECT_EQ(checked(outcome, id), 1u);
        }
      }
    }
  }
}

TEST_F(ComparedRun, ComparingChangesNothingOfTheFirstRun) {
  const Scenario scenario = scenario_of("apps/echo");
  ScheduleSpec alone = compared(7);
  alone.compared = false;
  const Outcome one = run(scenario, alone);
  const Outcome three = run(scenario, compared(7));
  EXPECT_EQ(one.result.result_hash, three.result.result_hash);
  EXPECT_EQ(one.steps, three.steps);
  EXPECT_EQ(checked(one, Invariant::k48), 0u);
}

TEST_F(ComparedRun, ComparingIndicesWithoutTheirWrapIsInv07) {
  const Outcome outcome = run(scenario_of("tests/apps/wraps_wrong_wrong"), compared(1));
  EXPECT_EQ(outcome.key, "INV-07");
  EXPECT_NE(outcome.message.find("with ring indices that begin at 4294967293"), std::string::npos)
      << outcome.message;
  EXPECT_FALSE(outcome.log.empty());
}

TEST_F(ComparedRun, ReadingANewRingIsInv47) {
  const Outcome outcome = run(scenario_of("tests/apps/reads_fresh_ring"), compared(1));
  EXPECT_EQ(outcome.key, "INV-47");
  EXPECT_NE(outcome.message.find("with rings that hold 0xa5 when they are new"), std::string::npos)
      << outcome.message;
}

TEST_F(ComparedRun, ReadingSomethingOutsideTheSimulationIsInv48) {
  const Outcome outcome = run(scenario_of("tests/apps/draws_random"), compared(1));
  EXPECT_EQ(outcome.key, "INV-48");
  EXPECT_NE(outcome.message.find("does the application read something outside the simulation?"),
            std::string::npos)
      << outcome.message;
}

// The socket is still open then, and tells its end to whoever still listens; sanitizers see who does not.
TEST_F(ComparedRun, ARunThatEndsAtItsViolationLeavesInGoodOrder) {
  int ended_early = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    ScheduleSpec spec = compared(seed);
    spec.ends_at_violation = true;
    const Outcome outcome = run(scenario_of("tests/apps/two_on_one_ring_wrong"), spec);
    if (outcome.broke() && !outcome.result.application_ended) ++ended_early;
  }
  EXPECT_GT(ended_early, 0);
}

}  // namespace
}  // namespace ringproof

// Plans in whole schedules of a program: what struck is told, and a plan that was drawn replays without the
// draw.

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/explore/contained_run.h"
#include "sim/fault/plan_json.h"
#include "testbench/sim/sanitized.h"

namespace ringproof {
namespace {

class ScheduleFault : public testing::Test {
 protected:
  ScheduleFault() { read({{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}}); }
  void read(const std::optional<std::vector<std::uint32_t>>& frames) {
    ExploreOptions options;
    options.run.capture_path = RINGPROOF_SOURCE_DIR "/traces/mixed.pcapng";
    options.run.app = RINGPROOF_BINARY_DIR "/apps/xskfwd.so";
    options.run.app_arguments = {"1", "4"};
    options.frames = frames;
    scenario = read_scenario(options);
  }
  Outcome run(std::uint64_t seed, std::optional<FaultPlan> plan) {
    ScheduleSpec spec;
    spec.seed = seed;
    spec.faults = std::move(plan);
    return runs.run(scenario,
                    spec);  // each in a process of its own, with an application as it is when loaded
  }
  static FaultPlan plan_of_text(const std::string& fault) {
    return plan_from_text("plan", R"({"schema": "ringproof.faults/1", "faults": [)" + fault + "]}", {});
  }

  Scenario scenario;
  ContainedRuns runs{nullptr};
};

TEST_F(ScheduleFault, TellsWhatStruckHowOften) {
  const Outcome outcome =
      run(1, plan_of_text(R"({"id": "F-LNK-01", "trigger": {"event": "opportunity", "nth": 3},
                                                   "parameters": {"burst_frames": 2}})"));
  EXPECT_EQ(outcome.result.faults, (std::map<std::string, std::uint64_t>{{"F-LNK-01", 1}}));
  EXPECT_FALSE(outcome.broke()) << outcome.message;
}

TEST_F(ScheduleFault, DeadProcessLeavesAMachineThatComesToItsEnd) {
  read({});  // all frames, so that some are echoed
  const Outcome outcome =
      run(1, plan_of_text(R"({"id": "F-LIF-05", "trigger": {"event": "opportunity", "nth": 1}})"));
  EXPECT_EQ(outcome.result.faults.at("F-LIF-05"), 1u);
  EXPECT_FALSE(outcome.broke()) << outcome.message;
}

// Before the first doorbell of a queue there is only the index at which it starts, wherever that is.
TEST_F(ScheduleFault, StaleFirstDoorbellLiesBehindAllOthers) {
  const FaultPlan plan = plan_of_text(
      R"({"id": "F-DSC-02", "trigger": {"rate": 1}, "parameters": {"kind": "hardware-rings", "before_wrap": 6}},
         {"id": "F-DBL-03", "trigger": {"rate": 1}, "parameters": {"kind": "backwards", "distance": 0}})");
  for (const EngineKind engine : {EngineKind::kFunctional, EngineKind::kCycle, EngineKind::kRtl}) {
    read({{845, 846, 847, 848}});  // for the port of the program
    scenario.engine = engine;
    const Outcome outcome = run(1, plan);
    EXPECT_FALSE(outcome.broke()) << outcome.message;
    EXPECT_GT(outcome.result.faults.at("F-DBL-03"), 4u);
  }
}

// An index that the host saw before it was published would be an interrupt for nothing.
TEST_F(ScheduleFault, TornWriteNeverShowsAWordBeforeItIsWritten) {
  read({{845, 846, 847, 848, 852, 853, 854, 855}});
  scenario.engine = EngineKind::kRtl;
  const FaultPlan plan = plan_of_text(
      R"({"id": "F-DMA-07", "trigger": {"rate": 0.5}, "parameters": {"bytes": 64, "delay_ns": 3200}})");
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Outcome outcome = run(seed, plan);
    EXPECT_FALSE(outcome.broke()) << "seed " << seed << ": " << outcome.message;
    EXPECT_GT(outcome.result.faults.at("F-DMA-07"), 0u);
  }
}

TEST_F(ScheduleFault, DrawnPlanReplaysFromItsJson) {
  scenario.swarm = true;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    ScheduleSpec spec;
    spec.seed = seed;
    const nlohmann::json json = to_json(plan_of(scenario, spec));
    const Outcome drawn = run(seed, {});
    const Outcome replayed = run(seed, plan_from_json(json, "failure.json", "/faults", {}));
    EXPECT_EQ(drawn.result.faults, replayed.result.faults) << seed;
    EXPECT_EQ(drawn.result.result_hash, replayed.result.result_hash) << seed;
  }
}

// A flipped bit in what a program reads may send it anywhere; a lost frame may not.
TEST_F(ScheduleFault, CrashIsExcusedByAFaultThatSpoilsWhatTheProgramReads) {
  const struct {
    const char* app;
    const char* fault;
    const char* key;
  } cases[] = {{"crashes", "F-MEM-03", ""},
               {"crashes", "F-APP-04", "crash"},
               {"underscore_exit", "F-APP-04", ""},
               {"underscore_exit", "F-APP-05", "exit"}};
  for (const auto& each : cases) {
    scenario.run.app = std::string(RINGPROOF_BINARY_DIR "/tests/apps/") + each.app + ".so";
    scenario.programs = with_names({{scenario.run.app, scenario.run.app_arguments}});
    const Outcome outcome = run(1, plan_of_text(std::string(R"({"id": ")") + each.fault +
                                                R"(", "trigger": {"event": "opportunity", "nth": 1}})"));
    EXPECT_EQ(outcome.key, each.key) << each.app << ", " << each.fault << ": " << outcome.message;
    EXPECT_EQ(outcome.excused_end, outcome.key.empty()) << each.app << ", " << each.fault;
    EXPECT_EQ(outcome.result.faults.count(each.fault), 1u) << each.app << ", " << each.fault;
  }
}

// The word with which the platform says how much has come says so for ever, and there is always more to do.
TEST_F(ScheduleFault, ProgramThatGoesRoundOnSpoiledMemoryIsEnded) {
  read({{845, 846, 847, 848}});
  const Outcome outcome =
      run(1, plan_of_text(R"({"id": "F-APP-07", "trigger": {"event": "published", "nth": 3},
      "target": {"ring": "COMPLETION"}, "parameters": {"kind": "index"}})"));
  EXPECT_FALSE(outcome.broke()) << outcome.message;
  EXPECT_EQ(outcome.result.faults.at("F-APP-07"), 1u);
  EXPECT_LT(outcome.steps, 150'000u);
}

// Whatever the swarm draws, on either engine: the monitors of a correct program stay quiet.
TEST_F(ScheduleFault, SwarmFindsNothingInACorrectProgram) {
  scenario.swarm = true;
  for (const EngineKind engine : {EngineKind::kFunctional, EngineKind::kCycle, EngineKind::kRtl}) {
    scenario.engine = engine;
    for (std::uint64_t seed = 1; seed <= (kSanitized ? 10 : 40); ++seed) {
      const Outcome outcome = run(seed, {});
      EXPECT_FALSE(outcome.broke()) << "seed " << seed << ": " << outcome.message;
    }
  }
}

}  // namespace
}  // namespace ringproof

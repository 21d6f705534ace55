// weak_memory_test.cc: whole machines with a weak memory: what correct programs may rely on, and what
// a wrong order costs.

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>

#include "sim/explore/contained_run.h"
#include "sim/explore/scenario.h"
#include "sim/explore/schedule_run.h"

namespace ringproof {
namespace {

constexpr std::uint64_t kSchedules = 20;

Scenario scenario_of(MemoryKind memory, const std::string& app) {
  ExploreOptions options;
  options.run.capture_path = RINGPROOF_SOURCE_DIR "/traces/udp-echo.pcapng";
  options.run.app = RINGPROOF_BINARY_DIR "/" + app + ".so";
  options.engine = EngineKind::kFunctional;
  options.memory = memory;
  return read_scenario(options);
}

Outcome run(const Scenario& scenario, const ScheduleSpec& spec) {
  ContainedRuns runs(nullptr);
  return runs.run(scenario, spec);
}

ScheduleSpec random_schedule(std::uint64_t seed) {
  ScheduleSpec spec;
  spec.seed = seed;
  spec.strategy = StrategyKind::kRandom;
  return spec;
}

// The first of the random schedules that breaks.
std::optional<Outcome> first_failure(MemoryKind memory, const std::string& app) {
  const Scenario scenario = scenario_of(memory, app);
  ContainedRuns runs(nullptr);
  for (std::uint64_t seed = 1; seed <= kSchedules; ++seed) {
    Outcome outcome = runs.run(scenario, random_schedule(seed));
    if (outcome.broke()) return outcome;
  }
  return std::nullopt;
}

class WeakMemory : public testing::TestWithParam<MemoryKind> {};
INSTANTIATE_TEST_SUITE_P(Each, WeakMemory, testing::Values(MemoryKind::kTso, MemoryKind::kReleaseAcquire),
                         [](const auto& each) {
                           return each.param == MemoryKind::kTso ? "Tso" : "ReleaseAcquire";
                         });

TEST_P(WeakMemory, WithoutExplorationARunIsThatOfASequentialMachine) {
  const Outcome sequential = run(scenario_of(MemoryKind::kSequential, "tests/apps/no_fence_right"), {});
  const Outcome weak = run(scenario_of(GetParam(), "tests/apps/no_fence_right"), {});
  EXPECT_EQ(weak.message, "");
  EXPECT_EQ(weak.result.result_hash, sequential.result.result_hash);
}

TEST_P(WeakMemory, ProgramsThatDoAsTheyShouldNeverBreak) {
  for (const char* app : {"tests/apps/no_fence_right", "tests/apps/relaxed_consume_right"}) {
    const auto failure = first_failure(GetParam(), app);
    EXPECT_FALSE(failure.has_value()) << app << ": " << failure->message;
  }
}

TEST_P(WeakMemory, TheLogOfAFailureReplaysIt) {
  const Scenario scenario = scenario_of(GetParam(), "tests/apps/relaxed_publish_wrong");
  const Outcome failure = run(scenario, random_schedule(5));
  ASSERT_EQ(failure.key, "INV-05");
  ScheduleSpec replay;
  replay.seed = 5;
  replay.log = failure.log;
  const Outcome again = run(scenario, replay);
  EXPECT_EQ(again.message, failure.message);
  EXPECT_EQ(again.divergence.value_or(""), "");
  EXPECT_EQ(again.result.result_hash, failure.result.result_hash);
}

// For attempts to make a failure smaller, and for programs that then go round for ever.
TEST_P(WeakMemory, ARunMayEndWhereTheFirstInvariantBreaks) {
  const Scenario scenario = scenario_of(GetParam(), "tests/apps/relaxed_publish_wrong");
  ScheduleSpec spec = random_schedule(5);
  const Outcome whole = run(scenario, spec);
  spec.ends_at_violation = true;
  const Outcome part = run(scenario, spec);
  ASSERT_EQ(part.key, whole.key);
  EXPECT_EQ(part.message.substr(0, 60), whole.message.substr(0, 60));
  ASSERT_LT(part.log.size(), whole.log.size());
  EXPECT_TRUE(std::equal(part.log.begin(), part.log.end(), whole.log.begin()));
}

TEST(ReleaseAcquireMemory, IsDecidedByTheSchedule) {
  const auto failure = first_failure(MemoryKind::kReleaseAcquire, "tests/apps/relaxed_publish_wrong");
  ASSERT_TRUE(failure.has_value());
  EXPECT_TRUE(std::any_of(failure->log.begin(), failure->log.end(),
                          [](const Decision& each) { return each.kind == DecisionKind::kMemory; }));
}

TEST(SequentialMemory, ShowsAWrongOrderAtOnce) {
  EXPECT_EQ(run(scenario_of(MemoryKind::kSequential, "tests/apps/relaxed_publish_wrong"), {}).key, "INV-05");
  EXPECT_EQ(run(scenario_of(MemoryKind::kSequential, "tests/apps/relaxed_consume_wrong"), {}).key, "INV-05");
}

}  // namespace
}  // namespace ringproof

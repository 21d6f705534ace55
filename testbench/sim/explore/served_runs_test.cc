// Many schedules in one process: they come to what each comes to in a process of its own.

#include "sim/explore/served_runs.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "model/base/sanitizers.h"
#include "sim/explore/contained_run.h"
#include "sim/explore/scenario.h"
#include "testbench/sim/sanitized.h"

namespace ringproof {
namespace {

// AddressSanitizer keeps for a while what was freed, and ThreadSanitizer notes about all that was touched.
constexpr bool kMemoryIsTheProgramsAlone = !RINGPROOF_ASAN && !RINGPROOF_TSAN;

Scenario scenario_of(const std::string& app, EngineKind engine, std::vector<std::string> arguments = {"4"}) {
  ExploreOptions options;
  options.run.capture_path = RINGPROOF_SOURCE_DIR "/traces/udp-echo.pcapng";
  options.run.app = RINGPROOF_BINARY_DIR "/" + app + ".so";
  options.run.app_arguments = std::move(arguments);
  options.run.pace = PaceKind::kLineRate;
  options.run.stall_seconds = 1;
  options.engine = engine;
  options.window_ps = 5'000'000;
  options.frames = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  return read_scenario(options);
}

ScheduleSpec spec_of(std::uint64_t schedule) {
  ScheduleSpec spec;
  spec.seed = 100 + schedule;
  spec.strategy = StrategyKind::kRandom;
  spec.steps_max = 100'000;
  return spec;
}

struct Seen {
  std::string key;
  std::uint64_t hash = 0;
  std::uint64_t steps = 0;
  bool operator==(const Seen&) const = default;
};
using SeenBySchedule = std::map<std::uint64_t, Seen>;

SeenBySchedule served(ServedRuns& runs, std::uint32_t count) {
  SeenBySchedule seen;
  for (std::uint32_t first = 0; first < count; first += 8) {
    runs.run(first, std::min(8U, count - first), [&](std::uint64_t schedule, const Outcome& outcome) {
      EXPECT_EQ(schedule, seen.size());
      seen[schedule] = {outcome.key, outcome.result.result_hash, outcome.steps};
    });
  }
  return seen;
}

SeenBySchedule each_alone(const Scenario& scenario, std::uint32_t count) {
  ContainedRuns runs(nullptr);
  SeenBySchedule seen;
  for (std::uint32_t i = 0; i < count; ++i) {
    const Outcome outcome = runs.run(scenario, spec_of(i));
    seen[i] = {outcome.key, outcome.result.result_hash, outcome.steps};
  }
  return seen;
}

// By program and engine.
class Served : public testing::TestWithParam<std::pair<const char*, EngineKind>> {};

TEST_P(Served, SchedulesComeToWhatEachComesToAlone) {
  const Scenario scenario = scenario_of(GetParam().first, GetParam().second);
  ServedRuns runs(scenario, spec_of, nullptr);
  constexpr std::uint32_t kSchedules = kSanitized ? 10 : 40;
  EXPECT_EQ(served(runs, kSchedules), each_alone(scenario, kSchedules));
}

INSTANTIATE_TEST_SUITE_P(All, Served,
                         testing::Values(std::pair("apps/echo", EngineKind::kFunctional),
                                         std::pair("apps/echo", EngineKind::kCycle),
                                         std::pair("apps/echo", EngineKind::kRtl),
                                         std::pair("tests/apps/returns", EngineKind::kFunctional),
                                         std::pair("tests/apps/posix", EngineKind::kFunctional),
                                         std::pair("tests/apps/std_threads", EngineKind::kFunctional),
                                         std::pair("tests/apps/keeps_statics", EngineKind::kFunctional),
                                         std::pair("tests/apps/changes_process", EngineKind::kFunctional),
                                         std::pair("tests/apps/exits_nonzero", EngineKind::kFunctional),
                                         std::pair("tests/apps/exits_early", EngineKind::kFunctional)));

TEST(ServedRunsTest, SchedulesThatEndWellShareOneProcess) {
  const Scenario scenario = scenario_of("apps/echo", EngineKind::kFunctional);
  ServedRuns runs(scenario, spec_of, nullptr);
  served(runs, 64);
  EXPECT_EQ(runs.children(), 1u);
}

TEST(ServedRunsTest, AProgramThatEndsTheProcessIsBlamedEachTime) {
  for (const char* app : {"tests/apps/crashes", "tests/apps/underscore_exit"}) {
    const Scenario scenario = scenario_of(app, EngineKind::kFunctional);
    ServedRuns runs(scenario, spec_of, nullptr);
    const SeenBySchedule seen = served(runs, 5);
    ASSERT_EQ(seen.size(), 5u);
    for (const auto& [schedule, each] : seen) EXPECT_NE(each.key, "") << app;
    EXPECT_EQ(seen, each_alone(scenario, 5)) << app;
  }
}

TEST(ServedRunsTest, AProgramThatNeverComesBackIsStoppedAndBlamed) {
  const Scenario scenario = scenario_of("tests/apps/spins", EngineKind::kFunctional);
  ServedRuns runs(scenario, spec_of, nullptr);
  std::vector<std::string> keys;
  runs.run(0, 1, [&](std::uint64_t, const Outcome& outcome) { keys.push_back(outcome.key); });
  ASSERT_EQ(keys.size(), 1u);
  EXPECT_NE(keys[0], "");
}

// This one leaks a megabyte each time.
TEST(ServedRunsTest, AProcessThatHasGrownIsReplaced) {
  const Scenario scenario = scenario_of("tests/apps/leaks", EngineKind::kFunctional);
  ServedRuns runs(scenario, spec_of, nullptr);
  served(runs, 160);
  EXPECT_GE(runs.children(), 2u);
  if (kMemoryIsTheProgramsAlone) {
    EXPECT_LE(runs.children(), 4u);
  }
}

// These leave four megabytes and more each time, and a server that is ended does the same.
TEST(ServedRunsTest, PacketBuffersGoBackWithTheirRun) {
  for (const char* app : {"tests/apps/leaves_umems", "tests/apps/leaves_pages", "apps/xskfwd"}) {
    const Scenario scenario = scenario_of(app, EngineKind::kFunctional, {"1", "4"});
    ServedRuns runs(scenario, spec_of, nullptr);
    for (const auto& [schedule, each] : served(runs, 96)) EXPECT_EQ(each.key, "") << app;
    if (kMemoryIsTheProgramsAlone) {
      EXPECT_EQ(runs.children(), 1u) << app;
    }
  }
}

// What a program finds broken only because it ran before is not told.
TEST(ServedRunsTest, AFailureThatNeedsAUsedProcessIsNotTold) {
  const Scenario scenario = scenario_of("tests/apps/fails_second_time", EngineKind::kFunctional);
  ServedRuns runs(scenario, spec_of, nullptr);
  for (const auto& [schedule, each] : served(runs, 6)) EXPECT_EQ(each.key, "");
}

}  // namespace
}  // namespace ringproof

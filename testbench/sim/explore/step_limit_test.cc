// A run that is cut short comes to its end wherever the limit falls.

#include <gtest/gtest.h>

#include <memory>

#include "sim/explore/scenario.h"
#include "sim/explore/schedule_run.h"
#include "testbench/sim/sanitized.h"

namespace ringproof {
namespace {

Outcome run_with_limit(const Scenario& scenario, std::uint64_t steps_max) {
  const auto tape = std::make_unique<DecisionTape>();
  Progress progress;
  ScheduleSpec spec;
  spec.steps_max = steps_max;
  return run_schedule(scenario, spec, {progress, *tape});
}

// Above all where the program has just returned: what it left open is still closed.
TEST(StepLimit, EndsARunWhereverItFalls) {
  ExploreOptions options;
  options.run.capture_path = RINGPROOF_SOURCE_DIR "/traces/udp-echo.pcapng";
  options.run.app = RINGPROOF_BINARY_DIR "/tests/apps/leaves_open.so";
  options.engine = EngineKind::kFunctional;
  const Scenario scenario = read_scenario(options);
  const Outcome whole = run_with_limit(scenario, 0);
  ASSERT_TRUE(whole.result.application_ended);
  ASSERT_EQ(whole.result.end_reason, "application returned");
  bool returned_in_time = false;
  for (std::uint64_t limit = 1; limit <= whole.steps; limit += kSanitized ? 3 : 1) {
    const Outcome outcome = run_with_limit(scenario, limit);
    EXPECT_TRUE(outcome.result.violation_messages.empty()) << "after " << limit << " steps";
    returned_in_time = returned_in_time || outcome.result.end_reason == "application returned";
  }
  EXPECT_TRUE(returned_in_time);
}

}  // namespace
}  // namespace ringproof

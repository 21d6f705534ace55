// The body of `ringproof run`: a scenario file once, with nothing delayed, for everybody to see.

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <memory>

#include "sim/cli/supervisor.h"
#include "sim/explore/commands.h"
#include "sim/explore/schedule_run.h"
#include "sim/replay/input_error.h"
#include "sim/replay/report.h"
#include "sim/run/recording.h"
#include "sim/scenario/scenario_file.h"

namespace ringproof {
namespace {

void say(const std::string& line) { fmt::print(stderr, "ringproof: {}\n", one_line(line, 2000)); }

Outcome run_once(const Scenario& scenario, const ExploreOptions& options, Progress& progress) {
  const auto tape = std::make_unique<DecisionTape>();
  RunPlaces places{progress, *tape};
  places.wave_path = options.run.wave_path;
  std::unique_ptr<Recording> recording;
  if (!options.run.out_dir.empty()) {
    recording = std::make_unique<Recording>(options.run.out_dir, scenario.nic_file.configs(), false);
    for (Tap* tap : recording->taps()) places.listeners.push_back(tap);
  }
  ScheduleSpec spec;
  spec.seed = options.run.seed;
  const auto begin = std::chrono::steady_clock::now();
  Outcome outcome = run_schedule(scenario, spec, places);
  outcome.result.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  outcome.result.capture_lost = scenario.capture.lost;
  outcome.result.capture_shortened = scenario.capture.shortened;
  if (outcome.unusable || recording == nullptr) return outcome;
  recording->finish();
  write_stats_json(outcome.result, options.run.out_dir + "/stats.json");
  return outcome;
}

int report(const Scenario& scenario, const Outcome& outcome) {
  std::fflush(stdout);
  if (outcome.unusable) throw InputError(outcome.message);
  print_summary(outcome.result, stdout);
  std::fflush(stdout);
  if (outcome.result.capture_lost > 0) {
    say(fmt::format("{}: expected whole frames, the file is cut off: {} lost", scenario.run.capture_path,
                    outcome.result.capture_lost));
  }
  if (outcome.broke()) say(outcome.message);
  return outcome.broke() || outcome.result.capture_lost > 0 ? 1 : 0;
}

int run_child(const Scenario& scenario, const ExploreOptions& options, Progress& progress) {
  try {
    progress.frames_total = scenario.capture.frames.size() * scenario.run.loops;
    const int status = report(scenario, run_once(scenario, options, progress));
    progress.phase = RunPhase::kDone;
    return status;
  } catch (const InputError& error) {
    std::fflush(stdout);
    say(error.what());
    progress.phase = RunPhase::kDone;
    return 2;
  }
}

}  // namespace

int run_scenario(const ExploreOptions& asked) {
  const ExploreOptions options = with_scenario_file(asked);
  const Scenario scenario = read_scenario(options);
  if (!options.run.wave_path.empty() && scenario.engine != EngineKind::kRtl) {
    throw InputError(fmt::format("--wave: expected the rtl engine, which alone has a waveform, got {}",
                                 engine_name(scenario.engine)));
  }
  Supervised what{names_of(scenario.programs), options.run.stall_seconds, {}};
  if (!options.run.out_dir.empty()) what.partial_files = partial_result_files(options.run.out_dir, false);
  return supervise(what, [&](Progress& progress) { return run_child(scenario, options, progress); }).status;
}

}  // namespace ringproof

// The body of `ringproof run`: a scenario file once, with nothing delayed, for everybody to see.

#include <fmt/format.h>
#include <stdio_ext.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "sim/app/applications.h"
#include "sim/cli/supervisor.h"
#include "sim/cli/values.h"
#include "sim/explore/commands.h"
#include "sim/explore/free_run.h"
#include "sim/explore/schedule_run.h"
#include "sim/replay/input_error.h"
#include "sim/replay/report.h"
#include "sim/run/output_guard.h"
#include "sim/run/output_problems.h"
#include "sim/run/result_files.h"
#include "sim/scenario/scenario_file.h"

namespace ringproof {
namespace {

void say(const std::string& line) { fmt::print(stderr, "ringproof: {}\n", one_line(line, 2000)); }

Outcome run_simulated(const Scenario& scenario, const ExploreOptions& options, Progress& progress,
                      const std::vector<Tap*>& listeners, const ResultFiles* files,
                      OutputProblems& problems) {
  const auto tape = std::make_unique<DecisionTape>();
  RunPlaces places{progress, *tape};
  places.wave_path = options.run.wave_path;
  places.listeners = listeners;
  places.problems = &problems;
  if (files != nullptr) places.look = [files] { files->check(); };
  ScheduleSpec spec;
  spec.seed = options.run.seed;
  spec.loads_drawn = true;
  spec.bounds = kBoundsOfOneRun;
  return run_schedule(scenario, spec, places);
}

Outcome run_free(const Scenario& scenario, Progress& progress, const std::vector<Tap*>& listeners) {
  // Both stay: threads of the programs may stand in them when this process ends.
  auto& programs = *new Applications(scenario.programs);
  auto& run = *new FreeRun(scenario, programs, listeners, progress, true);
  progress.phase = RunPhase::kApplication;
  // Whoever writes out all streams at the end must not wait for a thread that reads from the terminal.
  __fsetlocking(stdin, FSETLOCKING_BYCALLER);
  run.enter();
  run.run();
  progress.phase = RunPhase::kWriting;
  Outcome outcome;
  outcome.result = run.result();
  outcome.result.programs = programs.results();
  if (tell_problem(programs, outcome) || tell_exit(programs, outcome)) return outcome;
  outcome.message = run.broken_expectation(outcome.result);
  if (!outcome.message.empty()) outcome.key = "expect";
  return outcome;
}

Outcome run_once(const Scenario& scenario, const ExploreOptions& options, Progress& progress,
                 OutputProblems& problems) {
  std::optional<ResultFiles> files;
  if (!options.run.out_dir.empty()) files.emplace(options.run.out_dir, scenario.nic_file.configs());
  const std::vector<Tap*> listeners = files.has_value() ? files->taps() : std::vector<Tap*>();
  const auto begin = std::chrono::steady_clock::now();
  Outcome outcome = options.free ? run_free(scenario, progress, listeners)
                                 : run_simulated(scenario, options, progress, listeners,
                                                 files.has_value() ? &*files : nullptr, problems);
  outcome.result.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  outcome.result.capture_lost = scenario.capture.lost;
  outcome.result.capture_shortened = scenario.capture.shortened;
  if (!outcome.unusable && files.has_value()) files->finish(outcome.result, problems);
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
    OutputProblems problems;
    const int status = report(scenario, run_once(scenario, options, progress, problems));
    progress.phase = RunPhase::kDone;
    if (!problems.any()) return status;
    say(problems.line());
    return 2;
  } catch (const InputError& error) {
    std::fflush(stdout);
    say(error.what());
    progress.phase = RunPhase::kDone;
    return 2;
  } catch (const nic::WaveError& error) {
    std::fflush(stdout);
    say(fmt::format("--wave {}", error.what()));
    progress.phase = RunPhase::kDone;
    return 2;
  }
}

// What the run leaves in its folder.
std::vector<std::string> files_of(const Scenario& scenario) {
  std::vector<std::string> files = result_files(false);
  for (std::string& file : port_files(scenario.nic_file.configs())) files.push_back(std::move(file));
  return files;
}

// What is there while it is written.
std::vector<std::string> partial_files(const Scenario& scenario, const std::string& folder) {
  std::vector<std::string> files = files_of(scenario);
  for (std::string& file : files) file = fmt::format("{}/{}.partial", folder, file);
  return files;
}

}  // namespace

int run_scenario(const ExploreOptions& asked) {
  const ExploreOptions options = with_scenario_file(asked);
  const Scenario scenario = read_scenario(options);
  if (options.free) refuse_what_is_not_free(scenario);
  if (!options.run.wave_path.empty()) check_wave_of(scenario.engine, options.run.wave_path);
  OutputGuard guard;
  guard.add_folder(options.run.out_dir, files_of(scenario));
  guard.add_file("--wave", options.run.wave_path);
  guard.refuse(inputs_of(options, scenario));
  Supervised what{names_of(scenario.programs), options.run.stall_seconds, {}, scenario.engine.own_name()};
  if (!options.run.out_dir.empty()) what.partial_files = partial_files(scenario, options.run.out_dir);
  return supervise(what, [&](Progress& progress) { return run_child(scenario, options, progress); }).status;
}

}  // namespace ringproof

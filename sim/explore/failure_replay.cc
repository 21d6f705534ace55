#include "sim/explore/failure_replay.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <vector>

#include "sim/cli/values.h"
#include "sim/explore/compared_run.h"
#include "sim/replay/input_error.h"
#include "sim/replay/report.h"
#include "sim/run/output_problems.h"
#include "sim/run/recording.h"
#include "sim/run/timeline.h"

namespace ringproof {
namespace {

void say(const std::string& line) { fmt::print(stderr, "ringproof: {}\n", one_line(line, 2000)); }

std::string in_hex(std::uint64_t hash) { return fmt::format("{:016x}", hash); }

// Empty: it was found with this one.
std::string other_build(const Failure& failure) {
  const std::string build = build_id(failure.options);
  if (build == failure.build) return {};
  return fmt::format("; found with build {}, this is {}: the application{} or Ringproof has changed",
                     failure.build, build, failure.options.engine.file().empty() ? "" : ", the engine");
}

// Why a run may differ from its file, where that is known.
std::string reason(const Failure& failure, const std::optional<std::string>& divergence) {
  std::string text;
  if (divergence.has_value()) text += "; the first choice that differs: " + *divergence;
  return text + other_build(failure);
}

// How it came back, and in what it differs from the file.
std::string likeness(const Failure& failure, const Outcome& outcome) {
  const std::uint64_t hash = outcome.result.result_hash;
  std::vector<std::string> others;
  if (hash != failure.hash) {
    others.push_back(fmt::format("result hash {} instead of {}", in_hex(hash), in_hex(failure.hash)));
  }
  // That of the run is the line before.
  if (outcome.message != failure.message) {
    others.push_back(fmt::format("this message instead of: {}", one_line(failure.message, 400)));
  }
  if (others.empty() && !outcome.divergence.has_value()) {
    return fmt::format(" exactly, result hash {}{}", in_hex(hash), other_build(failure));
  }
  return fmt::format(", but not exactly{}{}{}", others.empty() ? "" : ": ", fmt::join(others, ", "),
                     reason(failure, outcome.divergence));
}

// What came of it, in a line or two for people; returns the exit status.
int tell(const Failure& failure, const Outcome& outcome) {
  if (outcome.broke()) say(outcome.message);
  if (outcome.key != failure.key) {
    say(fmt::format("expected {} to come back, got {}{}", failure.key,
                    outcome.broke() ? outcome.key : "a run in which nothing broke",
                    reason(failure, outcome.divergence)));
    return outcome.broke() ? 1 : 0;
  }
  say(fmt::format("{} came back{}", failure.key, likeness(failure, outcome)));
  return 1;
}

}  // namespace

// A program that ended its process left no hash; its last words are as good.
void tell_end(const Failure& failure, const std::string& said) {
  if (said == failure.message) {
    say(fmt::format("{} came back exactly{}", failure.key, other_build(failure)));
  } else {
    say(fmt::format("expected this end: {}{}", failure.message, reason(failure, std::nullopt)));
  }
}

int replay_failure(const Failure& failure, const ReplayFailureOptions& options, Progress& progress) {
  Scenario scenario = read_scenario(failure.options);
  if (!options.wave_path.empty()) {
    if (!scenario.engine.has_clock()) {
      throw InputError(
          "--wave: expected a failure of an engine with a clock, got one of the functional engine");
    }
    // The same as the cycle engine, with a waveform.
    if (scenario.engine == EngineKind::kCycle) scenario.engine = EngineKind::kRtl;
    check_wave_of(scenario.engine, options.wave_path);
  }
  const auto tape = std::make_unique<DecisionTape>();
  RunPlaces places{progress, *tape};
  places.wave_path = options.wave_path;
  Timeline timeline;
  if (!options.timeline_path.empty()) {
    places.listeners.push_back(&timeline);
    places.observer = &timeline;
  }
  std::unique_ptr<Recording> recording;
  if (!options.out_dir.empty()) {
    recording = std::make_unique<Recording>(options.out_dir, scenario.nic_file.configs(), false);
    for (Tap* tap : recording->taps()) places.listeners.push_back(tap);
    places.look = [&recording] { recording->check(); };
  }
  OutputProblems problems;
  places.problems = &problems;
  const Outcome outcome = run_and_compare(scenario, spec_of(failure), places);
  if (recording != nullptr) {
    recording->finish(problems);
    problems.attempt([&] { write_stats_json(outcome.result, options.out_dir + "/stats.json"); });
  }
  if (!options.timeline_path.empty()) problems.attempt([&] { timeline.write(options.timeline_path); });
  std::fflush(stdout);
  if (outcome.unusable) throw InputError(outcome.message);
  print_summary(outcome.result, stdout);
  std::fflush(stdout);
  const int status = tell(failure, outcome);
  if (!problems.any()) return status;
  say(problems.line());
  return 2;
}

}  // namespace ringproof

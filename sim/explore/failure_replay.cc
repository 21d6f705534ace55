#include "sim/explore/failure_replay.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "sim/replay/input_error.h"
#include "sim/replay/report.h"
#include "sim/run/result_folder.h"
#include "sim/run/timeline.h"
#include "sim/run/wire_recorder.h"

namespace ringproof {
namespace {

// What came of it, in a line or two for people; returns the exit status.
int tell(const Failure& failure, const Outcome& outcome) {
  const bool same = outcome.key == failure.key;
  if (same) {
    fmt::print(stderr, "ringproof: {}\n", outcome.message);
    if (outcome.divergence.has_value()) {
      fmt::print(stderr, "ringproof: it came back, though the run differs from the log: {}\n",
                 *outcome.divergence);
    }
    return 1;
  }
  fmt::print(stderr, "ringproof: expected {} to come back, got {}{}\n", failure.key,
             outcome.broke() ? outcome.key : "a run without failure",
             outcome.divergence.has_value() ? "; the first choice that differs: " + *outcome.divergence : "");
  if (outcome.broke()) fmt::print(stderr, "ringproof: {}\n", outcome.message);
  return outcome.broke() ? 1 : 0;
}

}  // namespace

int replay_failure(const Failure& failure, const ReplayFailureOptions& options, Progress& progress) {
  const Scenario scenario = read_scenario(failure.options);
  if (!options.wave_path.empty() && scenario.engine != EngineKind::kRtl) {
    throw InputError(fmt::format("--wave: expected a failure of the rtl engine, got one of the {} engine",
                                 engine_name(scenario.engine)));
  }
  const auto tape = std::make_unique<DecisionTape>();
  RunPlaces places{progress, *tape};
  places.wave_path = options.wave_path;
  Timeline timeline;
  if (!options.timeline_path.empty()) {
    places.listeners.push_back(&timeline);
    places.observer = &timeline;
  }
  std::unique_ptr<PcapngWriter> writer;
  std::unique_ptr<WireRecorder> recorder;
  if (!options.out_dir.empty()) {
    prepare_folder(options.out_dir, {"stats.json", "tx.pcapng"});
    writer = std::make_unique<PcapngWriter>(options.out_dir + "/tx.pcapng", scenario.nic_file.configs());
    recorder = std::make_unique<WireRecorder>(*writer);
    places.listeners.push_back(recorder.get());
  }
  const Outcome outcome = run_schedule(scenario, spec_of(failure), places);
  if (writer != nullptr) {
    writer->finish();
    write_stats_json(outcome.result, options.out_dir + "/stats.json");
  }
  if (!options.timeline_path.empty()) timeline.write(options.timeline_path);
  std::fflush(stdout);
  if (outcome.unusable) throw InputError(outcome.message);
  print_summary(outcome.result, stdout);
  std::fflush(stdout);
  return tell(failure, outcome);
}

}  // namespace ringproof

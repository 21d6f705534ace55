// The body of `ringproof replay-failure`: the simulation under the supervisor, and whether it came back.

#include <fmt/format.h>

#include "sim/cli/supervisor.h"
#include "sim/explore/commands.h"
#include "sim/explore/failure_replay.h"
#include "sim/explore/scenario.h"
#include "sim/fault/plan_json.h"
#include "sim/replay/whole_file.h"
#include "sim/run/output_guard.h"
#include "sim/run/recording.h"

namespace ringproof {
namespace {

std::vector<std::string> partial_files(const ReplayFailureOptions& options) {
  std::vector<std::string> files;
  if (!options.out_dir.empty()) {
    files = partial_result_files(options.out_dir, false);
  }
  if (!options.timeline_path.empty()) files.push_back(options.timeline_path + ".partial");
  return files;
}

void refuse_to_overwrite(const ReplayFailureOptions& options, const Failure& failure,
                         const Scenario& scenario) {
  OutputGuard guard;
  guard.add_folder(options.out_dir, result_files(false));
  guard.add_file("--wave", options.wave_path);
  guard.add_file("--timeline", options.timeline_path);
  std::vector<std::string> inputs = inputs_of(failure.options, scenario);
  inputs.push_back(options.failure_path);
  guard.refuse(inputs);
}

}  // namespace

int run_replay_failure(const ReplayFailureOptions& options) {
  const Failure failure = read_failure(options.failure_path);
  const Scenario scenario = read_scenario(failure.options);
  expect_fits(failure.faults, scenario.nic_file, options.failure_path, "/faults");
  refuse_to_overwrite(options, failure, scenario);
  if (!options.timeline_path.empty()) expect_writable(options.timeline_path);
  const std::vector<std::string> programs = names_of(scenario.programs);
  const SupervisedEnd end = supervise(
      {programs, failure.options.run.stall_seconds, partial_files(options), scenario.engine.own_name()},
      [&failure, &options](Progress& progress) { return replay_failure(failure, options, progress); });
  // The child told the rest, if it could.
  if (!end.said.empty() && end.status < 128) tell_end(failure, end.said);
  return end.status;
}

}  // namespace ringproof

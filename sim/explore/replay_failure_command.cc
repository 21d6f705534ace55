// The body of `ringproof replay-failure`: the simulation under the supervisor, and whether it came back.

#include <fmt/format.h>

#include "sim/cli/supervisor.h"
#include "sim/explore/commands.h"
#include "sim/explore/failure_replay.h"
#include "sim/explore/scenario.h"
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

}  // namespace

int run_replay_failure(const ReplayFailureOptions& options) {
  const Failure failure = read_failure(options.failure_path);
  const std::vector<std::string> programs = names_of(read_scenario(failure.options).programs);
  const SupervisedEnd end = supervise(
      {programs, failure.options.run.stall_seconds, partial_files(options)},
      [&failure, &options](Progress& progress) { return replay_failure(failure, options, progress); });
  // The child told the rest, if it could.
  if (!end.said.empty() && end.status < 128) tell_end(failure, end.said);
  return end.status;
}

}  // namespace ringproof

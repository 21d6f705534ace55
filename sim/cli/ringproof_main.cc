// The body of the `ringproof` command: parse, then run the simulation under the supervisor.

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <exception>

#include "sim/app/world.h"
#include "sim/cli/command_line.h"
#include "sim/cli/standard_output.h"
#include "sim/cli/supervisor.h"
#include "sim/explore/commands.h"
#include "sim/replay/input_error.h"
#include "sim/replay/replay.h"
#include "sim/run/output_guard.h"
#include "sim/run/recording.h"

namespace ringproof {
namespace {

// A closed standard stream would lend its number to the next file that is opened, and be printed into.
void open_missing_streams() {
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) {
    if (fcntl(stream, F_GETFD) == -1 && open("/dev/null", O_RDWR) != stream) _exit(kStatusUsage);
  }
}

int print(const CommandLine& line) {
  std::FILE* stream = line.status == kStatusFine ? stdout : stderr;
  std::fwrite(line.text.data(), 1, line.text.size(), stream);
  return line.status;
}

int run_replay(const ReplayOptions& options) {
  OutputGuard guard;
  guard.add_folder(options.out_dir, result_files(options.record_stack));
  guard.add_file("--wave", options.wave_path);
  guard.refuse({options.capture_path, options.nic_path, options.faults, options.app, options.engine.file()});
  Supervised what{{options.app}, options.stall_seconds, {}, options.engine.own_name()};
  if (!options.out_dir.empty()) {
    what.partial_files = partial_result_files(options.out_dir, options.record_stack);
  }
  return supervise(what, [&options](Progress& progress) { return run_replay_child(options, progress); })
      .status;
}

int run_conformance(const conform::ConformOptions& options) {
  try {
    return conform::run_conform(options);
  } catch (const conform::UsageError& error) {
    throw InputError(error.what());
  }
}

int run(const CommandLine& line) {
  switch (line.command) {
    case Command::kReplay:
      return run_replay(line.replay);
    case Command::kRun:
      return run_scenario(line.explore);
    case Command::kExplore:
      return run_explore(line.explore);
    case Command::kShrink:
      return run_shrink(line.shrink);
    case Command::kReplayFailure:
      return run_replay_failure(line.replay_failure);
    case Command::kConform:
      return run_conformance(line.conform);
    default:
      return print(line);
  }
}

}  // namespace
}  // namespace ringproof

// Called by the executable, which has nothing else; the library's other names are hidden.
extern "C" __attribute__((visibility("default"))) int ringproof_main(int argc, char** argv) {
  ringproof::world_on_demand = nullptr;  // that is for programs that run without this command
  try {
    ringproof::open_missing_streams();
    ringproof::CommandLine line =
        ringproof::parse_command_line(std::vector<std::string>(argc > 0 ? argv + 1 : argv, argv + argc));
    if (argc > 0) line.explore.program = line.shrink.program = argv[0];
    return ringproof::with_output_written(ringproof::run(line));
  } catch (const ringproof::InputError& error) {
    fmt::print(stderr, "ringproof: {}\n", error.what());
    return ringproof::kStatusUsage;
  } catch (const std::exception& error) {
    fmt::print(stderr, "ringproof: internal error (a bug of ours): {}\n", error.what());
    return ringproof::kStatusFound;
  }
}

// The SystemC library has a main of its own that wants this; nobody calls either.
extern "C" __attribute__((visibility("default"))) int sc_main(int, char*[]) { return 0; }

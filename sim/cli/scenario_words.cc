#include "sim/cli/scenario_words.h"

#include <utility>

#include "sim/cli/command_parser.h"
#include "sim/cli/run_words.h"
#include "sim/cli/values.h"

namespace ringproof {
namespace {

CommandTexts run_texts() {
  return {
      "run", "Usage: ringproof run SCENARIO.json [options]",
      R"(Runs a scenario file once, with nothing delayed: its programs, its NIC, its traffic, its operations.
A summary says where every frame went, and whether the file's expectations hold.
)",
      R"(Examples:
  ringproof run two.scenario.json --out out/two
      the file as it is, with what came to and left each port in out/two/ports/port1.pcapng and others
  ringproof run two.scenario.json --engine rtl --wave two.fst --seed 7
      on the RTL, with a waveform of the first port, and other random latencies
  ringproof run two.scenario.json --free
      the programs on threads of this machine, for a debugger, the thread sanitizer, or to see how fast they are

`ringproof explore SCENARIO.json` runs the same file under many schedules. docs/scenario-file.md tells the format.

Exit status:
  0  the run ended and nothing was wrong
  1  something broke: an invariant was violated, a program failed, or an expectation does not hold
  2  wrong use or input: an option, the scenario file, or one that it names
  130, 143, 129  stopped by SIGINT (Ctrl-C), SIGTERM or SIGHUP)",
      "one SCENARIO.json"};
}

}  // namespace

CommandLine parse_run(std::vector<std::string> words) {
  std::string engine, seed, stall_timeout;
  TroubleWords trouble;
  CommandLine line;
  ExploreOptions& options = line.explore;
  options.run.app_arguments = {"1"};
  CommandParser parser(run_texts());
  parser.positional("SCENARIO.json", options.scenario_path);
  parser.option(
      "--engine", engine, "NAME|PATH.so", "The run",
      "the queue engine: functional moves frames without a clock;\nrtl is the RTL, and cycle the same "
      "in C++; or one of your own\n(default: the file's)");
  trouble.describe(parser, "the file's", "the file's");
  parser.option("--seed", seed, "N", "The run",
                "seed of everything that is drawn at random, save the traffic\n(default: the file's)");
  parser.flag("--free", options.free, "The run",
              "free-running mode: the programs' threads are threads of this\nmachine, and time is wall time; "
              "no two runs are equal, and no\ninvariants are watched");
  parser.option("--stall-timeout", stall_timeout, "SECONDS", "The run",
                "stop a program that calls nothing for so long, in wall time\n(default: 10; 0: never)");
  parser.option(
      "--out", options.run.out_dir, "DIR", "Results",
      "write stats.json, tx.pcapng and ports/PORT.pcapng there, the\nlast with both directions of each port "
      "(default: write nothing)");
  parser.option("--wave", options.run.wave_path, "FILE", "Results",
                "waveform of the first port's queue engine, rtl or your own;\nFILE ends in .fst or .vcd "
                "(default: none)");
  if (auto help = parser.parse(std::move(words))) {
    line.text = *std::move(help);
    return line;
  }
  parser.require_text("SCENARIO.json", options.scenario_path, "a scenario file (see ringproof run --help)");
  if (parser.given("--engine")) options.engine = parse_engine(engine, false);
  trouble.read(parser, options.memory, options.faults);
  if (parser.given("--seed")) options.run.seed = parse_seed(seed);
  if (parser.given("--stall-timeout")) options.run.stall_seconds = parse_stall_seconds(stall_timeout);
  if (parser.given("--out")) parser.require_text("--out", options.run.out_dir, "a directory");
  if (parser.given("--wave")) check_wave_name(options.run.wave_path);
  if (options.free && parser.given("--wave")) {
    refuse("--free", "no --wave, which is of simulated time", in_quotes(options.run.wave_path));
  }
  options.given = parser.given();
  line.command = Command::kRun;
  return line;
}

}  // namespace ringproof

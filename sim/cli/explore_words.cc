#include "sim/cli/explore_words.h"

#include <algorithm>
#include <utility>

#include "sim/cli/command_parser.h"
#include "sim/cli/run_words.h"
#include "sim/cli/values.h"

namespace ringproof {
namespace {

constexpr std::uint64_t kSchedulesMax = 1'000'000'000'000;
constexpr std::uint32_t kFailuresMax = 1000;

constexpr const char* kExploreFooter = R"(

Strategies, at each point where several tasks or events could be next:
  first-come  the earliest, as `ringproof replay` does
  random      any of them
  pct         the one of the highest priority; priorities are drawn, and change at depth - 1 places
  delays      as first-come, but for depth delays at drawn places
  bounded     every schedule with at most depth decisions against the first come, one after the other

Examples:
  ringproof explore traces/mixed.pcapng --app xskfwd --schedules 200 --frames 1-20 --out out/explored -- 1 4
      two hundred schedules of the echo program with the first twenty frames of the bundled capture
  ringproof explore my.pcap --app ./my.so --strategy pct --depth 3 --time 10m -j 2 --out out/night
      as many schedules of your program as two workers manage in ten minutes
  ringproof replay-failure out/night/failure-17.json
      brings a failure back

Exit status:
  0  nothing broke
  1  something broke: an invariant was violated, or the program failed, crashed, hung or ended early
  2  wrong use or input: an option, the capture, the NIC file, an application that cannot be loaded
  130, 143, 129  stopped by SIGINT (Ctrl-C), SIGTERM or SIGHUP; what was found so far is written)";

constexpr const char* kShrinkFooter = R"(Example:
  ringproof shrink out/night/failure-17.json --out smaller.json

Exit status:
  0  the smaller failure was written
  1  the failure does not come back, so there is nothing to make smaller
  2  wrong use or input
  130, 143, 129  stopped by SIGINT (Ctrl-C), SIGTERM or SIGHUP; the smallest so far is written)";

constexpr const char* kReplayFailureFooter = R"(Examples:
  ringproof replay-failure out/night/failure-17.json
  ringproof replay-failure smaller.json --out out/why --timeline out/why/timeline.json

Exit status:
  0  nothing broke: the failure did not come back
  1  something broke; lines on stderr say what, and whether it is what the file says
  2  wrong use or input: the file, or one that it names
  130, 143, 129  stopped by SIGINT (Ctrl-C), SIGTERM or SIGHUP)";

const CommandTexts& explore_texts() {
  static const CommandTexts kTexts = {
      "explore",
      "Usage: ringproof explore CAPTURE --app NAME|PATH.so [options] [-- APP ARGS...]\n"
      "       ringproof explore SCENARIO.json [options]",
      "Runs a program again and again under different schedules, watches every run as `ringproof replay`\n"
      "does, and keeps what breaks as files that bring it back.\n",
      std::string(kPaceHelp) + kExploreFooter,
      "one CAPTURE or SCENARIO.json, and arguments of the application after --"};
  return kTexts;
}

const CommandTexts& shrink_texts() {
  static const CommandTexts kTexts = {
      "shrink", "Usage: ringproof shrink FILE --out SMALLER.json [options]",
      "Takes decisions, faults, frames and arguments away from a failure for as long as it\n"
      "breaks the same thing.\n",
      kShrinkFooter, "one FILE"};
  return kTexts;
}

const CommandTexts& replay_failure_texts() {
  static const CommandTexts kTexts = {
      "replay-failure", "Usage: ringproof replay-failure FILE [options]",
      "Runs the one schedule that a failure file tells, for everybody to see: the program's output, the\n"
      "summary, and what broke.\n",
      kReplayFailureFooter, "one FILE"};
  return kTexts;
}

// The options of `explore` that `replay` has not.
class ExploreWords {
 public:
  void describe_scenario(CommandParser& parser) {
    parser.option(
        "--engine", engine_, "NAME|PATH.so", "What to run",
        "the queue engine: functional moves frames without a clock;\nrtl is the RTL, and cycle the same in "
        "C++; or one of your own\n(default: functional)");
    trouble_.describe(parser, "sequential", "none");
  }
  void describe_frames(CommandParser& parser) {
    parser.option("--frames", frames_, "LIST", "Traffic",
                  "only these frames of the capture, from 1: 1-5,9\n(default: all)");
  }
  void describe_search(CommandParser& parser) {
    parser.option("--schedules", schedules_, "N", "The search",
                  "how many schedules (default: 1000; with --time, and bounded,\nas many as there are)");
    parser.option("--strategy", strategy_, "NAME", "The search",
                  "first-come, random, pct, bounded or delays, see below\n(default: random)");
    parser.option(
        "--depth", depth_, "D", "The search",
        "pct: how many places a bug needs to go wrong at; bounded:\nhow many decisions; delays: how many "
        "delays (default: 3)");
    parser.option("--window", window_, "TIME", "The search",
                  "what lies so close together may come in any order\n(default: 5us)");
    parser.option("--seed", seed_, "N", "The search",
                  "seed of the first schedule; each further one has the next\n(default: 1)");
    parser.option("-j", workers_, "N", "The search", "worker processes (default: one for each core)");
    parser.option(
        "--time", time_, "TIME", "The search",
        "end the search after this wall time: 90s, 10m, 2h\n(default: when all schedules are done)");
    parser.option("--compare", compare_, "N", "The search",
                  "every N-th schedule runs again, and once more with ring\nindices that wrap and other new "
                  "memory: the results must be\nequal (default: 64; 0: none)");
    parser.option("--failures", failures_, "N", "The search",
                  "end the search when so many different things broke\n(default: 10; 0: never)");
  }
  void describe_results(CommandParser& parser) {
    parser.option("--out", out_, "DIR", "Results",
                  "write explore.json, explore.junit.xml and a failure-SEED.json\nfor each thing that broke "
                  "(default: write nothing)");
  }
  void read(const CommandParser& parser, ExploreOptions& options) const {
    read_scenario(parser, options);
    read_search(parser, options);
    if (parser.given("--out")) parser.require_text("--out", out_, "a directory");
    options.run.out_dir = out_;
  }

 private:
  void read_scenario(const CommandParser& parser, ExploreOptions& options) const {
    if (parser.given("--engine")) options.engine = parse_engine(engine_, false);
    trouble_.read(parser, options.memory, options.faults);
    if (parser.given("--frames")) options.frames = parse_frames("--frames", frames_);
  }
  void read_search(const CommandParser& parser, ExploreOptions& options) const {
    if (parser.given("--time")) {
      options.time_s = parse_seconds("--time", time_);
      options.schedules = 0;
    }
    if (parser.given("--schedules")) {
      options.schedules = parse_whole("--schedules", schedules_, 1, kSchedulesMax);
    }
    if (parser.given("--strategy")) {
      options.strategy = static_cast<StrategyKind>(
          parse_word("--strategy", strategy_, {"first-come", "random", "pct", "bounded", "delays"}));
    }
    // A bounded search ends by itself.
    const bool bounded = options.strategy == StrategyKind::kBounded;
    if (bounded && !parser.given("--schedules")) options.schedules = 0;
    if (parser.given("--depth")) {
      const std::uint32_t least = depth_min(options.strategy);
      options.depth = static_cast<std::uint32_t>(parse_whole("--depth", depth_, least, kDepthMax));
    }
    if (parser.given("--compare")) {
      options.compare_every = parse_whole("--compare", compare_, 0, kSchedulesMax);
    }
    if (parser.given("--window")) {
      options.window_ps = parse_time_ps("--window", window_);
      if (options.window_ps > kWindowMaxPs) refuse("--window", "a time of at most 1s", in_quotes(window_));
    }
    if (parser.given("--seed")) options.run.seed = parse_seed(seed_);
    if (parser.given("-j")) options.workers = parse_workers(workers_);
    if (parser.given("--failures")) {
      options.failures = static_cast<std::uint32_t>(parse_whole("--failures", failures_, 0, kFailuresMax));
    }
  }

  TroubleWords trouble_;
  std::string engine_, frames_, schedules_, strategy_, depth_, window_, seed_, workers_, time_, compare_,
      failures_, out_;
};

}  // namespace

CommandLine parse_explore(std::vector<std::string> words) {
  std::string input;
  RunWords run;
  ExploreWords explore;
  CommandLine line;
  ExploreOptions& options = line.explore;
  const bool arguments_given = std::find(words.begin(), words.end(), "--") != words.end();
  options.run.app_arguments = cut_application_arguments(words);
  CommandParser parser(explore_texts());
  parser.positional("CAPTURE", input);
  run.describe_program(parser);
  explore.describe_scenario(parser);
  run.describe_traffic(parser);
  explore.describe_frames(parser);
  explore.describe_search(parser);
  run.describe_limits(parser);
  explore.describe_results(parser);

  if (auto help = parser.parse(std::move(words))) {
    line.text = *std::move(help);
    return line;
  }
  parser.require_text("CAPTURE", input, "a capture or a scenario file (see ringproof explore --help)");
  if (input.ends_with(".json")) {
    options.scenario_path = input;
    run.refuse_program(parser);
  } else {
    options.run.capture_path = input;
    run.read_program(parser, options.run, " (or a scenario file, whose name ends in .json, without one)");
  }
  run.read(parser, options.run);
  explore.read(parser, options);
  options.given = parser.given();
  if (arguments_given) options.given.insert("--");
  line.command = Command::kExplore;
  return line;
}

CommandLine parse_shrink(std::vector<std::string> words) {
  std::string workers, time;
  CommandLine line;
  ShrinkOptions& options = line.shrink;
  CommandParser parser(shrink_texts());
  parser.positional("FILE", options.failure_path);
  parser.option("--out", options.out_path, "SMALLER.json", "Results", "the smaller failure (required)");
  parser.option("-j", workers, "N", "The search", "worker processes (default: one for each core)");
  parser.option(
      "--time", time, "TIME", "The search",
      "be content with what there is after this wall time: 90s, 10m\n(default: when nothing more can "
      "go)");
  if (auto help = parser.parse(std::move(words))) {
    line.text = *std::move(help);
    return line;
  }
  parser.require_text("FILE", options.failure_path, "a failure file (see ringproof shrink --help)");
  parser.require_text("--out", options.out_path, "the file for the smaller failure");
  if (parser.given("-j")) options.workers = parse_workers(workers);
  if (parser.given("--time")) options.time_s = parse_seconds("--time", time);
  line.command = Command::kShrink;
  return line;
}

CommandLine parse_replay_failure(std::vector<std::string> words) {
  CommandLine line;
  ReplayFailureOptions& options = line.replay_failure;
  CommandParser parser(replay_failure_texts());
  parser.positional("FILE", options.failure_path);
  parser.option("--out", options.out_dir, "DIR", "Results",
                "write stats.json and tx.pcapng there (default: write nothing)");
  parser.option(
      "--wave", options.wave_path, "FILE", "Results",
      "waveform of the first port's queue engine, not for failures\nof the functional engine; FILE ends in "
      ".fst or .vcd (default:\nnone)");
  parser.option("--timeline", options.timeline_path, "FILE.json", "Results",
                "who ran when, for Perfetto or chrome://tracing\n(default: none)");
  if (auto help = parser.parse(std::move(words))) {
    line.text = *std::move(help);
    return line;
  }
  parser.require_text("FILE", options.failure_path, "a failure file (see ringproof replay-failure --help)");
  if (parser.given("--out")) parser.require_text("--out", options.out_dir, "a directory");
  if (parser.given("--wave")) check_wave_name(options.wave_path);
  if (parser.given("--timeline")) parser.require_text("--timeline", options.timeline_path, "a file");
  line.command = Command::kReplayFailure;
  return line;
}

}  // namespace ringproof

#include "sim/cli/replay_words.h"

#include <utility>

#include "sim/cli/command_parser.h"
#include "sim/cli/run_words.h"
#include "sim/cli/values.h"

namespace ringproof {
namespace {

constexpr const char* kReplayFooter = R"(

Examples:
  ringproof replay traces/mixed.pcapng --app xskfwd --out out/demo -- 1 4
      the bundled capture through the echo program, a socket on each of 4 queues of interface 1
  ringproof replay my.pcap --app ./my.so --nic nic.json --pace 1.5Mpps --loop 100
      your program, your NIC, your capture a hundred times at a steady rate
  ringproof replay my.pcap --app ./my.so --faults plan.json --out out/lossy
      with the faults of a plan; out/lossy/stats.json says how often each struck
  ringproof replay my.pcap --app ./my.so --max-time 2ms --wave run.fst
      the first two simulated milliseconds with a waveform of the queue engine

Exit status:
  0  the run ended and nothing was wrong
  1  the run found something wrong: an invariant was violated, the application failed, or the capture
     is cut off (what is whole was replayed)
  2  wrong use or input: an option, the capture, the NIC file, an application that cannot be loaded
  130, 143, 129  stopped by SIGINT (Ctrl-C), SIGTERM or SIGHUP)";

const CommandTexts& texts() {
  static const CommandTexts kTexts = {
      "replay", "Usage: ringproof replay CAPTURE --app NAME|PATH.so [options] [-- APP ARGS...]",
      "Replays a capture: its frames arrive at the first port of a simulated NIC, a program receives and\n"
      "sends frames through AF_XDP sockets, and a summary says where every frame went.\n",
      std::string(kPaceHelp) + kReplayFooter, "one CAPTURE, and arguments of the application after --"};
  return kTexts;
}

}  // namespace

CommandLine parse_replay(std::vector<std::string> words) {
  std::string capture, engine, seed, out, wave;
  bool twice = false, record_stack = false;
  RunWords run;
  TroubleWords trouble;
  CommandLine line;
  line.replay.app_arguments = cut_application_arguments(words);
  CommandParser parser(texts());
  parser.positional("CAPTURE", capture);
  run.describe_program(parser);
  parser.option(
      "--engine", engine, "NAME|PATH.so", "What to run",
      "the queue engine: rtl is the RTL, cycle the same in C++, cycle\nfor cycle, many times as fast and "
      "without waveforms; or one of\nyour own (default: rtl)");
  trouble.describe(parser, "sequential", "none");
  run.describe_traffic(parser);
  parser.option("--seed", seed, "N", "The run",
                "seed of everything that is drawn at random (default: 1); the\nsame seed and inputs give the "
                "same run");
  parser.flag("--twice", twice, "The run",
              "run twice, the first time silently, and compare: the\nsecond run reports INV-48, determinism");
  run.describe_limits(parser);
  parser.option("--out", out, "DIR", "Results",
                "write stats.json and tx.pcapng there (default: write nothing)");
  parser.flag("--record-stack", record_stack, "Results",
              "also write stack.pcapng there: the frames that the host's\nown stack received");
  parser.option(
      "--wave", wave, "FILE", "Results",
      "waveform of the first port's queue engine; FILE ends in\n.fst or .vcd (default: none; it is slow)");

  if (auto help = parser.parse(std::move(words))) {
    line.text = *std::move(help);
    return line;
  }
  parser.require_text("CAPTURE", capture, "a pcap or pcapng file (see ringproof replay --help)");
  run.read_program(parser, line.replay);
  run.read(parser, line.replay);
  trouble.read(parser, line.replay.memory, line.replay.faults);
  if (parser.given("--seed")) line.replay.seed = parse_seed(seed);
  if (parser.given("--engine")) line.replay.engine = parse_engine(engine, true);
  if (parser.given("--wave")) {
    check_wave_name(wave);
    check_wave_of(line.replay.engine, wave);
  }
  if (record_stack && !parser.given("--out")) refuse("--record-stack", "--out as well", "none");
  if (parser.given("--out")) parser.require_text("--out", out, "a directory");
  line.command = Command::kReplay;
  line.replay.capture_path = capture;
  line.replay.wave_path = wave;
  line.replay.out_dir = out;
  line.replay.twice = twice;
  line.replay.record_stack = record_stack;
  return line;
}

}  // namespace ringproof

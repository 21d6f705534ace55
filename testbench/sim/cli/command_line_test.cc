// The command line: what is understood, and the one line that answers what is not.

#include "sim/cli/command_line.h"

#include <gtest/gtest.h>

namespace ringproof {
namespace {

using Words = std::vector<std::string>;

Words with(Words more) {
  Words words = {"replay", "a.pcap", "--app", "xskfwd"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

ReplayOptions understood(const Words& words) {
  const CommandLine line = parse_command_line(words);
  EXPECT_EQ(line.status, kStatusFine) << line.text;
  EXPECT_EQ(line.command, Command::kReplay);
  EXPECT_EQ(line.text, "");
  return line.replay;
}

std::string refused(const Words& words) {
  const CommandLine line = parse_command_line(words);
  EXPECT_EQ(line.status, kStatusUsage) << line.text;
  EXPECT_EQ(line.command, Command::kPrint);
  EXPECT_EQ(line.text.find('\n'), line.text.size() - 1) << line.text;
  return line.text;
}

TEST(CommandLine, NeedsOnlyACaptureAndAnApplication) {
  const ReplayOptions options = understood({"replay", "a.pcap", "--app", "xskfwd"});
  EXPECT_EQ(options.capture_path, "a.pcap");
  EXPECT_EQ(options.app, "xskfwd");
  EXPECT_EQ(options.app_arguments, Words{"1"});
  EXPECT_EQ(options.nic_path, "");
  EXPECT_EQ(options.pace, PaceKind::kOriginal);
  EXPECT_EQ(options.pace_value, 1.0);
  EXPECT_EQ(options.start_delay_ps, 1'000'000u);
  EXPECT_EQ(options.loops, 1u);
  EXPECT_EQ(options.seed, 1u);
  EXPECT_EQ(options.engine, EngineKind::kRtl);
  EXPECT_EQ(options.memory, MemoryKind::kSequential);
  EXPECT_EQ(options.faults, "");
  EXPECT_EQ(options.max_time_ps, 0u);
  EXPECT_EQ(options.wave_path, "");
  EXPECT_EQ(options.out_dir, "");
  EXPECT_EQ(options.stall_seconds, 10u);
}

TEST(CommandLine, UnderstandsEveryOption) {
  const ReplayOptions options = understood(with({"--nic",
                                                 "n.json",
                                                 "--pace=line-rate",
                                                 "--start-delay",
                                                 "2us",
                                                 "--loop",
                                                 "3",
                                                 "--seed",
                                                 "0",
                                                 "--engine",
                                                 "rtl",
                                                 "--memory",
                                                 "tso",
                                                 "--faults",
                                                 "plan.json",
                                                 "--max-time",
                                                 "1.5ms",
                                                 "--wave",
                                                 "w.vcd",
                                                 "--out",
                                                 "d",
                                                 "--stall-timeout",
                                                 "7"}));
  EXPECT_EQ(options.nic_path, "n.json");
  EXPECT_EQ(options.pace, PaceKind::kLineRate);
  EXPECT_EQ(options.start_delay_ps, 2'000'000u);
  EXPECT_EQ(options.loops, 3u);
  EXPECT_EQ(options.seed, 0u);
  EXPECT_EQ(options.memory, MemoryKind::kTso);
  EXPECT_EQ(options.faults, "plan.json");
  EXPECT_EQ(options.max_time_ps, 1'500'000'000u);
  EXPECT_EQ(options.wave_path, "w.vcd");
  EXPECT_EQ(options.out_dir, "d");
  EXPECT_EQ(options.stall_seconds, 7u);
}

TEST(CommandLine, OptionsMayStandBeforeTheCapture) {
  EXPECT_EQ(understood({"replay", "--app", "x", "--seed", "5", "replay"}).capture_path, "replay");
}

TEST(CommandLine, WhatFollowsTwoDashesIsTheApplications) {
  EXPECT_EQ(understood(with({"--", "1", "4"})).app_arguments, (Words{"1", "4"}));
  EXPECT_EQ(understood(with({"--", "--seed", "--", ""})).app_arguments, (Words{"--seed", "--", ""}));
  EXPECT_EQ(understood(with({"--"})).app_arguments, Words{"1"});
}

// A default that is written down is more than a default: it wins over a scenario file.
TEST(CommandLine, KnowsWhatWasGiven) {
  using Given = std::set<std::string>;
  const CommandLine explore = parse_command_line({"explore", "a.json", "--seed", "1", "--", "1"});
  EXPECT_EQ(explore.explore.given, (Given{"CAPTURE", "--seed", "--"}));
  const CommandLine run = parse_command_line({"run", "a.json", "--engine", "functional"});
  EXPECT_EQ(run.explore.given, (Given{"SCENARIO.json", "--engine"}));
}

TEST(CommandLine, ReadsPaces) {
  const struct {
    const char* text;
    PaceKind kind;
    double value;
  } cases[] = {{"original", PaceKind::kOriginal, 1.0},
               {"0.5x", PaceKind::kFactor, 0.5},
               {"2x", PaceKind::kFactor, 2},
               {"0.000001x", PaceKind::kFactor, 0.000001},
               {"100000pps", PaceKind::kFramesPerSecond, 100000},
               {"1.5Mpps", PaceKind::kFramesPerSecond, 1.5e6},
               {"14.880952Mpps", PaceKind::kFramesPerSecond, 14880952},
               {"20kpps", PaceKind::kFramesPerSecond, 20e3},
               {"0.001pps", PaceKind::kFramesPerSecond, 0.001},
               {"1Gpps", PaceKind::kFramesPerSecond, 1e9}};
  for (const auto& one : cases) {
    const ReplayOptions options = understood(with({"--pace", one.text}));
    EXPECT_EQ(options.pace, one.kind) << one.text;
    EXPECT_EQ(options.pace_value, one.value) << one.text;
  }
}

TEST(CommandLine, ReadsTimesToThePicosecond) {
  const struct {
    const char* text;
    std::uint64_t ps;
  } cases[] = {{"0ns", 0},
               {"0.001ns", 1},
               {"1.5us", 1'500'000},
               {"1.50000000us", 1'500'000},
               {"3\u00b5s", 3'000'000},
               {"200ms", 200'000'000'000},
               {"0.000000000001s", 1},
               {"1000000s", 1'000'000'000'000'000'000}};
  for (const auto& one : cases) {
    EXPECT_EQ(understood(with({"--start-delay", one.text})).start_delay_ps, one.ps) << one.text;
  }
}

TEST(CommandLine, RefusesPaces) {
  const std::string form =
      "ringproof: --pace: expected original, line-rate, a factor such as 0.5x, or a rate such as 100000pps "
      "or "
      "1.5Mpps, got \"";
  for (const char* text : {"quick", "x", "-1x", "1e3pps", "1.x", ".5x", "0.0000001x", "pps", "100", "1,5Mpps",
                           "1 x", "nanx", "infpps", "99999999999999999999x", "Original", "10PPS"}) {
    EXPECT_EQ(refused(with({"--pace", text})), form + text + "\"\n");
  }
  for (const char* text : {"0x", "1000001x"}) {
    EXPECT_EQ(refused(with({"--pace", text})),
              std::string("ringproof: --pace: expected a factor from 0.000001x to 1000000x, got \"") + text +
                  "\"\n");
  }
  for (const char* text : {"0pps", "2Gpps", "1000000000.001pps"}) {
    EXPECT_EQ(refused(with({"--pace", text})),
              std::string("ringproof: --pace: expected a rate from 0.001pps to 1000000000pps, got \"") +
                  text + "\"\n");
  }
}

TEST(CommandLine, RefusesTimesAndNamesTheUnits) {
  const std::string form = ": expected a time with a unit (ns, us, ms or s), such as 1.5ms, got \"";
  for (const char* option : {"--start-delay", "--max-time"}) {
    for (const char* text : {"10", "0", "1.5"}) {
      EXPECT_EQ(refused(with({option, text})),
                std::string("ringproof: ") + option + form + text + "\" without a unit\n");
    }
    for (const char* text :
         {"ms", "-1us", "1h", "1 ms", "1m", "0.0001ns", "1e3ns", "99999999999999999999s"}) {
      EXPECT_EQ(refused(with({option, text})), std::string("ringproof: ") + option + form + text + "\"\n");
    }
    EXPECT_EQ(
        refused(with({option, "1000001s"})),
        std::string("ringproof: ") + option + ": expected a time of at most 1000000s, got \"1000001s\"\n");
  }
  EXPECT_EQ(refused(with({"--max-time", "0ms"})),
            "ringproof: --max-time: expected a time longer than 0, got \"0ms\"\n");
}

TEST(CommandLine, RefusesNumbers) {
  const struct {
    const char* option;
    const char* range;
    std::vector<const char*> values;
  } cases[] = {{"--loop", "1 to 1000000", {"0", "-1", "1.5", "1.0", "many", "1000001", "0x10", "4294967297"}},
               {"--seed", "0 to 18446744073709551615", {"-1", "18446744073709551616", "one", "+1", " 1"}},
               {"--stall-timeout", "0 to 86400", {"-1", "86401", "10s", "0.5"}}};
  for (const auto& one : cases) {
    for (const char* value : one.values) {
      EXPECT_EQ(refused(with({one.option, value})), std::string("ringproof: ") + one.option +
                                                        ": expected a whole number from " + one.range +
                                                        ", got \"" + value + "\"\n");
    }
  }
  EXPECT_EQ(understood(with({"--seed", "18446744073709551615"})).seed, ~std::uint64_t{0});
}

TEST(CommandLine, RefusesWhatDoesNotExist) {
  EXPECT_TRUE(refused(with({"--engine", "functional"}))
                  .starts_with("ringproof: --engine: expected cycle, rtl, or the "));
  EXPECT_EQ(
      refused(with({"--engine", "cycle", "--wave", "w.fst"})),
      "ringproof: --wave: expected an engine that writes a waveform, such as rtl, got the engine cycle\n");
  EXPECT_EQ(refused(with({"--memory", "relaxed"})),
            "ringproof: --memory: expected sequential, tso or release-acquire, got \"relaxed\"\n");
  for (const char* name : {"wave.txt", ".fst", "w.fst.gz", "fst"}) {
    EXPECT_EQ(refused(with({"--wave", name})),
              std::string("ringproof: --wave: expected a file name that ends in .fst or .vcd, got \"") +
                  name + "\"\n");
  }
  EXPECT_EQ(
      refused(with({"--sed", "1"})),
      "ringproof: --sed: expected an option of `ringproof replay --help`, got an unknown one (did you mean "
      "--seed?)\n");
  EXPECT_EQ(refused(with({"--elephants=1"})),
            "ringproof: --elephants: expected an option of `ringproof replay --help`, got an unknown one\n");
  EXPECT_EQ(refused(with({"-q"})),
            "ringproof: -q: expected an option of `ringproof replay --help`, got an unknown one\n");
}

// Names that others have for them are not near by their letters: "sc" is nearer to tso.
TEST(CommandLine, KnowsWhatOthersCallAMemory) {
  const auto meant = [](const std::string& name) {
    const std::string line = refused(with({"--memory", name}));
    const std::size_t at = line.find(" (did you mean ");
    return at == line.npos ? "nothing" : line.substr(at + 15, line.size() - at - 18);
  };
  for (const char* name : {"sc", "seq", "SC", "seq_cst"}) EXPECT_EQ(meant(name), "sequential") << name;
  for (const char* name : {"ra", "RA", "rel-acq", "acq_rel"})
    EXPECT_EQ(meant(name), "release-acquire") << name;
  for (const char* name : {"x86", "TSO", "ts"}) EXPECT_EQ(meant(name), "tso") << name;
  EXPECT_EQ(meant("weak"), "nothing");
}

TEST(CommandLine, RefusesWhatIsMissingOrTooMuch) {
  EXPECT_EQ(refused({"replay"}),
            "ringproof: CAPTURE: expected a pcap or pcapng file (see ringproof replay --help), got none\n");
  EXPECT_EQ(refused({"replay", "", "--app", "x"}),
            "ringproof: CAPTURE: expected a pcap or pcapng file (see ringproof replay --help), got an empty "
            "one\n");
  EXPECT_EQ(refused({"replay", "a.pcap"}),
            "ringproof: --app: expected the application to run, a name or a path, got none\n");
  EXPECT_EQ(refused({"replay", "a.pcap", "--app"}), "ringproof: --app: expected a value, got none\n");
  EXPECT_EQ(refused({"replay", "a.pcap", "--app", "--nic", "n.json"}),
            "ringproof: --app: expected a value, got the option --nic\n");
  EXPECT_EQ(refused(with({"--seed", "1", "--seed", "2"})),
            "ringproof: --seed: expected once, got it 2 times\n");
  EXPECT_EQ(refused(with({"--seed=1", "--seed=2"})), "ringproof: --seed: expected once, got it 2 times\n");
  EXPECT_EQ(
      refused(with({"4"})),
      "ringproof: replay: expected one CAPTURE, and arguments of the application after --, got \"4\" as "
      "well\n");
  EXPECT_EQ(refused(with({"--out", ""})), "ringproof: --out: expected a directory, got an empty one\n");
  EXPECT_EQ(refused(with({"--faults", ""})),
            "ringproof: --faults: expected a fault plan or swarm, got an empty one\n");
}

TEST(CommandLine, RefusesOtherCommands) {
  EXPECT_EQ(
      refused({"relpay"}),
      "ringproof: command: expected replay, run, explore, shrink, replay-failure or conform, got \"relpay\" "
      "(did you mean replay?)\n");
  EXPECT_EQ(
      refused({"--app", "x"}),
      "ringproof: --app: expected a command first: ringproof replay CAPTURE --app NAME, got an option\n");
}

TEST(CommandLine, KeepsARefusalOnOneShortLine) {
  EXPECT_EQ(refused(with({"--pace", "a\nb"})).find("a?b") == std::string::npos, false);
  EXPECT_LT(refused(with({"--pace", std::string(100000, 'z')})).size(), 400u);
}

TEST(CommandLine, HelpTellsOptionsDefaultsExamplesAndStatuses) {
  for (const Words& words : {Words{"replay", "--help"}, Words{"replay", "a.pcap", "-h"}}) {
    const CommandLine line = parse_command_line(words);
    EXPECT_EQ(line.status, kStatusFine);
    EXPECT_EQ(line.command, Command::kPrint);
    for (const char* word : {"--app", "--nic", "--pace", "--start-delay", "--max-time", "--loop", "--seed",
                             "--engine", "--memory", "--faults", "--wave", "--out", "--stall-timeout",
                             "CAPTURE", "default: 1us", "Examples:", "Exit status:"}) {
      EXPECT_NE(line.text.find(word), std::string::npos) << word;
    }
    EXPECT_EQ(line.text.find("\n\n\n"), std::string::npos);
  }
}

TEST(CommandLine, WithoutWordsPrintsHelp) {
  const CommandLine line = parse_command_line({});
  EXPECT_EQ(line.status, kStatusFine);
  EXPECT_NE(line.text.find("Usage: ringproof replay CAPTURE"), std::string::npos);
  EXPECT_EQ(line.text, parse_command_line({"--help"}).text);
}

TEST(CommandLine, TellsItsVersion) {
  const CommandLine line = parse_command_line({"--version"});
  EXPECT_EQ(line.status, kStatusFine);
  EXPECT_EQ(line.text.compare(0, 10, "ringproof "), 0);
  EXPECT_EQ(line.text.find("unknown"), std::string::npos) << "the build gives no version";
}

}  // namespace
}  // namespace ringproof

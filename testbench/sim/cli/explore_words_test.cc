// The words of explore, shrink and replay-failure: what is understood, and the line that answers what is not.

#include <gtest/gtest.h>

#include "sim/cli/command_line.h"

namespace ringproof {
namespace {

using Words = std::vector<std::string>;

Words explore_with(Words more) {
  Words words = {"explore", "a.pcap", "--app", "xskfwd"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

CommandLine understood(const Words& words, Command command) {
  CommandLine line = parse_command_line(words);
  EXPECT_EQ(line.status, kStatusFine) << line.text;
  EXPECT_EQ(line.command, command);
  return line;
}

ExploreOptions explored(const Words& more) {
  return understood(explore_with(more), Command::kExplore).explore;
}

std::string refused(const Words& words) {
  const CommandLine line = parse_command_line(words);
  EXPECT_EQ(line.status, kStatusUsage) << line.text;
  EXPECT_EQ(line.command, Command::kPrint);
  EXPECT_EQ(line.text.find('\n'), line.text.size() - 1) << line.text;
  return line.text.substr(0, line.text.size() - 1);
}

TEST(ExploreWords, NeedOnlyACaptureAndAnApplication) {
  const ExploreOptions options = explored({});
  EXPECT_EQ(options.run.capture_path, "a.pcap");
  EXPECT_EQ(options.run.app, "xskfwd");
  EXPECT_EQ(options.run.app_arguments, Words{"1"});
  EXPECT_EQ(options.schedules, 1000u);
  EXPECT_EQ(options.strategy, StrategyKind::kRandom);
  EXPECT_EQ(options.engine, EngineKind::kFunctional);
  EXPECT_EQ(options.memory, MemoryKind::kSequential);
  EXPECT_EQ(options.window_ps, 5'000'000u);
  EXPECT_EQ(options.workers, 0u);
  EXPECT_EQ(options.time_s, 0u);
  EXPECT_FALSE(options.frames.has_value());
}

TEST(ExploreWords, UnderstandEveryOption) {
  const ExploreOptions options = explored({"--nic",
                                           "n.json",
                                           "--pace",
                                           "2x",
                                           "--start-delay",
                                           "2us",
                                           "--loop",
                                           "3",
                                           "--seed",
                                           "9",
                                           "--max-time",
                                           "1ms",
                                           "--stall-timeout",
                                           "4",
                                           "--out",
                                           "d",
                                           "--engine",
                                           "rtl",
                                           "--memory",
                                           "tso",
                                           "--faults",
                                           "swarm",
                                           "--frames",
                                           "1-3,9",
                                           "--schedules",
                                           "50",
                                           "--strategy",
                                           "pct",
                                           "--depth",
                                           "2",
                                           "--window",
                                           "7us",
                                           "-j",
                                           "3",
                                           "--time",
                                           "10m",
                                           "--failures",
                                           "0",
                                           "--",
                                           "1",
                                           "4"});
  EXPECT_EQ(options.run.nic_path, "n.json");
  EXPECT_EQ(options.run.loops, 3u);
  EXPECT_EQ(options.run.seed, 9u);
  EXPECT_EQ(options.run.max_time_ps, 1'000'000'000u);
  EXPECT_EQ(options.run.stall_seconds, 4u);
  EXPECT_EQ(options.run.out_dir, "d");
  EXPECT_EQ(options.run.app_arguments, (Words{"1", "4"}));
  EXPECT_EQ(options.engine, EngineKind::kRtl);
  EXPECT_EQ(options.memory, MemoryKind::kTso);
  EXPECT_EQ(options.faults, "swarm");
  EXPECT_EQ(options.frames, (std::vector<std::uint32_t>{1, 2, 3, 9}));
  EXPECT_EQ(options.schedules, 50u);
  EXPECT_EQ(options.strategy, StrategyKind::kPct);
  EXPECT_EQ(options.depth, 2u);
  EXPECT_EQ(options.window_ps, 7'000'000u);
  EXPECT_EQ(options.workers, 3u);
  EXPECT_EQ(options.time_s, 600u);
  EXPECT_EQ(options.failures, 0u);
}

TEST(ExploreWords, ATimeWithoutANumberMeansAsManySchedulesAsItAllows) {
  EXPECT_EQ(explored({"--time", "2h"}).schedules, 0u);
  EXPECT_EQ(explored({"--time", "90s"}).time_s, 90u);
}

TEST(ExploreWords, TakeAScenarioInPlaceOfACaptureAndAProgram) {
  const ExploreOptions options = understood({"explore", "s.json"}, Command::kExplore).explore;
  EXPECT_EQ(options.scenario_path, "s.json");
  EXPECT_EQ(options.run.capture_path, "");
  // What the file says would be said twice.
  EXPECT_EQ(refused({"explore", "s.json", "--app", "xskfwd"}),
            "ringproof: --app: expected none with a scenario file, which names its own, got \"xskfwd\"");
  EXPECT_EQ(refused({"explore", "s.json", "--nic", "n.json"}),
            "ringproof: --nic: expected none with a scenario file, which has its own, got \"n.json\"");
  EXPECT_EQ(refused({"explore", "s.scenario"}),
            "ringproof: --app: expected the application to run, a name or a path (or a scenario file, whose "
            "name ends in .json, without one), got none");
}

TEST(ExploreWords, ListsOfFramesAreSortedAndFreeOfRepetition) {
  EXPECT_EQ(explored({"--frames", "9,2-4,3"}).frames, (std::vector<std::uint32_t>{2, 3, 4, 9}));
  for (const char* text : {"0", "3-1", "1-", "-2", "1,,2", "a", "1;2", "1-2-3", "4294967296", ","}) {
    EXPECT_EQ(refused(explore_with({"--frames", text})),
              std::string("ringproof: --frames: expected numbers and ranges from 1, such as 1-5,9, got \"") +
                  text + "\"");
  }
}

TEST(ExploreWords, RefuseWhatIsNoChoice) {
  const struct {
    Words words;
    const char* line;
  } cases[] = {
      {{"--engine", "cycles"},
       "--engine: expected functional, cycle, rtl, or the path of a shared object, got \"cycles\" (did you "
       "mean "
       "cycle?)"},
      {{"--engine", "verilog"},
       "--engine: expected functional, cycle, rtl, or the path of a shared object, got \"verilog\""},
      {{"--engine", "./none.so"}, "--engine: expected a shared object that can be read, got ./none.so"},
      {{"--strategy", "randon"},
       "--strategy: expected first-come, random, pct, bounded or delays, got \"randon\" (did you mean "
       "random?)"},
      {{"--memory", "weak"}, "--memory: expected sequential, tso or release-acquire, got \"weak\""},
      {{"--schedules", "0"}, "--schedules: expected a whole number from 1 to 1000000000000, got \"0\""},
      {{"--depth", "0"}, "--depth: expected a whole number from 1 to 1000, got \"0\""},
      {{"-j", "0"}, "-j: expected a whole number from 1 to 256, got \"0\""},
      {{"-j"}, "-j: expected a value, got none"},
      {{"--time", "10"},
       "--time: expected a wall time with a unit (s, m or h), such as 10m, got \"10\" without a unit"},
      {{"--time", "1.5h"}, "--time: expected a wall time with a unit (s, m or h), such as 10m, got \"1.5h\""},
      {{"--time", "0s"}, "--time: expected a wall time from 1s to 277h, got \"0s\""},
      {{"--window", "2s"}, "--window: expected a time of at most 1s, got \"2s\""},
      {{"--twice"},
       "--twice: expected an option of `ringproof explore --help`, got an unknown one (did you mean "
       "--time?)"},
      {{"--faults", "--out"}, "--faults: expected a value, got the option --out"}};
  for (const auto& one : cases)
    EXPECT_EQ(refused(explore_with(one.words)), std::string("ringproof: ") + one.line);
  EXPECT_EQ(explored({"--strategy", "bounded", "--depth", "0"}).depth, 0u);
}

TEST(ExploreWords, ShrinkWantsAFileAndAPlaceForTheSmallerOne) {
  const ShrinkOptions options =
      understood({"shrink", "f.json", "--out", "s.json", "-j", "2", "--time", "1m"}, Command::kShrink).shrink;
  EXPECT_EQ(options.failure_path, "f.json");
  EXPECT_EQ(options.out_path, "s.json");
  EXPECT_EQ(options.workers, 2u);
  EXPECT_EQ(options.time_s, 60u);
  EXPECT_EQ(refused({"shrink"}),
            "ringproof: FILE: expected a failure file (see ringproof shrink --help), got none");
  EXPECT_EQ(refused({"shrink", "f.json"}),
            "ringproof: --out: expected the file for the smaller failure, got none");
  EXPECT_EQ(refused({"shrink", "f.json", "g.json", "--out", "s"}),
            "ringproof: shrink: expected one FILE, got \"g.json\" as well");
}

TEST(ExploreWords, RunWantsAScenarioAndTakesTheRestFromIt) {
  const ExploreOptions plain = understood({"run", "s.json"}, Command::kRun).explore;
  EXPECT_EQ(plain.scenario_path, "s.json");
  EXPECT_EQ(plain.engine, EngineKind::kFunctional);
  EXPECT_EQ(plain.memory, MemoryKind::kSequential);
  EXPECT_EQ(plain.faults, "");
  const ExploreOptions options =
      understood({"run", "s.json", "--engine", "rtl", "--memory", "release-acquire", "--faults", "swarm",
                  "--seed", "7", "--out", "o", "--wave", "w.fst", "--stall-timeout", "3"},
                 Command::kRun)
          .explore;
  EXPECT_EQ(options.engine, EngineKind::kRtl);
  EXPECT_EQ(options.memory, MemoryKind::kReleaseAcquire);
  EXPECT_EQ(options.faults, "swarm");
  EXPECT_EQ(options.run.seed, 7u);
  EXPECT_EQ(options.run.out_dir, "o");
  EXPECT_EQ(options.run.wave_path, "w.fst");
  EXPECT_EQ(options.run.stall_seconds, 3u);
  EXPECT_EQ(refused({"run", "s.json", "--free", "--free"}),
            "ringproof: --free: expected once, got it 2 times");
}

TEST(ExploreWords, ReplayFailureWantsAFile) {
  const ReplayFailureOptions options =
      understood({"replay-failure", "f.json", "--out", "d", "--wave", "w.vcd", "--timeline", "t.json"},
                 Command::kReplayFailure)
          .replay_failure;
  EXPECT_EQ(options.failure_path, "f.json");
  EXPECT_EQ(options.out_dir, "d");
  EXPECT_EQ(options.wave_path, "w.vcd");
  EXPECT_EQ(options.timeline_path, "t.json");
  EXPECT_EQ(refused({"replay-failure"}),
            "ringproof: FILE: expected a failure file (see ringproof replay-failure --help), got none");
  EXPECT_EQ(refused({"replay-failure", "f.json", "--wave", "w"}),
            "ringproof: --wave: expected a file name that ends in .fst or .vcd, got \"w\"");
}

TEST(ExploreWords, EachCommandHasAHelpWithExamplesAndStatuses) {
  for (const char* command : {"explore", "run", "shrink", "replay-failure"}) {
    const CommandLine line = understood({command, "--help"}, Command::kPrint);
    EXPECT_NE(line.text.find(std::string("Usage: ringproof ") + command), std::string::npos);
    for (const char* word : {"Example", "Exit status:", "--out"}) {
      EXPECT_NE(line.text.find(word), std::string::npos) << command << word;
    }
    EXPECT_EQ(line.text.find("\n\n\n"), std::string::npos);
  }
}

}  // namespace
}  // namespace ringproof

// Schedules are explored, and what breaks is kept, brought back, and made smaller.

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

#include "testbench/end_to_end/command.h"

namespace ringproof::test {
namespace {

using Json = nlohmann::json;
using Words = std::vector<std::string>;

class Explore : public testing::Test {
 protected:
  // A short scenario of a program; results go into a folder of this name.
  Words words(const std::string& app, const std::string& out, const Words& more = {},
              const std::string& schedules = "60") const {
    Words all = {"explore",     trace("udp-echo.pcapng"),
                 "--app",       application(app),
                 "--out",       folder.path(out),
                 "--frames",    "1-4",
                 "--schedules", schedules};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  Json result(const std::string& out) const { return Json::parse(folder.read(out + "/explore.json")); }
  // Everything that must not depend on who ran it and how long it took.
  Json comparable(const std::string& out) const {
    Json json = result(out);
    json.erase("wall_s");
    for (Json& failure : json["failures"]) failure.erase("file");
    return json;
  }
  std::string first_failure(const std::string& out) const {
    return result(out)["failures"][0]["file"].get<std::string>();
  }
  // A failure brings its own; these never strike.
  static Json with_other_faults(Json scenario) {
    const Json never = {{"event", "wire-in"}, {"nth", 1'000'000}};
    scenario["faults"] = {{{"id", "F-LIF-01"}, {"trigger", never}}, {{"id", "F-IRQ-01"}, {"trigger", never}}};
    return scenario;
  }
  static std::string plan_of(const std::string& id, double rate, const std::string& kind) {
    const Json record = {{"id", id}, {"trigger", {{"rate", rate}}}, {"parameters", {{"kind", kind}}}};
    return Json({{"schema", "ringproof.faults/1"}, {"faults", {record}}}).dump();
  }
  static Json read(const std::string& path) {
    const Outcome cat = shell("cat '" + path + "'");
    return Json::parse(cat.out);
  }

  const Folder folder;
};

// Two locks that two threads take in opposite orders.
TEST_F(Explore, ADeadlockIsToldWithWhoHasWhat) {
  const Outcome run = ringproof(words("crosses_locks_wrong", "out", {"--pace", "500000pps"}, "200"));
  EXPECT_EQ(run.status, 1) << run.out << run.err;
  const std::string expected =
      "everything waits for ever at .* ns simulated: main waits for a mutex held by thread; thread waits for "
      "a "
      "mutex held by main";
  EXPECT_TRUE(std::regex_search(run.out, std::regex(expected))) << run.out;
}

TEST_F(Explore, AProgramWithoutMistakesSurvives) {
  const Outcome run = ringproof(words("two_on_one_ring_right", "out"));
  EXPECT_EQ(run.status, 0) << run.out << run.err;
  EXPECT_NE(run.out.find("broke       nothing"), std::string::npos) << run.out;
  EXPECT_EQ(result("out")["schedules"], 60);
  EXPECT_EQ(result("out")["failures"], Json::array());
  EXPECT_TRUE(folder.has("out/explore.junit.xml"));
}

TEST_F(Explore, ARaceIsFoundAndKept) {
  const Outcome run = ringproof(words("two_on_one_ring_wrong", "out"));
  EXPECT_EQ(run.status, 1) << run.err;
  const Json failure = result("out")["failures"][0];
  EXPECT_EQ(failure["what"], "INV-02");
  EXPECT_GT(failure["first_schedule"], 0) << "it needs no schedule";
  EXPECT_NE(run.out.find("replay-failure " + first_failure("out")), std::string::npos) << run.out;
  EXPECT_EQ(read(first_failure("out"))["schema"], "ringproof.failure/1");
}

TEST_F(Explore, TheResultDoesNotDependOnTheNumberOfWorkers) {
  for (const char* workers : {"1", "3"}) {
    ringproof(words("two_on_one_ring_wrong", workers, {"-j", workers, "--failures", "1"}, "400"));
  }
  EXPECT_EQ(comparable("1"), comparable("3"));
  EXPECT_LT(result("1")["schedules"], 400) << "it did not end at the first failure";
}

TEST_F(Explore, TwoRunsAreEqualAndAnotherSeedIsNot) {
  for (const char* strategy : {"random", "pct"}) {
    const Words same = {"--strategy", strategy};
    ringproof(words("two_on_one_ring_right", "first", same));
    ringproof(words("two_on_one_ring_right", "second", same));
    ringproof(words("two_on_one_ring_right", "other", {"--strategy", strategy, "--seed", "1000"}));
    EXPECT_EQ(comparable("first"), comparable("second"));
    EXPECT_NE(result("first")["campaign_hash"], result("other")["campaign_hash"]);
  }
}

TEST_F(Explore, AFailureComesBackExactlyByTheCommandThatWasPrinted) {
  const Outcome run = ringproof(words("two_on_one_ring_wrong", "out"));
  const Words printed = match_of(run.out, "[^ ]*ringproof replay-failure [^\n]*");
  ASSERT_FALSE(printed.empty()) << run.out;
  const std::string message = result("out")["failures"][0]["message"];
  for (int i = 0; i < 2; ++i) {
    const Outcome again = shell(printed[0]);
    EXPECT_EQ(again.status, 1);
    EXPECT_NE(again.err.find("ringproof: " + message + "\n"), std::string::npos) << again.err;
    EXPECT_NE(again.err.find("INV-02 came back exactly"), std::string::npos) << again.err;
  }
}

TEST_F(Explore, ReplayingAFailureWritesResultsAndATimeline) {
  ringproof(words("two_on_one_ring_wrong", "out"));
  const Outcome run = ringproof({"replay-failure", first_failure("out"), "--out", folder.path("why"),
                                 "--timeline", folder.path("timeline.json")});
  EXPECT_EQ(run.status, 1);
  EXPECT_GT(Json::parse(folder.read("why/stats.json"))["invariants"]["violations"], 0);
  EXPECT_TRUE(folder.has("why/tx.pcapng"));
  EXPECT_FALSE(Json::parse(folder.read("timeline.json")).empty());
}

// The cycle engine has no waveform; the RTL does the same.
TEST_F(Explore, AFailureOfTheCycleEngineComesBackWithTheWaveformOfTheRtl) {
  ringproof(words("two_on_one_ring_wrong", "out", {"--engine", "cycle"}));
  const Outcome run = ringproof({"replay-failure", first_failure("out"), "--wave", folder.path("w.vcd")});
  EXPECT_EQ(run.status, 1);
  EXPECT_NE(run.err.find("INV-02 came back exactly"), std::string::npos) << run.err;
  EXPECT_TRUE(folder.has("w.vcd"));
}

TEST_F(Explore, AFailureOfTheFunctionalEngineHasNoWaveform) {
  ringproof(words("two_on_one_ring_wrong", "out"));
  const Outcome run = ringproof({"replay-failure", first_failure("out"), "--wave", folder.path("w.vcd")});
  EXPECT_EQ(run.status, 2);
  EXPECT_NE(run.err.find("--wave: expected a failure of an engine with a clock"), std::string::npos)
      << run.err;
}

TEST_F(Explore, AShrunkFailureIsSmallerAndBreaksTheSame) {
  ringproof(words("two_on_one_ring_wrong", "out"));
  const std::string file = first_failure("out");
  for (const char* workers : {"1", "2"}) {
    const Outcome shrink = ringproof({"shrink", file, "--out", folder.path(workers), "-j", workers});
    EXPECT_EQ(shrink.status, 0) << shrink.err;
    EXPECT_NE(shrink.out.find("nothing more can go"), std::string::npos) << shrink.out;
  }
  EXPECT_EQ(folder.read("1"), folder.read("2")) << "it depends on the number of workers";
  const Json small = Json::parse(folder.read("1"));
  EXPECT_LE(small["preemptions"], 2u);
  EXPECT_LT(small["decisions"].size(), read(file)["decisions"].size());
  EXPECT_EQ(small["scenario"]["frames"].size(), 1u);
  const Outcome again = ringproof({"replay-failure", folder.path("1")});
  EXPECT_EQ(again.status, 1);
  EXPECT_NE(again.err.find("INV-02 came back exactly"), std::string::npos) << again.err;
}

TEST_F(Explore, ProgramsThatEndTheirProcessAreKeptAndComeBack) {
  const struct {
    const char* app;
    const char* what;
    const char* said;
  } cases[] = {{"crashes", "crash", "crashed: segmentation fault (SIGSEGV)"},
               {"underscore_exit", "exit", "ended the process with status"},
               {"exits_nonzero", "exit 3", "expected exit status 0, got 3"},
               {"throws", "exception", "out of luck"}};
  for (const auto& one : cases) {
    EXPECT_EQ(ringproof(words(one.app, one.app, {}, "5")).status, 1);
    EXPECT_EQ(result(one.app)["failures"][0]["what"], one.what);
    EXPECT_EQ(result(one.app)["failures"][0]["schedules"], 5);
    const Outcome again = ringproof({"replay-failure", first_failure(one.app)});
    EXPECT_EQ(again.status, 1);
    EXPECT_NE(again.err.find(one.said), std::string::npos) << again.err;
    EXPECT_NE(again.err.find(std::string(one.what) + " came back exactly"), std::string::npos) << again.err;
    Json old = read(first_failure(one.app));
    old["build"] = "0";
    folder.write("old.json", old.dump());
    const Outcome of_old = ringproof({"replay-failure", folder.path("old.json")});
    EXPECT_NE(of_old.err.find("; found with build 0, this is "), std::string::npos) << of_old.err;
  }
}

TEST_F(Explore, AProgramThatStandsStillEndsTheCampaignAtOnce) {
  EXPECT_EQ(ringproof(words("spins", "out", {"--stall-timeout", "1"})).status, 1);
  EXPECT_EQ(result("out")["failures"][0]["what"], "stall");
  EXPECT_EQ(result("out")["schedules"], 1);
}

TEST_F(Explore, AFailureOfAnotherBuildSaysWhatDiffers) {
  ringproof(words("two_on_one_ring_wrong", "out"));
  Json file = read(first_failure("out"));
  file["build"] = "0";
  file["decisions"] = {{{"at", "main"}, {"n", 1}, {"run", "nobody"}}};
  folder.write("old.json", file.dump());
  const Outcome run = ringproof({"replay-failure", folder.path("old.json")});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_NE(run.err.find("expected INV-02 to come back, got a run in which nothing broke"),
            std::string::npos);
  EXPECT_NE(run.err.find("the first choice that differs: main at its choice 1: nobody"), std::string::npos)
      << run.err;
  EXPECT_NE(run.err.find("found with build 0, this is "), std::string::npos) << run.err;
  const Outcome shrink = ringproof({"shrink", folder.path("old.json"), "--out", folder.path("small.json")});
  EXPECT_EQ(shrink.status, 1);
  EXPECT_FALSE(folder.has("small.json"));
}

TEST_F(Explore, AFailureThatComesBackSaysWhatIsOtherThanInItsFile) {
  ringproof(words("two_on_one_ring_wrong", "out"));
  const Json file = read(first_failure("out"));
  const auto last_line = [this, &file](const Json& changes) {
    Json changed = file;
    changed.merge_patch(changes);
    folder.write("changed.json", changed.dump());
    const std::string err = ringproof({"replay-failure", folder.path("changed.json")}).err;
    return err.substr(err.rfind("ringproof: "));
  };
  const std::string hash = file["result_hash"];
  const std::string came_back = "ringproof: INV-02 came back";
  const std::string old_build = "; found with build 0, this is " + file["build"].get<std::string>() +
                                ": the application or Ringproof has changed\n";
  EXPECT_EQ(last_line({{"build", "0"}}), came_back + " exactly, result hash " + hash + old_build);
  EXPECT_EQ(last_line({{"result_hash", "00000000000000aa"}}),
            came_back + ", but not exactly: result hash " + hash + " instead of 00000000000000aa\n");
  EXPECT_EQ(last_line({{"broke", {{"message", "other words"}}}}),
            came_back + ", but not exactly: this message instead of: other words\n");
  EXPECT_EQ(last_line({{"broke", {{"message", "other words"}}}, {"result_hash", "00000000000000aa"}}),
            came_back + ", but not exactly: result hash " + hash +
                " instead of 00000000000000aa, this message instead of: other words\n");
}

// Written by hand into the file: its machine has one port.
TEST_F(Explore, AFailureFileNamesNoPlaceOfAFaultThatItsMachineHasNot) {
  ringproof(words("two_on_one_ring_wrong", "out"));
  Json file = read(first_failure("out"));
  file["faults"] = {{{"id", "F-LNK-01"}, {"trigger", {{"rate", 1}}}, {"target", {{"port", 5}}}}};
  folder.write("other.json", file.dump());
  const std::string line = "other.json: /faults/0/target/port: expected a port from 1 to 1, got 5\n";
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"replay-failure", folder.path("other.json")},
        {"shrink", folder.path("other.json"), "--out", folder.path("small.json")}}) {
    const Outcome run = ringproof(command);
    EXPECT_EQ(run.status, 2);
    EXPECT_TRUE(run.err.ends_with(line)) << run.err;
  }
}

// The program goes on for ever when its interface has gone away; the other fault of the plan does no harm.
TEST_F(Explore, AFailureKeepsItsFaultsAndShrinksToTheOneThatMatters) {
  const Json scenario = {{"schema", "ringproof.scenario/1"},
                         {"traffic",
                          {{"capture", trace("udp-echo.pcapng")},
                           {"frames", {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}},
                           {"pace", "500000pps"}}},
                         {"applications", {{{"app", application("ignores_error_wrong")}}}},
                         {"faults", RINGPROOF_SOURCE_DIR "/testbench/explore/interface_removed.json"},
                         {"max_time", "2ms"},
                         {"expect", {{"application_returns", true}}}};
  folder.write("scenario.json", scenario.dump());
  EXPECT_EQ(
      ringproof({"explore", folder.path("scenario.json"), "--schedules", "20", "--out", folder.path("out")})
          .status,
      1);
  EXPECT_EQ(result("out")["faults"], Json({{"F-IRQ-01", 20}, {"F-LIF-01", 20}}));
  EXPECT_EQ(read(first_failure("out"))["faults"].size(), 2u);
  folder.write("scenario.json", with_other_faults(scenario).dump());
  const Outcome shrink = ringproof({"shrink", first_failure("out"), "--out", folder.path("small.json")});
  EXPECT_NE(shrink.out.find("faults      2 -> 1"), std::string::npos) << shrink.out << shrink.err;
  const Json small = read(folder.path("small.json"));
  ASSERT_EQ(small["faults"].size(), 1u);
  EXPECT_EQ(small["faults"][0]["id"], "F-LIF-01");
  EXPECT_EQ(small["decisions"], Json::array());
  EXPECT_EQ(small["scenario"]["frames"].size(), 8u) << "with fewer it would wait for ever anyway";
  for (const std::string& file : {first_failure("out"), folder.path("small.json")}) {
    const Outcome again = ringproof({"replay-failure", file});
    EXPECT_NE(again.err.find("expect came back exactly"), std::string::npos) << again.err;
  }
}

TEST_F(Explore, AFailureOfASwarmComesBackExactly) {
  ringproof(words("two_on_one_ring_wrong", "out", {"--faults", "swarm"}));
  const Json failures = result("out")["failures"];
  ASSERT_FALSE(failures.empty());
  for (const Json& failure : failures) {
    const Outcome again = ringproof({"replay-failure", failure["file"]});
    EXPECT_NE(again.err.find(" came back exactly"), std::string::npos) << again.err;
  }
  EXPECT_FALSE(result("out")["faults"].empty());
}

// It posts all of its chunks and counts them in the end; one is gone with the descriptor that named it.
TEST_F(Explore, AProgramMayGiveUpWhenADescriptorOfItsWasCorrupted) {
  folder.write("plan.json", plan_of("F-DSC-01", 0.05, "max"));
  const Outcome run = ringproof(words("asks_first_right", "out", {"--faults", folder.path("plan.json")}));
  EXPECT_EQ(run.status, 0) << run.out << run.err;
  EXPECT_FALSE(result("out")["faults"].empty());
}

// Here the first schedule of all returns, because it cannot allocate; without that the program goes on for
// ever.
TEST_F(Explore, AProgramThatAFaultEndedNeedNotEndWithoutIt) {
  folder.write("plan.json", plan_of("F-ALC-01", 0.1, "ring"));
  const Outcome run =
      ringproof({"explore", trace("udp-echo.pcapng"), "--app", "xskfwd", "--seed", "8", "--schedules", "20",
                 "--faults", folder.path("plan.json"), "--out", folder.path("out")});
  EXPECT_EQ(run.status, 0) << run.out << run.err;
  EXPECT_LT(result("out")["faults"]["F-ALC-01"], 20);
}

TEST_F(Explore, ASignalLeavesWhatWasFoundSoFar) {
  std::string line = "timeout -s INT 2 " RINGPROOF_BINARY_DIR "/ringproof";
  for (const std::string& word :
       words("two_on_one_ring_wrong", "out", {"--time", "10m", "--failures", "0"})) {
    if (word != "--schedules" && word != "60") line += " '" + word + "'";
  }
  // `timeout` itself would answer 124.
  const Outcome run = shell(line + " & wait $!");
  EXPECT_EQ(result("out")["end"], "signal") << run.err;
  EXPECT_TRUE(shell("test -s '" + first_failure("out") + "'").status == 0);
}

// What it did before is graver, and shrinks.
TEST_F(Explore, ACrashDoesNotHideWhatWasViolatedBefore) {
  const Outcome run = ringproof(words("reuses_and_crashes", "out", {}, "4"));
  EXPECT_EQ(run.status, 1) << run.err;
  const Json failure = read(first_failure("out"));
  EXPECT_EQ(failure["broke"]["what"], "INV-11");
  const std::string message = failure["broke"]["message"];
  EXPECT_NE(message.find("; then: application "), std::string::npos) << message;
  EXPECT_NE(message.find(" crashed: aborted (SIGABRT) "), std::string::npos) << message;
  const Outcome again = ringproof({"replay-failure", first_failure("out")});
  EXPECT_EQ(again.status, 1);
  EXPECT_NE(again.err.find("INV-11 came back exactly"), std::string::npos) << again.err;
  EXPECT_EQ(ringproof({"shrink", first_failure("out"), "--out", folder.path("small.json")}).status, 0);
}

// The first schedule, with nothing delayed, has no end of its own.
TEST_F(Explore, TimeAndSignalsEndTheFirstScheduleToo) {
  const Outcome late = ringproof(words("polls_on", "late", {"--max-time", "1000s", "--time", "1s"}));
  EXPECT_EQ(late.status, 0) << late.err;
  EXPECT_EQ(result("late")["end"], "time");
  EXPECT_EQ(result("late")["schedules"], 0);
  EXPECT_NE(late.out.find("before the first schedule was"), std::string::npos) << late.out;

  std::string line = RINGPROOF_BINARY_DIR "/ringproof";
  for (const std::string& word : words("polls_on", "stopped", {"--max-time", "1000s"})) {
    line += " '" + word + "'";
  }
  // It makes the folder before it listens to signals.
  const Outcome stopped = shell(line + " & until test -d '" + folder.path("stopped") +
                                "'; do sleep 0.1; done; sleep 1; kill -TERM $!; wait $!");
  EXPECT_EQ(stopped.status, 128 + 15);
  EXPECT_EQ(result("stopped")["end"], "signal") << stopped.err;
}

TEST_F(Explore, WhatCannotBeUsedIsTold) {
  const std::string capture = trace("udp-echo.pcapng");
  const struct {
    Words words;
    std::string line;
  } cases[] = {{{"explore", capture, "--app", "nobody"}, "ringproof: application \"nobody\": expected "},
               {{"explore", folder.path("none.pcap"), "--app", "xskfwd"},
                "ringproof: " + folder.path("none.pcap") + ": "},
               {{"explore", capture, "--app", "xskfwd", "--frames", "100000"},
                "ringproof: " + capture + ": expected a frame 100000, got "},
               {{"shrink", folder.path("none.json"), "--out", folder.path("x.json")},
                "ringproof: " + folder.path("none.json") + ": expected a failure file that can be read"},
               {{"replay-failure", folder.path("none.json")},
                "ringproof: " + folder.path("none.json") + ": expected a failure file that can be read"}};
  for (const auto& one : cases) {
    const Outcome run = ringproof(one.words);
    EXPECT_EQ(run.status, 2) << run.err;
    EXPECT_EQ(run.err.compare(0, one.line.size(), one.line), 0) << run.err;
    EXPECT_EQ(std::count(run.err.begin(), run.err.end(), '\n'), 1) << run.err;
  }
}

TEST_F(Explore, AFailureNamesTheFileThatIsMissing) {
  ringproof(words("two_on_one_ring_wrong", "out"));
  Json file = read(first_failure("out"));
  file["scenario"]["capture"] = "gone.pcap";
  folder.write("moved.json", file.dump());
  for (const Words& command : {Words{"replay-failure", folder.path("moved.json")},
                               Words{"shrink", folder.path("moved.json"), "--out", folder.path("x.json")}}) {
    const Outcome run = ringproof(command);
    EXPECT_EQ(run.status, 2);
    EXPECT_EQ(run.err.compare(0, 22, "ringproof: gone.pcap: "), 0) << run.err;
  }
}

}  // namespace
}  // namespace ringproof::test

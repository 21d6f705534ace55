// run_test.cc: scenario files with several programs, run as a user runs them.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "testbench/end_to_end/command.h"

namespace ringproof::test {
namespace {

using nlohmann::json;

bool says(const std::string& text, const std::string& what) { return text.find(what) != std::string::npos; }

class Run : public testing::Test {
 protected:
  // Frames for both queues of one port, a hundred in all.
  Run() {
    scenario_ = json::parse(R"({"schema": "ringproof.scenario/1", "max_time": "5ms",
        "nic": {"schema": "ringproof.nic/1", "ports": [{"rx_queues": 2, "tx_queues": 2}]},
        "traffic": {"shape": "steady", "frames": 100, "gap": "5us", "flows": 16, "start_delay": "100us"},
        "applications": []})");
  }
  static json program(const std::string& name, const std::vector<std::string>& arguments = {}) {
    return {{"app", application(name)}, {"arguments", arguments}};
  }
  Outcome run(const json& programs, const std::vector<std::string>& options = {}) {
    scenario_["applications"] = programs;
    folder_.write("it.scenario.json", scenario_.dump());
    std::vector<std::string> words = {"run", folder_.path("it.scenario.json"), "--out", folder_.path()};
    words.insert(words.end(), options.begin(), options.end());
    return ringproof(words);
  }
  json programs() const { return folder_.stats()["applications"]; }

  Folder folder_;
  json scenario_;
};

TEST_F(Run, TwoProgramsShareAPortByItsQueues) {
  const Outcome outcome = run({program("takes", {"1", "0", "20"}), program("takes", {"1", "1", "20"})});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(says(outcome.out, "queue 0 took ")) << outcome.out;
  EXPECT_TRUE(says(outcome.out, "queue 1 took ")) << outcome.out;
  EXPECT_TRUE(says(outcome.out, "takes returned 0")) << outcome.out;
  EXPECT_EQ(programs(), json::parse(R"([{"name": "takes", "ended": true, "status": 0},
                                        {"name": "takes 2", "ended": true, "status": 0}])"));
  EXPECT_EQ(imbalance(folder_.stats()), 0);
  EXPECT_EQ(folder_.stats()["invariants"]["violations"], 0);
}

// A handler lets the program end by itself; without one the process ends.
TEST_F(Run, CtrlCIsPressedAtItsTime) {
  scenario_["operations"] = json::parse(R"([{"at": "2ms", "do": "ctrl c"}])");
  const json bench = {{"app", "xskbench"}, {"arguments", {"rx", "-if", "1", "-queues", "2"}}};
  const Outcome alone = run(json::array({bench}));
  EXPECT_EQ(alone.status, 0) << alone.err;
  EXPECT_TRUE(says(alone.out, "total")) << alone.out;
  EXPECT_EQ(folder_.stats()["end"]["reason"], "application returned");
  EXPECT_LT(folder_.stats()["sim"]["ns"], 3'000'000);

  const Outcome both = run({bench, program("sleeps", {"1"})});
  EXPECT_EQ(both.status, 1);
  EXPECT_TRUE(says(both.err, "sleeps")) << both.err;
  EXPECT_EQ(programs()[0]["status"], 0);
  EXPECT_EQ(programs()[1]["status"], static_cast<int>(0xC000013A));
}

// What it leaves open is closed with it: its frames go to the host's stack from then on.
TEST_F(Run, ExitOfOneEndsThatOneOnly) {
  for (const char* word : {"", "exit"}) {
    std::vector<std::string> first = {"1", "0", "1", "0"};
    if (*word != '\0') first.emplace_back(word);
    const Outcome outcome = run({program("takes", first), program("takes", {"1", "1", "40"})});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(programs()[0]["ended"], true);
    EXPECT_EQ(programs()[1]["ended"], true) << outcome.out;
    EXPECT_FALSE(says(outcome.out, "a handler")) << outcome.out;
    EXPECT_GT(folder_.stats()["frames"]["passed"], 10);
    EXPECT_EQ(folder_.stats()["frames"]["dropped"], json::object());
    EXPECT_EQ(imbalance(folder_.stats()), 0);
  }
}

TEST_F(Run, AStatusIsThatOfTheProgramThatFailed) {
  const Outcome outcome = run({program("takes", {"1", "0", "20"}), program("takes", {"1", "1", "2", "3"})});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_TRUE(says(outcome.err, "application takes 2: expected exit status 0, got 3 at ")) << outcome.err;
  EXPECT_EQ(programs()[0]["ended"], true);
  EXPECT_EQ(programs()[1]["status"], 3);
}

TEST_F(Run, ACrashNamesTheProgram) {
  json second = program("crashes", {"1"});
  second["name"] = "the second";
  const Outcome outcome = run({program("takes", {"1", "1", "90"}), second});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_TRUE(says(outcome.err, "application the second crashed: segmentation fault")) << outcome.err;
}

TEST_F(Run, OneThatCannotBeLoadedIsRefused) {
  const Outcome outcome = run({program("takes", {"1", "1", "90"}), program("no_main")});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_TRUE(says(outcome.err, "no_main.so: expected a function main, found none")) << outcome.err;
}

TEST_F(Run, IsTheSameAgainAndOtherwiseWithAnotherSeed) {
  const json two = {program("takes", {"1", "0", "20"}), program("takes", {"1", "1", "20"})};
  const auto hash = [&](const std::vector<std::string>& options) {
    run(two, options);
    return folder_.stats()["result_hash"].get<std::string>();
  };
  const std::string first = hash({});
  EXPECT_EQ(hash({}), first);
  EXPECT_NE(hash({"--seed", "2"}), first);
  const std::string cycle = hash({"--engine", "cycle"});
  EXPECT_EQ(hash({"--engine", "rtl"}), cycle);
}

// The plan of the command line stands in for that of the file, for all programs.
TEST_F(Run, TakesFaultsByTheCommandLineToo) {
  scenario_["faults"] = json::parse(R"([{"id": "F-LNK-02", "trigger": {"rate": 0.1}}])");
  const json two = {program("takes", {"1", "0", "20"}), program("takes", {"1", "1", "20"})};
  EXPECT_EQ(run(two).status, 0);
  EXPECT_GT(folder_.stats()["faults"]["F-LNK-02"], 0) << folder_.stats();
  folder_.write("plan.json", R"({"schema": "ringproof.faults/1",
      "faults": [{"id": "F-LNK-01", "trigger": {"rate": 0.1}}]})");
  const Outcome outcome = run(two, {"--faults", folder_.path("plan.json")});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  const json stats = folder_.stats();
  ASSERT_EQ(stats["faults"].size(), 1u) << stats["faults"];
  EXPECT_GT(stats["faults"]["F-LNK-01"], 0);
  EXPECT_EQ(stats["faults"]["F-LNK-01"], stats["frames"]["dropped"]["line_lost"]);
  EXPECT_TRUE(says(outcome.out, "faults      F-LNK-01 ")) << outcome.out;
  const Outcome free = run(two, {"--faults", folder_.path("plan.json"), "--free"});
  EXPECT_EQ(free.status, 2);
  EXPECT_TRUE(says(free.err, "free-running mode: expected a scenario without faults")) << free.err;
}

TEST_F(Run, WeakMemoryShowsAMissingFence) {
  scenario_["nic"]["ports"][0] = {{"rx_queues", 1}, {"tx_queues", 1}};
  scenario_["traffic"] = {{"capture", trace("udp-echo.pcapng")}, {"pace", "1Mpps"}};
  scenario_["engine"] = "cycle";
  const auto broken = [&](const char* app, const char* memory) {
    int count = 0;
    for (int seed = 1; seed <= 5; ++seed) {
      const Outcome outcome =
          run(json::array({program(app, {"1"})}), {"--memory", memory, "--seed", std::to_string(seed)});
      if (says(outcome.err, "INV-33 no lost poke, application")) ++count;
    }
    return count;
  };
  EXPECT_GT(broken("no_fence_wrong", "tso"), 0);
  EXPECT_EQ(broken("no_fence_wrong", "sequential"), 0);
  EXPECT_EQ(broken("no_fence_right", "tso"), 0);
}

TEST_F(Run, ExploreTakesTheSameFile) {
  run({program("takes", {"1", "0", "20"}), program("takes", {"1", "1", "20", "3"})});
  const Outcome found = ringproof({"explore", folder_.path("it.scenario.json"), "--schedules", "20", "-j",
                                   "1", "--out", folder_.path("out")});
  EXPECT_EQ(found.status, 1) << found.out << found.err;
  EXPECT_TRUE(says(found.out, "application takes 2")) << found.out;
  const Outcome again = ringproof({"replay-failure", folder_.path("out/failure-1.json")});
  EXPECT_EQ(again.status, 1);
  EXPECT_TRUE(says(again.err, "exit 3 came back exactly")) << again.err;
  scenario_["applications"][1]["arguments"][3] = "0";
  folder_.write("it.scenario.json", scenario_.dump());
  const Outcome fine =
      ringproof({"explore", folder_.path("it.scenario.json"), "--schedules", "100", "-j", "1"});
  EXPECT_EQ(fine.status, 0) << fine.out << fine.err;
}

TEST_F(Run, NamesThePlaceOfAMistake) {
  const auto refused = [&](const json& programs) {
    const Outcome outcome = run(programs);
    EXPECT_EQ(outcome.status, 2) << outcome.out;
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
    return outcome.err;
  };
  EXPECT_TRUE(says(refused(json::array()), "/applications: expected a list of 1 to 16 applications"));
  json named = program("takes");
  named["name"] = "a";
  EXPECT_TRUE(says(refused({named, named}), "/applications/1/name: expected a name that no other"));
  named["name"] = 7;
  EXPECT_TRUE(says(refused({program("takes"), named}), "/applications/1/name: expected a text"));
  EXPECT_TRUE(
      says(refused({program("takes"), json::object()}), "/applications/1/app: expected the application"));
  json misspelt = program("takes");
  misspelt["app"] = "xskfwdd";
  EXPECT_TRUE(says(refused({program("takes"), misspelt}),
                   "/applications/1/app: application \"xskfwdd\": expected the path of a shared object"));
  EXPECT_EQ(ringproof({"run"}).status, 2);
  EXPECT_TRUE(says(ringproof({"run", "none.json"}).err, "none.json: expected "));
  EXPECT_TRUE(says(run(json::array({program("takes")}), {"--wave", "x.fst"}).err,
                   "--wave: expected an engine that writes a waveform"));
}

}  // namespace
}  // namespace ringproof::test

// free_run_test.cc: free-running mode, by the command and in a program that is linked and started by itself.
//
// Threads are this machine's, and may be late for as long as it likes: nothing here depends on when.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "testbench/end_to_end/command.h"

namespace ringproof::test {
namespace {

using nlohmann::json;

bool says(const std::string& text, const std::string& what) { return text.find(what) != std::string::npos; }

class FreeRun : public testing::Test {
 protected:
  // A hundred frames for one queue, whose programs have buffers for a thousand, and time on a busy machine.
  FreeRun() {
    scenario_ = json::parse(R"({"schema": "ringproof.scenario/1", "max_time": "200s",
        "nic": {"schema": "ringproof.nic/1", "ports": [{"rx_queues": 1, "tx_queues": 1}]},
        "traffic": {"shape": "steady", "frames": 100, "gap": "5us", "start_delay": "1ms"}})");
    program("counts", {"1", "0", "100"});
  }
  void program(const std::string& name, const std::vector<std::string>& arguments) {
    scenario_["applications"] = {{{"app", application(name)}, {"arguments", arguments}}};
  }
  std::string file() const {
    folder_.write("it.scenario.json", scenario_.dump());
    return folder_.path("it.scenario.json");
  }
  Outcome run() const { return ringproof({"run", "--free", file(), "--out", folder_.path()}); }

  Folder folder_;
  json scenario_;
};

TEST_F(FreeRun, AProgramGetsEveryFrame) {
  const Outcome outcome = run();
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(says(outcome.out, "counted 100\n")) << outcome.out;
  EXPECT_TRUE(says(outcome.out, "no two runs are equal")) << outcome.out;
  const json stats = folder_.stats();
  EXPECT_EQ(stats["free_running"], true);
  EXPECT_EQ(stats["frames"]["to_sockets"], 100);
  EXPECT_EQ(imbalance(stats), 0);
  EXPECT_FALSE(stats.contains("result_hash"));
  EXPECT_FALSE(stats.contains("invariants"));
  EXPECT_EQ(read_packets(folder_.path("ports/port1.pcapng")).size(), 100U);
}

// The same objects behind engines with a clock.
TEST_F(FreeRun, TheCycleEngineServesFreeThreads) {
  scenario_["engine"] = "cycle";
  const Outcome outcome = run();
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(says(outcome.out, "counted 100\n")) << outcome.out;
}

// Traffic begins with whichever attaches first, so only one of them wants any.
TEST_F(FreeRun, TwoProgramsAreTwoProcesses) {
  const json counts = scenario_["applications"][0];
  scenario_["applications"] = {counts,
                               {{"app", application("windows_free_std")}, {"arguments", json::array()}}};
  const Outcome outcome = run();
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(says(outcome.out, "counts returned 0")) << outcome.out;
  EXPECT_TRUE(says(outcome.out, "windows_free_std returned 0")) << outcome.out;
  EXPECT_EQ(folder_.stats()["frames"]["to_sockets"], 100);
}

// It polls for ever; a while after the last frame the run is over.
TEST_F(FreeRun, AProgramThatNeverEndsIsStopped) {
  scenario_["applications"] = {{{"app", "xskfwd"}, {"arguments", {"1", "1"}}}};
  const Outcome outcome = run();
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  const json stats = folder_.stats();
  EXPECT_EQ(stats["end"]["reason"], "quiet");
  EXPECT_EQ(stats["frames"]["wire_in"], 100);
  EXPECT_EQ(imbalance(stats), 0);
  EXPECT_LE(stats["frames"]["wire_out"], stats["frames"]["to_sockets"]);
}

TEST_F(FreeRun, TheEndOfAProgramIsTold) {
  program("exits_nonzero", {"1"});
  Outcome outcome = run();
  EXPECT_EQ(outcome.status, 1);
  EXPECT_TRUE(says(outcome.err, "expected exit status 0, got ")) << outcome.err;
  program("throws", {"1"});
  outcome = run();
  EXPECT_EQ(outcome.status, 1);
  EXPECT_TRUE(says(outcome.err, "by an exception that nobody caught")) << outcome.err;
  program("crashes", {"1"});
  outcome = run();
  EXPECT_EQ(outcome.status, 1);
  EXPECT_TRUE(says(outcome.err, "crashed: ")) << outcome.err;
  program("no_main", {"1"});
  outcome = run();
  EXPECT_EQ(outcome.status, 2);
  EXPECT_TRUE(says(outcome.err, "expected a function main")) << outcome.err;
}

TEST_F(FreeRun, WhatOnlySchedulesHaveIsRefused) {
  scenario_["faults"] = "swarm";
  Outcome outcome = run();
  EXPECT_EQ(outcome.status, 2);
  EXPECT_TRUE(says(outcome.err, "expected a scenario without faults")) << outcome.err;
  scenario_.erase("faults");
  scenario_["memory"] = "tso";
  outcome = run();
  EXPECT_EQ(outcome.status, 2);
  EXPECT_TRUE(says(outcome.err, "expected no memory model")) << outcome.err;
}

// A Windows program checks by itself what threads, objects and calls do.
TEST_F(FreeRun, WindowsThreadsAreThreads) {
  program("windows_free", {});
  const Outcome outcome = run();
  EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
  EXPECT_TRUE(says(outcome.out, " made, 0 failed")) << outcome.out;
}

// No traffic has begun, and the only thread that the machine knows of waits for ever.
TEST_F(FreeRun, AThreadThatHasNotCalledYetKeepsTheRunGoing) {
  program("windows_free_std", {});
  const Outcome outcome = run();
  EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
  EXPECT_TRUE(says(outcome.out, "woken 1, made 8\n")) << outcome.out;
  EXPECT_EQ(folder_.stats()["end"]["reason"], "application returned");
}

class LinkedProgram : public FreeRun {
 protected:
  // The program as a file of its own, which nobody loads.
  Outcome start(const std::string& environment) const {
    return shell(fmt::format("{} {} 1 0 100", environment, RINGPROOF_COUNTS_ALONE));
  }
};

TEST_F(LinkedProgram, RunsByItself) {
  const Outcome outcome =
      start(fmt::format("RINGPROOF_SCENARIO={} RINGPROOF_OUT={}", file(), folder_.path("out")));
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "counted 100\n");
  EXPECT_EQ(outcome.err, "");
  const json stats = json::parse(folder_.read("out/stats.json"));
  EXPECT_EQ(stats["frames"]["to_sockets"], 100);
  EXPECT_EQ(imbalance(stats), 0);
}

TEST_F(LinkedProgram, WithoutAScenarioThereIsNoDriver) {
  const Outcome outcome = start("");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_TRUE(says(outcome.err, "XskCreate failed: 0x80070002")) << outcome.err;
}

TEST_F(LinkedProgram, AScenarioThatIsNotThereIsTold) {
  const Outcome outcome = start("RINGPROOF_SCENARIO=" + folder_.path("none.json"));
  EXPECT_EQ(outcome.status, 2);
  EXPECT_TRUE(says(outcome.err, "none.json: expected a scenario file that can be read")) << outcome.err;
}

}  // namespace
}  // namespace ringproof::test

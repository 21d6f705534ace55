// A queue engine of somebody else's in the place of ours: everything that runs a program takes it.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "testbench/end_to_end/command.h"

namespace ringproof::test {
namespace {

using Json = nlohmann::json;

const std::string kSimple = RINGPROOF_BINARY_DIR "/engines/simple.so";

std::vector<std::string> sent(const Folder& folder) {
  std::vector<std::string> frames;
  for (const Packet& packet : read_packets(folder.path("tx.pcapng"))) frames.push_back(packet.bytes);
  std::sort(frames.begin(), frames.end());
  return frames;
}

Outcome replayed(const std::string& engine, const Folder& folder) {
  return ringproof({"replay", trace("mixed.pcapng"), "--app", "xskfwd", "--engine", engine, "--out",
                    folder.path(), "--", "1", "4"});
}

// It has no RSS, moderation or counters, and is many times slower than the line: the program sees none of it.
TEST(OwnEngine, MovesTheFramesThatOursMoves) {
  const Folder simple, rtl;
  EXPECT_EQ(replayed("simple", simple).status, 0);
  EXPECT_EQ(replayed("rtl", rtl).status, 0);
  EXPECT_GT(sent(simple).size(), 100u);
  EXPECT_EQ(sent(simple), sent(rtl));
  const Json stats = simple.stats();
  EXPECT_EQ(imbalance(stats), 0);
  EXPECT_EQ(stats["invariants"]["violations"], 0);
  EXPECT_EQ(stats["engine"], "simple");
  EXPECT_EQ(rtl.stats()["engine"], "rtl");
  EXPECT_GT(stats["latency_ns"]["p50"], rtl.stats()["latency_ns"]["p50"]);
}

TEST(OwnEngine, RunsTheSameTwice) {
  const Outcome run = ringproof(
      {"replay", trace("udp-echo.pcapng"), "--app", application("returns"), "--engine", kSimple, "--twice"});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(run.out.find("VIOLATION"), std::string::npos) << run.out;
}

TEST(OwnEngine, HasAWaveformInFst) {
  const Folder folder;
  const std::vector<std::string> words = {
      "replay", trace("udp-echo.pcapng"), "--app", application("returns"), "--engine", "simple", "--wave"};
  const auto waved = [&](const std::string& name) {
    std::vector<std::string> all = words;
    all.push_back(folder.path(name));
    return ringproof(all);
  };
  EXPECT_EQ(waved("w.fst").status, 0);
  EXPECT_GT(std::filesystem::file_size(folder.path("w.fst")), 1000u);
  const Outcome refused = waved("w.vcd");
  EXPECT_EQ(refused.status, 2);
  EXPECT_EQ(refused.err,
            "ringproof: --wave: expected a file name that ends in .fst for the engine simple, got \"" +
                folder.path("w.vcd") + "\"\n");
}

// It is an input of the run.
TEST(OwnEngine, IsNotOverwritten) {
  const Folder folder;
  std::filesystem::copy_file(kSimple, folder.path("mine.so"));
  std::filesystem::create_symlink(folder.path("mine.so"), folder.path("w.fst"));
  const Outcome run = ringproof({"replay", trace("udp-echo.pcapng"), "--app", application("returns"),
                                 "--engine", folder.path("mine.so"), "--wave", folder.path("w.fst")});
  EXPECT_EQ(run.status, 2);
  EXPECT_NE(run.err.find("that is no input of the run"), std::string::npos) << run.err;
  EXPECT_EQ(std::filesystem::file_size(folder.path("mine.so")), std::filesystem::file_size(kSimple));
}

TEST(OwnEngine, HasTheQueuesAndRingsThatItHas) {
  const Folder folder;
  folder.write("nic.json", R"({"schema": "ringproof.nic/1", "ports": [{"rx_queues": 8, "tx_queues": 2}]})");
  const Outcome run = ringproof({"replay", trace("udp-echo.pcapng"), "--app", application("returns"),
                                 "--engine", "simple", "--nic", folder.path("nic.json")});
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.err, "ringproof: " + folder.path("nic.json") +
                         ": port1: rx_queues: expected at most 4 on engine simple, got 8\n");
}

TEST(OwnEngine, FailuresRememberIt) {
  const Folder folder;
  const Outcome run =
      ringproof({"explore", trace("udp-echo.pcapng"), "--app", application("forgets_poke_wrong"), "--engine",
                 kSimple, "--schedules", "60", "--frames", "1-4", "--out", folder.path("out")});
  EXPECT_EQ(run.status, 1) << run.err;
  const Json result = Json::parse(folder.read("out/explore.json"));
  EXPECT_EQ(result["engine"], kSimple);
  const std::string file = result["failures"][0]["file"].get<std::string>();
  const Outcome again = ringproof({"replay-failure", file, "--wave", folder.path("w.fst")});
  EXPECT_EQ(again.status, 1);
  EXPECT_NE(again.err.find(" came back exactly"), std::string::npos) << again.err;
  EXPECT_TRUE(folder.has("w.fst"));

  const Outcome smaller = ringproof({"shrink", file, "--out", folder.path("small.json")});
  EXPECT_EQ(smaller.status, 0) << smaller.err;
  Json small = Json::parse(folder.read("small.json"));
  EXPECT_EQ(small["scenario"]["engine"], kSimple);
  small["scenario"]["engine"] = "./gone.so";
  folder.write("gone.json", small.dump());
  const Outcome gone = ringproof({"replay-failure", folder.path("gone.json")});
  EXPECT_EQ(gone.status, 2);
  EXPECT_EQ(gone.err, "ringproof: " + folder.path("gone.json") +
                          ": /scenario/engine: expected a shared object that can be read, got ./gone.so\n");
}

// A path is one beside the file.
TEST(OwnEngine, AScenarioFileNamesIt) {
  const Folder folder;
  std::filesystem::copy_file(kSimple, folder.path("mine.so"));
  const std::string bundled =
      RINGPROOF_SOURCE_DIR "/testbench/scenarios/smoke/zero_copy_queues.scenario.json";
  Json scenario = Json::parse(shell("cat '" + bundled + "'").out);
  scenario["engine"] = "mine.so";
  folder.write("mine.json", scenario.dump());
  EXPECT_EQ(ringproof({"run", folder.path("mine.json")}).status, 0);
  const Outcome explored =
      ringproof({"explore", folder.path("mine.json"), "--schedules", "20", "--faults", "swarm"});
  EXPECT_EQ(explored.status, 0) << explored.out;
  EXPECT_NE(explored.out.find("engine " + folder.path("mine.so") + ","), std::string::npos) << explored.out;
}

// Register writes took a cycle longer to have their effect than what came into memory: the second of two
// armings asked for an interrupt as well.
TEST(OwnEngine, SeedsThatOnceBlamedItHold) {
  const std::string scenario =
      RINGPROOF_SOURCE_DIR "/testbench/scenarios/smoke/senders_take_turns.scenario.json";
  const Outcome run = ringproof({"explore", scenario, "--engine", "simple", "--schedules", "2", "--seed",
                                 "902", "--faults", "swarm", "--memory", "release-acquire"});
  EXPECT_EQ(run.status, 0) << run.out;
}

}  // namespace
}  // namespace ringproof::test

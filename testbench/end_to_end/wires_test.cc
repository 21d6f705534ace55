// wires_test.cc: scenario files whose ports send to each other, and several ports with traffic.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "testbench/end_to_end/command.h"

namespace ringproof::test {
namespace {

using nlohmann::json;

constexpr std::uint64_t kLatencyNs = 10'000;

bool says(const std::string& text, const std::string& what) { return text.find(what) != std::string::npos; }

class Wires : public testing::Test {
 protected:
  static json with_ports(int count) {
    json scenario = json::parse(R"({"schema": "ringproof.scenario/1", "max_time": "4ms",
        "nic": {"schema": "ringproof.nic/1", "ports": []}, "applications": []})");
    for (int i = 0; i < count; ++i) scenario["nic"]["ports"].push_back({{"rx_queues", 1}, {"tx_queues", 1}});
    return scenario;
  }
  static json asks(const std::string& interface, const std::string& frames, const std::string& to) {
    return {
        {"app", application("asks")}, {"arguments", {interface, frames, to}}, {"name", "asks " + interface}};
  }
  static json echo(const std::string& interface) {
    return {{"app", "xskfwd"}, {"arguments", {interface, "1"}}, {"name", "echo " + interface}};
  }
  // One asks, the other answers.
  static json asked_and_answered() {
    json scenario = with_ports(2);
    scenario["wires"] = json::parse(R"([{"ports": [1, 2], "latency": "10us"}])");
    scenario["applications"] = {asks("1", "8", "2"), echo("2")};
    return scenario;
  }
  // Two echo programs, and a frame that goes to and fro.
  static json back_to_back() {
    json scenario = with_ports(2);
    scenario["wires"] = json::parse(R"([{"ports": [2, 1], "latency": "10us"}])");
    scenario["applications"] = {echo("1"), echo("2")};
    scenario["operations"] =
        json::parse(R"([{"at": "100us", "do": "host send", "interface": 1, "port": 1234}])");
    return scenario;
  }
  Outcome run(const json& scenario, const std::vector<std::string>& options = {}) {
    folder_.write("it.scenario.json", scenario.dump());
    std::vector<std::string> words = {"run", file(), "--out", folder_.path()};
    words.insert(words.end(), options.begin(), options.end());
    return ringproof(words);
  }
  std::string file() const { return folder_.path("it.scenario.json"); }
  json frames() const { return folder_.stats()["frames"]; }
  std::string hash() const { return folder_.stats()["result_hash"]; }

  Folder folder_;
};

TEST_F(Wires, WhatOnePortSendsTheOtherGets) {
  const Outcome outcome = run(asked_and_answered());
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(says(outcome.out, "8 came back\n")) << outcome.out;
  EXPECT_TRUE(says(outcome.out, "asks 1 returned 0")) << outcome.out;
  EXPECT_TRUE(says(outcome.out, "echo 2 was running")) << outcome.out;
  EXPECT_EQ(frames()["wire_in"], 16);
  EXPECT_EQ(frames()["wire_out"], 16);
  // What one end sent is what the other got, later and in the same order.
  const std::vector<Packet> left = read_packets(folder_.path("ports/port1.pcapng"));
  const std::vector<Packet> right = read_packets(folder_.path("ports/port2.pcapng"));
  ASSERT_EQ(left.size(), 16u);
  ASSERT_EQ(right.size(), 16u);
  for (std::size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(left[i].bytes, right[i].bytes) << i;
    EXPECT_GE(right[i].time_ns, left[i].time_ns + kLatencyNs) << i;
  }
  EXPECT_EQ(imbalance(folder_.stats()), 0);
  EXPECT_EQ(folder_.stats()["invariants"]["violations"], 0);
}

TEST_F(Wires, TwoEchoProgramsBackToBackKeepAFrameGoing) {
  for (const char* engine : {"functional", "cycle"}) {
    const Outcome outcome = run(back_to_back(), {"--engine", engine});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    const std::vector<Packet> packets = read_packets(folder_.path("tx.pcapng"));
    ASSERT_GT(packets.size(), 50u) << engine;
    for (std::size_t i = 1; i < packets.size(); ++i) {
      EXPECT_GE(packets[i].time_ns, packets[i - 1].time_ns + kLatencyNs) << engine << ", frame " << i;
      EXPECT_EQ(packets[i].bytes.substr(12), packets[i - 1].bytes.substr(12)) << engine << ", frame " << i;
    }
    EXPECT_EQ(frames()["wire_out"], packets.size());
    EXPECT_EQ(folder_.stats()["end"]["reason"], "max-time");
  }
}

TEST_F(Wires, ASwitchLearnsWhoIsWhere) {
  json scenario = with_ports(3);
  scenario["wires"] = json::parse(R"([{"switch": [1, 2, 3], "latency": "2us"}])");
  scenario["applications"] = {asks("1", "4", "2"), echo("2"), asks("3", "4", "2")};
  const Outcome outcome = run(scenario);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(says(outcome.out, "asks 1 returned 0")) << outcome.out;
  EXPECT_TRUE(says(outcome.out, "asks 3 returned 0")) << outcome.out;
  EXPECT_EQ(frames()["wire_out"], 16);
  // Questions go everywhere, because nobody has heard of station 2; answers do not.
  EXPECT_EQ(frames()["wire_in"], 8 * 2 + 8);
}

TEST_F(Wires, ARunIsTheSameAgainOnEveryEngine) {
  for (const json& scenario : {asked_and_answered(), back_to_back()}) {
    run(scenario);
    const std::string first = hash();
    run(scenario);
    EXPECT_EQ(hash(), first);
    run(scenario, {"--engine", "cycle"});
    const std::string cycle = hash();
    run(scenario, {"--engine", "rtl"});
    EXPECT_EQ(hash(), cycle);
    EXPECT_NE(first, cycle);
  }
}

TEST_F(Wires, HoldUnderManySchedules) {
  json scenario = asked_and_answered();
  scenario["expect"] = {{"received", 16}, {"in_order", true}};
  folder_.write("it.scenario.json", scenario.dump());
  const Outcome fine = ringproof({"explore", file(), "--schedules", "60", "-j", "1", "--compare", "16"});
  EXPECT_EQ(fine.status, 0) << fine.out << fine.err;
  scenario["expect"]["received"] = 15;
  folder_.write("it.scenario.json", scenario.dump());
  const Outcome found =
      ringproof({"explore", file(), "--schedules", "3", "-j", "1", "--out", folder_.path("out")});
  EXPECT_EQ(found.status, 1) << found.out << found.err;
  const Outcome again = ringproof({"replay-failure", folder_.path("out/failure-1.json")});
  EXPECT_TRUE(says(again.err, "expect came back exactly")) << again.err;
}

TEST_F(Wires, EachPortMayHaveTrafficOfItsOwn) {
  json scenario = with_ports(3);
  scenario["traffic"] = json::parse(R"([{"port": 3, "shape": "steady", "frames": 20, "start_delay": "50us"},
      {"port": 1, "capture": ")" + trace("dns-ping.pcap") +
                                    R"(", "frames": [1, 2, 3, 5, 8], "pace": "line-rate",
       "start_delay": "50us"}])");
  scenario["applications"] = json::array();
  for (const auto& [interface, count] : {std::pair("1", "5"), std::pair("3", "20")}) {
    scenario["applications"].push_back(
        {{"app", application("takes")}, {"arguments", {interface, "0", count}}});
  }
  const Outcome outcome = run(scenario);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(folder_.stats()["end"]["reason"], "application returned");
  EXPECT_EQ(folder_.stats()["capture"]["frames"], 25);
  EXPECT_EQ(frames()["to_sockets"], 25);
}

TEST_F(Wires, ResultsDoNotReplaceWhatTheyComeFrom) {
  std::filesystem::create_directory(folder_.path("ports"));
  std::filesystem::copy(trace("dns-ping.pcap"), folder_.path("ports/port1.pcapng"));
  json scenario = with_ports(1);
  scenario["traffic"] = {{"capture", "ports/port1.pcapng"}};
  scenario["applications"] = json::array({echo("1")});
  const Outcome outcome = run(scenario);
  EXPECT_EQ(outcome.status, 2) << outcome.out;
  EXPECT_TRUE(says(outcome.err, "expected a directory whose ports/port1.pcapng is no input")) << outcome.err;
  EXPECT_TRUE(folder_.has("ports/port1.pcapng"));
}

TEST_F(Wires, MistakesAreRefusedWithTheirPlace) {
  const auto refused = [&](const char* wires, const char* traffic) {
    json scenario = with_ports(3);
    scenario["applications"] = json::array({echo("1")});
    if (*wires != '\0') scenario["wires"] = json::parse(wires);
    if (*traffic != '\0') scenario["traffic"] = json::parse(traffic);
    const Outcome outcome = run(scenario);
    EXPECT_EQ(outcome.status, 2) << outcome.out;
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
    return outcome.err;
  };
  const char* shape = R"({"shape": "steady"})";
  EXPECT_TRUE(says(refused("", ""), "/traffic: expected an object with a capture or a shape"));
  EXPECT_TRUE(says(refused("[]", shape), "/wires: expected a list of cables and switches"));
  EXPECT_TRUE(says(refused("[{}]", ""), "/wires/0: expected one of \"ports\" (a cable) and \"switch\""));
  EXPECT_TRUE(
      says(refused(R"([{"ports": [1, 2, 3]}])", ""), "/wires/0/ports: expected two ports from 1 to 3"));
  EXPECT_TRUE(says(refused(R"([{"ports": [1, 4]}])", ""), "/wires/0/ports: expected two ports from 1 to 3"));
  EXPECT_TRUE(
      says(refused(R"([{"ports": [1, 1]}])", ""), "/wires/0/ports: expected ports that have no other"));
  EXPECT_TRUE(
      says(refused(R"([{"ports": [1, 2]}, {"switch": [2, 3]}])", ""), "/wires/1/switch: expected ports"));
  EXPECT_TRUE(
      says(refused(R"([{"ports": [1, 2], "latency": "10ns"}])", ""), "/wires/0/latency: expected a time"));
  EXPECT_TRUE(
      says(refused(R"([{"ports": [1, 2]}])", shape), "/traffic/port: expected a port without a wire"));
  EXPECT_TRUE(
      says(refused("", R"([{"shape": "steady"}, {"shape": "steady"}])"), "/traffic/1/port: expected a"));
  EXPECT_TRUE(says(refused("", R"([{"shape": "steady", "port": 4}])"), "/traffic/0/port: expected a whole"));
  EXPECT_TRUE(says(refused("", "[]"), "/traffic: expected an object with a capture or a shape, or a list"));
}

}  // namespace
}  // namespace ringproof::test

// Scenario files: what they say, what they may not say, and that those in testbench/scenarios hold.

#include "sim/scenario/scenario_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "model/base/sanitizers.h"
#include "sim/replay/input_error.h"
#include "testbench/end_to_end/command.h"

namespace ringproof {
namespace {

using nlohmann::json;

// With sanitizers they take ten times as long.
constexpr const char* kSwarmSchedules = RINGPROOF_ASAN || RINGPROOF_TSAN ? "10" : "40";

class ScenarioFiles : public testing::Test {
 protected:
  json good = json::parse(R"({"schema": "ringproof.scenario/1",
      "traffic": {"shape": "steady", "frames": 10},
      "applications": [{"app": "xskfwd"}]})");

  ScenarioFile read(const json& scenario) {
    folder_.write("test.scenario.json", scenario.dump());
    return read_scenario_file(folder_.path("test.scenario.json"));
  }
  // What the reader says, without the name of the file.
  std::string refusal(const json& scenario) {
    try {
      read(scenario);
    } catch (const InputError& error) {
      const std::string text = error.what();
      return text.substr(text.find(": /") == std::string::npos ? 0 : text.find(": /") + 2);
    }
    return "no refusal";
  }
  std::string refusal_of_change(const std::string& pointer, const json& value) {
    json changed = good;
    changed[json::json_pointer(pointer)] = value;
    return refusal(changed);
  }

  test::Folder folder_;
};

TEST_F(ScenarioFiles, SayWhatACommandLineSays) {
  good["seed"] = 9;
  good["engine"] = "rtl";
  good["schedule"] = {{"strategy", "pct"}, {"depth", 4}, {"schedules", 50}, {"window", "2us"}};
  good["applications"][0]["arguments"] = {"1", "2"};
  good["max_time"] = "1.5ms";
  const ScenarioFile file = read(good);
  EXPECT_EQ(file.options.run.seed, 9u);
  EXPECT_EQ(file.options.engine, EngineKind::kRtl);
  EXPECT_EQ(file.options.strategy, StrategyKind::kPct);
  EXPECT_EQ(file.options.depth, 4u);
  EXPECT_EQ(file.options.schedules, 50u);
  EXPECT_EQ(file.options.window_ps, 2'000'000u);
  EXPECT_EQ(file.options.run.max_time_ps, 1'500'000'000u);
  EXPECT_EQ(file.options.run.app_arguments, (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(file.capture.frames.size(), 10u);
}

TEST_F(ScenarioFiles, TheCommandLineHasTheLastWord) {
  good["applications"][0]["arguments"] = {"1", "2"};
  good["seed"] = 9;
  good["schedule"] = {{"schedules", 50}};
  ExploreOptions asked;
  asked.scenario_path = read(good).options.scenario_path;
  asked.schedules = 3;
  const ExploreOptions options = with_scenario_file(asked);
  EXPECT_EQ(options.schedules, 3u);
  EXPECT_EQ(options.run.seed, 9u);
  EXPECT_EQ(options.run.app, "xskfwd");
  EXPECT_EQ(options.run.app_arguments, (std::vector<std::string>{"1", "2"}));
  asked.run.app_arguments = {"7"};
  EXPECT_EQ(with_scenario_file(asked).run.app_arguments, std::vector<std::string>{"7"});
}

// Also where it says what would be the default without the file.
TEST_F(ScenarioFiles, WhatTheCommandLineGivesWinsOverTheFile) {
  good["applications"][0]["arguments"] = {"7"};
  good["seed"] = 9;
  good["engine"] = "rtl";
  ExploreOptions asked;
  asked.scenario_path = read(good).options.scenario_path;
  asked.run.seed = 1;
  asked.engine = EngineKind::kFunctional;
  asked.run.app_arguments = {"1"};
  asked.given = {"--seed", "--engine", "--"};
  const ExploreOptions options = with_scenario_file(asked);
  EXPECT_EQ(options.run.seed, 1u);
  EXPECT_EQ(options.engine, EngineKind::kFunctional);
  EXPECT_EQ(options.run.app_arguments, std::vector<std::string>{"1"});
}

TEST_F(ScenarioFiles, WhyIsAllowedEverywhere) {
  good["why"] = "because";
  good["traffic"]["why"] = "because";
  good["applications"][0]["why"] = "because";
  good["operations"] = {{{"at", "1us"}, {"do", "link down"}, {"why", "because"}}};
  good["expect"] = {{"why", "because"}};
  EXPECT_EQ(refusal(good), "no refusal");
}

TEST_F(ScenarioFiles, OperationsHaveTimesAndUndoThemselves) {
  good["operations"] = {{{"at", "1.5ms"}, {"do", "pause interface"}, {"for", "10us"}},
                        {{"at_cycle", 1000}, {"do", "set mtu"}, {"mtu", 1400}}};
  const ScenarioFile file = read(good);
  ASSERT_EQ(file.operations.size(), 2u);
  EXPECT_EQ(file.operations[0].kind, OperationKind::kPauseInterface);
  EXPECT_EQ(file.operations[0].at_ps, 1'500'000'000u);
  EXPECT_EQ(file.operations[0].for_ps, 10'000'000u);
  EXPECT_EQ(file.operations[1].at_ps, 4'000'000u);
  EXPECT_EQ(file.operations[1].mtu, 1400u);
}

TEST_F(ScenarioFiles, RssHasATableAKeyAndHashTypes) {
  const std::string key(80, 'a');
  good["operations"] = {{{"at", "1us"},
                         {"do", "set rss"},
                         {"table", {3, 0}},
                         {"key", key},
                         {"hash_types", {"ipv4", "udp_ipv6"}}},
                        {{"at", "2us"}, {"do", "set rss"}, {"hash_types", json::array()}}};
  const ScenarioFile file = read(good);
  ASSERT_EQ(file.operations.size(), 2u);
  EXPECT_EQ(file.operations[0].rss_queues, (std::vector<std::uint8_t>{3, 0}));
  EXPECT_EQ(file.operations[0].rss_key->front(), 0xAA);
  EXPECT_EQ(file.operations[0].rss_hash_types, 0x21u);
  EXPECT_FALSE(file.operations[1].rss_queues.has_value());
  EXPECT_FALSE(file.operations[1].rss_key.has_value());
  EXPECT_EQ(file.operations[1].rss_hash_types, 0u);
  good["operations"] = {{{"at", "1us"}, {"do", "set rss"}, {"table", {0, 4}}}};
  EXPECT_EQ(refusal(good),
            "/operations/0/table: expected a power of two of queues from 0 to 3, at most 128, got [0,4]");
}

TEST_F(ScenarioFiles, MayHoldTheirFaults) {
  const json record = {{"id", "F-LNK-01"}, {"trigger", {{"event", "wire-in"}, {"nth", 3}}}};
  const auto plan = [this] {
    const ScenarioFile file = read(good);
    return read_faults(file.options.faults, file.options.engine, file.nic_file);
  };
  good["faults"] = {record, record};
  EXPECT_EQ(plan().records.size(), 2u);
  EXPECT_EQ(plan().records[0].id, FaultId::kLnk01);
  EXPECT_EQ(plan().heal_ns, 0u);
  good["faults"] = {{"heal_ns", 5000}, {"faults", {record}}};
  EXPECT_EQ(plan().records.size(), 1u);
  EXPECT_EQ(plan().heal_ns, 5000u);
  good["faults"] = {{{"id", "F-LNK-77"}, {"trigger", {{"rate", 1}}}}};
  try {
    plan();
    ADD_FAILURE() << "no refusal";
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("/faults/0/id: expected an id of docs/faults.md"),
              std::string::npos)
        << error.what();
  }
}

// Where the machine of the file has no such place, nothing would ever strike.
TEST_F(ScenarioFiles, NameNoPlaceOfAFaultThatTheirMachineHasNot) {
  good["nic"] = json::parse(R"({"schema": "ringproof.nic/1", "ports": [{"rx_queues": 2}, {}]})");
  const auto at = [this](json target) {
    good["faults"] = {{{"id", "F-IRQ-05"}, {"trigger", {{"rate", 1}}}, {"target", std::move(target)}}};
    return refusal(good);
  };
  EXPECT_EQ(at({{"port", 2}, {"queue", "rx3"}}), "no refusal");
  EXPECT_EQ(at({{"queue", "rx3"}}), "no refusal");
  EXPECT_EQ(at({{"port", 3}}), "/faults/0/target/port: expected a port from 1 to 2, got 3");
  EXPECT_EQ(
      at({{"port", 1}, {"queue", "rx2"}}),
      R"(/faults/0/target/queue: expected a queue of port 1, "rx0" to "rx1" or "tx0" to "tx3", got "rx2")");
  good["faults"] = {{"faults", good["faults"]}};
  EXPECT_EQ(refusal(good).substr(0, 31), "/faults/faults/0/target/queue: ");
}

// What is expected is expected of the file's own faults; of others only those that lose nothing leave it.
TEST_F(ScenarioFiles, ExpectationsHoldInSpiteOfTheFaultsOfTheFile) {
  good["expect"] = {{"sent", 10}};
  const auto broken = [this](const std::string& fault) {
    RunResult result;
    result.faults[fault] = 1;
    result.end_reason = "quiet";
    return !read(good).expect.broken(result).empty();
  };
  EXPECT_FALSE(broken("F-ALC-01"));
  EXPECT_FALSE(broken("F-LNK-01"));
  EXPECT_TRUE(broken("F-IRQ-01"));
  good["faults"] = {{{"id", "F-ALC-01"}, {"trigger", {{"rate", 0.5}}}}};
  EXPECT_TRUE(broken("F-ALC-01"));
  EXPECT_FALSE(broken("F-LNK-01"));
  good["faults"] = "swarm";
  EXPECT_TRUE(broken("F-LNK-01"));
}

// By tolerance: delays cost what is counted as too late and nothing else; a loss only frames; a failure all.
TEST_F(ScenarioFiles, FaultsOfOthersTakeFromExpectationsWhatTheyMayCost) {
  good["expect"] = {{"sent", 10}, {"dropped", {{"rule", 2}}}, {"application_returns", false}};
  const Expectations expect = read(good).expect;
  RunResult result;
  result.end_reason = "quiet";
  result.dropped["rule"] = 2;
  result.wire_out = 8;
  result.faults = {{"F-DSC-03", 1}};  // whose small rings are no place for a burst
  EXPECT_EQ(expect.broken(result), "/expect/sent: expected 10 frames, got 8");
  result.dropped["no_descriptor"] = 1;
  EXPECT_EQ(expect.broken(result), "/expect/sent: expected 10 frames, got 8, and 1 that something late cost");
  result.dropped["no_descriptor"] = 2;
  EXPECT_EQ(expect.broken(result), "");
  result.dropped["rule"] = 3;
  EXPECT_NE(expect.broken(result), "");
  result.end_reason = "max-time";
  EXPECT_EQ(expect.broken(result), "") << "a fault that takes time may have taken all of it";

  result.end_reason = "application returned";
  result.application_ended = true;
  result.faults = {{"F-LNK-01", 1}};
  EXPECT_EQ(expect.broken(result), "/expect/application_returns: expected false, got true");
  result.faults = {{"F-LNK-01", 1}, {"F-ALC-01", 1}};
  EXPECT_EQ(expect.broken(result), "");
}

TEST_F(ScenarioFiles, WhatIsWrongIsNamedByItsPlace) {
  EXPECT_EQ(refusal_of_change("/schema", "ringproof.scenario/2"),
            "/schema: expected \"ringproof.scenario/1\", got \"ringproof.scenario/2\"");
  EXPECT_EQ(refusal_of_change("/engin", "rtl"),
            "/engin: expected a key of docs/scenario-file.md, got an unknown one (did you mean engine?)");
  EXPECT_EQ(
      refusal_of_change("/engine", "rtll"),
      "/engine: expected functional, cycle, rtl, or the path of a shared object, got \"rtll\" (did you mean "
      "rtl?)");
  EXPECT_EQ(refusal_of_change("/engine", 3),
            "/engine: expected the name of an engine, or the path of one, got 3");
  const std::string beside = folder_.path("none.so");
  EXPECT_EQ(refusal_of_change("/engine", "none.so"),
            "/engine: expected a shared object that can be read, got " + beside);
  EXPECT_EQ(refusal_of_change("/traffic/frames", 0),
            "/traffic/frames: expected a whole number from 1 to 1000000, got 0");
  EXPECT_EQ(refusal_of_change("/traffic/shape", "bursts"),
            "/traffic/shape: expected steady, burst, random, got \"bursts\" (did you mean burst?)");
  EXPECT_EQ(refusal_of_change("/max_time", 5),
            "/max_time: expected a time with a unit (ns, us, ms or s), such as \"1.5ms\", got 5");
  // As on the command line.
  EXPECT_EQ(refusal_of_change("/max_time", "0s"), "/max_time: expected a time longer than 0, got \"0s\"");
  EXPECT_EQ(refusal_of_change("/schedule", {{"window", "2s"}}),
            "/schedule/window: expected a time of at most 1s, got \"2s\"");
  EXPECT_EQ(refusal_of_change("/schedule", {{"depth", 1001}}),
            "/schedule/depth: expected a whole number from 1 to 1000, got 1001");
  EXPECT_EQ(refusal_of_change("/operations", json::parse(R"([{"at": "1ms", "do": "remove interfce"}])")),
            "/operations/0/do: expected remove interface, add interface, restart interface, pause interface, "
            "link down, set mtu, set offloads, set rss, stop driver, set queue cpu, host send, hold tx, ctrl "
            "c, got "
            "\"remove interfce\" (did you mean remove interface?)");
  EXPECT_EQ(
      refusal_of_change("/expect", {{"dropped", {{"rules", 1}}}}),
      "/expect/dropped/rules: expected a key of docs/scenario-file.md, got an unknown one (did you mean "
      "rule?)");
  EXPECT_EQ(refusal_of_change("/nic", json::parse(R"({"schema": "ringproof.nic/1", "ports": [{"mtu": 1}]})")),
            "/nic/ports/0/mtu: expected a whole number from 68 to 9216, got 1");
}

TEST_F(ScenarioFiles, WhatIsNoScenarioHasNoPlaceInIt) {
  const std::string line = refusal(json::array());
  const std::string expected =
      ".scenario.json: expected an object with schema, traffic and applications, got []";
  EXPECT_TRUE(line.ends_with(expected)) << line;
}

TEST_F(ScenarioFiles, WhatIsMissingIsTold) {
  const auto without = [this](const char* key) {
    json less = good;
    less.erase(key);
    return refusal(less);
  };
  EXPECT_EQ(without("schema"), "/schema: expected \"ringproof.scenario/1\", got none");
  EXPECT_EQ(without("traffic"), "/traffic: expected an object with a capture or a shape, got none");
  EXPECT_EQ(without("applications"), "/applications: expected a list of 1 to 16 applications, got none");
  EXPECT_EQ(refusal_of_change("/applications/0", json::object()),
            "/applications/0/app: expected the application to run, a name or a path, got none");
}

TEST_F(ScenarioFiles, GeneratedTrafficDependsOnTheSeedAlone) {
  good["traffic"] = {{"shape", "random"}, {"frames", 50}, {"frame_bytes", {64, 1500}}, {"flows", 4}};
  const Capture one = read(good).capture;
  const Capture two = read(good).capture;
  EXPECT_EQ(one.arena, two.arena);
  good["seed"] = 2;
  EXPECT_NE(read(good).capture.arena, one.arena);
}

// ---- the schema for editors ----

json schema_at(const std::string& pointer) {
  std::ifstream file(std::string(RINGPROOF_SOURCE_DIR) + "/docs/scenario.schema.json");
  return json::parse(file).at(json::json_pointer(pointer));
}

struct Place {
  const char* schema;
  const char* scenario;
};
constexpr Place kPlaces[] = {{"", ""},
                             {"/$defs/traffic", "/traffic"},
                             {"/properties/wires/items", "/wires/0"},
                             {"/properties/applications/items", "/applications/0"},
                             {"/properties/schedule", "/schedule"},
                             {"/properties/operations/items", "/operations/0"},
                             {"/properties/expect", "/expect"},
                             {"/properties/expect/properties/dropped", "/expect/dropped"}};

// A key that the schema has is known to the reader: that it is unknown would be what the reader says of it.
TEST_F(ScenarioFiles, EveryKeyOfTheSchemaIsKnownToTheReader) {
  const std::vector<json> homes = {good, json::parse(R"([{"at": "1us", "do": "set mtu", "mtu": 1400},
                            {"at": "1us", "do": "set queue cpu"}, {"at": "1us", "do": "host send"},
                            {"at": "1us", "do": "set offloads"}, {"at": "1us", "do": "set rss"}])")};
  for (const Place& place : kPlaces) {
    const json properties = schema_at(std::string(place.schema) + "/properties");
    for (const auto& [key, what] : properties.items()) {
      bool known = false;
      for (const json& operation : homes[1]) {
        json changed = good;
        changed["operations"] = json::array({operation});
        changed[json::json_pointer(place.scenario)][key] = json::object();
        known |= refusal(changed).find("got an unknown one") == std::string::npos;
      }
      EXPECT_TRUE(known) << place.scenario << "/" << key;
    }
  }
}

// And the other way round: a key that the schema does not have is none.
TEST_F(ScenarioFiles, TheBundledScenariosUseKeysOfTheSchemaOnly) {
  const std::string folder = std::string(RINGPROOF_SOURCE_DIR) + "/testbench/scenarios/smoke";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path());
    const json scenario = json::parse(file);
    for (const Place& place : kPlaces) {
      const json::json_pointer at(place.scenario);
      if (!scenario.contains(at)) continue;
      const json properties = schema_at(std::string(place.schema) + "/properties");
      for (const auto& [key, value] : scenario.at(at).items()) {
        EXPECT_TRUE(properties.contains(key)) << entry.path() << ": " << place.scenario << "/" << key;
      }
    }
  }
}

// ---- those that come with Ringproof ----

std::string scenario(const std::string& name) {
  return std::string(RINGPROOF_SOURCE_DIR) + "/testbench/scenarios/smoke/" + name + ".scenario.json";
}

class Bundled : public testing::TestWithParam<const char*> {};

TEST_P(Bundled, ScenarioHolds) {
  const test::Outcome outcome = test::ringproof({"explore", scenario(GetParam()), "-j", "1"});
  EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
}

TEST_P(Bundled, ScenarioHoldsWhenAnythingGoesWrong) {
  const test::Outcome outcome = test::ringproof(
      {"explore", scenario(GetParam()), "-j", "1", "--faults", "swarm", "--schedules", kSwarmSchedules});
  EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
}

INSTANTIATE_TEST_SUITE_P(Scenarios, Bundled,
                         testing::Values("echo_bursts", "link_flap", "host_shares_the_port",
                                         "senders_take_turns", "program_answers_the_host",
                                         "two_echoes_on_a_wire", "zero_copy_queues", "short_echo",
                                         "short_senders", "short_loan"),
                         [](const auto& each) { return std::string(each.param); });

// The first schedule of a campaign delays nothing; the second one has the seed.
test::Outcome lent_rings(std::uint64_t seed, const char* memory) {
  return test::ringproof({"explore", scenario("zero_copy_queues"), "-j", "1", "--memory", memory, "--faults",
                          "swarm", "--schedules", "2", "--seed", std::to_string(seed - 1)});
}

// A refused access, an arming overtaken by the next, posted frames that stayed, spoilt rings, a waiter that
// nobody told, a clock that stood still while the wire made the host act, entries that an application changed
// after posting them, a reset while somebody set queues up, a frame lost while a program came, requests that
// a stopped clock kept apart from their armings, an arming before the queue was on.
TEST(BundledScenarios, SeedsThatOnceBrokeLoansHold) {
  for (const std::uint64_t seed :
       {25u, 32u, 44u, 88u, 147u, 397u, 1065u, 3874u, 13222u, 13743u, 17542u, 30004u, 30326u, 97222u}) {
    const test::Outcome outcome = lent_rings(seed, "sequential");
    EXPECT_EQ(outcome.status, 0) << seed << outcome.out << outcome.err;
  }
}

// A driver that took rings back had seen an older index than the device's last; a device that was lost before
// it heard of the driver's own ring.
TEST(BundledScenarios, SeedsThatOnceBrokeLoansInAWeakMemoryHold) {
  for (const std::uint64_t seed : {811916u, 825089u}) {
    const test::Outcome outcome = lent_rings(seed, "release-acquire");
    EXPECT_EQ(outcome.status, 0) << seed << outcome.out << outcome.err;
  }
}

// A device that was reset while its rings were being taken back had sent frames that it had not told of, and
// they were sent again.
TEST(BundledScenarios, AResetThatMeetsTheEndOfALoanSendsNothingTwice) {
  const test::Folder folder;
  json plan = {{"schema", "ringproof.faults/1"}, {"faults", json::array()}};
  for (const char* id : {"F-LIF-06", "F-CLK-02", "F-CLK-03", "F-CLK-05"}) {
    plan["faults"].push_back({{"id", id}, {"trigger", {{"rate", 0.05}}}});
  }
  folder.write("plan.json", plan.dump());
  for (const std::uint64_t seed : {1u, 1068u, 2155u, 3070u, 1510000122u}) {
    const test::Outcome outcome =
        test::ringproof({"explore", scenario("short_loan"), "-j", "1", "--faults", folder.path("plan.json"),
                         "--schedules", "2", "--seed", std::to_string(seed)});
    EXPECT_EQ(outcome.status, 0) << seed << outcome.out << outcome.err;
  }
}

TEST(BundledScenarios, AreAllTested) {
  std::size_t files = 0;
  const std::string folder = std::string(RINGPROOF_SOURCE_DIR) + "/testbench/scenarios";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    files += entry.is_regular_file() ? 1 : 0;
  }
  EXPECT_EQ(files, 10u) << "name new ones in Bundled";
}

// An expectation that does not hold breaks the schedule, and its file brings that back.
TEST(BundledScenarios, ABrokenExpectationIsAFailureThatComesBack) {
  const test::Folder folder;
  json file = json::parse(R"({"schema": "ringproof.scenario/1", "max_time": "1ms",
      "traffic": {"shape": "steady", "frames": 10},
      "applications": [{"app": "xskfwd", "arguments": ["1", "4"]}],
      "schedule": {"schedules": 3}, "expect": {"sent": 11}})");
  folder.write("wrong.json", file.dump());
  const test::Outcome found =
      test::ringproof({"explore", folder.path("wrong.json"), "-j", "1", "--out", folder.path("out")});
  EXPECT_EQ(found.status, 1) << found.out << found.err;
  const test::Outcome again = test::ringproof({"replay-failure", folder.path("out/failure-1.json")});
  EXPECT_EQ(again.status, 1);
  EXPECT_NE(again.err.find("/expect/sent: expected 11 frames, got 10"), std::string::npos) << again.err;
}

}  // namespace
}  // namespace ringproof

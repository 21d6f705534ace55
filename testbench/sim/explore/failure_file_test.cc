// Failure files: what is written comes back, and what is wrong with one is named.

#include "sim/explore/failure_file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "sim/replay/input_error.h"
#include "testbench/sim/folder.h"

namespace ringproof {
namespace {

Failure a_failure() {
  Failure failure;
  ReplayOptions& run = failure.options.run;
  run.capture_path = "a.pcap";
  run.app = "./my.so";
  run.app_arguments = {"1", "two words", ""};
  run.nic_path = "n.json";
  run.pace = PaceKind::kFactor;
  run.pace_value = 0.5;
  run.start_delay_ps = 7;
  run.loops = 3;
  run.max_time_ps = 1'000'000;
  run.stall_seconds = 4;
  failure.options.engine = EngineKind::kRtl;
  failure.options.window_ps = 2'000;
  failure.options.frames = std::vector<std::uint32_t>{1, 5};
  failure.seed = ~std::uint64_t{0};
  failure.must_end = true;
  failure.steps_max = 1'000'000;
  failure.log = {{DecisionKind::kSchedule, "main", 3, "thread", 0},
                 {DecisionKind::kMemory, "thread", 2, "", 1}};
  FaultTrigger rate;
  rate.rate = 0.1;
  FaultTrigger fourth{FaultTrigger::Kind::kEvent};
  fourth.event = FaultEvent::kDelivered;
  fourth.number = 4;
  failure.faults = {{fault_record(FaultId::kLnk01, rate), fault_record(FaultId::kLif01, fourth)}, 5'000};
  failure.key = "INV-02";
  failure.message = "INV-02 monotone indices: \"quoted\"";
  failure.build = "0123456789abcdef";
  failure.hash = 0xfedcba9876543210;
  return failure;
}

class FailureFile : public testing::Test {
 protected:
  nlohmann::json written() {
    write_failure(a_failure(), path);
    return nlohmann::json::parse(folder.read("f.json"));
  }
  std::string refusal_of(const std::string& text) {
    folder.write("f.json", text);
    try {
      read_failure(path);
    } catch (const InputError& error) {
      const std::string line = error.what();
      EXPECT_EQ(line.compare(0, path.size() + 2, path + ": "), 0) << line;
      return line.substr(std::min(line.size(), path.size() + 2));
    }
    return "accepted";
  }

  test::Folder folder;
  const std::string path = folder.path("f.json");
};

TEST_F(FailureFile, ComesBackAsItWasWritten) {
  const Failure before = a_failure();
  write_failure(before, path);
  const Failure after = read_failure(path);
  EXPECT_EQ(after.log, before.log);
  EXPECT_EQ(after.seed, before.seed);
  EXPECT_EQ(after.steps_max, before.steps_max);
  EXPECT_EQ(after.hash, before.hash);
  EXPECT_EQ(after.key, before.key);
  EXPECT_EQ(after.message, before.message);
  EXPECT_EQ(after.faults.records.size(), 2u);
  EXPECT_EQ(after.faults.heal_ns, 5'000u);
  EXPECT_EQ(after.options.frames, before.options.frames);
  EXPECT_EQ(after.options.run.app_arguments, before.options.run.app_arguments);
  write_failure(after, folder.path("again.json"));
  EXPECT_EQ(folder.read("again.json"), folder.read("f.json"));
  EXPECT_FALSE(folder.has("f.json.partial"));
}

TEST_F(FailureFile, TellsEveryScheduleHowToRun) {
  const Failure failure = a_failure();
  const ScheduleSpec spec = spec_of(failure);
  EXPECT_EQ(spec.seed, failure.seed);
  EXPECT_EQ(spec.must_end, failure.must_end);
  EXPECT_EQ(spec.steps_max, failure.steps_max);
  EXPECT_EQ(spec.log, failure.log);
  ASSERT_TRUE(spec.faults.has_value());
  EXPECT_EQ(spec.faults->records.size(), failure.faults.records.size());
}

TEST_F(FailureFile, WithoutFaultsRunsWithoutFaultsWhateverItsScenarioSays) {
  Failure failure = a_failure();
  failure.faults = {};
  write_failure(failure, path);
  EXPECT_EQ(nlohmann::json::parse(folder.read("f.json"))["faults"], nlohmann::json::array());
  const ScheduleSpec spec = spec_of(read_failure(path));
  ASSERT_TRUE(spec.faults.has_value());
  EXPECT_TRUE(spec.faults->empty());
}

TEST_F(FailureFile, OfAnEarlierVersionHasNoFaults) {
  nlohmann::json old = written();
  for (const char* key : {"faults", "heal_ns", "preemptions"}) old.erase(key);
  folder.write("f.json", old.dump());
  EXPECT_TRUE(read_failure(path).faults.empty());
}

TEST_F(FailureFile, CountsPreemptionsApartFromDecisions) {
  Failure failure = a_failure();
  failure.log = {{DecisionKind::kSchedule, "main", 3, "thread", 0},
                 {DecisionKind::kSchedule, "main", 4, "thread", 0},
                 {DecisionKind::kMemory, "thread", 2, "", 1}};
  write_failure(failure, path);
  EXPECT_EQ(nlohmann::json::parse(folder.read("f.json"))["preemptions"], 1);
}

TEST_F(FailureFile, NamesThePlaceThatIsMissing) {
  const nlohmann::json whole = written();
  for (const char* pointer : {"/schema",
                              "/seed",
                              "/must_end",
                              "/steps_max",
                              "/broke/what",
                              "/broke/message",
                              "/build",
                              "/result_hash",
                              "/decisions",
                              "/scenario/capture",
                              "/scenario/app",
                              "/scenario/arguments",
                              "/scenario/nic",
                              "/scenario/pace",
                              "/scenario/pace_value",
                              "/scenario/start_delay_ps",
                              "/scenario/loops",
                              "/scenario/max_time_ps",
                              "/scenario/stall_seconds",
                              "/scenario/engine",
                              "/scenario/memory",
                              "/scenario/window_ps"}) {
    const nlohmann::json::json_pointer place(pointer);
    nlohmann::json without = whole;
    without[place.parent_pointer()].erase(place.back());
    const std::string refusal = refusal_of(without.dump());
    EXPECT_EQ(refusal.compare(0, std::string(pointer).size() + 2, std::string(pointer) + ": "), 0) << refusal;
  }
}

TEST_F(FailureFile, NamesTheValueThatDoesNotFit) {
  const struct {
    const char* pointer;
    nlohmann::json value;
    const char* refusal;
  } cases[] = {
      {"/seed", -1, "/seed: expected a whole number from 0 to 18446744073709551615, got -1"},
      {"/seed", "1", "/seed: expected a whole number from 0 to 18446744073709551615, got \"1\""},
      {"/must_end", 0, "/must_end: expected true or false, got 0"},
      {"/scenario/pace", "quick",
       "/scenario/pace: expected original, line-rate, factor, frames-per-second, got \"quick\""},
      {"/scenario/pace_value", 0, "/scenario/pace_value: expected a number from 1e-06 to 1000000, got 0"},
      {"/scenario/loops", 0, "/scenario/loops: expected a whole number from 1 to 1000000, got 0"},
      {"/scenario/loops", 4294967297,
       "/scenario/loops: expected a whole number from 1 to 1000000, got 4294967297"},
      {"/scenario/window_ps", 1.5,
       "/scenario/window_ps: expected a whole number from 0 to 1000000000000000000, got 1.5"},
      {"/scenario/arguments", {1, 2}, "/scenario/arguments: expected a list of texts, got [1,2]"},
      {"/scenario/frames", "all",
       "/scenario/frames: expected a list of one or more frame numbers of the capture, from 1, got \"all\""},
      {"/scenario/frames", nlohmann::json::array(),
       "/scenario/frames: expected a list of one or more frame numbers of the capture, from 1, got []"},
      {"/scenario/frames",
       {1, -1},
       "/scenario/frames: expected a list of one or more frame numbers of the capture, from 1, got [1,-1]"},
      {"/scenario", 7, "/scenario: expected an object with capture, app and nic, got 7"},
      {"/decisions", nlohmann::json::object(), "/decisions: expected a list of decisions, got {}"},
      {"/decisions/1", "main",
       "/decisions/1: expected {\"at\", \"n\", \"run\"} or {\"memory\", \"n\", \"value\"}, got \"main\""},
      {"/decisions/0",
       {{"at", "main"}},
       "/decisions/0/n: expected a whole number from 1 to 4294967295, got none"},
      {"/decisions/0/n", -3, "/decisions/0/n: expected a whole number from 1 to 4294967295, got -3"},
      {"/decisions/0/run", 1, "/decisions/0/run: expected a text, got 1"},
      {"/decisions/1/value", 0, "/decisions/1/value: expected a whole number from 1 to 4294967295, got 0"},
      {"/preemptions", "many",
       "/preemptions: expected a whole number from 0 to 18446744073709551615, got \"many\""},
      {"/result_hash", "fedc", "/result_hash: expected 16 hexadecimal digits, got \"fedc\" (4 characters)"},
      {"/heal_ns", -1, "/heal_ns: expected a whole number from 0 to 18446744073709551, got -1"},
      {"/faults", {}, "/faults: expected a list of at most 1000 faults, got null"},
      {"/faults/1/id", "F-XYZ-01", "/faults/1/id: expected an id of docs/faults.md, got \"F-XYZ-01\""},
      {"/faults/0/trigger/rate", 2, "/faults/0/trigger/rate: expected a number above 0 and up to 1, got 2"},
      {"/schema", "ringproof.failure/9",
       "/schema: expected \"ringproof.failure/1\", got \"ringproof.failure/9\""}};
  const nlohmann::json whole = written();
  for (const auto& one : cases) {
    nlohmann::json other = whole;
    other[nlohmann::json::json_pointer(one.pointer)] = one.value;
    EXPECT_EQ(refusal_of(other.dump()), one.refusal);
  }
}

TEST_F(FailureFile, RefusesWhatIsNoFailureFile) {
  EXPECT_EQ(refusal_of("[]"), "expected an object with schema, scenario and decisions, got []");
  EXPECT_EQ(refusal_of("{}"), "/schema: expected \"ringproof.failure/1\", got none");
  EXPECT_EQ(refusal_of("{\"schema\": "),
            "line 1, column 12: expected JSON, got: syntax error while parsing value - unexpected end of "
            "input; expected '[', '{', or a literal");
  EXPECT_EQ(refusal_of(""), "expected a failure file, got an empty file");
  EXPECT_EQ(refusal_of(std::string(100'000, '[') + std::string(100'000, ']')),
            "line 1, column 65: expected at most 64 lists and objects in each other, got one more");
}

TEST_F(FailureFile, RefusesUnknownKeysAndThoseThatAreGivenTwice) {
  const nlohmann::json whole = written();
  for (const char* place : {"", "/broke", "/scenario", "/decisions/0", "/decisions/1"}) {
    nlohmann::json more = whole;
    more[nlohmann::json::json_pointer(std::string(place) + "/colour")] = 1;
    EXPECT_EQ(refusal_of(more.dump()),
              std::string(place) + "/colour: expected a key of docs/explore.md, got an unknown one");
  }
  const std::string text = whole.dump();
  EXPECT_EQ(refusal_of("{\"seed\":1," + text.substr(1)), "/seed: expected this key once, got it twice");
}

TEST_F(FailureFile, RefusesNumbersThatNoDoubleHolds) {
  std::string text = written().dump();
  const std::string value = "\"pace_value\":0.5";
  text.replace(text.find(value), value.size(), "\"pace_value\":1e999");
  EXPECT_EQ(refusal_of(text),
            "/scenario/pace_value: expected a number between -1.8e308 and 1.8e308, got 1e999");
}

// Every decision of a long run is more than a person would write.
TEST_F(FailureFile, MayBeLong) {
  Failure failure = a_failure();
  for (std::uint32_t n = 4; n < 30'000; ++n) {
    failure.log.push_back({DecisionKind::kSchedule, "main", n, "thread", 0});
  }
  write_failure(failure, path);
  EXPECT_GT(folder.read("f.json").size(), std::size_t{1} << 20);
  EXPECT_EQ(read_failure(path).log, failure.log);
}

TEST_F(FailureFile, RefusesOneThatIsNotThere) {
  EXPECT_THROW(read_failure(folder.path("none.json")), InputError);
  EXPECT_THROW(read_failure(folder.root()), InputError);
  EXPECT_THROW(write_failure(a_failure(), folder.path("no/such/folder.json")), InputError);
}

TEST_F(FailureFile, TheExampleOfThePageIsRead) {
  std::ifstream page(RINGPROOF_SOURCE_DIR "/docs/explore.md");
  std::string example;
  for (std::string line; std::getline(page, line);) {
    const bool begins = line.find("{ \"schema\": \"ringproof.failure/1\",") == 4;
    if (begins || (!example.empty() && line.starts_with("    "))) example += line + "\n";
    if (!example.empty() && line.empty()) break;
  }
  EXPECT_EQ(refusal_of(example), "accepted") << example;
}

TEST_F(FailureFile, TheBuildIdChangesWithTheApplication) {
  ExploreOptions options;
  options.run.app = folder.write("a.so", "one");
  const std::string before = build_id(options);
  EXPECT_EQ(build_id(options), before);
  folder.write("a.so", "two");
  EXPECT_NE(build_id(options), before);
}

}  // namespace
}  // namespace ringproof

// Programs with a mistake that people make: the explorer finds it within the stated number of schedules,
// shrinks it to a few decisions, and never blames the program's correct twin.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "testbench/end_to_end/command.h"

namespace ringproof::test {
namespace {

constexpr std::size_t kFaultsMax = 2;
// The twins of a short test; RINGPROOF_TWIN_SCHEDULES says otherwise.
constexpr const char* kTwinSchedules = "100";

// One line of seeded_mistakes.json.
struct Mistake {
  std::string program;
  std::vector<std::string> breaks;  // any of these
  std::uint64_t schedules = 0;
  std::vector<std::string> options;
  std::string scenario;        // instead of the usual capture
  std::size_t shrinks_to = 0;  // pre-emptions
};

void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.program; }

std::vector<Mistake> mistakes() {
  std::ifstream file(RINGPROOF_SOURCE_DIR "/testbench/explore/seeded_mistakes.json");
  std::vector<Mistake> all;
  const nlohmann::json table = nlohmann::json::parse(file);
  for (const auto& json : table.at("mistakes")) {
    Mistake mistake{json.at("program"), json.at("breaks"), json.at("schedules"), {}, {}, 0};
    mistake.scenario = json.value("scenario", "");
    mistake.shrinks_to = json.at("shrinks_to").get<std::size_t>();
    if (json.contains("options")) mistake.options = json.at("options").get<std::vector<std::string>>();
    // A plan lies beside this file.
    for (std::string& option : mistake.options) {
      if (option.ends_with(".json")) option = RINGPROOF_SOURCE_DIR "/testbench/explore/" + option;
    }
    all.push_back(std::move(mistake));
  }
  return all;
}

class SeededMistake : public testing::TestWithParam<Mistake> {
 protected:
  // Explores one of the two programs; results go into the folder.
  Outcome explore(const std::string& kind, const std::string& schedules) {
    const std::string app = application(GetParam().program + "_" + kind);
    std::vector<std::string> words = {"explore"};
    if (GetParam().scenario.empty()) {
      words.insert(words.end(), {trace("udp-echo.pcapng"), "--app", app, "--pace", "500000pps"});
      const auto& options = GetParam().options;
      const bool says_frames = std::find(options.begin(), options.end(), "--frames") != options.end();
      if (!says_frames) words.insert(words.end(), {"--frames", "1-20"});
    } else {
      words.push_back(scenario_with(app));
    }
    words.insert(words.end(), {"--schedules", schedules, "--out", folder_.path(), "--failures", "1"});
    words.insert(words.end(), GetParam().options.begin(), GetParam().options.end());
    return ringproof(words);
  }
  // The scenario of this mistake, with the program in it.
  std::string scenario_with(const std::string& app) {
    nlohmann::json scenario = read(RINGPROOF_SOURCE_DIR "/testbench/explore/" + GetParam().scenario);
    scenario["applications"][0]["app"] = app;
    folder_.write("scenario.json", scenario.dump());
    return folder_.path("scenario.json");
  }
  bool is_expected(const std::string& key) const {
    const std::vector<std::string>& keys = GetParam().breaks;
    return std::find(keys.begin(), keys.end(), key) != keys.end();
  }
  static nlohmann::json read(const std::string& path) {
    std::ifstream file(path);
    return nlohmann::json::parse(file);
  }

  Folder folder_;
};

TEST_P(SeededMistake, IsFoundAndShrinksToAFewPreemptions) {
  const Outcome found = explore("wrong", std::to_string(GetParam().schedules));
  ASSERT_EQ(found.status, 1) << found.out << found.err;
  const nlohmann::json failure = read(folder_.path("explore.json")).at("failures").at(0);
  EXPECT_TRUE(is_expected(failure.at("what"))) << failure.dump(1);
  EXPECT_LE(failure.at("first_schedule"), GetParam().schedules);

  const std::string small = folder_.path("small.json");
  const Outcome shrunk = ringproof({"shrink", failure.at("file"), "--out", small});
  ASSERT_EQ(shrunk.status, 0) << shrunk.out << shrunk.err;
  const nlohmann::json smaller = read(small);
  EXPECT_LE(smaller.at("preemptions"), GetParam().shrinks_to) << smaller.at("decisions").dump(1);
  EXPECT_LE(smaller.value("faults", nlohmann::json::array()).size(), kFaultsMax);

  const Outcome again = ringproof({"replay-failure", small});
  EXPECT_EQ(again.status, 1);
  EXPECT_NE(again.err.find(smaller.at("broke").at("message").get<std::string>().substr(0, 40)),
            std::string::npos)
      << again.err;
}

TEST_P(SeededMistake, IsNotInItsTwin) {
  const char* wanted = std::getenv("RINGPROOF_TWIN_SCHEDULES");
  const Outcome outcome = explore("right", wanted != nullptr ? wanted : kTwinSchedules);
  EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
}

INSTANTIATE_TEST_SUITE_P(All, SeededMistake, testing::ValuesIn(mistakes()),
                         [](const auto& each) { return each.param.program; });

}  // namespace
}  // namespace ringproof::test

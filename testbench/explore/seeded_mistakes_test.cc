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

constexpr std::size_t kDecisionsMax = 3;
constexpr std::size_t kFaultsMax = 2;
// The twins of a short test; RINGPROOF_TWIN_SCHEDULES says otherwise.
constexpr const char* kTwinSchedules = "100";

// One line of seeded_mistakes.json.
struct Mistake {
  std::string program;
  std::vector<std::string> breaks;  // any of these
  std::uint64_t schedules = 0;
  std::vector<std::string> options;
};

void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.program; }

std::vector<Mistake> mistakes() {
  std::ifstream file(RINGPROOF_SOURCE_DIR "/testbench/explore/seeded_mistakes.json");
  std::vector<Mistake> all;
  for (const auto& json : nlohmann::json::parse(file).at("mistakes")) {
    Mistake mistake{json.at("program"), json.at("breaks"), json.at("schedules"), {}};
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
    std::vector<std::string> words = {"explore",     trace("udp-echo.pcapng"),
                                      "--app",       application(GetParam().program + "_" + kind),
                                      "--frames",    "1-20",
                                      "--pace",      "500000pps",
                                      "--schedules", schedules,
                                      "--out",       folder_.path(),
                                      "--failures",  "1"};
    words.insert(words.end(), GetParam().options.begin(), GetParam().options.end());
    return ringproof(words);
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

TEST_P(SeededMistake, IsFoundAndShrinksToAFewDecisions) {
  const Outcome found = explore("wrong", std::to_string(GetParam().schedules));
  ASSERT_EQ(found.status, 1) << found.out << found.err;
  const nlohmann::json failure = read(folder_.path("explore.json")).at("failures").at(0);
  EXPECT_TRUE(is_expected(failure.at("key"))) << failure.dump(1);
  EXPECT_LE(failure.at("schedule"), GetParam().schedules);

  const std::string small = folder_.path("small.json");
  const Outcome shrunk = ringproof({"shrink", failure.at("file"), "--out", small});
  ASSERT_EQ(shrunk.status, 0) << shrunk.out << shrunk.err;
  const nlohmann::json smaller = read(small);
  EXPECT_LE(smaller.at("decisions").size(), kDecisionsMax) << smaller.at("decisions").dump(1);
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
                         [](const auto& info) { return info.param.program; });

}  // namespace
}  // namespace ringproof::test

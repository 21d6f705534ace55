// The plan: every statement of the specification names the tests that show it, and they exist.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace ringproof::test {
namespace {

using nlohmann::json;

// Statements that have an entry each: of sockets, and of what rules look at.
struct Range {
  char kind;
  int first;
  int last;
};
constexpr std::array kStatements = {Range{'S', 1, 115}, Range{'P', 1, 109}, Range{'I', 1, 71}};
const std::string kFolder = RINGPROOF_SOURCE_DIR "/testbench/conformance/plan";

struct Entry {
  std::string file;
  json value;
};

// Every entry of every file of the plan, by id.
std::map<std::string, Entry> read_plan() {
  std::map<std::string, Entry> plan;
  for (const auto& file : std::filesystem::directory_iterator(kFolder)) {
    const std::string name = file.path().filename();
    std::ifstream stream(file.path());
    const json entries = json::parse(stream, nullptr, false);
    EXPECT_TRUE(entries.is_array()) << name;
    for (const json& entry : entries) {
      const std::string id = entry.value("id", "");
      EXPECT_TRUE(plan.insert({id, {name, entry}}).second) << name << ": " << id << " is there twice";
    }
  }
  return plan;
}

std::set<std::string> tests_of_this_program() {
  std::set<std::string> names;
  const testing::UnitTest& all = *testing::UnitTest::GetInstance();
  for (int i = 0; i < all.total_test_suite_count(); ++i) {
    const testing::TestSuite& suite = *all.GetTestSuite(i);
    for (int k = 0; k < suite.total_test_count(); ++k) {
      names.insert(fmt::format("{}.{}", suite.name(), suite.GetTestInfo(k)->name()));
    }
  }
  return names;
}

// The names that another test program lists: a suite on a line of its own, its tests indented below.
std::set<std::string> tests_of(const std::string& program) {
  std::set<std::string> names;
  const std::string command = fmt::format("{}/tests/{} --gtest_list_tests", RINGPROOF_BINARY_DIR, program);
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return names;
  std::array<char, 512> line{};
  std::string suite;
  while (std::fgets(line.data(), line.size(), pipe) != nullptr) {
    std::string text = line.data();
    text = text.substr(0, text.find_first_of("#\n"));
    const std::size_t begin = text.find_first_not_of(' ');
    if (begin == std::string::npos) continue;
    if (begin == 0) {
      suite = text;
    } else {
      names.insert(suite + text.substr(begin));
    }
  }
  pclose(pipe);
  return names;
}

TEST(Plan, NamesEveryStatement) {
  const std::map<std::string, Entry> plan = read_plan();
  for (const Range& range : kStatements) {
    for (int number = range.first; number <= range.last; ++number) {
      const std::string id = fmt::format("{}-{:03}", range.kind, number);
      EXPECT_TRUE(plan.contains(id)) << id << " has no entry";
    }
  }
}

TEST(Plan, SaysWhatShowsAStatementOrWhyNothingDoes) {
  for (const auto& [id, entry] : read_plan()) {
    const json& value = entry.value;
    EXPECT_FALSE(value.value("says", "").empty()) << id << ": expected a few words";
    const bool shown = value.contains("tests") && value["tests"].is_array() && !value["tests"].empty();
    EXPECT_TRUE(shown || !value.value("note", "").empty()) << id << ": expected a test or a reason";
  }
}

TEST(Plan, NamesOnlyTestsThatExist) {
  std::map<std::string, std::set<std::string>> known = {{"", tests_of_this_program()}};
  for (const auto& [id, entry] : read_plan()) {
    for (const json& named : entry.value.value("tests", json::array())) {
      // "Suite.Test" of this program, or "program:Suite.Test".
      const std::string name = named;
      const std::size_t colon = name.find(':');
      const std::string program = colon == std::string::npos ? "" : name.substr(0, colon);
      const std::string test = colon == std::string::npos ? name : name.substr(colon + 1);
      if (!known.contains(program)) known[program] = tests_of(program);
      EXPECT_TRUE(known[program].contains(test)) << id << ": there is no test " << name;
    }
  }
}

}  // namespace
}  // namespace ringproof::test

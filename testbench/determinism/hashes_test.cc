// hashes_test.cc: equal inputs give equal hashes, whatever built the simulator.
// Role     compares hashes with those that were written down. Every build runs this: g++ as
//          released, g++ with sanitizers, clang++ without optimisation, so that they are all compared with
//          each other (INV-48)
// Shapes   hashes.golden: one line a case, `name | hash | words of the command`
// Errors   RINGPROOF_RENEW_GOLDENS=1 writes the file anew instead of comparing

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "testbench/end_to_end/command.h"

namespace ringproof::test {
namespace {

constexpr const char* kGoldenPath = RINGPROOF_SOURCE_DIR "/testbench/determinism/hashes.golden";
constexpr const char* kSeparator = " | ";

struct Case {
  std::string name;
  std::string hash;
  std::string words;
};

std::vector<std::string> lines_of(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

bool is_case(const std::string& line) { return !line.empty() && line.front() != '#'; }

Case case_of(const std::string& line) {
  const std::size_t first = line.find(kSeparator);
  const std::size_t second = line.find(kSeparator, first + 1);
  EXPECT_NE(second, std::string::npos) << line;
  return {line.substr(0, first), line.substr(first + 3, second - first - 3), line.substr(second + 3)};
}

// Words may name {traces}, {apps} and {source}.
std::vector<std::string> expand(const std::string& words) {
  std::istringstream stream(words);
  std::vector<std::string> expanded;
  for (std::string word; stream >> word;) {
    const std::pair<std::string, std::string> places[] = {{"{traces}", RINGPROOF_SOURCE_DIR "/traces"},
                                                          {"{apps}", RINGPROOF_BINARY_DIR "/tests/apps"},
                                                          {"{source}", RINGPROOF_SOURCE_DIR}};
    for (const auto& [name, path] : places) {
      const std::size_t at = word.find(name);
      if (at != std::string::npos) word.replace(at, name.size(), path);
    }
    expanded.push_back(word);
  }
  return expanded;
}

std::string hash_of(const Case& golden) {
  const Folder folder;
  std::vector<std::string> words = expand(golden.words);
  words.insert(words.begin() + 2, {"--out", folder.path()});
  const Outcome outcome = ringproof(words);
  EXPECT_LE(outcome.status, 1) << outcome.err;
  if (folder.has("explore.json")) {
    return nlohmann::json::parse(folder.read("explore.json")).at("campaign_hash").get<std::string>();
  }
  return folder.stats().at("result_hash").get<std::string>();
}

TEST(Hashes, AreThoseThatWereWrittenDown) {
  const bool renew = std::getenv("RINGPROOF_RENEW_GOLDENS") != nullptr;
  std::string renewed;
  for (const std::string& line : lines_of(kGoldenPath)) {
    if (!is_case(line)) {
      renewed += line + "\n";
      continue;
    }
    const Case golden = case_of(line);
    const std::string hash = hash_of(golden);
    if (!renew) {
      EXPECT_EQ(hash, golden.hash) << golden.name << ": ringproof " << golden.words;
    }
    renewed += golden.name + kSeparator + hash + kSeparator + golden.words + "\n";
  }
  if (renew) std::ofstream(kGoldenPath) << renewed;
}

// The engine in C++ gives the same run, to the last byte.
TEST(Hashes, DoNotDependOnTheEngine) {
  std::size_t compared = 0;
  for (const std::string& line : lines_of(kGoldenPath)) {
    if (!is_case(line)) continue;
    Case golden = case_of(line);
    if (!golden.words.starts_with("replay ")) continue;
    golden.words.insert(golden.words.find(" --"), " --engine cycle");
    EXPECT_EQ(hash_of(golden), golden.hash) << golden.name << ": ringproof " << golden.words;
    ++compared;
  }
  EXPECT_GE(compared, 6u);
}

// The same seed in two processes, the second time at other addresses and beside other work.
TEST(Hashes, DoNotDependOnAddresses) {
  const std::vector<std::string> lines = lines_of(kGoldenPath);
  const Case golden = case_of(*std::find_if(lines.begin(), lines.end(), is_case));
  std::string line = "setarch -R '" RINGPROOF_BINARY_DIR "/ringproof'";
  for (const std::string& word : expand(golden.words)) line += " '" + word + "'";
  const Outcome outcome = shell(line);
  EXPECT_NE(outcome.out.find(golden.hash), std::string::npos) << outcome.out << outcome.err;
}

}  // namespace
}  // namespace ringproof::test

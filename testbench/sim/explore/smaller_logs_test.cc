// What is tried when no single entry of a log can go.

#include "sim/explore/smaller_logs.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace ringproof {
namespace {

Decision entry(const char* at, std::uint32_t number, const char* run) {
  return {DecisionKind::kSchedule, at, number, run, 0};
}

const Decision kFirst = entry("a", 1, "b");
const Decision kSecond = entry("a", 2, "b");
const Decision kThird = entry("a", 3, "b");
const Decision kOther = entry("c", 9, "a");

bool tries(const DecisionLog& log, const DecisionLog& smaller) {
  const std::vector<DecisionLog> logs = smaller_logs(log);
  return std::count(logs.begin(), logs.end(), smaller) == 1;
}

TEST(SmallerLogs, EndFirstComeAfterEachPrefix) {
  const DecisionLog log = {kFirst, kSecond, kOther};
  EXPECT_TRUE(tries(log, {}));
  EXPECT_TRUE(tries(log, {kFirst}));
  EXPECT_TRUE(tries(log, {kFirst, kSecond}));
}

TEST(SmallerLogs, KeepAPartOfAPreemption) {
  EXPECT_TRUE(tries({kFirst, kSecond, kThird, kOther}, {kSecond, kOther}));
  EXPECT_TRUE(tries({kFirst, kSecond, kThird, kOther}, {kSecond, kThird, kOther}));
}

TEST(SmallerLogs, LetAnotherTaskRunOnceForAWholePreemption) {
  EXPECT_TRUE(tries({kFirst, kSecond, kOther}, {entry("a", 1, "c"), kOther}));
}

TEST(SmallerLogs, LeaveOutAnyTwo) {
  EXPECT_TRUE(tries({kFirst, kOther, kThird}, {kOther}));
  EXPECT_TRUE(tries({kFirst, kOther, kThird}, {kFirst}));
}

TEST(SmallerLogs, AreAllSmallerAndFew) {
  DecisionLog log;
  for (std::uint32_t i = 0; i < 1000; ++i) log.push_back(entry(i % 2 == 0 ? "a" : "b", i, "c"));
  for (std::size_t size = 0; size <= log.size(); size = size * 2 + 1) {
    const std::vector<DecisionLog> logs = smaller_logs({log.begin(), log.begin() + static_cast<long>(size)});
    EXPECT_LE(logs.size(), 300u);
    for (const DecisionLog& smaller : logs) EXPECT_LT(smaller.size(), size);
  }
}

}  // namespace
}  // namespace ringproof

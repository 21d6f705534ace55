// Strategies: what they may answer, and that their answers depend on the seed alone.

#include "sim/schedule/strategies.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace ringproof {
namespace {

std::vector<ScheduleOption> options(std::vector<ActorId> actors) {
  std::vector<ScheduleOption> result;
  for (const ActorId actor : actors) result.push_back({actor, 0, false, 0});
  return result;
}

std::vector<std::uint32_t> answers(Chooser& chooser, std::uint32_t count) {
  std::vector<std::uint32_t> result;
  for (std::uint32_t i = 0; i < count; ++i) result.push_back(chooser.schedule(options({0, 1, 2})));
  return result;
}

TEST(Strategies, RandomWalkPicksEveryOptionAndNothingElse) {
  RandomWalk walk(1);
  const std::vector<std::uint32_t> picked = answers(walk, 100);
  EXPECT_EQ(std::set(picked.begin(), picked.end()), (std::set<std::uint32_t>{0, 1, 2}));
}

TEST(Strategies, TheSeedDecides) {
  RandomWalk one(1);
  RandomWalk same(1);
  RandomWalk other(2);
  const auto first = answers(one, 50);
  EXPECT_EQ(first, answers(same, 50));
  EXPECT_NE(first, answers(other, 50));
}

TEST(Strategies, LoadsDoNotMoveTheSchedule) {
  RandomWalk one(1);
  RandomWalk other(1);
  for (int i = 0; i < 10; ++i) other.choose(Choice::kMemory, 0, 3);
  EXPECT_EQ(answers(one, 50), answers(other, 50));
}

// A run that is made once: nobody is late but stores.
TEST(Strategies, OlderValuesDelayNobodyAndLoadAsARandomWalk) {
  OlderValues older(1);
  RandomWalk walk(1);
  EXPECT_EQ(answers(older, 50), std::vector<std::uint32_t>(50, 0));
  std::set<std::uint32_t> loaded;
  for (int i = 0; i < 100; ++i) {
    const std::uint32_t value = older.choose(Choice::kMemory, 0, 3);
    EXPECT_EQ(value, walk.choose(Choice::kMemory, 0, 3));
    loaded.insert(value);
  }
  EXPECT_EQ(loaded, (std::set<std::uint32_t>{0, 1, 2}));
}

TEST(Strategies, PriorityChangeOfDepthOneSticksToOneActor) {
  PriorityChange pct(7, 1, 100);
  const std::vector<std::uint32_t> picked = answers(pct, 100);
  EXPECT_EQ(std::set(picked.begin(), picked.end()).size(), 1u);
}

TEST(Strategies, PriorityChangeFallsBackAsOftenAsItsDepthSays) {
  // Three actors: after two changes, each at a step of its own, everybody has been the highest once.
  std::set<std::size_t> changes_seen;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    PriorityChange pct(seed, 3, 100);
    const std::vector<std::uint32_t> picked = answers(pct, 100);
    std::size_t changes = 0;
    for (std::size_t i = 1; i < picked.size(); ++i) changes += picked[i] != picked[i - 1] ? 1 : 0;
    EXPECT_LE(changes, 2u);
    changes_seen.insert(changes);
  }
  EXPECT_TRUE(changes_seen.contains(2));
}

TEST(Strategies, TheHighestOfThoseThatCanRunRuns) {
  PriorityChange pct(3, 1, 10);
  const std::uint32_t best = pct.schedule(options({0, 1, 2}));
  std::vector<ActorId> others;
  for (ActorId actor = 0; actor < 3; ++actor) {
    if (actor != best) others.push_back(actor);
  }
  const std::uint32_t second = others[pct.schedule(options(others))];
  EXPECT_NE(second, best);
  EXPECT_EQ(pct.schedule(options({0, 1, 2})), best);
}

TEST(Strategies, WhoeverTurnsRoundFallsBehind) {
  PriorityChange pct(7, 1, 100);
  const std::vector<std::uint32_t> picked = answers(pct, 3 * PriorityChange::kTurnsMax);
  EXPECT_EQ(std::set(picked.begin(), picked.end()).size(), 3u);
  EXPECT_EQ(std::count(picked.begin(), picked.end(), picked.front()), PriorityChange::kTurnsMax);
}

TEST(Strategies, BoundOfPct) {
  EXPECT_DOUBLE_EQ(pct_bound(2, 10, 1), 0.5);
  EXPECT_DOUBLE_EQ(pct_bound(5, 100, 3), 1.0 / 50000.0);
}

// The guarantee, on a bug of depth 2: b must come between two given steps of a, among 20.
TEST(Strategies, PctFindsABugOfItsDepthAsOftenAsItPromises) {
  constexpr std::uint64_t kRuns = 4000;
  constexpr std::uint32_t kSteps = 20;
  std::uint64_t found = 0;
  for (std::uint64_t seed = 0; seed < kRuns; ++seed) {
    PriorityChange pct(seed, 2, kSteps + 1);
    std::uint32_t steps_of_a = 0;
    bool b_done = false;
    std::uint32_t when_b_ran = 0;
    while (steps_of_a < kSteps && !b_done) {
      if (pct.schedule(options({0, 1})) == 0) {
        ++steps_of_a;
      } else {
        b_done = true;
        when_b_ran = steps_of_a;
      }
    }
    found += b_done && when_b_ran == 13 ? 1 : 0;
  }
  EXPECT_GE(static_cast<double>(found) / kRuns, pct_bound(2, kSteps + 1, 2) * 0.8);
}

}  // namespace
}  // namespace ringproof

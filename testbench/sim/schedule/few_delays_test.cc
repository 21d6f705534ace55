// A few delays: how many, how long, and that the seed decides.

#include "sim/schedule/few_delays.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "sim/schedule/decision_recorder.h"

namespace ringproof {
namespace {

constexpr std::uint64_t kQuestions = 200;

// What a run in which three actors come first in turn has for a log.
DecisionLog log_of(std::uint64_t seed, std::uint32_t delays) {
  static const auto tape = std::make_unique<DecisionTape>();
  FewDelays strategy(seed, delays, kQuestions);
  ChoiceNumbers numbers;
  DecisionRecorder recorder(strategy, numbers, *tape);
  recorder.set_names([](ActorId actor) { return std::string(1, static_cast<char>('a' + actor)); });
  for (ActorId i = 0; i < kQuestions; ++i) {
    std::vector<ScheduleOption> options;
    for (ActorId actor = 0; actor < 3; ++actor) options.push_back({(i + actor) % 3, 0, false, 0});
    recorder.schedule(options);
  }
  return read_tape(*tape);
}

TEST(FewDelays, AreAsManyPreemptionsAtMost) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    // Two that are held at once pass the turn to each other when the third one is held as well.
    for (const std::uint32_t delays : {0U, 1U, 2U}) {
      EXPECT_LE(preemptions_of(log_of(seed, delays)).size(), delays) << "seed " << seed;
    }
  }
}

TEST(FewDelays, AreShortAndLong) {
  std::set<std::size_t> lengths;
  for (std::uint64_t seed = 0; seed < 200; ++seed) lengths.insert(log_of(seed, 1).size());
  EXPECT_LE(*lengths.begin(), 1u);
  EXPECT_GE(*lengths.rbegin(), 40u);
}

TEST(FewDelays, TheSeedDecides) {
  EXPECT_EQ(log_of(5, 2), log_of(5, 2));
  std::set<std::size_t> sizes;
  for (std::uint64_t seed = 0; seed < 20; ++seed) sizes.insert(log_of(seed, 2).size());
  EXPECT_GT(sizes.size(), 5u);
}

TEST(FewDelays, LetARunOfLoadsSeeOlderValues) {
  std::set<std::uint32_t> values;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    FewDelays strategy(seed, 1, 20);
    for (int i = 0; i < 20; ++i) values.insert(strategy.choose(Choice::kMemory, 0, 3));
  }
  EXPECT_EQ(values, (std::set<std::uint32_t>{0, 1}));
  FewDelays none(1, 0, 20);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(none.choose(Choice::kMemory, 0, 3), 0u);
}

}  // namespace
}  // namespace ringproof

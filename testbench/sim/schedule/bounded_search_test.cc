// The bounded search on small programs whose every interleaving can be listed by hand.

#include "sim/schedule/bounded_search.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "sim/schedule/decision_recorder.h"
#include "sim/schedule/log_replay.h"

namespace ringproof {
namespace {

// A step of an actor: it touches one object, and does something.
struct Step {
  int* object;
  bool write;
  std::function<void()> effect;
};
using Program = std::vector<std::vector<Step>>;  // by actor

std::string name_of(ActorId actor) { return "actor " + std::to_string(actor); }

// A log is followed, and what happens is traced.
class TracedReplay {
 public:
  explicit TracedReplay(const DecisionLog& log) : replay_(log, numbers_) {
    replay_.set_names(name_of);
    tracer_.set_names(name_of);
    recorder_.set_names(name_of);
  }
  Chooser& chooser() { return recorder_; }
  TraceRecorder& tracer() { return tracer_; }
  const LogReplay& replay() const { return replay_; }

 private:
  static DecisionTape& tape() {
    static const auto tape = std::make_unique<DecisionTape>();
    return *tape;
  }
  ChoiceNumbers numbers_;
  LogReplay replay_;
  TraceRecorder tracer_{replay_, numbers_};
  DecisionRecorder recorder_{tracer_, numbers_, tape()};
};

// Runs the program step by step; without a decision an actor runs to its end.
void run(const Program& program, TracedReplay& traced) {
  std::vector<std::size_t> next(program.size(), 0);
  ActorId running = 0;
  while (true) {
    std::vector<ScheduleOption> options;
    for (std::size_t i = 0; i < program.size(); ++i) {
      const auto actor = static_cast<ActorId>((running + i) % program.size());
      if (next[actor] < program[actor].size()) options.push_back({actor, 0, actor == running, 0});
    }
    if (options.empty()) return;
    running = options[options.size() > 1 ? traced.chooser().schedule(options) : 0].actor;
    const Step& step = program[running][next[running]++];
    traced.tracer().accessed(running, step.object, step.write);
    step.effect();
  }
}

struct Explored {
  std::set<std::string> outcomes;
  std::size_t runs = 0;
};

// `make` gives a new program, whose outcome `outcome` tells at the end.
Explored explore(std::size_t bound, Reduction reduction, const std::function<Program()>& make,
                 const std::function<std::string()>& outcome) {
  BoundedSearch search(bound);
  Explored explored;
  std::vector<DecisionLog> wave = {{}};
  while (!wave.empty()) {
    for (const DecisionLog& log : wave) {
      TracedReplay traced(log);
      run(make(), traced);
      EXPECT_EQ(traced.replay().divergence(), std::nullopt);
      explored.outcomes.insert(outcome());
      ++explored.runs;
      search.ran(log, traced.tracer().findings(reduction));
    }
    wave = search.next_wave();
  }
  return explored;
}

// Two actors add to a counter without a lock.
class LostUpdate : public testing::Test {
 protected:
  Explored explore(std::size_t bound, Reduction reduction) {
    return ringproof::explore(
        bound, reduction,
        [this] {
          counter = 0;
          Program program(2);
          for (int i = 0; i < 2; ++i) {
            program[i].push_back({&counter, false, [this, i] { seen[i] = counter; }});
            program[i].push_back({&counter, true, [this, i] { counter = seen[i] + 1; }});
          }
          return program;
        },
        [this] { return std::to_string(counter); });
  }
  int counter = 0;
  int seen[2] = {};
};

TEST_F(LostUpdate, IsNotFoundWithoutPreemption) {
  EXPECT_EQ(explore(0, Reduction::kRaces).outcomes, std::set<std::string>{"2"});
}

TEST_F(LostUpdate, IsFoundWithOnePreemption) {
  EXPECT_EQ(explore(1, Reduction::kRaces).outcomes, (std::set<std::string>{"1", "2"}));
}

// Actors that never touch the same object need one run, however many steps they have.
TEST(BoundedSearch, WhatDoesNotConflictIsNotReordered) {
  int objects[3] = {};
  const auto make = [&objects] {
    Program program(3);
    for (int i = 0; i < 3; ++i) program[i].assign(10, {&objects[i], true, [] {}});
    return program;
  };
  const auto outcome = [] { return std::string(); };
  EXPECT_EQ(explore(3, Reduction::kRaces, make, outcome).runs, 1u);
  EXPECT_GT(explore(1, Reduction::kNone, make, outcome).runs, 20u);
}

TEST(BoundedSearch, ReadersOfOneObjectAreNotReordered) {
  int object = 0;
  const auto make = [&object] { return Program(3, std::vector<Step>(4, {&object, false, [] {}})); };
  EXPECT_EQ(explore(3, Reduction::kRaces, make, [] { return std::string(); }).runs, 1u);
}

// What the reduction leaves out differs from nothing that it keeps.
TEST(BoundedSearch, TheReductionKeepsEveryOutcome) {
  int x = 0;
  int y = 0;
  int z = 0;
  std::string story;
  const auto make = [&] {
    x = y = z = 0;
    story.clear();
    Program program(3);
    program[0] = {{&x, true, [&] { x = 1; }},
                  {&z, true, [&] { z += 1; }},
                  {&y, false, [&] { story += "a" + std::to_string(y); }}};
    program[1] = {{&y, true, [&] { y = 1; }},
                  {&z, true, [&] { z *= 2; }},
                  {&x, false, [&] { story += "b" + std::to_string(x); }}};
    program[2] = {{&x, true, [&] { x = 2; }}, {&y, true, [&] { y = 2; }}};
    return program;
  };
  // The order in which two actors write into their own part of the story is no outcome.
  const auto outcome = [&] {
    std::string parts = story;
    if (parts[0] == 'b') parts = parts.substr(2) + parts.substr(0, 2);
    return parts + " z" + std::to_string(z);
  };
  const Explored all = explore(5, Reduction::kNone, make, outcome);
  const Explored reduced = explore(5, Reduction::kRaces, make, outcome);
  EXPECT_EQ(reduced.outcomes, all.outcomes);
  EXPECT_LT(reduced.runs * 2, all.runs);
}

TEST(BoundedSearch, AllLogsOfOneDecisionComeBeforeThoseOfTwo) {
  BoundedSearch search(2);
  const auto decision = [](std::uint32_t number) {
    return Decision{DecisionKind::kSchedule, "a", number, "b", 0};
  };
  search.ran({decision(1)}, {7, {{1, decision(2)}, {0, decision(3)}}});
  EXPECT_EQ(search.next_wave(), std::vector<DecisionLog>{{decision(3)}});
  search.ran({decision(3)}, {8, {{0, decision(4)}}});
  EXPECT_EQ(search.next_wave(), std::vector<DecisionLog>{{decision(4)}});
  EXPECT_EQ(search.next_wave(), (std::vector<DecisionLog>{{decision(1), decision(2)}}));
  EXPECT_TRUE(search.next_wave().empty());
}

TEST(BoundedSearch, NeighboursDoNotComeOneAfterTheOther) {
  BoundedSearch search(1);
  std::vector<Alternative> alternatives;
  for (std::uint32_t i = 1; i <= 100; ++i) {
    alternatives.push_back({0, {DecisionKind::kSchedule, "a", i, "b", 0}});
  }
  search.ran({}, {7, alternatives});
  std::size_t neighbours = 0;
  const std::vector<DecisionLog> wave = search.next_wave();
  ASSERT_EQ(wave.size(), 100u);
  for (std::size_t i = 1; i < wave.size(); ++i) {
    neighbours += wave[i][0].number == wave[i - 1][0].number + 1 ? 1 : 0;
  }
  EXPECT_LT(neighbours, 10u);
}

TEST(BoundedSearch, OfEqualTracesOneIsFollowed) {
  BoundedSearch search(2);
  const Alternative alternative{0, {DecisionKind::kSchedule, "a", 1, "b", 0}};
  search.ran({}, {7, {}});
  search.ran({alternative.decision}, {7, {alternative}});
  EXPECT_TRUE(search.next_wave().empty());
}

// Values that a weak memory still shows are tried as well.
TEST(BoundedSearch, EveryValueOfALoadIsTried) {
  BoundedSearch search(1);
  std::set<std::uint32_t> values;
  std::vector<DecisionLog> wave = {{}};
  while (!wave.empty()) {
    for (const DecisionLog& log : wave) {
      TracedReplay traced(log);
      values.insert(traced.chooser().choose(Choice::kMemory, 0, 3));
      search.ran(log, traced.tracer().findings(Reduction::kRaces));
    }
    wave = search.next_wave();
  }
  EXPECT_EQ(values, (std::set<std::uint32_t>{0, 1, 2}));
}

}  // namespace
}  // namespace ringproof

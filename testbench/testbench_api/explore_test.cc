// Exploring from a test: what is found is brought back, and the same in every run.

#include <utility>

#include "testbench/conformance/interface.h"
#include "testbench/testbench_api/one_socket.h"

namespace ringproof::testbench {
namespace {

// Two threads that take the same entry of the FILL ring: which of them loses depends on the schedule.
void race(Testbench& machine) {
  std::optional<test::ReadySocket> socket;
  machine.call([&] { socket.emplace(); });
  const Thread one = machine.start("one", [&] { socket->post_chunks(0, 2); });
  const Thread two = machine.start("two", [&] { socket->post_chunks(2, 2); });
  machine.join(one);
  machine.join(two);
  EXPECT_EQ(machine.snapshot().ring("FILL").producer, 4u);
  machine.call([&] { socket.reset(); });
}

Exploring two_threads() {
  Exploring exploring;
  exploring.schedules = 300;
  return exploring;
}

TEST(Explore, AFailureComesBackFromItsNumberAndFromItsDecisions) {
  Exploring exploring = two_threads();
  const Exploration found = explore_expecting(exploring, race);
  ASSERT_TRUE(found.failed());
  EXPECT_NE(found.failure->message.find("explore_test.cc"), std::string::npos) << found.failure->message;

  exploring.only = found.failure->schedule;
  const Exploration again = explore_expecting(exploring, race);
  ASSERT_TRUE(again.failed());
  EXPECT_EQ(again.schedules, 1u);
  EXPECT_EQ(again.failure->message, found.failure->message);

  exploring.only.reset();
  exploring.decisions = found.failure->decisions;
  exploring.machine.seed = found.failure->seed;
  const Exploration replayed = explore_expecting(exploring, race);
  ASSERT_TRUE(replayed.failed());
  EXPECT_EQ(replayed.failure->message, found.failure->message);
  EXPECT_EQ(replayed.divergence, std::nullopt);
}

TEST(Explore, EqualSeedsGiveEqualRuns) {
  const auto calm = [](Testbench& machine) {
    machine.inject(udp_frame(64, 1));
    machine.call([] { const test::ReadySocket socket; });
    machine.run_until_idle();
  };
  Exploring exploring;
  exploring.schedules = 20;
  const Exploration one = explore(exploring, calm);
  const Exploration two = explore(exploring, calm);
  EXPECT_EQ(one.hash, two.hash);
  EXPECT_EQ(one.choices, two.choices);
  exploring.machine.seed = 77;
  EXPECT_NE(explore(exploring, calm).choices, one.choices);
}

TEST(Explore, PctSaysWhatItsRunsAreWorth) {
  Exploring exploring;
  exploring.schedules = 10;
  exploring.strategy = Strategy::kPct;
  exploring.depth = 1;
  const Exploration none =
      explore(exploring, [](Testbench& machine) { machine.call([] { const test::ReadySocket socket; }); });
  EXPECT_FALSE(none.failed());
  EXPECT_GT(none.certified, 0.1);
  EXPECT_LE(none.certified, 1.0);
}

TEST(Explore, ABoundedSearchFindsARaceAndBringsItBack) {
  Exploring exploring;
  exploring.strategy = Strategy::kBounded;
  exploring.depth = 1;
  const Exploration found = explore_expecting(exploring, race);
  ASSERT_TRUE(found.failed());
  EXPECT_FALSE(found.complete);
  exploring.only = found.failure->schedule;
  const Exploration again = explore_expecting(exploring, race);
  ASSERT_TRUE(again.failed());
  EXPECT_EQ(again.failure->message, found.failure->message);
  EXPECT_EQ(again.failure->decisions, found.failure->decisions);
}

TEST(Explore, ABoundedSearchSaysWhenNothingIsLeft) {
  Exploring exploring;
  exploring.strategy = Strategy::kBounded;
  exploring.depth = 1;
  const auto calm = [](Testbench& machine) { machine.call([] { const test::ReadySocket socket; }); };
  const Exploration all = explore(exploring, calm);
  EXPECT_FALSE(all.failed());
  EXPECT_TRUE(all.complete);
  EXPECT_GT(all.schedules, 1u);
  exploring.schedules = all.schedules - 1;
  EXPECT_FALSE(explore(exploring, calm).complete);
}

// Two threads that want RSS for themselves, while a frame comes: one of them gets it.
std::pair<UINT32, UINT32> set_rss_twice(Testbench& machine) {
  std::optional<test::OpenInterface> one;
  std::optional<test::OpenInterface> two;
  std::pair<UINT32, UINT32> answers;
  machine.call([&] {
    one.emplace();
    two.emplace();
  });
  machine.inject(udp_frame(64, 1));
  const auto first = machine.start("one", [&] {
    answers.first = one->set(test::RssWish{.processors = std::vector<BYTE>{1, 2}});
  });
  const auto second = machine.start(
      "two", [&] { answers.second = two->set(test::RssWish{.processors = std::vector<BYTE>{3}}); });
  machine.join(first);
  machine.join(second);
  machine.call([&] {
    EXPECT_EQ(one->rss().processors.size(), answers.first == test::kOk ? 2u : 1u);
    one.reset();
    two.reset();
  });
  machine.run_until_idle();
  return answers;
}

TEST(Explore, RssHasOneOwnerWhoeverComesFirst) {
  Exploring exploring = two_threads();
  exploring.strategy = Strategy::kBounded;
  exploring.depth = 1;
  exploring.machine.queues = 2;
  expect_all_schedules_pass(exploring, [](Testbench& machine) {
    const auto [one, two] = set_rss_twice(machine);
    EXPECT_TRUE((one == test::kOk && two == test::kBadState) || (one == test::kBadState && two == test::kOk));
  });
  // And either may come first.
  EXPECT_TRUE(explore_expecting(exploring, [](Testbench& machine) {
                EXPECT_EQ(set_rss_twice(machine).first, test::kOk);
              }).failed());
}

TEST(Explore, FewDelaysFindARace) {
  Exploring exploring = two_threads();
  exploring.strategy = Strategy::kDelays;
  exploring.depth = 1;
  EXPECT_TRUE(explore_expecting(exploring, race).failed());
}

TEST(Explore, ARunThatGoesOnForEverIsAFailure) {
  Exploring exploring;
  exploring.schedules = 1;
  exploring.steps_max = 5000;
  const Exploration found = explore(exploring, [](Testbench& machine) {
    machine.join(machine.start("endless", [] {
      for (UINT32 i = 0;; ++i) SetLastError(i), Sleep(1);
    }));
  });
  ASSERT_TRUE(found.failed());
  EXPECT_NE(found.failure->message.find("5000 schedule steps"), std::string::npos) << found.failure->message;
}

TEST(Explore, AnExceptionOfTheBodyIsAFailure) {
  Exploring exploring;
  const Exploration found =
      explore(exploring, [](Testbench& machine) { machine.inject(udp_frame(64, 1), 9); });
  ASSERT_TRUE(found.failed());
  EXPECT_NE(found.failure->message.find("expected 1 to 1, got 9"), std::string::npos);
}

// Text that is nearly a log would be another schedule than the one that is asked for.
TEST(Explore, DecisionsThatAreNoneAreRefusedWithTheirPlace) {
  const auto refusal = [](const std::string& decisions) -> std::string {
    Exploring exploring;
    exploring.decisions = decisions;
    try {
      explore(exploring, race);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "no refusal";
  };
  const std::string start = "Exploring::decisions: ";
  EXPECT_EQ(refusal("null"), start + "expected a list of decisions, got null");
  EXPECT_EQ(refusal("{}"), start + "expected a list of decisions, got {}");
  EXPECT_EQ(refusal("[1]").substr(0, start.size() + 13), start + "/0: expected ");
  EXPECT_EQ(refusal(R"([{"at": "a", "n": 1.5, "run": "b"}])"),
            start + "/0/n: expected a whole number from 1 to 4294967295, got 1.5");
  EXPECT_EQ(refusal(R"([{"at": "a", "n": 4294967297, "run": "b"}])"),
            start + "/0/n: expected a whole number from 1 to 4294967295, got 4294967297");
  EXPECT_EQ(refusal(R"([{"memory": "a", "n": 1, "value": -1}])"),
            start + "/0/value: expected a whole number from 1 to 4294967295, got -1");
  EXPECT_EQ(refusal(R"([{"at": "a", "n": 1, "run": "b", "value": 1}])"),
            start + "/0/value: expected a key of docs/explore.md, got an unknown one");
  EXPECT_EQ(refusal(R"([{"at": "a", "n": 1, "n": 2, "run": "b"}])"),
            start + "/0/n: expected this key once, got it twice");
  EXPECT_EQ(refusal("[{\"at\":").substr(0, start.size() + 37),
            start + "line 1, column 8: expected JSON, got:");
}

TEST(Explore, WhatCannotBeExploredIsRefused) {
  Exploring exploring;
  exploring.schedules = 0;
  EXPECT_THROW(explore(exploring, race), std::invalid_argument);
}

}  // namespace
}  // namespace ringproof::testbench

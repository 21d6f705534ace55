// ring_monitor_test.cc: rings that are used well, and every way of using one badly.

#include "sim/monitor/ring_monitor.h"

#include <gtest/gtest.h>

#include "testbench/sim/monitor/memory.h"

namespace ringproof {
namespace {

constexpr RingKind kAllKinds[] = {RingKind::kFill, RingKind::kRx, RingKind::kTx, RingKind::kCompletion};

class Rings : public testing::Test {
 protected:
  explicit Rings(std::uint32_t start = 0) : memory_(monitor_, 1, start) {}

  // Exactly one violation so far, of `id` by `party`.
  void expect_one(Invariant id, const char* party) {
    EXPECT_EQ(log_.violations(id), 1u);
    EXPECT_EQ(log_.violations(), 1u);
    ASSERT_FALSE(log_.messages().empty());
    EXPECT_NE(log_.messages()[0].find(std::string(", ") + party + ": "), std::string::npos)
        << log_.messages()[0];
  }
  void expect_none() {
    EXPECT_EQ(log_.violations(), 0u) << (log_.messages().empty() ? "" : log_.messages()[0]);
  }

  void turn(std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) memory_.post(RingKind::kFill, 256 * i);
    for (std::uint32_t i = 0; i < count; ++i) {
      memory_.deliver(memory_.take(RingKind::kFill, memory_.consumer(RingKind::kFill) + i), 60 + i, i);
    }
    memory_.consume(RingKind::kFill, count);
    memory_.publish(RingKind::kRx, count);
    for (std::uint32_t i = 0; i < count; ++i) memory_.post(RingKind::kTx, 256 * i, 60);
    memory_.release(RingKind::kRx, count);
    for (std::uint32_t i = 0; i < count; ++i) {
      memory_.finish(memory_.take(RingKind::kTx, memory_.consumer(RingKind::kTx) + i), {}, i);
    }
    memory_.consume(RingKind::kTx, count);
    memory_.publish(RingKind::kCompletion, count);
    memory_.release(RingKind::kCompletion, count);
  }

  InvariantLog log_;
  RingMonitor monitor_{log_};
  SharedMemory memory_;
};

class RingsNearTheWrap : public Rings {
 protected:
  RingsNearTheWrap() : Rings(0xFFFFFFFD) {}
};

TEST_F(Rings, TurnsOfEverySizeHoldAllInvariants) {
  for (std::uint32_t i = 0; i < 20; ++i) turn(1 + i % SharedMemory::kEntries);
  expect_none();
  for (const Invariant id : {Invariant::k01, Invariant::k02, Invariant::k04, Invariant::k08}) {
    EXPECT_GT(log_.checks(id), 0u);
  }
}

TEST_F(RingsNearTheWrap, TheWrapMakesNoDifference) {
  for (std::uint32_t i = 0; i < 20; ++i) turn(1 + i % SharedMemory::kEntries);
  expect_none();
}

// ---- INV-02 ----

TEST_F(Rings, AProducerThatMovesByMoreThanFreeIsReportedOnce) {
  memory_.post(RingKind::kFill, 0);
  memory_.move_producer(RingKind::kFill, Actor::kApplication, 5);
  expect_one(Invariant::k02, "application");
  EXPECT_NE(
      log_.messages()[0].find("socket 1 FILL ring at 2.000 ns: the application moved its producer index "
                              "from 1 to 5, a step of 4; with 1 of 4 entries used, 1 to 3 are allowed"),
      std::string::npos)
      << log_.messages()[0];
}

TEST_F(Rings, AFullRingAllowsNoFurtherEntry) {
  memory_.move_producer(RingKind::kTx, Actor::kApplication, 4);
  expect_none();
  memory_.move_producer(RingKind::kTx, Actor::kApplication, 5);
  expect_one(Invariant::k02, "application");
}

TEST_F(Rings, AProducerFarBeyondTheRingIsReportedOnce) {
  memory_.move_producer(RingKind::kTx, Actor::kApplication, 100'000);
  expect_one(Invariant::k02, "application");
}

TEST_F(Rings, AnIndexThatMovesBackwardsIsReportedOnce) {
  memory_.move_producer(RingKind::kFill, Actor::kApplication, 0xFFFFFFFF);
  expect_one(Invariant::k02, "application");
}

TEST_F(Rings, AConsumerThatReleasesMoreThanThereIsIsReportedOnce) {
  memory_.deliver(0, 60);
  memory_.publish(RingKind::kRx);
  memory_.release(RingKind::kRx, 2);
  expect_one(Invariant::k02, "application");
}

TEST_F(Rings, ThePlatformHasToKeepToTheRulesToo) {
  memory_.move_producer(RingKind::kRx, Actor::kPlatform, 5);
  expect_one(Invariant::k02, "platform");
}

TEST_F(Rings, AnIndexOfThePlatformThatSomebodyElseChangedIsTheApplicationsFault) {
  memory_.deliver(0, 60);
  memory_.store_producer(RingKind::kRx, 2);
  memory_.publish(RingKind::kRx);
  expect_one(Invariant::k02, "application");
}

TEST_F(Rings, WhatThePlatformDoesWithNonsenseIsNotHeldAgainstIt) {
  for (const RingKind kind : {RingKind::kFill, RingKind::kTx}) {
    memory_.move_producer(kind, Actor::kApplication, 1000);
    for (std::uint32_t i = 0; i < 6; ++i) memory_.take(kind, i);
    memory_.consume(kind, 6);
  }
  EXPECT_EQ(log_.violations(), 2u);
  EXPECT_EQ(log_.violations(Invariant::k02), 2u);
}

TEST_F(Rings, AfterAMistakeTheApplicationIsWatchedFromWhereItStands) {
  memory_.move_producer(RingKind::kFill, Actor::kApplication, 6);
  memory_.consume(RingKind::kFill, 4);
  memory_.move_producer(RingKind::kFill, Actor::kApplication, 8);
  expect_one(Invariant::k02, "application");
  memory_.move_producer(RingKind::kFill, Actor::kApplication, 9);
  EXPECT_EQ(log_.violations(), 2u);
  EXPECT_EQ(log_.messages().size(), 1u);
}

TEST_F(Rings, AnotherRingAndAnotherSocketAreNotTouchedByIt) {
  SharedMemory other(monitor_, 2);
  memory_.move_producer(RingKind::kFill, Actor::kApplication, 9);
  other.move_producer(RingKind::kFill, Actor::kApplication, 9);
  memory_.move_producer(RingKind::kTx, Actor::kApplication, 9);
  EXPECT_EQ(log_.messages().size(), 3u);
}

// ---- INV-01 ----

TEST_F(Rings, WordsThatClaimMoreThanTheRingHoldsAreSeenBeforeAnyMove) {
  memory_.store_consumer(RingKind::kRx, 50);
  memory_.deliver(0, 60);
  memory_.publish(RingKind::kRx);
  expect_one(Invariant::k01, "application");
}

TEST_F(Rings, TheMoveThatIsToldAfterwardsIsTheSameMistake) {
  memory_.store_producer(RingKind::kFill, 50);
  memory_.take(RingKind::kFill, 0);
  monitor_.ring_moved(1, RingKind::kFill, Actor::kApplication, 0, 50, 5000);
  expect_one(Invariant::k01, "application");
}

// ---- INV-04 ----

TEST_F(Rings, AnEntryThatChangesBeforeItIsTakenIsReported) {
  for (const RingKind kind : {RingKind::kFill, RingKind::kTx}) {
    memory_.post(kind, 256, 60);
    memory_.write(kind, 0, 512, 60);
    memory_.take(kind);
    memory_.consume(kind);
  }
  EXPECT_EQ(log_.violations(Invariant::k04), 2u);
  EXPECT_EQ(log_.violations(), 2u);
  EXPECT_NE(log_.messages()[0].find("entry 0 was published as 0x100 and changed to 0x200"),
            std::string::npos);
}

TEST_F(Rings, ALengthThatChangesBeforeItIsTakenIsReported) {
  memory_.post(RingKind::kTx, 256, 60);
  memory_.write(RingKind::kTx, 0, 256, 61);
  memory_.take(RingKind::kTx);
  expect_one(Invariant::k04, "application");
}

TEST_F(Rings, AnEntryThatChangesBeforeItIsReleasedIsReported) {
  memory_.deliver(256, 60);
  memory_.publish(RingKind::kRx);
  memory_.write(RingKind::kRx, 0, 256, 61);
  memory_.release(RingKind::kRx);
  expect_one(Invariant::k04, "application");
}

TEST_F(Rings, ACompletionThatChangesBeforeItIsReleasedIsReported) {
  memory_.finish(256);
  memory_.publish(RingKind::kCompletion);
  memory_.write(RingKind::kCompletion, 0, 512);
  memory_.release(RingKind::kCompletion);
  expect_one(Invariant::k04, "application");
}

// ---- INV-08 ----

TEST_F(Rings, AnEntryTakenTwiceIsReportedOnce) {
  for (std::uint64_t i = 0; i < 3; ++i) memory_.post(RingKind::kFill, 256 * i);
  for (const std::uint32_t index : {0u, 0u, 1u, 2u}) memory_.take(RingKind::kFill, index);
  memory_.consume(RingKind::kFill, 3);
  expect_one(Invariant::k08, "platform");
}

TEST_F(Rings, AnEntryThatIsSkippedIsReportedOnce) {
  for (std::uint64_t i = 0; i < 3; ++i) memory_.post(RingKind::kTx, 256 * i, 60);
  for (const std::uint32_t index : {0u, 2u}) memory_.take(RingKind::kTx, index);
  memory_.consume(RingKind::kTx, 3);
  expect_one(Invariant::k08, "platform");
}

TEST_F(Rings, AnEntryThatWasNeverPublishedMayNotBeTaken) {
  memory_.take(RingKind::kFill, 0);
  expect_one(Invariant::k08, "platform");
}

TEST_F(Rings, AnEntryThatIsReleasedWithoutBeingTakenIsReported) {
  memory_.post(RingKind::kFill, 0);
  memory_.consume(RingKind::kFill);
  expect_one(Invariant::k08, "platform");
}

TEST_F(Rings, EveryDeliveredFrameHasToBePublished) {
  memory_.deliver(0, 60);
  memory_.deliver(256, 61, 1);
  memory_.publish(RingKind::kRx, 1);
  expect_one(Invariant::k08, "platform");
}

TEST_F(Rings, NothingElseMayBePublished) {
  memory_.finish(0);
  memory_.publish(RingKind::kCompletion, 2);
  expect_one(Invariant::k08, "platform");
}

TEST_F(Rings, DescriptorsHaveToBeThoseOfTheFrames) {
  memory_.deliver(0, 60);
  memory_.write(RingKind::kRx, 0, 0 | (std::uint64_t{SharedMemory::kHeadroom} << 48), 59);
  memory_.publish(RingKind::kRx);
  expect_one(Invariant::k08, "platform");
}

TEST_F(Rings, CompletionsHaveToBeInTheOrderOfTheFrames) {
  memory_.finish(0, {}, 1);
  memory_.finish(256, {}, 0);
  memory_.publish(RingKind::kCompletion, 2);
  expect_one(Invariant::k08, "platform");
}

// ---- life cycle ----

TEST_F(Rings, AClosedSocketIsForgotten) {
  monitor_.socket_closed(1);
  for (const RingKind kind : kAllKinds) monitor_.ring_moved(1, kind, Actor::kApplication, 0, 77, 1000);
  EXPECT_EQ(log_.checks(Invariant::k02), 0u);
  expect_none();
}

}  // namespace
}  // namespace ringproof

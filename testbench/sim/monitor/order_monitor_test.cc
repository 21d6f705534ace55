// order_monitor_test.cc: shared words that are written and read in order, and every way of not doing so.

#include "sim/monitor/order_monitor.h"

#include <gtest/gtest.h>

#include "testbench/sim/monitor/accesses.h"

namespace ringproof {
namespace {

constexpr std::uint32_t kEntries = SharedMemory::kEntries;

class Orders : public testing::Test {
 protected:
  void expect_one(Invariant id, const char* party, const char* words) {
    EXPECT_EQ(log_.violations(id), 1u);
    EXPECT_EQ(log_.violations(), 1u);
    ASSERT_FALSE(log_.messages().empty());
    EXPECT_NE(log_.messages()[0].find(std::string(", ") + party + ": "), std::string::npos)
        << log_.messages()[0];
    EXPECT_NE(log_.messages()[0].find(words), std::string::npos) << log_.messages()[0];
  }
  void expect_none() {
    EXPECT_EQ(log_.violations(), 0u) << (log_.messages().empty() ? "" : log_.messages()[0]);
  }

  // Four entries go round the TX ring, as both sides should do it.
  void turn() {
    for (std::uint32_t i = 0; i < 3 * kEntries; ++i) {
      app_.load(RingKind::kTx, kConsumer, kAcq);
      app_.advance(RingKind::kTx, kProducer, 1, kRel);
      platform_.load(RingKind::kTx, kProducer, kAcq);
      memory_.take(RingKind::kTx);
      platform_.advance(RingKind::kTx, kConsumer, 1, kRel);
    }
  }

  InvariantLog log_;
  OrderMonitor monitor_{log_};
  SharedMemory memory_{monitor_, 1};
  Accesses app_{monitor_, memory_, Actor::kApplication, 1};
  Accesses platform_{monitor_, memory_, Actor::kPlatform, 2};
};

TEST_F(Orders, WhatReleasesAndAcquiresHoldsAllInvariants) {
  turn();
  monitor_.peer_cached(1, RingKind::kTx, memory_.producer(RingKind::kTx), 1000);
  platform_.change(RingKind::kTx, 2, 0);
  expect_none();
  for (const Invariant id : {Invariant::k03, Invariant::k05, Invariant::k06, Invariant::k09}) {
    EXPECT_GT(log_.checks(id), 0u);
  }
}

// ---- INV-03 ----

TEST_F(Orders, AnIndexOfTheOtherSideMayNotBeStored) {
  app_.advance(RingKind::kTx, kConsumer, 1, kRel);
  expect_one(Invariant::k03, "application",
             "the consumer index belongs to the platform; task 1 of the application");
}

TEST_F(Orders, NorMayThePlatformStoreOneOfTheApplication) {
  platform_.advance(RingKind::kRx, kConsumer, 1, kRel);
  expect_one(Invariant::k03, "platform", "the consumer index belongs to the application");
}

TEST_F(Orders, FlagsAreThePlatforms) {
  app_.store(RingKind::kTx, kFlags, 2, kRel);
  expect_one(Invariant::k03, "application", "the flags word belongs to the platform");
}

TEST_F(Orders, FlagsThatChangedUnderThePlatformAreTheApplicationsFault) {
  platform_.change(RingKind::kTx, 2, 0);
  app_.poke_memory(RingKind::kTx, kFlags, 0);
  platform_.change(RingKind::kTx, 4, 0);
  expect_one(Invariant::k03, "application", "left them at 0x2; something else made them 0x0");
}

// ---- INV-05 ----

TEST_F(Orders, AProducerIndexIsReleased) {
  app_.advance(RingKind::kTx, kProducer, 1, kRlx);
  expect_one(Invariant::k05, "application", "moved the producer index from 0 to 1 without release");
}

TEST_F(Orders, AReleasingFenceBeforeItDoesAsWell) {
  app_.fence(kRel);
  app_.advance(RingKind::kTx, kProducer, 1, kRlx);
  expect_none();
}

TEST_F(Orders, AFenceServesOneStoreOnly) {
  app_.fence(kRel);
  app_.advance(RingKind::kTx, kProducer, 1, kRlx);
  app_.advance(RingKind::kTx, kProducer, 1, kRlx);
  expect_one(Invariant::k05, "application", "from 1 to 2 without release");
}

// What belongs between a submit and reading NEED_POKE orders nothing of the next submit.
TEST_F(Orders, AFenceBeforeALookAtTheFlagsIsNone) {
  app_.fence(kSc);
  app_.load(RingKind::kTx, kFlags, kAcq);
  app_.advance(RingKind::kTx, kProducer, 1, kRlx);
  expect_one(Invariant::k05, "application", "without release");
}

TEST_F(Orders, AFenceOfAnotherTaskDoesNot) {
  Accesses(monitor_, memory_, Actor::kApplication, 9).fence(kRel);
  app_.advance(RingKind::kTx, kProducer, 1, kRlx);
  expect_one(Invariant::k05, "application", "without release");
}

TEST_F(Orders, EntriesAreTakenBehindAnAcquiringLoad) {
  app_.advance(RingKind::kTx, kProducer, 1, kRel);
  platform_.load(RingKind::kTx, kProducer, kRlx);
  memory_.take(RingKind::kTx);
  expect_one(Invariant::k05, "platform",
             "task 2 of the platform read the producer index as 1 without acquire");
}

TEST_F(Orders, OrBehindAnAcquiringFence) {
  app_.advance(RingKind::kTx, kProducer, 1, kRel);
  platform_.load(RingKind::kTx, kProducer, kRlx);
  platform_.fence(kAcq);
  memory_.take(RingKind::kTx);
  expect_none();
}

TEST_F(Orders, AFenceBeforeTheLoadIsNone) {
  app_.advance(RingKind::kTx, kProducer, 1, kRel);
  platform_.fence(kAcq);
  platform_.load(RingKind::kTx, kProducer, kRlx);
  memory_.take(RingKind::kTx);
  expect_one(Invariant::k05, "platform", "without acquire");
}

TEST_F(Orders, AnApplicationThatConsumesBehindARelaxedLoadIsReported) {
  platform_.advance(RingKind::kRx, kProducer, 2, kRel);
  app_.load(RingKind::kRx, kProducer, kRlx);
  app_.advance(RingKind::kRx, kConsumer, 2, kRel);
  expect_one(Invariant::k05, "application", "read the producer index as 2 without acquire");
}

TEST_F(Orders, WhatWasAcquiredOnceCoversLaterUses) {
  platform_.advance(RingKind::kRx, kProducer, 2, kRel);
  app_.load(RingKind::kRx, kProducer, kAcq);
  app_.advance(RingKind::kRx, kConsumer, 1, kRel);
  app_.load(RingKind::kRx, kProducer, kRlx);
  app_.advance(RingKind::kRx, kConsumer, 1, kRel);
  expect_none();
}

// ---- INV-06 ----

TEST_F(Orders, AConsumerIndexIsReleased) {
  platform_.advance(RingKind::kRx, kProducer, 1, kRel);
  app_.load(RingKind::kRx, kProducer, kAcq);
  app_.advance(RingKind::kRx, kConsumer, 1, kRlx);
  expect_one(Invariant::k06, "application", "moved the consumer index from 0 to 1 without release");
}

TEST_F(Orders, SlotsAreReusedBehindAnAcquiringLoad) {
  app_.advance(RingKind::kTx, kProducer, kEntries, kRel);
  platform_.load(RingKind::kTx, kProducer, kAcq);
  platform_.advance(RingKind::kTx, kConsumer, kEntries, kRel);
  app_.load(RingKind::kTx, kConsumer, kRlx);
  app_.advance(RingKind::kTx, kProducer, 1, kRel);
  expect_one(Invariant::k06, "application",
             "read the consumer index as 4 without acquire, and reused entries");
}

TEST_F(Orders, EntriesNobodyLookedForWithTheHelpersAreNotJudged) {
  app_.advance(RingKind::kTx, kProducer, kEntries, kRel);
  platform_.load(RingKind::kTx, kProducer, kAcq);
  platform_.advance(RingKind::kTx, kConsumer, kEntries, kRel);
  app_.advance(RingKind::kTx, kProducer, 1, kRel);
  expect_none();
}

// ---- INV-09 ----

TEST_F(Orders, ACopyAheadOfTheIndexIsReported) {
  app_.advance(RingKind::kTx, kProducer, 2, kRel);
  platform_.load(RingKind::kTx, kProducer, kAcq);
  monitor_.peer_cached(1, RingKind::kTx, 3, 1000);
  expect_one(Invariant::k09, "platform", "works with producer index 3, but the shared one is 2");
}

TEST_F(Orders, ACopyBehindTheIndexIsWhatCachesAreFor) {
  app_.advance(RingKind::kTx, kProducer, 2, kRel);
  monitor_.peer_cached(1, RingKind::kTx, 0, 1000);
  expect_none();
}

TEST_F(Orders, ACopyOfWhatTheApplicationTookBackIsNotThePlatformsFault) {
  app_.advance(RingKind::kTx, kProducer, 2, kRel);
  platform_.load(RingKind::kTx, kProducer, kAcq);
  app_.poke_memory(RingKind::kTx, kProducer, 0);
  monitor_.peer_cached(1, RingKind::kTx, 2, 1000);
  expect_none();
}

TEST_F(Orders, AClosedSocketIsForgotten) {
  monitor_.socket_closed(1);
  app_.advance(RingKind::kTx, kProducer, 1, kRlx);
  EXPECT_EQ(log_.checks(Invariant::k05), 0u);
}

}  // namespace
}  // namespace ringproof

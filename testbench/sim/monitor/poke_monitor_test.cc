// poke_monitor_test.cc: the flags of the rings, kept as they should be and in every other way.

#include "sim/monitor/poke_monitor.h"

#include <gtest/gtest.h>

#include "model/xdp/public_api.h"
#include "testbench/sim/monitor/accesses.h"

namespace ringproof {
namespace {

constexpr std::uint64_t kSocket = 1;
constexpr std::uint32_t kNeedPoke = XSK_RING_FLAG_NEED_POKE;
constexpr std::uint32_t kError = XSK_RING_FLAG_ERROR;
constexpr std::uint32_t kAffinity = XSK_RING_FLAG_AFFINITY_CHANGED;
constexpr std::uint32_t kOffload = XSK_RING_FLAG_OFFLOAD_CHANGED;
constexpr std::uint64_t kMillisecondPs = 1'000'000'000;

class Pokes : public testing::Test {
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
  void submit(std::uint32_t count = 1) { app_.advance(RingKind::kTx, kProducer, count, kRel); }
  void pass(bool begins, std::uint32_t outstanding = 0) {
    monitor_.transmit_pass(kSocket, begins, outstanding, memory_.next_ps());
  }
  void poke(bool begins) { monitor_.tx_poked(kSocket, begins, memory_.next_ps()); }
  void set_and_look_again() {
    driver_.change(RingKind::kTx, kNeedPoke, 0);
    driver_.fence(kSc);
    driver_.load(RingKind::kTx, kProducer, kAcq);
  }
  // A pass finds nothing and says so.
  void go_idle() {
    pass(true);
    set_and_look_again();
    pass(false);
  }

  InvariantLog log_;
  PokeMonitor monitor_{log_};
  SharedMemory memory_{monitor_, kSocket};
  Accesses app_{monitor_, memory_, Actor::kApplication, 1};
  Accesses driver_{monitor_, memory_, Actor::kPlatform, 2};
};

TEST_F(Pokes, AFrameThatGoesThroughHoldsAllInvariants) {
  go_idle();
  submit();
  app_.fence(kSc);
  app_.load(RingKind::kTx, kFlags, kAcq);
  poke(true);
  driver_.change(RingKind::kTx, 0, kNeedPoke);
  poke(false);
  pass(true);
  driver_.advance(RingKind::kTx, kConsumer, 1, kRel);
  pass(false, 1);
  go_idle();
  monitor_.went_quiet(kMillisecondPs);
  expect_none();
  EXPECT_GT(log_.checks(Invariant::k33), 0u);
  EXPECT_GT(log_.checks(Invariant::k36), 0u);
}

// ---- INV-33 ----

TEST_F(Pokes, EntriesThatNobodyIsGoingToReadAreReportedWhenAllIsQuiet) {
  pass(true);
  pass(false);
  submit(2);
  monitor_.went_quiet(kMillisecondPs);
  expect_one(Invariant::k33, "platform",
             "2 entries are unread, nothing is under way and NEED_POKE is not set");
}

TEST_F(Pokes, AndWhenThatLastsLongerThanAnyDelay) {
  pass(true);
  pass(false);
  submit();
  for (std::uint64_t i = 0; i <= PokeMonitor::kStrandedMaxPs / 1000; ++i) memory_.next_ps();
  submit();
  expect_one(Invariant::k33, "platform", "for longer than any delay");
}

TEST_F(Pokes, EntriesBehindAFlagWaitForTheApplication) {
  go_idle();
  submit();
  monitor_.went_quiet(kMillisecondPs);
  expect_none();
  EXPECT_GT(log_.checks(Invariant::k33), 0u);
}

TEST_F(Pokes, AnApplicationThatClearsTheFlagItselfHasStrandedItself) {
  go_idle();
  app_.poke_memory(RingKind::kTx, kFlags, 0);
  submit();
  monitor_.went_quiet(kMillisecondPs);
  expect_none();
}

TEST_F(Pokes, FramesUnderWayBringTheNextPass) {
  pass(true);
  pass(false, 1);
  submit();
  monitor_.went_quiet(kMillisecondPs);
  expect_none();
}

TEST_F(Pokes, AnApplicationThatSawAnOldFlagAndRestsIsReported) {
  go_idle();
  submit();
  app_.load_as(RingKind::kTx, kFlags, 0, kAcq);
  monitor_.went_quiet(kMillisecondPs);
  expect_one(Invariant::k33, "application", "a full fence belongs between the two");
}

TEST_F(Pokes, AnApplicationThatLookedBeforeItsIndexWasSeenAndWaitsIsReported) {
  pass(true);
  submit();
  app_.load(RingKind::kTx, kFlags, kAcq);
  set_and_look_again();
  pass(false);
  monitor_.wait_blocked(kSocket, 1, kMillisecondPs);
  expect_one(Invariant::k33, "application", "waits with entries unread and NEED_POKE set");
}

TEST_F(Pokes, OneThatWaitsWhileThePlatformIsAboutToLookIsNot) {
  pass(true);
  submit();
  app_.load(RingKind::kTx, kFlags, kAcq);
  set_and_look_again();
  monitor_.wait_blocked(kSocket, 1, kMillisecondPs);
  expect_none();
}

TEST_F(Pokes, OneThatPokedBeforeItWaitsIsNot) {
  go_idle();
  submit();
  app_.load_as(RingKind::kTx, kFlags, 0, kAcq);
  poke(true);
  poke(false);
  monitor_.wait_blocked(kSocket, 1, kMillisecondPs);
  expect_none();
}

TEST_F(Pokes, OneThatLooksAgainIsNot) {
  go_idle();
  submit();
  app_.load_as(RingKind::kTx, kFlags, 0, kAcq);
  app_.load(RingKind::kTx, kFlags, kAcq);
  monitor_.went_quiet(kMillisecondPs);
  expect_none();
}

// ---- INV-36 ----

TEST_F(Pokes, NeedPokeIsNotClearedWithoutReason) {
  go_idle();
  driver_.change(RingKind::kTx, 0, kNeedPoke);
  expect_one(Invariant::k36, "platform", "cleared NEED_POKE with no poke accepted and 0 frames under way");
}

TEST_F(Pokes, NorInAPassThatHasNothingUnderWay) {
  go_idle();
  pass(true);
  driver_.change(RingKind::kTx, 0, kNeedPoke);
  expect_one(Invariant::k36, "platform", "cleared NEED_POKE");
}

TEST_F(Pokes, FramesUnderWayOrANewPollModeAreReasons) {
  go_idle();
  pass(true, 1);
  driver_.change(RingKind::kTx, 0, kNeedPoke);
  pass(false, 1);
  monitor_.poll_mode_changing(kSocket, true, true);
  driver_.change(RingKind::kFill, kNeedPoke, 0);
  driver_.change(RingKind::kFill, 0, kNeedPoke);
  monitor_.poll_mode_changing(kSocket, false, true);
  expect_none();
}

TEST_F(Pokes, APassThatSetsNeedPokeLooksAgain) {
  pass(true);
  driver_.change(RingKind::kTx, kNeedPoke, 0);
  driver_.fence(kSc);
  pass(false);
  expect_one(Invariant::k36, "platform", "ended without looking at the rings again");
}

TEST_F(Pokes, BehindAFullFence) {
  pass(true);
  driver_.change(RingKind::kTx, kNeedPoke, 0);
  driver_.fence(MemoryOrder::kAcquireRelease);
  driver_.load(RingKind::kTx, kProducer, kAcq);
  expect_one(Invariant::k36, "platform", "without a full fence in between");
}

TEST_F(Pokes, TheErrorFlagIsForGood) {
  driver_.change(RingKind::kRx, kError, 0);
  driver_.change(RingKind::kRx, 0, kError);
  expect_one(Invariant::k36, "platform", "the error flag was cleared");
}

TEST_F(Pokes, AnErrorFlagThatTheApplicationClearedIsItsFault) {
  driver_.change(RingKind::kRx, kError, 0);
  app_.poke_memory(RingKind::kRx, kFlags, 0);
  driver_.change(RingKind::kRx, kOffload, 0);
  expect_one(Invariant::k36, "application", "something else cleared it");
}

TEST_F(Pokes, AChangeFlagGoesWithItsQueryOnly) {
  driver_.change(RingKind::kTx, kOffload, 0);
  monitor_.flag_queried(kSocket, RingKind::kTx, kAffinity);
  driver_.change(RingKind::kTx, 0, kOffload);
  expect_one(Invariant::k36, "platform", "OFFLOAD_CHANGED was cleared without the query");
}

TEST_F(Pokes, AnAffinityIsToldOncePerChange) {
  driver_.change(RingKind::kRx, kAffinity, 0);
  monitor_.flag_queried(kSocket, RingKind::kRx, kAffinity);
  driver_.change(RingKind::kRx, 0, kAffinity);
  driver_.move_to_cpu(3);
  driver_.change(RingKind::kRx, kAffinity, 0);
  expect_none();
  monitor_.flag_queried(kSocket, RingKind::kRx, kAffinity);
  driver_.change(RingKind::kRx, 0, kAffinity);
  driver_.change(RingKind::kRx, kAffinity, 0);
  expect_one(Invariant::k36, "platform", "processor 3 has been told already");
}

TEST_F(Pokes, AClosedSocketIsForgotten) {
  monitor_.socket_closed(kSocket);
  submit();
  driver_.change(RingKind::kTx, 0, kNeedPoke);
  monitor_.went_quiet(kMillisecondPs);
  EXPECT_EQ(log_.checks(Invariant::k33) + log_.checks(Invariant::k36), 0u);
}

}  // namespace
}  // namespace ringproof

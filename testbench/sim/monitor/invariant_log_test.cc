// invariant_log_test.cc: counts, one line per place, and the words of a line.

#include "sim/monitor/invariant_log.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>

#include "sim/monitor/fault_excuses.h"

namespace ringproof {
namespace {

class Log : public testing::Test {
 protected:
  void violate(Invariant id, const Place& place, const char* what = "it broke") {
    log_.violated(id, Party::kPlatform, place, trail_, 1'234'567, [what] { return std::string(what); });
  }

  InvariantLog log_;
  EventTrail trail_;
};

TEST_F(Log, ListsEveryInvariantInOrder) {
  const auto results = log_.results();
  ASSERT_EQ(results.size(), 52u);
  for (std::size_t i = 0; i < results.size(); ++i) {
    EXPECT_EQ(results[i].id, fmt::format("INV-{:02}", i + 1));
  }
  EXPECT_EQ(results[10].title, "buffer partition");
}

TEST_F(Log, CountsChecksAndViolationsApart) {
  log_.checked(Invariant::k08);
  log_.checked(Invariant::k08);
  violate(Invariant::k08, Place::ring(1, RingKind::kFill));
  EXPECT_EQ(log_.results()[7].checked, 2u);
  EXPECT_EQ(log_.results()[7].violations, 1u);
  EXPECT_EQ(log_.violations(), 1u);
}

TEST_F(Log, ALineNamesInvariantPartyPlaceTimeAndLastEvents) {
  for (std::uint64_t i = 1; i <= 5; ++i) trail_.add("step {0} of {1}", i, 5, i * 1000);
  violate(Invariant::k02, Place::ring(3, RingKind::kTx));
  ASSERT_EQ(log_.messages().size(), 1u);
  EXPECT_EQ(
      log_.messages()[0],
      "INV-02 monotone indices, platform: socket 3 TX ring at 1234.567 ns: it broke; last events: "
      "step 2 of 5 at 2.000 ns; step 3 of 5 at 3.000 ns; step 4 of 5 at 4.000 ns; step 5 of 5 at 5.000 ns");
}

TEST_F(Log, PortsAreNamedByInterfaceIndex) {
  EXPECT_EQ(Place::rx_queue(0, 2).text(), "interface 1 receive queue 2");
  EXPECT_EQ(Place::tx_queue(1, 0).text(), "interface 2 transmit queue 0");
  EXPECT_EQ(Place::port(0).text(), "interface 1");
  EXPECT_EQ(Place::socket(4).text(), "socket 4");
}

TEST_F(Log, ABrokenPlaceGetsOneLineWithACount) {
  for (int i = 0; i < 1000; ++i) violate(Invariant::k01, Place::ring(1, RingKind::kRx));
  violate(Invariant::k01, Place::ring(2, RingKind::kRx));
  violate(Invariant::k02, Place::ring(1, RingKind::kRx));
  ASSERT_EQ(log_.messages().size(), 3u);
  EXPECT_TRUE(log_.messages()[0].ends_with(" (1000 times)"));
  EXPECT_EQ(log_.violations(Invariant::k01), 1001u);
}

TEST_F(Log, KeepsTheFirstTwentyLinesAndCountsAll) {
  for (std::uint64_t socket = 1; socket <= 30; ++socket) violate(Invariant::k11, Place::socket(socket));
  EXPECT_EQ(log_.messages().size(), 20u);
  EXPECT_NE(log_.messages()[19].find("socket 20 "), std::string::npos);
  EXPECT_EQ(log_.violations(Invariant::k11), 30u);
}

TEST_F(Log, FillsTheRunResult) {
  violate(Invariant::k25, Place::port(0));
  RunResult result;
  log_.fill(result);
  EXPECT_EQ(result.invariants.size(), 52u);
  EXPECT_EQ(result.violation_messages.size(), 1u);
}

TEST_F(Log, ARingThatAFaultHoldsNeedNotBeLookedAtAgain) {
  FaultExcuses excuses(log_);
  violate(Invariant::k36, Place::ring(1, RingKind::kTx));
  excuses.fault_struck(FaultId::kDsc06, {.socket = 1}, 0);
  violate(Invariant::k36, Place::ring(2, RingKind::kTx));
  EXPECT_EQ(log_.violations(), 1u);
  EXPECT_EQ(log_.excused(), 1u);
}

// The device tells of an access that memory refused, so what it says of the bytes stays true.
TEST_F(Log, ARefusedAccessExcusesNeitherBytesNorOrder) {
  FaultExcuses excuses(log_);
  excuses.fault_struck(FaultId::kDma04, {.port = 0}, 0);
  excuses.fault_struck(FaultId::kDma06, {.port = 0}, 0);
  for (const Invariant id : {Invariant::k17, Invariant::k20, Invariant::k26}) violate(id, Place::port(0));
  EXPECT_EQ(log_.violations(), 3u);
}

// What a queue says of doorbells is judged by those that came to it.
TEST_F(Log, ADisturbedDoorbellExcusesNoQueue) {
  FaultExcuses excuses(log_);
  for (const FaultId id : {FaultId::kDbl01, FaultId::kDbl03, FaultId::kDbl04, FaultId::kDbl05}) {
    excuses.fault_struck(id, {.port = 0}, 0);
  }
  for (const Invariant id : {Invariant::k27, Invariant::k32}) violate(id, Place::port(0));
  EXPECT_EQ(log_.violations(), 2u);
}

// Chunks are anybody's whose memory it is; rings are each socket's own.
TEST_F(Log, ASpoiltSocketExcusesTheChunksOfThoseOnItsMemory) {
  FaultExcuses excuses(log_);
  std::array<unsigned char, 4096> memory{};
  excuses.umem_registered(1, {memory.data(), 2048, 256, 0});
  excuses.umem_registered(2, {memory.data() + 1024, 2048, 256, 0});
  excuses.umem_registered(3, {memory.data() + 3072, 1024, 256, 0});
  excuses.fault_struck(FaultId::kDsc04, {.socket = 2}, 0);
  excuses.umem_registered(4, {memory.data(), 2048, 256, 0});
  for (const std::uint64_t socket : {1, 2, 4}) violate(Invariant::k11, Place::ring(socket, RingKind::kFill));
  EXPECT_EQ(log_.excused(), 3u);
  violate(Invariant::k02, Place::ring(1, RingKind::kFill));
  violate(Invariant::k11, Place::ring(3, RingKind::kFill));
  EXPECT_EQ(log_.violations(), 2u);
}

TEST_F(Log, WhoHasTheMemoryLaterIsNotExcused) {
  FaultExcuses excuses(log_);
  std::array<unsigned char, 4096> memory{};
  excuses.umem_registered(1, {memory.data(), 2048, 256, 0});
  excuses.fault_struck(FaultId::kApp03, {.socket = 1}, 0);
  excuses.socket_closed(1);
  excuses.umem_registered(2, {memory.data(), 2048, 256, 0});
  violate(Invariant::k12, Place::ring(2, RingKind::kFill));
  EXPECT_EQ(log_.violations(), 1u);
}

}  // namespace
}  // namespace ringproof

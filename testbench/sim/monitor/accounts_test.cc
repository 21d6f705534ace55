// accounts_test.cc: sums, rows and percentiles.

#include "sim/monitor/accounts.h"

#include <gtest/gtest.h>

#include <vector>

namespace ringproof {
namespace {

class Books : public testing::Test {
 protected:
  RunResult result() {
    RunResult result;
    accounts_.fill(result);
    return result;
  }
  // A frame that takes `latency_ns` to its publication.
  void deliver(std::uint64_t latency_ns) {
    accounts_.wire_in(0, 1000, frame_);
    accounts_.frame_delivered(0, 1000, 1, 0, frame_, 0);
    accounts_.ring_moved(1, RingKind::kRx, Actor::kPlatform, 0, 1, (1000 + latency_ns) * 1000 + 999);
  }

  Accounts accounts_{{{"left", 2, 1}, {"right", 1, 1}}};
  std::vector<unsigned char> frame_ = std::vector<unsigned char>(100);
};

TEST_F(Books, WithoutTrafficEverythingIsZero) {
  const RunResult none = result();
  EXPECT_EQ(none.wire_in + none.wire_out + none.to_sockets + none.passed + none.forwarded, 0u);
  EXPECT_TRUE(none.dropped.empty());
  EXPECT_EQ(none.latency_max_ns, 0u);
  ASSERT_EQ(none.queues.size(), 5u);
  EXPECT_EQ(none.queues[1].port + none.queues[1].direction + std::to_string(none.queues[1].queue), "leftrx1");
  EXPECT_EQ(none.queues[4].port + none.queues[4].direction + std::to_string(none.queues[4].queue),
            "righttx0");
}

TEST_F(Books, EveryFrameIsCountedUnderItsEnd) {
  for (std::uint64_t time = 0; time < 6; ++time) accounts_.wire_in(0, time, frame_);
  accounts_.nic_dropped(0, 0, DropReason::kMacFifoFull);
  accounts_.frame_passed(0, 1, 0);
  accounts_.frame_forwarded(0, 2, 0);
  accounts_.frame_dropped(0, 3, DropReason::kRule);
  accounts_.frame_delivered(0, 4, 1, 0, frame_, 0);
  const RunResult books = result();
  EXPECT_EQ(books.wire_in, 6u);
  EXPECT_EQ(books.passed, 1u);
  EXPECT_EQ(books.forwarded, 1u);
  EXPECT_EQ(books.to_sockets, 1u);
  EXPECT_EQ(books.dropped, (std::map<std::string, std::uint64_t>{{"mac_fifo_full", 1}, {"rule", 1}}));
  EXPECT_EQ(accounts_.in_flight(), 1u);
}

TEST_F(Books, RowsCountFramesBytesAndLosses) {
  accounts_.hw_rx_completed(0, 1, 0, 10, frame_);
  accounts_.hw_rx_completed(0, 1, 1, 20, frame_);
  accounts_.frame_dropped(0, 20, DropReason::kDmaError);
  accounts_.wire_out(1, 0, 0, frame_);
  accounts_.wire_out_dropped(1, 0, DropReason::kDmaError);
  const RunResult books = result();
  EXPECT_EQ(books.queues[1].frames, 1u);
  EXPECT_EQ(books.queues[1].bytes, 100u);
  EXPECT_EQ(books.queues[1].dropped, 1u);
  EXPECT_EQ(books.queues[4].frames, 1u);
  EXPECT_EQ(books.queues[4].bytes, 100u);
  EXPECT_EQ(books.queues[4].dropped, 1u);
  EXPECT_EQ(books.wire_out, 1u);
}

TEST_F(Books, AFrameThatARuleDropsGotThroughItsQueue) {
  accounts_.hw_rx_completed(0, 0, 0, 10, frame_);
  accounts_.frame_dropped(0, 10, DropReason::kRule);
  EXPECT_EQ(result().queues[0].frames, 1u);
  EXPECT_EQ(result().queues[0].dropped, 0u);
}

TEST_F(Books, WhatAPauseTakesIsBookedPerDirection) {
  accounts_.wire_in(0, 10, frame_);
  accounts_.hw_rx_completed(0, 0, 0, 10, frame_);
  accounts_.frame_dropped(0, 10, DropReason::kPaused);
  accounts_.wire_out_dropped(1, 0, DropReason::kPaused);
  const RunResult books = result();
  EXPECT_EQ(books.dropped, (std::map<std::string, std::uint64_t>{{"paused", 1}}));  // received frames only
  EXPECT_EQ(books.queues[4].dropped, 1u);
  EXPECT_EQ(accounts_.in_flight(), 0u);
}

TEST_F(Books, PercentilesAreOfTheNearestRank) {
  for (std::uint64_t latency = 200; latency > 0; --latency) deliver(latency);
  EXPECT_EQ(result().latency_p50_ns, 100u);
  EXPECT_EQ(result().latency_p99_ns, 198u);
  EXPECT_EQ(result().latency_max_ns, 200u);
}

TEST_F(Books, OneFrameIsEveryPercentile) {
  deliver(7);
  EXPECT_EQ(result().latency_p50_ns, 7u);
  EXPECT_EQ(result().latency_p99_ns, 7u);
  EXPECT_EQ(result().latency_max_ns, 7u);
}

TEST_F(Books, LatencyEndsWithTheOwnRingsPublication) {
  accounts_.frame_delivered(0, 1000, 1, 0, frame_, 0);
  accounts_.ring_moved(2, RingKind::kRx, Actor::kPlatform, 0, 1, 2'000'000);
  accounts_.ring_moved(1, RingKind::kFill, Actor::kPlatform, 0, 1, 2'000'000);
  accounts_.ring_moved(1, RingKind::kRx, Actor::kApplication, 0, 1, 2'000'000);
  EXPECT_EQ(result().latency_max_ns, 0u);
  accounts_.ring_moved(1, RingKind::kRx, Actor::kPlatform, 0, 1, 3'000'000);
  EXPECT_EQ(result().latency_max_ns, 2000u);
}

}  // namespace
}  // namespace ringproof

// The driver against a device that does what the test says: holds, pauses, and who polls a queue.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "testbench/model/driver/driver_bench.h"

namespace ringproof::driver {
namespace {

// ---- receive-side scaling in the engine ----

class DriverOfEngineThatHashes : public DriverBench {
 protected:
  DriverOfEngineThatHashes() {
    settings_.key = nic::kDefaultRssKey;
    for (std::size_t i = 0; i < settings_.table.size(); ++i)
      settings_.table[i] = static_cast<std::uint8_t>(i % 3);
    hashes_.features = nic::kFeaturesRss;
    hashes_.set_rss(settings_);
    driver_ = std::make_unique<Driver>(hashes_, kernel, taps, DriverSettings{});
    run();
  }
  void expect_programmed() {
    EXPECT_EQ(hashes_.globals[nic::kRegisterRssControl], settings_.hash_types << 8 | nic::kRssControlEnable);
    EXPECT_EQ(hashes_.globals[nic::kRegisterRssKey], 0x6d5a56dau);
    EXPECT_EQ(hashes_.globals[nic::kRegisterRssKey + 36], 0xbeac01fau);
    EXPECT_EQ(hashes_.globals[nic::kRegisterRssTable], 0x00020100u);
    EXPECT_EQ(hashes_.globals[nic::kRegisterRssTable + 4], 0x01000201u);
  }
  nic::RssSettings settings_;
  FakeDevice hashes_{kernel};
  std::unique_ptr<Driver> driver_;
};

TEST_F(DriverOfEngineThatHashes, ProgramsWhatTheNicBeginsWith) { expect_programmed(); }

TEST_F(DriverOfEngineThatHashes, WritesWhatHasChangedAndThenPutsItInForce) {
  hashes_.global_writes = 0;
  settings_.table[6] = 1;
  settings_.hash_types = nic::rss_hash::kIpv4;
  driver_->set_rss(settings_);
  EXPECT_EQ(hashes_.global_writes, 2u);
  EXPECT_EQ(hashes_.globals[nic::kRegisterRssTable + 4], 0x01010201u);
  EXPECT_EQ(hashes_.globals[nic::kRegisterRssControl], 0x101u);
}

TEST_F(DriverOfEngineThatHashes, ProgramsADeviceThatIsBackAnew) {
  hashes_.set_present(false);
  in_task([this] { driver_->device_lost(); });
  hashes_.set_present(true);
  EXPECT_TRUE(hashes_.globals.empty());
  in_task([this] { driver_->device_returned(); });
  expect_programmed();
}

TEST_F(DriverBench, AnEngineThatDoesNotHashIsNotAskedTo) {
  driver->set_rss({});
  EXPECT_EQ(device.global_writes, 0u);
}

// All ones are the answer of nobody, and no features.
TEST_F(DriverBench, ADeviceThatIsGoneDoesNotHash) {
  FakeDevice gone(kernel);
  gone.features = nic::kNoAnswer;
  Driver other(gone, kernel, taps, DriverSettings{});
  EXPECT_DEATH(run_for(2 * kMillisecondPs), "the device is gone while it is brought up");
}

// ---- receive hold and fragments ----

TEST_F(DriverBench, HeldFramesPileUpAndComeAsOneBatch) {
  driver->hold_rx(0, true);
  for (int i = 0; i < 5; ++i) {
    receive(1);
    run();
  }
  EXPECT_EQ(receiver.batches, Sizes{});
  EXPECT_EQ(driver->rx_backlog(0), 5u);
  EXPECT_FALSE(driver->idle());
  EXPECT_TRUE(kernel.quiet());  // no interrupt comes over and over
  driver->hold_rx(0, false);
  run();
  EXPECT_EQ(receiver.batches, Sizes{5});
  EXPECT_EQ(driver->rx_backlog(0), 0u);
  EXPECT_TRUE(driver->idle());
}

TEST_F(DriverBench, AfterAHoldInterruptsWorkAsBefore) {
  driver->hold_rx(0, true);
  receive(1);
  run();
  driver->hold_rx(0, false);
  run();
  receive(1);
  run();
  EXPECT_EQ(receiver.batches, (Sizes{1, 1}));
}

TEST_F(DriverBench, AWholeRingThatWasHeldIsTakenInPassesOfTheBudget) {
  DriverSettings settings;  // 256 entries
  FakeDevice other(kernel);
  Driver large(other, kernel, taps, settings);
  large.set_rx_client(0, Layer::kNative, &receiver);
  run();
  large.hold_rx(0, true);
  for (int i = 0; i < 150; ++i) other.receive(60);
  large.hold_rx(0, false);
  run();
  EXPECT_EQ(receiver.batches, (Sizes{64, 64, 22}));
}

TEST_F(DriverBench, LongFramesComeInFragments) {
  device.info_to_change().rx_fragment_bytes = 500;
  driver->hold_rx(0, true);
  for (const std::size_t bytes : {60, 1518, 500, 1000, 501}) device.receive(bytes);
  driver->hold_rx(0, false);
  run();
  EXPECT_EQ(receiver.fragments, (std::vector<Sizes>{{}, {500, 500, 500, 18}, {}, {500, 500}, {500, 1}}));
}

TEST_F(DriverBench, WithoutFragmentsAFrameIsInOneBuffer) {
  device.receive(1518);
  run();
  EXPECT_EQ(receiver.fragments, std::vector<Sizes>{{}});
}

// ---- transmit hold ----

TEST_F(DriverBench, FramesThatMatchStayAndTheOthersPass) {
  driver->hold_tx(is_even);
  send({1, 2, 3, 4});
  EXPECT_EQ(device.to_send(), (Numbers{1, 3}));
  ASSERT_EQ(driver->held_tx().size(), 2u);
  EXPECT_EQ(driver->held_tx()[1].frame.context, 4u);
  EXPECT_GE(driver->held_tx()[1].since_ps, 10 * kMicrosecondPs);
  EXPECT_LE(driver->held_tx()[1].since_ps, 12 * kMicrosecondPs);
  device.finish_sending(2);
  run();
  EXPECT_EQ(sender.done, (Numbers{1, 3}));
  EXPECT_FALSE(driver->idle());
}

TEST_F(DriverBench, HeldFramesCompleteInTheOrderOfTheirRelease) {
  driver->hold_tx(is_even);
  send({2, 4, 6, 7});
  driver->release_tx(2, {.timestamp_ns = 99});
  driver->release_tx(0);
  run();
  EXPECT_EQ(device.to_send(), (Numbers{7, 6, 2}));
  device.finish_sending(3);
  driver->release_all_tx();
  run();
  EXPECT_EQ(device.to_send(), Numbers{4});
  device.finish_sending(1);
  run();
  EXPECT_EQ(sender.done, (Numbers{7, 6, 2, 4}));
  EXPECT_EQ(sender.timestamps, (Numbers{0, 99, 0, 0}));
  EXPECT_TRUE(driver->idle());
}

TEST_F(DriverBench, HeldFramesTakeRoomAsIfPosted) {
  driver->hold_tx(is_even);
  send({1, 2, 4, 6, 7});
  sender.rooms.clear();
  driver->kick_tx(0);
  run();
  EXPECT_EQ(sender.rooms, Numbers{kTxEntries - 5});
  send({8, 10, 12, 14, 16});
  EXPECT_EQ(sender.waiting.size(), 2u);
  sender.rooms.clear();
  driver->release_all_tx();
  run();
  EXPECT_EQ(sender.rooms, Numbers{});  // posted now, and the ring is full
  EXPECT_EQ(device.to_send(), (Numbers{1, 7, 2, 4, 6, 8, 10, 12}));
}

TEST_F(DriverBench, HeldFramesTakeNoRoomInOtherQueues) {
  driver->hold_tx(is_even);
  send({2, 4});
  Sender other{kernel};
  other.waiting = {1};
  driver->set_tx_client(1, Layer::kNative, &other);
  driver->kick_tx(1);
  run();
  EXPECT_EQ(other.rooms, (Numbers{kTxEntries, kTxEntries - 1}));
  EXPECT_EQ(device.to_send(1), Numbers{1});
  driver->release_all_tx();
  run();
  EXPECT_EQ(device.to_send(1), Numbers{1});
}

TEST_F(DriverBench, AnEndedHoldKeepsWhatItHolds) {
  driver->hold_tx(is_even);
  send({2});
  driver->hold_tx(nullptr);
  send({4});
  EXPECT_EQ(device.to_send(), Numbers{4});
  EXPECT_EQ(driver->held_tx().size(), 1u);
}

TEST_F(DriverBench, AHeldFrameMayFailToBeSent) {
  driver->hold_tx(is_even);
  send({2, 4});
  driver->release_tx(0, {.timestamp_ns = 7, .send = false});
  driver->release_tx(0, {.timestamp_ns = {}, .send = false});
  run();
  EXPECT_EQ(device.to_send(), Numbers{});
  EXPECT_EQ(sender.done, (Numbers{2, 4}));
  EXPECT_EQ(sender.timestamps, (Numbers{7, 0}));
  EXPECT_EQ(dropped.story, "tx send_failed; tx send_failed; ");
  EXPECT_TRUE(driver->idle());
}

TEST_F(DriverBench, CompletionsFindTheirFramesWhenTheRingHasWrapped) {
  driver->hold_tx(is_even);
  for (unsigned char i = 0; i < 20; ++i) {
    send({2, static_cast<unsigned char>(2 * i + 1)});
    device.finish_sending(1);
    driver->release_all_tx();
    run();
    device.finish_sending(1);
    run();
    ASSERT_EQ(sender.done, (Numbers{2u * i + 1, 2}));
    sender.done.clear();
  }
}

// ---- frames that the device spoiled ----

TEST_F(DriverBench, ATruncatedFrameIsDroppedAndTheOneBehindItComes) {
  device.receive(60, nic::kRxFlagTruncated);
  receive(1);
  run();
  EXPECT_EQ(receiver.batches, Sizes{1});
  EXPECT_EQ(dropped.story, "rx truncated; ");
}

// ---- pause ----

// 64 buffers are posted, and three frames.
TEST_F(DriverBench, AnIndexThatCannotBeIsNotBelieved) {
  send({1, 2, 3});
  for (const std::uint32_t more : {65u, 0x80000000u, 0xFFFFFFFFu}) {
    device.claim(nic::rx_block(0), more);
    device.claim(nic::tx_block(0), more - 61);
    driver->look_again();
    run();
  }
  EXPECT_EQ(receiver.batches, Sizes{});
  EXPECT_EQ(sender.done, Numbers{});
  receive(2);
  device.finish_sending(3);
  run();
  EXPECT_EQ(receiver.batches, Sizes{2});
  EXPECT_EQ(sender.done, (Numbers{1, 2, 3}));
}

TEST_F(DriverBench, APausedInterfaceGivesFramesBackUnsent) {
  driver->set_paused(true);
  send({1, 2});
  EXPECT_EQ(device.to_send(), Numbers{});
  EXPECT_EQ(sender.done, (Numbers{1, 2}));
  EXPECT_EQ(sender.timestamps, (Numbers{0, 0}));
  EXPECT_EQ(dropped.story, "tx paused; tx paused; ");
  EXPECT_TRUE(driver->idle());
  driver->set_paused(false);
  send({3});
  EXPECT_EQ(device.to_send(), Numbers{3});
}

TEST_F(DriverBench, APausedInterfaceDropsWhatItReceives) {
  driver->set_paused(true);
  receive(2);
  run();
  EXPECT_EQ(receiver.batches, Sizes{});
  EXPECT_EQ(dropped.story, "rx paused; rx paused; ");
  driver->set_paused(false);
  receive(64);  // every buffer is back
  run();
}

TEST_F(DriverBench, HeldFramesStayHeldDuringAPause) {
  driver->hold_tx(is_even);
  send({2});
  driver->set_paused(true);
  run();
  EXPECT_EQ(driver->held_tx().size(), 1u);
  driver->release_all_tx();
  run();
  EXPECT_EQ(sender.done, Numbers{2});
  EXPECT_EQ(dropped.story, "tx paused; ");
}

// ---- CPU ----

TEST_F(DriverBench, AQueueMovesToItsNewCpuAtItsNextWakeUp) {
  receive(1);
  run();
  driver->set_cpu(0, Direction::kRx, 3);
  driver->set_cpu(0, Direction::kTx, 1);
  receive(1);
  sender.cpus.clear();
  send({1});
  EXPECT_EQ(receiver.cpus, (Numbers{2, 3}));
  ASSERT_FALSE(sender.cpus.empty());
  EXPECT_EQ(sender.cpus[0], 1u);
}

// ---- busy polling ----

TEST_F(DriverBench, ABusyQueueFindsFramesWithoutAKick) {
  sender.waiting.push_back(1);
  run();
  EXPECT_EQ(device.to_send(), Numbers{});
  driver->set_busy(0, Direction::kTx, true);
  run();
  sender.waiting.push_back(3);
  run_for(kMillisecondPs);
  EXPECT_EQ(device.to_send(), (Numbers{1, 3}));
}

TEST_F(DriverBench, ABusyQueueTakesNoInterrupts) {
  driver->set_busy(0, Direction::kRx, true);
  run_for(5 * kMicrosecondPs);
  const std::uint32_t before = device.interrupts(0);
  receive(1);  // the last arming is that of before: one interrupt at most
  run_for(5 * kMicrosecondPs);
  receive(1);
  run_for(5 * kMicrosecondPs);
  EXPECT_LE(device.interrupts(0), before + 1);
  EXPECT_EQ(receiver.batches, (Sizes{1, 1}));
}

TEST_F(DriverBench, ABusyQueueSleepsAfterManyPollsInVainAndWakesAgain) {
  driver->set_busy(0, Direction::kTx, true);
  driver->set_busy(0, Direction::kRx, true);
  run_for(kMillisecondPs);
  EXPECT_FALSE(kernel.quiet());
  run_for(20 * kMillisecondPs);
  EXPECT_TRUE(kernel.quiet());
  EXPECT_EQ(sender.rooms.size(), 17u);  // the last one before it sleeps
  receive(1);
  driver->kick_tx(0);
  run();
  EXPECT_EQ(receiver.batches, Sizes{1});
  EXPECT_FALSE(kernel.quiet());
}

TEST_F(DriverBench, AKickMakesABusyQueueEagerAgain) {
  driver->set_busy(0, Direction::kTx, true);
  run_for(5 * kMillisecondPs);
  sender.rooms.clear();
  driver->kick_tx(0);
  run_for(500 * kMicrosecondPs);
  EXPECT_GE(sender.rooms.size(), 9u);  // pauses of 1, 2, 4 … us
  run_for(20 * kMillisecondPs);
  EXPECT_EQ(sender.rooms.size(), 17u);
}

TEST_F(DriverBench, BusyIsCountedAndItsEndRunsOneMorePass) {
  driver->set_busy(0, Direction::kTx, true);
  driver->set_busy(0, Direction::kTx, true);
  run_for(20 * kMillisecondPs);
  sender.rooms.clear();
  driver->set_busy(0, Direction::kTx, false);
  run();
  EXPECT_EQ(sender.rooms.size(), 0u);
  driver->kick_tx(0);
  run();
  EXPECT_FALSE(kernel.quiet());  // busy still
  run_for(20 * kMillisecondPs);
  sender.rooms.clear();
  driver->set_busy(0, Direction::kTx, false);
  run();
  EXPECT_EQ(sender.rooms.size(), 1u);
  EXPECT_TRUE(kernel.quiet());
}

// ---- polling by a task that acquired the queue ----

TEST_F(DriverBench, NobodyButItsPollerServesAnAcquiredQueue) {
  driver->acquire(0, Direction::kRx);
  driver->acquire(0, Direction::kTx);
  receive(3);
  send({1});
  EXPECT_EQ(receiver.batches, Sizes{});
  EXPECT_EQ(device.to_send(), Numbers{});
  EXPECT_FALSE(driver->idle());
  in_task([&] {
    EXPECT_TRUE(driver->poll_rx(0, 2).more);
    EXPECT_TRUE(driver->poll_rx(0, 2).more);
    EXPECT_FALSE(driver->poll_rx(0, 2).more);
    EXPECT_TRUE(driver->poll_tx(0, 2).more);
    EXPECT_FALSE(driver->poll_tx(0, 2).more);
  });
  EXPECT_EQ(receiver.batches, (Sizes{2, 1}));
  EXPECT_EQ(receiver.cpus, (Numbers{0, 0}));
  EXPECT_EQ(device.to_send(), Numbers{1});
}

TEST_F(DriverBench, AQuotaBoundsWhatIsSentButNotWhatIsCompleted) {
  driver->acquire(0, Direction::kTx);
  sender.waiting = {1, 2, 3};
  in_task([&] { driver->poll_tx(0, 2); });
  EXPECT_EQ(device.to_send(), (Numbers{1, 2}));
  device.finish_sending(2);
  in_task([&] { driver->poll_tx(0, 0); });
  EXPECT_EQ(sender.done, (Numbers{1, 2}));
  EXPECT_EQ(device.to_send(), Numbers{});
}

TEST_F(DriverBench, TheLastReleaseServesWhatWaits) {
  driver->acquire(0, Direction::kRx);
  driver->acquire(0, Direction::kRx);
  driver->acquire(0, Direction::kTx);
  receive(1);
  send({1});
  driver->release(0, Direction::kRx);
  driver->release(0, Direction::kTx);
  run();
  EXPECT_EQ(receiver.batches, Sizes{});
  EXPECT_EQ(device.to_send(), Numbers{1});
  driver->release(0, Direction::kRx);
  run();
  EXPECT_EQ(receiver.batches, Sizes{1});
  receive(1);
  run();
  EXPECT_EQ(receiver.batches, (Sizes{1, 1}));
}

TEST_F(DriverBench, WhatAPollerLeavesIsServedAfterItsRelease) {
  driver->acquire(0, Direction::kRx);
  driver->acquire(0, Direction::kTx);
  receive(1);
  sender.waiting = {1, 2};
  in_task([&] {
    while (driver->poll_rx(0, 64).more) {
    }
    driver->poll_tx(0, 1);
  });
  receive(1);  // nobody has armed the interrupt
  driver->release(0, Direction::kRx);
  driver->release(0, Direction::kTx);
  run();
  EXPECT_EQ(receiver.batches, (Sizes{1, 1}));
  EXPECT_EQ(device.to_send(), (Numbers{1, 2}));
}

TEST_F(DriverBench, AQueueThatIsAcquiredJustAfterAKickStaysAlone) {
  sender.waiting = {1};
  driver->kick_tx(0);
  driver->acquire(0, Direction::kTx);
  run();
  EXPECT_EQ(device.to_send(), Numbers{});
  EXPECT_TRUE(kernel.quiet());
}

TEST_F(DriverBench, ABusyQueueIsPolledOnAfterItsRelease) {
  driver->set_busy(0, Direction::kTx, true);
  run_for(20 * kMillisecondPs);
  driver->acquire(0, Direction::kTx);
  in_task([&] { driver->poll_tx(0, 1); });
  sender.waiting = {1};
  driver->release(0, Direction::kTx);
  run();
  EXPECT_EQ(device.to_send(), Numbers{1});
}

TEST_F(DriverBench, AReleaseWithoutAnythingWaitingRunsNoPass) {
  driver->acquire(0, Direction::kTx);
  run();
  sender.rooms.clear();
  driver->release(0, Direction::kTx);
  run();
  EXPECT_EQ(sender.rooms, Numbers{});
}

TEST_F(DriverBench, APollerSleepsUntilAnInterruptOrAKickOfEitherQueue) {
  driver->acquire(0, Direction::kRx);
  driver->acquire(0, Direction::kTx);
  std::string story;
  kernel.start_service("poller", 0, [&] {
    for (int i = 0; i < 3; ++i) {
      while (driver->poll_rx(0, 64).more || driver->poll_tx(0, 64).more) {
      }
      driver->arm_rx(0);
      driver->arm_tx(0);
      const bool woken = driver->wait_for_work(0, 0, kernel.now_ps() + kMillisecondPs);
      story += (woken ? "woken@" : "late@") + std::to_string(kernel.now_ps() / kMicrosecondPs) + " ";
    }
  });
  run();
  receive(1);
  run();
  driver->kick_tx(0);
  run_for(5 * kMillisecondPs);
  EXPECT_EQ(story, "woken@110 woken@210 late@1210 ");
  EXPECT_EQ(receiver.batches, Sizes{1});
}

TEST_F(DriverBench, AReleaseWakesWhoWaitsForWork) {
  driver->acquire(0, Direction::kRx);
  bool woken = false;
  in_task([&] { woken = driver->wait_for_work(0, kNoQueue, kNever); });
  EXPECT_FALSE(woken);
  driver->release(0, Direction::kRx);
  run();
  EXPECT_TRUE(woken);
}

TEST_F(DriverBench, PassesOfOneQueueDoNotOverlap) {
  receiver.work_ps = 50 * kMicrosecondPs;
  receive(1);
  run_for(10 * kMicrosecondPs);
  ASSERT_TRUE(receiver.inside);  // the queue's own task is in its pass
  driver->acquire(0, Direction::kRx);
  receive(1);
  for (int i = 0; i < 2; ++i) kernel.start_service("poller", 0, [&] { driver->poll_rx(0, 1); });
  run_for(kMillisecondPs);
  EXPECT_EQ(receiver.batches, (Sizes{1, 1}));
  EXPECT_EQ(receiver.cpus, (Numbers{2, 0}));
}

}  // namespace
}  // namespace ringproof::driver

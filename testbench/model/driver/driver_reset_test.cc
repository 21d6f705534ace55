// Resets of queues and of the device, and a device that goes away and comes back.

#include <gtest/gtest.h>

#include <string>

#include "testbench/model/driver/driver_bench.h"

namespace ringproof::driver {
namespace {

// What comes to an end by itself, as the monitors are told.
class ToldTeardowns final : public Tap {
 public:
  void teardown_begun(Teardown what, std::uint64_t, std::uint64_t) override { note(what, "begun; "); }
  void teardown_ended(Teardown what, std::uint64_t, std::uint64_t) override { note(what, "ended; "); }
  std::string story;

 private:
  void note(Teardown what, const char* how) {
    story += what == Teardown::kQueueReset ? how : teardown_name(what);
  }
};

class DriverReset : public DriverBench {
 protected:
  void reset_queue(Direction direction) {
    in_task([this, direction] {
      driver->reset_queue(0, direction);
      ++resets;
    });
  }
  void expect_that_all_works() {
    const std::size_t batches = receiver.batches.size();
    receive(1);
    send({77});
    device.finish_sending(static_cast<std::uint32_t>(device.to_send().size()));
    run();
    EXPECT_EQ(receiver.batches.size(), batches + 1);
    EXPECT_EQ(sender.done.back(), 77u);
    EXPECT_TRUE(driver->idle());
  }
  int resets = 0;
};

TEST_F(DriverReset, UnsentFramesComeBackInOrderAndTheQueueGoesOn) {
  send({1, 2, 3});
  device.finish_sending(1);
  reset_queue(Direction::kTx);
  EXPECT_EQ(sender.done, (Numbers{1, 2, 3}));
  EXPECT_EQ(dropped.story, "tx send_failed; tx send_failed; ");
  EXPECT_TRUE(device.to_send().empty());
  expect_that_all_works();
}

TEST_F(DriverReset, TheWholeReceiveRingIsPostedAnew) {
  receive(5);
  run();
  for (int i = 0; i < 3; ++i) reset_queue(Direction::kRx);
  EXPECT_EQ(resets, 3);
  receive(64);
  run();
  EXPECT_EQ(receiver.batches, (Sizes{5, 64}));
  expect_that_all_works();
}

// What was published is not lost, though nobody had come for it.
TEST_F(DriverReset, FramesThatWaitAreTakenFirst) {
  driver->hold_rx(0, true);
  receive(3);
  reset_queue(Direction::kRx);
  EXPECT_EQ(receiver.batches, Sizes{3});
  driver->hold_rx(0, false);
  expect_that_all_works();
}

TEST_F(DriverReset, TheResetWaitsForWhatTheDeviceHasBegun) {
  send({1});
  device.stay_busy(5);
  kernel.start_service("reset", 0, [this] { driver->reset_queue(0, Direction::kTx); });
  run_for(3 * kMicrosecondPs);
  EXPECT_EQ(sender.done, Numbers{});
  device.finish_sending(1);
  run();
  EXPECT_EQ(sender.done, Numbers{1});
  EXPECT_EQ(dropped.story, "");
  expect_that_all_works();
}

// INV-39 asks that it ends.
TEST_F(DriverReset, TheBeginningAndTheEndOfAResetAreTold) {
  ToldTeardowns told;
  taps.add(&told);
  device.stay_busy(5);
  kernel.start_service("reset", 0, [this] { driver->reset_queue(0, Direction::kTx); });
  run_for(3 * kMicrosecondPs);
  EXPECT_EQ(told.story, "begun; ");
  run();
  EXPECT_EQ(told.story, "begun; ended; ");
  in_task([this] { driver->reset_function(); });
  EXPECT_EQ(told.story, "begun; ended; begun; ended; ");
}

TEST_F(DriverReset, PassesWaitForTheEndOfAReset) {
  device.stay_busy(20);
  driver->acquire(0, Direction::kTx);
  sender.waiting = {9};
  kernel.start_service("reset", 0, [this] { driver->reset_queue(0, Direction::kTx); });
  kernel.start_service("poller", 1, [this] { driver->poll_tx(0, 4); });
  run_for(10 * kMicrosecondPs);
  EXPECT_TRUE(device.to_send().empty());
  run();
  EXPECT_EQ(device.to_send(), Numbers{9});
  driver->release(0, Direction::kTx);
  run();
  device.finish_sending(1);
  run();
  expect_that_all_works();
}

TEST_F(DriverReset, ResetsFollowOneAnother) {
  device.stay_busy(10);
  for (int i = 0; i < 3; ++i) {
    kernel.start_service("reset", 0, [this] {
      driver->reset_function();
      ++resets;
    });
  }
  run();
  EXPECT_EQ(resets, 3);
  expect_that_all_works();
}

TEST_F(DriverReset, WhatADeviceHadThatIsGoneComesBackAndNothingIsGivenToIt) {
  send({1, 2});
  device.set_present(false);
  in_task([this] { driver->device_lost(); });
  EXPECT_EQ(sender.done, (Numbers{1, 2}));
  send({3});
  EXPECT_EQ(sender.done, (Numbers{1, 2, 3}));
  EXPECT_EQ(sender.timestamps, (Numbers{0, 0, 0}));
  EXPECT_EQ(dropped.story, "tx send_failed; tx send_failed; tx send_failed; ");
  EXPECT_TRUE(driver->idle());
  device.set_present(true);
  in_task([this] { driver->device_returned(); });
  expect_that_all_works();
}

// Somebody sets queues up just then, for a device that is another one by now.
TEST_F(DriverReset, WhoeverSetsQueuesUpDuringAResetOfTheDeviceDoesNotSetThemUpByHalves) {
  receive(5);
  run();
  device.stay_busy(5);
  kernel.start_service("function", 0, [this] { driver->reset_function(); });
  run_for(3 * kMicrosecondPs);
  device.reset(1);
  in_task([this] {
    driver->device_lost();
    driver->device_returned();
  });
  expect_that_all_works();
}

// A reset that meets a device which is gone ends all the same.
TEST_F(DriverReset, AResetOfADeviceThatIsGoneEnds) {
  send({1});
  device.set_present(false);
  reset_queue(Direction::kTx);
  run_for(5 * kMillisecondPs);
  EXPECT_EQ(resets, 1);
  EXPECT_EQ(sender.done, Numbers{1});
}

}  // namespace
}  // namespace ringproof::driver

// liveness_monitors_test.cc: progress, fairness, teardown, locks and time, by hand-fed events.

#include <gtest/gtest.h>

#include "sim/monitor/blocking_monitor.h"
#include "sim/monitor/fairness_monitor.h"
#include "sim/monitor/progress_monitor.h"
#include "sim/monitor/teardown_monitor.h"
#include "sim/monitor/time_monitor.h"
#include "testbench/sim/monitor/expect.h"

namespace ringproof {
namespace {

constexpr std::uint64_t kBoundPs = 1'000'000;
constexpr std::uint64_t kLatePs = 10'000'000;
constexpr std::uint32_t kTx0 = 64;

class Progress : public testing::Test {
 protected:
  void open_socket() {
    monitor_.ring_created(1, RingKind::kTx, {nullptr, 8, 16});
    monitor_.ring_created(1, RingKind::kCompletion, {nullptr, 8, 8});
    monitor_.tx_joined(1, 0, 0, false, true);
  }
  void publish_and_poke(std::uint64_t time_ps) {
    monitor_.ring_moved(1, RingKind::kTx, Actor::kApplication, 0, 2, time_ps);
    monitor_.tx_poked(1, false, time_ps);
  }
  void consume(std::uint64_t time_ps) {
    monitor_.ring_moved(1, RingKind::kTx, Actor::kPlatform, 0, 2, time_ps);
  }
  InvariantLog log_;
  Patience patience_{kBoundPs};
  ProgressMonitor monitor_{log_, patience_};
};

TEST_F(Progress, AFrameThatGoesItsWayInTimeHolds) {
  monitor_.nic_accepted(0, 0, 1);
  monitor_.hw_rx_completed(0, 0, 0, 1, {});
  monitor_.frame_passed(0, 1, 500'000);
  monitor_.finish(kLatePs, false);
  EXPECT_EQ(log_.checks(Invariant::k37), 2u);
  expect_held(log_, Invariant::k37);
}

TEST_F(Progress, AFrameThatTheDriverNeverTakesIsAViolation) {
  monitor_.nic_accepted(0, 2, 1);
  monitor_.finish(kLatePs, false);
  expect_broken(
      log_, Invariant::k37,
      "platform: interface 1 receive queue 2 at 10000.000 ns: a frame that the NIC accepted was not "
      "taken by the driver for 9999 ns, 1000 ns are allowed");
}

TEST_F(Progress, AFrameWithoutAnEndIsAViolation) {
  monitor_.nic_accepted(0, 0, 1);
  monitor_.hw_rx_completed(0, 0, 0, 1, {});
  monitor_.finish(kLatePs, false);
  EXPECT_EQ(log_.violations(Invariant::k37), 1u);
  EXPECT_NE(log_.messages()[0].find("1 frames that the driver took had no end"), std::string::npos);
}

TEST_F(Progress, AQueueThatSomebodyElsePollsHasAllTheTime) {
  monitor_.poller_changed(0, 0, Poller::kElsewhere, 0);
  monitor_.nic_accepted(0, 0, 1);
  monitor_.poller_changed(0, 0, Poller::kAsleep, kLatePs);
  monitor_.hw_rx_completed(0, 0, 0, 1, {});
  expect_held(log_, Invariant::k37);
}

TEST_F(Progress, ADescriptorThatIsNotCompletedIsAViolation) {
  monitor_.hw_tx_posted(0, 0, 0, {});
  monitor_.hw_tx_completed(0, 0, 0);
  expect_held(log_, Invariant::k37);
  monitor_.hw_tx_posted(0, 0, 1, {});
  monitor_.finish(kLatePs, false);
  expect_broken(log_, Invariant::k37, "device: interface 1 transmit queue 0");
}

TEST_F(Progress, PokedEntriesAreTaken) {
  open_socket();
  publish_and_poke(1000);
  consume(2000);
  monitor_.finish(kLatePs, false);
  expect_held(log_, Invariant::k37);
}

TEST_F(Progress, PokedEntriesThatNobodyTakesAreAViolation) {
  open_socket();
  publish_and_poke(1000);
  monitor_.finish(kLatePs, false);
  expect_broken(log_, Invariant::k37, "socket 1 TX ring at 10000.000 ns: 2 entries were published and poked");
}

TEST_F(Progress, AFullCompletionRingExcuses) {
  open_socket();
  monitor_.ring_moved(1, RingKind::kCompletion, Actor::kPlatform, 0, 8, 500);
  publish_and_poke(1000);
  monitor_.finish(kLatePs, false);
  EXPECT_EQ(log_.violations(), 0u);
}

TEST_F(Progress, TimesOfFaultsDoNotCount) {
  patience_.faults_active(true, 0);
  open_socket();
  publish_and_poke(1000);
  monitor_.finish(kLatePs, false);
  EXPECT_EQ(log_.violations(), 0u);
  patience_.faults_active(false, kLatePs);
  monitor_.finish(kLatePs + kBoundPs / 2, false);
  expect_held(log_, Invariant::k37);
  monitor_.finish(kLatePs + 2 * kBoundPs, false);
  expect_broken(log_, Invariant::k37, "none of them was taken for 2000 ns");
}

TEST_F(Progress, WhatIsOwedWhenNothingHappensAnyMoreIsAViolationHoweverShortTheTime) {
  monitor_.hw_tx_posted(0, 0, 0, {});
  monitor_.finish(1000, false);
  EXPECT_EQ(log_.violations(), 0u);
  monitor_.finish(1000, true);
  expect_broken(log_, Invariant::k37, "was not completed for 1 ns, and nothing happens any more");
}

TEST_F(Progress, WhatSomebodyHoldsUpByRightIsNotOwedWhenNothingHappensAnyMore) {
  monitor_.hw_tx_posted(0, 0, 0, {});
  monitor_.poller_changed(0, kTx0, Poller::kElsewhere, 500);
  monitor_.finish(1000, true);
  EXPECT_EQ(log_.violations(), 0u);
}

TEST(PatienceBound, GrowsWithWhatAScheduleMayDelay) {
  Patience patience(1000);
  patience.expect_delays(10);
  EXPECT_FALSE(patience.exhausted(0, 1000 + 10));
  EXPECT_TRUE(patience.exhausted(0, 1000 + 1000));
}

TEST(PatienceBound, GrowsWithTheNic) {
  nic::NicConfig slow;
  slow.interrupt_gap_ns = 1'000'000'000;
  EXPECT_GT(Patience({slow}).bound_ps(), Patience({nic::NicConfig{}}).bound_ps());
  EXPECT_GT(Patience({nic::NicConfig{}}).bound_ps(), 20'000'000'000u);
}

class Turns : public testing::Test {
 protected:
  static std::vector<nic::NicConfig> ports() {
    nic::NicConfig port;
    port.tx_ring_entries = 4;
    return {port};
  }
  void open(std::uint64_t socket) {
    monitor_.ring_created(socket, RingKind::kTx, {nullptr, 64, 16});
    monitor_.ring_created(socket, RingKind::kCompletion, {nullptr, 1024, 8});
    monitor_.tx_joined(socket, 0, 0, false, true);
    monitor_.ring_moved(socket, RingKind::kTx, Actor::kApplication, 0, 64, 1000);
  }
  void serve(std::uint64_t socket, std::uint32_t first, std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) monitor_.entry_taken(socket, RingKind::kTx, first + i, {});
  }
  InvariantLog log_;
  FairnessMonitor monitor_{log_, ports()};
};

TEST_F(Turns, SocketsThatAlternateAreServedFairly) {
  open(1);
  open(2);
  for (std::uint32_t round = 0; round < 8; ++round) {
    serve(1, 4 * round, 4);
    serve(2, 4 * round, 4);
  }
  expect_held(log_, Invariant::k38);
}

TEST_F(Turns, ALoneSocketIsNotAQuestionOfFairness) {
  open(1);
  serve(1, 0, 64);
  EXPECT_EQ(log_.checks(Invariant::k38), 0u);
}

TEST_F(Turns, ASocketThatIsPassedOverIsAViolation) {
  open(1);
  open(2);
  serve(1, 0, 60);
  serve(2, 0, 1);
  expect_broken(
      log_, Invariant::k38,
      "platform: socket 2 TX ring at 1.000 ns: 60 services went to others while it had something to "
      "send; of 2 at most 12 may");
}

class QueueTurns : public Turns {
 protected:
  static constexpr std::uint64_t kFramePs = 200'000;
  // Two queues have 4096 frames each.
  void begin() {
    for (const std::uint32_t vector : {kTx0, kTx0 + 1}) {
      monitor_.queue_enabled(0, vector, 0, 4096, 0);
      monitor_.doorbell_written(0, vector, 4096, 1000);
    }
  }
  // All of them from queue 0.
  void send(std::uint32_t first, std::uint32_t end) {
    for (std::uint32_t i = first; i < end; ++i) {
      monitor_.dma(0, kTx0, false, 0, 60, true, i * kFramePs);
      monitor_.tx_handed_over(0, 0, i);
    }
    monitor_.finish(end * kFramePs);
  }
};

TEST_F(QueueTurns, AQueueThatTheEngineForgetsIsAViolation) {
  begin();
  send(0, 128);
  expect_held(log_, Invariant::k38);
  send(128, 130);
  expect_broken(log_, Invariant::k38, "device: interface 1 transmit queue 1");
}

// Its descriptors may be read late, as the schedule likes; meanwhile the other queue goes on. But not for
// ever.
TEST_F(QueueTurns, AQueueMayWaitAsLongAsAScheduleDelaysItsReads) {
  monitor_.expect_delays(200'000'000);
  begin();
  send(0, 4000);
  expect_held(log_, Invariant::k38);
  send(4000, 4096);
  expect_broken(log_, Invariant::k38, "device: interface 1 transmit queue 1");
}

TEST_F(Turns, ServicesWhileFaultsStrikeDoNotCount) {
  open(1);
  open(2);
  monitor_.suspend(true);
  serve(1, 0, 60);
  monitor_.suspend(false);
  serve(1, 60, 4);
  serve(2, 0, 1);
  expect_held(log_, Invariant::k38);
}

class Endings : public testing::Test {
 protected:
  InvariantLog log_;
  Patience patience_{kBoundPs};
  TeardownMonitor monitor_{log_, patience_};
};

TEST_F(Endings, InTimeHold) {
  monitor_.teardown_begun(Teardown::kClose, 3, 1000);
  monitor_.teardown_begun(Teardown::kProgramRemoval, 0, 1000);
  monitor_.teardown_ended(Teardown::kClose, 3, 2000);
  monitor_.teardown_ended(Teardown::kProgramRemoval, 0, 2000);
  monitor_.finish(kLatePs, true);
  EXPECT_EQ(log_.checks(Invariant::k39), 2u);
  expect_held(log_, Invariant::k39);
}

TEST_F(Endings, TooLateAreAViolation) {
  monitor_.teardown_begun(Teardown::kDetach, 3, 0);
  monitor_.teardown_ended(Teardown::kDetach, 3, kLatePs);
  expect_broken(log_, Invariant::k39, "socket 3 at 10000.000 ns: detach ended 10000 ns after its beginning");
}

TEST_F(Endings, ThatNeverComeAreAViolation) {
  monitor_.teardown_begun(Teardown::kClose, 3, 0);
  monitor_.finish(1000, false);
  EXPECT_EQ(log_.violations(), 0u);
  monitor_.finish(1000, true);
  expect_broken(log_, Invariant::k39, "close never ends");
}

TEST_F(Endings, OfResetsAreOwedAsWell) {
  monitor_.teardown_begun(Teardown::kQueueReset, 1, 0);
  monitor_.finish(1000, true);
  expect_broken(log_, Invariant::k39, "interface 2 at 1.000 ns: queue reset never ends");
}

class Locks : public testing::Test {
 protected:
  Locks() {
    left_.number = 0;
    left_.name = "left";
    right_.number = 1;
    right_.name = "right";
  }
  void take(const Task& task, const LockName& lock) {
    monitor_.lock_wanted(task, lock, 1000);
    monitor_.lock_taken(task, lock);
  }
  void leave(const Task& task, const LockName& lock) { monitor_.lock_left(task, lock); }

  const LockName control_{"control lock", 1};
  const LockName poke_{"poke lock", 1};
  const LockName pass_{"pass", 1, false};
  Task left_;
  Task right_;
  InvariantLog log_;
  BlockingMonitor monitor_{log_};
};

TEST_F(Locks, AlwaysInOneOrderHold) {
  for (const Task* task : {&left_, &right_}) {
    take(*task, control_);
    take(*task, poke_);
    leave(*task, poke_);
    leave(*task, control_);
  }
  EXPECT_EQ(log_.checks(Invariant::k40), 2u);
  expect_held(log_, Invariant::k40);
}

TEST_F(Locks, InOppositeOrdersAreAViolationThoughNobodyWaited) {
  take(left_, control_);
  take(left_, poke_);
  leave(left_, poke_);
  leave(left_, control_);
  take(right_, poke_);
  take(right_, control_);
  expect_broken(log_, Invariant::k40, "task right has the poke lock (number 1) and wants the control lock");
}

TEST_F(Locks, InACycleOfThreeAreAViolation) {
  const LockName third{"third lock", 1};
  const LockName* orders[][2] = {{&control_, &poke_}, {&poke_, &third}, {&third, &control_}};
  for (const auto& order : orders) {
    take(left_, *order[0]);
    take(left_, *order[1]);
    leave(left_, *order[1]);
    leave(left_, *order[0]);
  }
  expect_broken(log_, Invariant::k40, "task left has the third lock (number 1) and wants the control lock");
}

TEST_F(Locks, OfOneKindAreOrderedByThemselves) {
  const LockName other{"control lock", 2};
  take(left_, control_);
  take(left_, other);
  leave(left_, other);
  leave(left_, control_);
  expect_held(log_, Invariant::k40);
  take(right_, other);
  take(right_, control_);
  expect_broken(log_, Invariant::k40, "the control lock (number 2) and wants the control lock (number 1)");
}

TEST_F(Locks, ATaskThatWantsWhatItHasIsAViolation) {
  take(left_, control_);
  monitor_.lock_wanted(left_, control_, 1000);
  expect_broken(log_, Invariant::k40, "task left wants the control lock (number 1), which it has");
}

TEST_F(Locks, WaitingIsForOutsideAPass) {
  take(left_, control_);
  monitor_.task_waits(left_, 1000);
  leave(left_, control_);
  expect_held(log_, Invariant::k40);
  take(left_, pass_);
  monitor_.task_waits(left_, 1000);
  expect_broken(log_, Invariant::k40, "task left waits inside the pass (number 1)");
}

TEST(SimulatedTime, GoesForwardForTasks) {
  InvariantLog log;
  TimeMonitor monitor(log);
  Task task;
  task.name = "main";
  monitor.task_ran(task, 0, 100);
  monitor.task_ran(task, 100, 200);
  expect_held(log, Invariant::k50);
  monitor.task_ran(task, 150, 300);
  expect_broken(log, Invariant::k50, "task main ran from 150 ps to 300 ps after a turn that ended at 200 ps");
}

TEST(SimulatedTime, GoesForwardForDevicesAndWires) {
  InvariantLog log;
  TimeMonitor monitor(log);
  monitor.wire_in(0, 5, {});
  monitor.wire_in(1, 5, {});
  monitor.dma(0, 0, true, 0, 4, true, 4000);
  monitor.interrupt_requested(0, 0, 4000);
  expect_held(log, Invariant::k50);
  monitor.wire_in(0, 5, {});
  expect_broken(log, Invariant::k50, "a frame arrived at 5 ns; the earliest that can be is 6 ns");
}

}  // namespace
}  // namespace ringproof

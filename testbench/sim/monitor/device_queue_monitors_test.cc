// device_queue_monitors_test.cc: publication, fetches, completions, quiet queues, doorbells and interrupts,
// by hand-fed transactions.

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "model/nic/engine_layout.h"
#include "sim/monitor/completion_monitor.h"
#include "sim/monitor/interrupt_monitor.h"
#include "sim/monitor/publication_monitor.h"
#include "sim/monitor/quiet_monitor.h"
#include "sim/monitor/window_monitor.h"
#include "testbench/sim/monitor/expect.h"

namespace ringproof {
namespace {

constexpr std::uint32_t kEntries = 8;
constexpr std::uint32_t kTx0 = nic::kTxVectorBase;
constexpr std::uint64_t kMicrosecondPs = 1'000'000;

std::vector<unsigned char> completion(std::uint32_t index, std::uint32_t length, std::uint32_t flags = 0) {
  nic::RxCompletionEntry entry{};
  entry.index = index;
  entry.length = length;
  entry.flags = flags;
  std::vector<unsigned char> bytes(sizeof entry);
  std::memcpy(bytes.data(), &entry, sizeof entry);
  return bytes;
}

class Publication : public testing::Test {
 protected:
  Publication() {
    for (std::uint32_t i = 0; i < kEntries; ++i) monitor_.hw_rx_buffer(0, 0, i, 0x1000 + 2048 * i, 2048);
    monitor_.queue_enabled(0, 0, 0, kEntries, 0);
    monitor_.queue_enabled(0, kTx0, 0, kEntries, 0);
  }
  void payload(std::uint32_t buffer, std::uint32_t bytes) {
    monitor_.payload_written(0, 0, 0x1000 + 2048 * buffer, bytes, true, 1000);
  }
  void complete(std::uint32_t index, std::uint32_t length, std::uint32_t flags = 0) {
    monitor_.completion_written(0, 0, index % kEntries, completion(index, length, flags), true, 2000);
  }
  void publish(std::uint32_t vector, std::uint32_t index) {
    monitor_.index_published(0, vector, index, true, 3000);
  }
  InvariantLog log_;
  PublicationMonitor monitor_{log_, {kEntries}};
};

TEST_F(Publication, PayloadThenCompletionThenIndexThenInterruptHolds) {
  monitor_.interrupt_armed(0, 0, 0, 0);
  payload(0, 512);
  payload(1, 60);
  monitor_.payload_written(0, 0, 0x1000 + 512, 88, true, 1000);
  complete(0, 600);
  complete(1, 60);
  publish(0, 2);
  monitor_.interrupt_requested(0, 0, 4000);
  EXPECT_EQ(log_.checks(Invariant::k26), 4u);
  expect_held(log_, Invariant::k26);
}

TEST_F(Publication, ACompletionBeforeItsPayloadIsAViolation) {
  payload(0, 512);
  complete(0, 600);
  expect_broken(
      log_, Invariant::k26,
      "device: interface 1 receive queue 0 at 2.000 ns: the completion of entry 0 says 600 bytes; 512 "
      "were in memory; last events: 512 bytes of payload for entry 0 at 1.000 ns");
}

// The device took the index in between them; a second request after one arming is one too many.
TEST_F(Publication, AnArmingThatIsReplacedAsTheIndexComesMayHaveItsRequest) {
  monitor_.interrupt_armed(0, 0, 0, 0);
  monitor_.interrupt_armed(0, 0, 0, 1000);
  payload(0, 60);
  complete(0, 60);
  publish(0, 1);
  monitor_.interrupt_requested(0, 0, 4000);
  monitor_.interrupt_requested(0, 0, 5000);
  expect_held(log_, Invariant::k26);
  monitor_.interrupt_requested(0, 0, 6000);
  expect_broken(log_, Invariant::k26, "an interrupt was requested before any index but 1 was published");
}

TEST_F(Publication, AnArmingThatWasReplacedLongAgoHasNoRequest) {
  monitor_.interrupt_armed(0, 0, 0, 0);
  monitor_.interrupt_armed(0, 0, 0, 1000);
  payload(0, 60);
  complete(0, 60);
  monitor_.index_published(0, 0, 1, true, 2 * kMicrosecondPs);
  monitor_.interrupt_requested(0, 0, 2 * kMicrosecondPs);
  monitor_.interrupt_requested(0, 0, 3 * kMicrosecondPs);
  expect_broken(log_, Invariant::k26, "an interrupt was requested before any index but 1 was published");
}

TEST_F(Publication, AFailedFrameOwesNoPayload) {
  complete(0, 600, nic::kRxFlagDmaError);
  expect_held(log_, Invariant::k26);
}

TEST_F(Publication, ACompletionOutOfPostedOrderIsAViolation) {
  monitor_.completion_written(0, 0, 1, completion(1, 0), true, 2000);
  expect_broken(log_, Invariant::k26, "slot 1; in posted order entry 0 is next");
}

TEST_F(Publication, AnIndexBeforeItsCompletionIsAViolation) {
  payload(0, 60);
  complete(0, 60);
  publish(0, 2);
  expect_broken(log_, Invariant::k26, "index 2 was published; completions were in memory for those before 1");
}

TEST_F(Publication, ATransmitIndexWaitsForTheMac) {
  monitor_.tx_handed_over(0, 0, 0);
  publish(kTx0, 1);
  expect_held(log_, Invariant::k26);
  publish(kTx0, 2);
  expect_broken(log_, Invariant::k26, "frames were read and handed over for those before 1");
}

TEST_F(Publication, AnInterruptBeforeItsIndexIsAViolation) {
  monitor_.interrupt_armed(0, 0, 0, 0);
  monitor_.interrupt_requested(0, 0, 4000);
  expect_broken(log_, Invariant::k26, "an interrupt was requested before any index but 0 was published");
}

// The request of an arming may come when there is another one, which has one of its own.
TEST_F(Publication, AnArmingIsGoodForOneRequest) {
  for (std::uint32_t i = 0; i < 2; ++i) {
    payload(i, 60);
    complete(i, 60);
  }
  monitor_.interrupt_armed(0, 0, 0, 0);
  publish(0, 1);
  monitor_.interrupt_armed(0, 0, 1, 3000);
  monitor_.interrupt_requested(0, 0, 3000);
  publish(0, 2);
  monitor_.interrupt_armed(0, 0, 1, 4000);
  monitor_.interrupt_requested(0, 0, 4000);
  monitor_.interrupt_armed(0, 0, 2, 5'000'000);
  monitor_.interrupt_requested(0, 0, 5'000'000);
  expect_held(log_, Invariant::k26);
  monitor_.interrupt_requested(0, 0, 6000);
  expect_broken(log_, Invariant::k26, "an interrupt was requested before any index but 2 was published");
}

// The answer to an index write comes to the device with its clock; the host has seen the index before.
TEST_F(Publication, AnArmingWhileTheClockStandsStillMayComeToARequest) {
  payload(0, 60);
  complete(0, 60);
  publish(0, 1);
  monitor_.fault_struck(FaultId::kClk05, {}, 3000);
  monitor_.interrupt_armed(0, 0, 1, 4000);
  monitor_.interrupt_requested(0, 0, 4000);
  expect_held(log_, Invariant::k26);
  monitor_.interrupt_armed(0, 0, 1, 5000);
  monitor_.interrupt_requested(0, 0, 6000);
  expect_broken(log_, Invariant::k26, "an interrupt was requested before any index but 1 was published");
}

TEST_F(Publication, AnArmingBeforeTheQueueIsEnabledIsOneToo) {
  monitor_.interrupt_armed(0, 1, 4, 0);
  monitor_.queue_enabled(0, 1, 5, kEntries, 1000);
  monitor_.interrupt_requested(0, 1, 2000);
  expect_held(log_, Invariant::k26);
  monitor_.queue_disabled(0, 1, 3000);
  monitor_.queue_enabled(0, 1, 5, kEntries, 4000);
  monitor_.interrupt_armed(0, 1, 5, 5000);
  monitor_.interrupt_requested(0, 1, 6000);
  expect_broken(log_, Invariant::k26, "an interrupt was requested before any index but 5 was published");
}

// Of a queue on a socket's rings: chunk i lies at 0x1000 + 2048 * i, and memory begins at 0x1000.
class ZeroCopyPublication : public Publication {
 protected:
  ZeroCopyPublication() { monitor_.zero_copy_enabled(0, 0, {0, kEntries, 0x1000}, 0); }
  void enter(std::uint32_t slot, std::uint64_t place, std::uint32_t length) {
    std::vector<unsigned char> bytes(16);
    std::memcpy(bytes.data(), &place, sizeof place);
    std::memcpy(bytes.data() + sizeof place, &length, sizeof length);
    monitor_.completion_written(0, 0, slot, bytes, true, 2000);
  }
};

TEST_F(ZeroCopyPublication, AnEntryComesAfterItsPayload) {
  payload(0, 60);
  enter(0, 0, 60);
  expect_held(log_, Invariant::k26);
  enter(1, 2048, 60);
  expect_broken(log_, Invariant::k26, "the completion of entry 1 says 60 bytes; 0 were in memory");
}

// Then the bytes went to a chunk that was posted somewhere else, or nowhere.
TEST_F(ZeroCopyPublication, AnApplicationThatChangesWhatItHasPostedIsNotTheDevice) {
  payload(3, 60);
  enter(0, 3 * 2048, 60);
  payload(1, 90);
  enter(1, 2048, 90);
  payload(2, 60);
  enter(2, 2 * 2048, 60);
  payload(3, 80);
  enter(3, 3 * 2048, 80);
  expect_held(log_, Invariant::k26);
}

class FetchWindow : public testing::Test {
 protected:
  void enable(std::uint32_t vector, std::uint32_t start = 0) {
    monitor_.queue_enabled(0, vector, start, kEntries, 0);
  }
  void doorbell(std::uint32_t vector, std::uint32_t index) {
    monitor_.doorbell_written(0, vector, index, 1000);
  }
  void fetch(std::uint32_t slot, std::uint32_t count = 4) {
    monitor_.descriptors_fetched(0, 0, slot, count, 2000);
  }
  InvariantLog log_;
  WindowMonitor monitor_{log_};
};

TEST_F(FetchWindow, InsideTheWindowHold) {
  enable(0, 0xFFFFFFFE);
  doorbell(0, 5);
  fetch(4);  // holds the last two before the wrap
  fetch(0);
  fetch(4);  // one entry of the line
  doorbell(0, 6);
  fetch(4);  // the rest of it
  EXPECT_EQ(log_.checks(Invariant::k27), 4u);
  expect_held(log_, Invariant::k27);
}

TEST_F(FetchWindow, BeyondTheDoorbellAreAViolation) {
  enable(0);
  doorbell(0, 4);
  fetch(0);
  fetch(4);
  expect_broken(log_, Invariant::k27, "slots 4 to 7 were fetched; at least those before index 1");
}

TEST_F(FetchWindow, OfARetiredLineAreAViolation) {
  enable(0);
  doorbell(0, 8);
  fetch(0);
  fetch(4);
  fetch(0);
  expect_broken(log_, Invariant::k27, "slots 0 to 3 were fetched");
}

TEST_F(FetchWindow, OfSingleEntriesAreFollowedExactly) {
  enable(0);
  doorbell(0, 3);
  fetch(0, 1);
  fetch(1, 2);
  expect_held(log_, Invariant::k27);
  fetch(3, 1);
  expect_broken(log_, Invariant::k27, "slots 3 to 3 were fetched");
}

TEST_F(FetchWindow, AStaleDoorbellMovesNothing) {
  enable(0);
  doorbell(0, 4);
  doorbell(0, 4);
  doorbell(0, 2);  // backwards
  monitor_.range_error_read(0, 0, true, 3000);
  fetch(0);
  expect_held(log_, Invariant::k32);
  fetch(4);
  EXPECT_EQ(log_.violations(Invariant::k27), 1u);
}

TEST_F(FetchWindow, ADoorbellOutOfRangeMustBeSaid) {
  enable(0);
  doorbell(0, kEntries + 1);
  monitor_.range_error_read(0, 0, false, 3000);
  expect_broken(log_, Invariant::k32, "a doorbell was out of range, and the queue does not say so");
}

TEST_F(FetchWindow, ADoorbellOutOfRangeIsSaidUntilTheQueueIsEnabledAgain) {
  enable(0);
  doorbell(0, kEntries + 1);
  monitor_.queue_disabled(0, 0, 2000);
  monitor_.range_error_read(0, 0, true, 3000);
  enable(0);
  monitor_.range_error_read(0, 0, false, 4000);
  expect_held(log_, Invariant::k32);
  monitor_.queue_disabled(0, 0, 5000);
  monitor_.range_error_read(0, 0, true, 6000);
  expect_broken(log_, Invariant::k32, "the queue says that a doorbell was out of range, but none was");
}

TEST_F(FetchWindow, AResetForgetsWhatWasOutOfRange) {
  enable(0);
  doorbell(0, kEntries + 1);
  monitor_.device_reset(0, 2000);
  monitor_.range_error_read(0, 0, false, 3000);
  expect_held(log_, Invariant::k32);
}

TEST_F(FetchWindow, AFrameWithoutABufferThoughOneIsPostedIsAViolation) {
  enable(0);
  monitor_.rx_starved(0, 0, 5000);
  expect_held(log_, Invariant::k32);
  doorbell(0, 1);
  monitor_.rx_starved(0, 0, 5000);
  expect_broken(log_, Invariant::k32,
                "a frame found no buffer, but buffers up to 1 are posted and 0 of them used");
}

TEST_F(FetchWindow, TheLastDoorbellArrives) {
  enable(kTx0);
  monitor_.hw_tx_posted(0, 0, 0, {});
  doorbell(kTx0, 1);
  monitor_.tx_handed_over(0, 0, 0);
  monitor_.finish(9000, true);
  expect_held(log_, Invariant::k32);
  monitor_.hw_tx_posted(0, 0, 1, {});
  monitor_.finish(9000, true);
  expect_broken(log_, Invariant::k32, "the driver posted up to 2, the device was told 1 last");
}

class Completions : public testing::Test {
 protected:
  Completions() { monitor_.queue_enabled(0, 0, 0, 2, 0); }
  void write(std::uint32_t slot, std::uint32_t index) {
    monitor_.completion_written(0, 0, slot, completion(index, 60), true, 1000);
  }
  void take() { monitor_.hw_rx_completed(0, 0, 0, 1, {}); }
  InvariantLog log_;
  CompletionMonitor monitor_{log_};
};

TEST_F(Completions, LapAfterLapHolds) {
  for (std::uint32_t i = 0; i < 6; ++i) {
    write(i % 2, i);
    take();
  }
  EXPECT_EQ(log_.checks(Invariant::k28), 6u);
  expect_held(log_, Invariant::k28);
}

TEST_F(Completions, OverAnEntryThatIsNotTakenAreAViolation) {
  write(0, 0);
  write(1, 1);
  write(0, 2);
  expect_broken(log_, Invariant::k28,
                "slot 0 was written again; the host has taken the entries before 0 only");
}

TEST_F(Completions, WithTheLapOfBeforeAreAViolation) {
  write(0, 0);
  take();
  write(1, 1);
  take();
  write(0, 0);
  expect_broken(log_, Invariant::k28, "slot 0 got entry 0; the next one is 2");
}

class Quiet : public testing::Test {
 protected:
  Quiet() { monitor_.queue_enabled(0, 0, 0, kEntries, 0); }
  void write() { monitor_.dma(0, 0, true, 0x1000, 64, true, 1000); }
  InvariantLog log_;
  QuietMonitor monitor_{log_};
};

TEST_F(Quiet, AStoppedQueueThatDoesNothingHolds) {
  write();
  monitor_.queue_stopped(0, 0, 2000);
  monitor_.queue_enabled(0, 0, 0, kEntries, 3000);
  write();
  EXPECT_EQ(log_.checks(Invariant::k29), 1u);
  expect_held(log_, Invariant::k29);
}

TEST_F(Quiet, MemoryUsedByAStoppedQueueIsAViolation) {
  monitor_.queue_stopped(0, 0, 2000);
  write();
  expect_broken(log_, Invariant::k29, "a write to memory of a queue that is off");
}

TEST_F(Quiet, AFetchOfAStoppedQueueIsAViolation) {
  monitor_.descriptors_fetched(0, 0, 0, 4, 1000);
  monitor_.queue_stopped(0, 0, 2000);
  monitor_.descriptors_fetched(0, 0, 4, 4, 3000);
  expect_broken(log_, Invariant::k29, "a fetch of descriptors of a queue that is off");
}

TEST_F(Quiet, AFetchAfterAResetIsAViolation) {
  monitor_.device_reset(0, 2000);
  monitor_.descriptors_fetched(0, 0, 0, 4, 3000);
  expect_broken(log_, Invariant::k29, "a fetch of descriptors of a queue that was reset");
}

TEST_F(Quiet, AnInterruptAfterAResetIsAViolation) {
  monitor_.device_reset(0, 2000);
  write();  // asked for before
  EXPECT_EQ(log_.violations(), 0u);
  monitor_.interrupt_requested(0, 0, 3000);
  expect_broken(log_, Invariant::k29, "an interrupt request of a queue that was reset");
}

TEST_F(Quiet, ACompletionThatIsNeverPublishedIsAViolation) {
  monitor_.completion_written(0, 0, 0, {}, true, 1000);
  monitor_.queue_stopped(0, 0, 2000);
  expect_broken(log_, Invariant::k29, "the queue is off and 1 completions were never published");
}

class Wakeups : public testing::Test {
 protected:
  Wakeups() {
    monitor_.queue_enabled(0, 0, 0, kEntries, 0);
    monitor_.interrupt_armed(0, 0, 0, 0);
  }
  void publish(std::uint32_t index, std::uint64_t us) {
    monitor_.index_published(0, 0, index, true, us * kMicrosecondPs);
  }
  void poll(Poller poller, std::uint64_t us) { monitor_.poller_changed(0, 0, poller, us * kMicrosecondPs); }
  void request(std::uint64_t us) { monitor_.interrupt_requested(0, 0, us * kMicrosecondPs); }
  void deliver(std::uint64_t us) { monitor_.interrupt_delivered(0, 0, us * kMicrosecondPs); }
  InvariantLog log_;
  InterruptMonitor monitor_{log_, {nic::NicConfig{}}};
};

TEST_F(Wakeups, ArmedThenPendingThenPolledHolds) {
  publish(1, 100);
  request(101);
  deliver(300);
  poll(Poller::kAwake, 300);
  monitor_.hw_rx_completed(0, 0, 0, 1, {});
  poll(Poller::kAsleep, 400);
  monitor_.finish(1000 * kMicrosecondPs);
  EXPECT_EQ(log_.checks(Invariant::k34), 1u);
  expect_held(log_, Invariant::k34);
}

TEST_F(Wakeups, ACompletionThatNobodyWillSeeIsAViolation) {
  request(1);
  deliver(2);
  publish(1, 10);
  monitor_.finish(1000 * kMicrosecondPs);
  expect_broken(
      log_, Invariant::k34,
      "platform: interface 1 receive queue 0 at 1000000.000 ns: 1 completions were unseen for 990000 ns");
}

TEST_F(Wakeups, TheWayOfTheArmingIsAllowed) {
  request(1);
  deliver(2);
  publish(1, 10);
  monitor_.interrupt_armed(0, 0, 0, 11 * kMicrosecondPs);
  request(11);
  monitor_.finish(12 * kMicrosecondPs);
  expect_held(log_, Invariant::k34);
}

// The driver arms with the index that it finds, and not with the one up to which it has taken.
TEST_F(Wakeups, AnArmingThatPassesOverACompletionIsAViolation) {
  request(1);
  deliver(2);
  publish(1, 10);
  monitor_.interrupt_armed(0, 0, 1, 11 * kMicrosecondPs);
  monitor_.finish(1000 * kMicrosecondPs);
  expect_broken(log_, Invariant::k34, "platform: interface 1 receive queue 0");
}

TEST_F(Wakeups, AnArmedVectorThatRequestsNothingIsAViolationOfTheDevice) {
  publish(1, 10);
  monitor_.finish(1000 * kMicrosecondPs);
  expect_broken(log_, Invariant::k34, "device: interface 1 receive queue 0");
}

TEST_F(Wakeups, AnArmedVectorThatRequestsLateIsAViolationOfTheDevice) {
  publish(1, 10);
  request(500);
  expect_broken(log_, Invariant::k34, "unseen for 490000 ns with no interrupt on its way, the vector armed");
}

TEST_F(Wakeups, AnInterruptThatIsLostIsAViolationAtTheEnd) {
  publish(1, 10);
  request(10);
  monitor_.finish(1000 * kMicrosecondPs);
  expect_broken(log_, Invariant::k34, "device: interface 1 receive queue 0");
}

TEST_F(Wakeups, DelaysOfAScheduleAreAllowedForAndNoMore) {
  monitor_.expect_delays(100 * kMicrosecondPs);
  request(1);
  deliver(2);
  publish(1, 10);
  monitor_.finish(700 * kMicrosecondPs);
  expect_held(log_, Invariant::k34);
  monitor_.finish(1000 * kMicrosecondPs);
  expect_broken(log_, Invariant::k34, "unseen for 990000 ns");
}

// The arming behind it comes as late.
TEST_F(Wakeups, ADoorbellThatAFaultKeptBackMayComeAfterTheHealing) {
  monitor_.faults_active(true, 0);
  request(1);
  deliver(2);
  monitor_.fault_struck(FaultId::kDbl01, {}, 5 * kMicrosecondPs);
  publish(1, 10);
  monitor_.faults_active(false, 20 * kMicrosecondPs);
  monitor_.interrupt_armed(0, 0, 0, 400 * kMicrosecondPs);
  request(400);
  deliver(401);
  expect_held(log_, Invariant::k34);
  publish(2, 402);
  monitor_.finish(1000 * kMicrosecondPs);
  expect_broken(log_, Invariant::k34, "2 completions were unseen for 595000 ns");
}

TEST_F(Wakeups, AResetDeviceOwesNoInterruptOfItsFormerLife) {
  publish(1, 10);
  request(10);
  monitor_.device_reset(0, 20 * kMicrosecondPs);
  monitor_.queue_enabled(0, 0, 1, 8, 30 * kMicrosecondPs);
  publish(2, 1000);
  request(1000);
  monitor_.finish(1002 * kMicrosecondPs);
  expect_held(log_, Invariant::k34);
}

TEST_F(Wakeups, FaultyTimesDoNotCount) {
  request(1);
  deliver(2);
  monitor_.faults_active(true, 0);
  publish(1, 10);
  monitor_.finish(1000 * kMicrosecondPs);
  EXPECT_EQ(log_.violations(), 0u);
  monitor_.faults_active(false, 1000 * kMicrosecondPs);
  monitor_.finish(1005 * kMicrosecondPs);
  expect_held(log_, Invariant::k34);
  monitor_.finish(2000 * kMicrosecondPs);
  expect_broken(log_, Invariant::k34, "unseen for 1000000 ns");
}

}  // namespace
}  // namespace ringproof

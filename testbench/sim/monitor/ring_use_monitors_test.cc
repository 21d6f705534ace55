// ring_use_monitors_test.cc: what is read and written in rings and UMEM, and by whom, fed by hand.

#include <gtest/gtest.h>

#include "sim/monitor/containment_monitor.h"
#include "sim/monitor/descriptor_monitor.h"
#include "sim/monitor/fetch_monitor.h"
#include "sim/monitor/ownership_monitor.h"
#include "testbench/sim/monitor/expect_log.h"
#include "testbench/sim/monitor/memory.h"

namespace ringproof {
namespace {

constexpr std::uint64_t kDma = std::uint64_t{1} << 32;
constexpr std::uint32_t kLengthMax = 200;

TxMemory tx_memory(SharedMemory& memory, bool is_copy = false) {
  return {0, kDma, SharedMemory::kChunks * SharedMemory::kChunkBytes, memory.umem(), is_copy, kLengthMax};
}

class Containment : public testing::Test {
 protected:
  Containment() { monitor_.socket_created(1, true); }
  void break_fill() { memory_.move_producer(RingKind::kFill, Actor::kApplication, 100); }
  void wait_long() {
    for (int i = 0; i < 200'000; ++i) memory_.next_ps();
  }

  InvariantLog log_;
  ContainmentMonitor monitor_{log_};
  SharedMemory memory_{monitor_, 1};
};

TEST_F(Containment, ABrokenRingThatGetsItsErrorIsContained) {
  break_fill();
  monitor_.ring_failed(1, RingKind::kFill, 0xC0000000, 5000);
  expect_held(log_, Invariant::k10);
}

TEST_F(Containment, WorkOnARingInErrorIsSaid) {
  break_fill();
  monitor_.ring_failed(1, RingKind::kFill, 0xC0000000, 5000);
  memory_.take(RingKind::kFill);
  expect_violated(log_, Invariant::k10, "used after its error was set");
}

TEST_F(Containment, ABrokenRingThatStaysInUseIsSaid) {
  break_fill();
  memory_.consume(RingKind::kFill);
  wait_long();
  memory_.consume(RingKind::kFill);
  expect_violated(log_, Invariant::k10, "strict mode: the ring is used although");
}

TEST_F(Containment, AWriteOutsideTheUmemIsSaid) {
  break_fill();
  monitor_.frame_delivered(0, 1, 1, 8 * 256, Tap::Bytes(memory_.umem(), 60), 1000);
  expect_violated(log_, Invariant::k10, "60 bytes were written at address 0x800");
}

class Descriptors : public testing::Test {
 protected:
  void judge_fill(std::uint64_t address, bool valid) {
    memory_.post(RingKind::kFill, address);
    monitor_.fill_judged(1, memory_.take(RingKind::kFill), valid);
    memory_.consume(RingKind::kFill);
  }
  void judge_tx(std::uint64_t address, std::uint32_t length, bool valid, bool is_copy = false) {
    monitor_.tx_memory_mapped(1, tx_memory(memory_, is_copy));
    memory_.post(RingKind::kTx, address, length);
    memory_.take(RingKind::kTx);
    const std::uint64_t base = address & 0xFFFFFFFFFFFF;
    monitor_.tx_judged(1, base, valid,
                       valid ? Tap::Bytes(memory_.umem(base + (address >> 48)), length) : Tap::Bytes());
    memory_.consume(RingKind::kTx);
  }

  InvariantLog log_;
  DescriptorMonitor monitor_{log_};
  SharedMemory memory_{monitor_, 1};
};

TEST_F(Descriptors, TheRulesOfTheSpecificationHold) {
  judge_fill(7 * 256, true);
  judge_fill(7 * 256 + 1, false);
  judge_tx(256, 60, true);
  judge_tx(256 | std::uint64_t{200} << 48, 100, true);         // zero-copy frames may span chunks
  judge_tx(256 | std::uint64_t{200} << 48, 100, false, true);  // copied ones may not
  judge_tx(256, kLengthMax + 1, false);
  judge_tx(8 * 256 - 59, 60, false);
  judge_tx(256, 0, false);
  monitor_.statistics_read(1, {0, 0, 1, 4});
  expect_held(log_, Invariant::k14);
}

TEST_F(Descriptors, AFillEntryTooFarOutThatIsAcceptedIsSaid) {
  judge_fill(7 * 256 + 1, true);
  expect_violated(log_, Invariant::k14, "it is to be refused in a UMEM of 2048 bytes");
}

TEST_F(Descriptors, AGoodDescriptorThatIsRefusedIsSaid) {
  judge_tx(256, 60, false);
  expect_violated(log_, Invariant::k14, "it is to be accepted");
}

TEST_F(Descriptors, AnEntryThatIsNeverJudgedIsSaid) {
  memory_.post(RingKind::kFill, 0);
  memory_.take(RingKind::kFill);
  memory_.take(RingKind::kFill);
  expect_violated(log_, Invariant::k14, "taken and never judged");
}

TEST_F(Descriptors, ARefusalThatIsCountedTwiceIsSaid) {
  judge_tx(256, 0, false);
  monitor_.statistics_read(1, {0, 0, 0, 2});
  expect_violated(log_, Invariant::k14, "1 entries were to be refused and 2 are counted");
}

class Fetches : public testing::Test {
 protected:
  InvariantLog log_;
  FetchMonitor monitor_{log_};
  SharedMemory memory_{monitor_, 1};
};

TEST_F(Fetches, OneLookForEachDecisionHolds) {
  for (int i = 0; i < 3; ++i) {
    memory_.post(RingKind::kFill, 0);
    monitor_.index_read(1, RingKind::kFill);
    monitor_.index_decided(1, RingKind::kFill);
    memory_.take(RingKind::kFill);
    memory_.consume(RingKind::kFill);
  }
  expect_held(log_, Invariant::k46);
}

TEST_F(Fetches, ASecondLookAtTheIndexIsSaid) {
  monitor_.index_read(1, RingKind::kTx);
  monitor_.index_read(1, RingKind::kTx);
  monitor_.index_decided(1, RingKind::kTx);
  expect_violated(log_, Invariant::k46, "read 2 times for one decision");
}

TEST_F(Fetches, ASecondLookAtASlotIsSaid) {
  memory_.take(RingKind::kTx, 5);
  memory_.take(RingKind::kTx, 6);
  memory_.take(RingKind::kTx, 5);
  expect_violated(log_, Invariant::k46, "entry 5 was read again");
}

class Access : public testing::Test {
 protected:
  static constexpr std::uint64_t kA = 256;
  static constexpr std::uint32_t kLength = 60;

  void begin_sending() {
    monitor_.tx_memory_mapped(1, tx_memory(memory_));
    memory_.post(RingKind::kTx, kA, kLength);
    memory_.take(RingKind::kTx);
    monitor_.tx_judged(1, kA, true, Tap::Bytes(memory_.umem(kA), kLength));
    memory_.consume(RingKind::kTx);
  }
  void finish() {
    memory_.finish(kA, Tap::Bytes(memory_.umem(kA), kLength));
    memory_.publish(RingKind::kCompletion);
  }
  void read_by_device(std::uint64_t offset) { monitor_.dma(0, 64, false, kDma + offset, 64, true, 1000); }

  InvariantLog log_;
  OwnershipMonitor monitor_{log_};
  SharedMemory memory_{monitor_, 1};
};

TEST_F(Access, TheDeviceMayReadWhatItHasToSend) {
  begin_sending();
  read_by_device(kA);
  expect_held(log_, Invariant::k13);
}

TEST_F(Access, TheDeviceMayNotReadAnythingElse) {
  begin_sending();
  read_by_device(2 * kA);
  expect_violated(log_, Invariant::k13, "in none of the 1 frames that it has to send");
}

TEST_F(Access, TheDeviceMayNotReadWhatCameBack) {
  begin_sending();
  finish();
  read_by_device(kA);
  expect_violated(log_, Invariant::k13, "in none of the 0 frames");
}

TEST_F(Access, TheApplicationMayUseItsOwnChunks) {
  monitor_.application_written(memory_.umem(kA), kLength, 1000);
  monitor_.application_read(memory_.umem(kA), kLength, 1000);
  begin_sending();
  finish();
  monitor_.application_read(memory_.umem(kA), kLength, 9000);
  expect_held(log_, Invariant::k13);
  EXPECT_EQ(log_.checks(Invariant::k12), 2u);  // one of them is the completion's
}

TEST_F(Access, TheApplicationMayNotWriteWhatIsBeingSent) {
  begin_sending();
  monitor_.application_written(memory_.umem(kA), 4, 9000);
  expect_violated(log_, Invariant::k12, "wrote to address 0x100 of chunk 1, which is in DEV-TX");
}

TEST_F(Access, TheApplicationMayNotReadWhatItGaveAway) {
  memory_.post(RingKind::kFill, kA);
  monitor_.application_read(memory_.umem(kA - 1), 2, 9000);
  expect_violated(log_, Invariant::k13, "read address 0x100 of chunk 1, which is in FILL");
}

TEST_F(Access, OwnersAreNamed) {
  memory_.post(RingKind::kFill, kA);
  EXPECT_STREQ(monitor_.owner_of(memory_.umem(kA))->state, "FILL");
  EXPECT_TRUE(monitor_.owner_of(memory_.umem(0))->application);
  EXPECT_FALSE(monitor_.owner_of(this).has_value());
}

TEST_F(Access, ASocketThatClosesWithNothingOnItsWayLeaksNothing) {
  begin_sending();
  finish();
  monitor_.socket_closed(1);
  expect_held(log_, Invariant::k15);
}

TEST_F(Access, AChunkThatNeverCameBackIsSaid) {
  begin_sending();
  monitor_.socket_closed(1);
  expect_violated(log_, Invariant::k15, "1 of its chunks are neither");
}

TEST_F(Access, TheSecondPostingIsAnsweredByTheSecondCompletion) {
  for (int i = 0; i < 2; ++i) {
    begin_sending();
    finish();
    memory_.release(RingKind::kCompletion);
  }
  expect_held(log_, Invariant::k16);
}

TEST_F(Access, AnAnswerToAnEarlierPostingIsSaid) {
  memory_.post(RingKind::kFill, kA);
  monitor_.fill_judged(1, memory_.take(RingKind::kFill), true);  // accepted, and never delivered
  memory_.consume(RingKind::kFill);
  monitor_.fill_judged(1, kA, false);  // given back
  memory_.post(RingKind::kFill, kA);
  monitor_.fill_judged(1, memory_.take(RingKind::kFill), true);
  memory_.deliver(kA, kLength);
  EXPECT_EQ(log_.violations(Invariant::k16), 1u);
}

}  // namespace
}  // namespace ringproof

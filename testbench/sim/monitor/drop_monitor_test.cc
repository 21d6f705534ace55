// drop_monitor_test.cc: reasons of drops, true and false.

#include "sim/monitor/drop_monitor.h"

#include <optional>

#include "testbench/sim/monitor/accused.h"
#include "testbench/sim/monitor/memory.h"

namespace ringproof {
namespace {

using Bytes = Tap::Bytes;
using Drops = Accused;

TEST_F(Drops, MacWithRoomIsNotFull) {
  DropMonitor drops(log_, ports_);
  drops.wire_in(0, 1, frame(64));
  drops.nic_dropped(0, 1, DropReason::kMacFifoFull);
  expect(Invariant::k21, "device");
}

TEST_F(Drops, MacWithoutRoomIsFull) {
  ports_[0].rx_fifo_bytes = 100;
  DropMonitor drops(log_, ports_);
  drops.wire_in(0, 1, frame(64));
  drops.wire_in(0, 2, frame(64));
  drops.nic_dropped(0, 2, DropReason::kMacFifoFull);
  expect_none();
}

TEST_F(Drops, GoodEntryIsNoDmaError) {
  DropMonitor drops(log_, ports_);
  nic::RxCompletionEntry entry{};
  entry.timestamp_ns = 1;
  drops.wire_in(0, 1, frame(64));
  drops.nic_accepted(0, 0, 1);
  drops.completion_written(0, 0, 0, bytes_of(entry), true, 2000);
  drops.frame_dropped(0, 1, DropReason::kDmaError);
  expect(Invariant::k21, "platform");
}

TEST_F(Drops, FailedEntryNeedsARefusal) {
  for (const bool refused : {true, false}) {
    InvariantLog log;
    DropMonitor drops(log, ports_);
    nic::RxCompletionEntry entry{};
    entry.timestamp_ns = 1;
    entry.flags = nic::kRxFlagDmaError;
    drops.wire_in(0, 1, frame(64));
    drops.nic_accepted(0, 0, 1);
    if (refused) drops.dma(0, 0, true, 4096, 64, false, 1500);
    drops.completion_written(0, 0, 0, bytes_of(entry), true, 2000);
    drops.frame_dropped(0, 1, DropReason::kDmaError);
    EXPECT_EQ(log.violations(Invariant::k21), refused ? 0u : 1u);
  }
}

TEST_F(Drops, PausedAsLongAsItIs) {
  DropMonitor drops(log_, ports_);
  drops.interface_paused(0, true);
  drops.wire_in(0, 1, frame(64));
  drops.frame_dropped(0, 1, DropReason::kPaused);
  drops.wire_out_dropped(0, 0, DropReason::kPaused);
  drops.stack_lost(0, 0, DropReason::kPaused);
  expect_none();
  drops.interface_paused(0, false);
  drops.wire_out_dropped(0, 0, DropReason::kPaused);
  expect(Invariant::k21, "platform");
}

TEST_F(Drops, NotPausedAtAll) {
  DropMonitor drops(log_, ports_);
  drops.wire_in(0, 1, frame(64));
  drops.frame_dropped(0, 1, DropReason::kPaused);
  expect(Invariant::k21, "platform");
}

TEST_F(Drops, StackLosesNothingUnlessPaused) {
  DropMonitor drops(log_, ports_);
  drops.stack_lost(0, 0, DropReason::kPaused);
  expect(Invariant::k21, "platform");
}

TEST_F(Drops, GivenBackByAQueueThatIsOn) {
  DropMonitor drops(log_, ports_);
  drops.queue_enabled(0, 64, 0, 256, 0);
  drops.wire_out_dropped(0, 0, DropReason::kSendFailed);
  expect(Invariant::k21, "platform");
}

TEST_F(Drops, GivenBackForAReason) {
  DropMonitor drops(log_, ports_);
  drops.queue_enabled(0, 64, 0, 256, 0);
  drops.queue_disabled(0, 64, 1000);
  drops.wire_out_dropped(0, 0, DropReason::kSendFailed);
  drops.queue_enabled(0, 64, 0, 256, 2000);
  drops.device_lost(0, true);
  drops.wire_out_dropped(0, 0, DropReason::kSendFailed);
  drops.device_lost(0, false);
  drops.device_reset(0, 3000);
  drops.wire_out_dropped(0, 0, DropReason::kSendFailed);
  drops.queue_enabled(0, 65, 0, 256, 4000);
  drops.tx_held(0, 1, frame(64));
  drops.wire_out_dropped(0, 1, DropReason::kSendFailed);
  expect_none();
}

// ---- frames that rules send back ----
class SentBack : public Accused {
 protected:
  SentBack() {
    ports_[0].tx_ring_entries = 4;
    drops_.emplace(log_, ports_);
  }
  // Of queue 0.
  void judged(std::uint64_t timestamp_ns) {
    drops_->wire_in(0, timestamp_ns, frame(64));
    drops_->nic_accepted(0, 0, timestamp_ns);
    drops_->frame_judged({0, 0, false, true}, {timestamp_ns, 1, 0, 5}, frame(64));
  }
  std::optional<DropMonitor> drops_;
};

TEST_F(SentBack, NoRoomForTheFirst) {
  judged(1);
  drops_->frame_dropped(0, 1, DropReason::kForwardFull);
  expect(Invariant::k21, "platform");
}

TEST_F(SentBack, AsManyWaitAsTheRingHasEntries) {
  for (std::uint64_t i = 1; i <= 4; ++i) {
    judged(i);
    drops_->frame_forwarded(0, i, 2000);
  }
  judged(5);
  drops_->frame_dropped(0, 5, DropReason::kForwardFull);
  expect_none();
}

TEST_F(SentBack, TheRingIsFullOfFramesOfOthers) {
  for (std::uint32_t i = 0; i < 4; ++i) drops_->hw_tx_posted(0, 0, i, frame(64));
  judged(1);
  drops_->frame_dropped(0, 1, DropReason::kForwardFull);
  expect_none();
  drops_->hw_tx_completed(0, 0, 0);
  judged(2);
  drops_->frame_dropped(0, 2, DropReason::kForwardFull);
  expect(Invariant::k21, "platform");
}

class AtSocket : public Accused {
 protected:
  void judged(std::uint64_t timestamp_ns) {
    drops_.wire_in(0, timestamp_ns, frame(64));
    drops_.nic_accepted(0, 0, timestamp_ns);
    Judgement judgement{timestamp_ns, 1, 0, 5};
    judgement.socket = 1;
    drops_.frame_judged({0, 0, false, true}, judgement, frame(64));
  }
  void looked() {
    drops_.peer_cached(1, RingKind::kRx, memory_.consumer(RingKind::kRx), 1000);
    drops_.peer_cached(1, RingKind::kFill, memory_.producer(RingKind::kFill), 1000);
  }
  DropMonitor drops_{log_, ports_};
  SharedMemory memory_{drops_, 1};
};

TEST_F(AtSocket, EmptyRxRingIsNotFull) {
  memory_.post(RingKind::kFill, 0);
  judged(1);
  looked();
  drops_.frame_dropped(0, 1, DropReason::kSocketRxFull);
  expect(Invariant::k21, "platform");
}

TEST_F(AtSocket, FillWithEntriesIsNotEmpty) {
  memory_.post(RingKind::kFill, 0);
  judged(1);
  looked();
  drops_.frame_dropped(0, 1, DropReason::kSocketFillEmpty);
  expect(Invariant::k21, "platform");
}

TEST_F(AtSocket, UsedUpFillIsEmpty) {
  memory_.post(RingKind::kFill, 0);
  judged(1);
  judged(2);
  looked();
  drops_.fill_judged(1, 0, true);
  memory_.deliver(0, 64);
  drops_.frame_dropped(0, 2, DropReason::kSocketFillEmpty);
  expect_none();
}

TEST_F(AtSocket, SocketThatWasServedIsAttached) {
  judged(1);
  judged(2);
  drops_.frame_delivered(0, 1, 1, 0, frame(64), 3000);
  drops_.frame_dropped(0, 2, DropReason::kSocketNotAttached);
  expect(Invariant::k21, "platform");
}

TEST_F(AtSocket, SocketThatClosesMayStillBeServedAndIsNotAttachedThen) {
  judged(1);
  judged(2);
  drops_.state_changed(1, SocketState::kActive, SocketState::kClosing, 2500);
  drops_.frame_delivered(0, 1, 1, 0, frame(64), 3000);
  drops_.frame_dropped(0, 2, DropReason::kSocketNotAttached);
  expect_none();
}

TEST_F(AtSocket, SocketThatCloseIsNotAttached) {
  judged(1);
  judged(2);
  drops_.frame_delivered(0, 1, 1, 0, frame(64), 3000);
  drops_.state_changed(1, SocketState::kActive, SocketState::kClosing, 3500);
  drops_.frame_dropped(0, 2, DropReason::kSocketNotAttached);
  expect_none();
}

}  // namespace
}  // namespace ringproof

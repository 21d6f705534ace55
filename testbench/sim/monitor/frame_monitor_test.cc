// frame_monitor_test.cc: frames that reach their end once, and every way of not doing so.

#include "sim/monitor/frame_monitor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

#include "model/nic/engine_layout.h"
#include "sim/monitor/fault_excuses.h"

namespace ringproof {
namespace {

constexpr std::uint32_t kPort = 0;
constexpr std::uint32_t kQueue = 2;

std::vector<unsigned char> bytes(std::size_t size, unsigned char first) {
  std::vector<unsigned char> made(size);
  for (std::size_t i = 0; i < size; ++i) made[i] = static_cast<unsigned char>(first + i);
  return made;
}

class Frames : public testing::Test {
 protected:
  void expect_one(Invariant id, const char* party) {
    EXPECT_EQ(log_.violations(id), 1u);
    EXPECT_EQ(log_.violations(), 1u) << log_.messages().back();
    ASSERT_FALSE(log_.messages().empty());
    EXPECT_NE(log_.messages()[0].find(std::string(", ") + party + ": "), std::string::npos)
        << log_.messages()[0];
  }
  void expect_none() {
    EXPECT_EQ(log_.violations(), 0u) << (log_.messages().empty() ? "" : log_.messages()[0]);
  }
  void end(bool drained = true) { monitor_.finish(1'000'000, drained); }

  void post_buffers(std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) monitor_.hw_rx_posted(kPort, kQueue, buffers_++);
  }
  // On the wire and in a queue.
  void arrive(std::uint64_t timestamp_ns) {
    monitor_.wire_in(kPort, timestamp_ns, frame_);
    monitor_.nic_accepted(kPort, kQueue, timestamp_ns);
  }
  void complete(std::uint32_t index, std::uint64_t timestamp_ns) {
    monitor_.hw_rx_completed(kPort, kQueue, index, timestamp_ns, frame_);
  }
  void deliver(std::uint64_t timestamp_ns, Tap::Bytes delivered) {
    monitor_.frame_delivered(kPort, timestamp_ns, 1, 256, delivered, 9000);
  }
  void post(std::uint32_t index, Tap::Bytes frame) { monitor_.hw_tx_posted(kPort, kQueue, index, frame); }
  void send(Tap::Bytes frame) { monitor_.wire_out(kPort, kQueue, 9000, frame); }

  InvariantLog log_;
  FrameMonitor monitor_{log_};
  std::vector<unsigned char> frame_ = bytes(100, 1);
  std::vector<unsigned char> other_ = bytes(100, 7);
  std::uint32_t buffers_ = 0;
};

class OneFrame : public Frames {
 protected:
  OneFrame() {
    post_buffers(4);
    arrive(10);
  }
};

TEST_F(Frames, EveryWayToAnEndIsLegal) {
  post_buffers(64);
  std::uint32_t index = 0;
  for (std::uint64_t time = 10; time < 100; time += 10) {
    monitor_.wire_in(kPort, time, frame_);
    monitor_.nic_dropped(kPort, time, DropReason::kMacFifoFull);
    for (std::uint64_t i = 1; i <= 4; ++i) arrive(time + i);
    for (std::uint64_t i = 1; i <= 4; ++i) complete(index++, time + i);
    monitor_.frame_passed(kPort, time + 1, 9000);
    monitor_.frame_forwarded(kPort, time + 2, 9000);
    monitor_.frame_dropped(kPort, time + 3, DropReason::kRule);
    deliver(time + 4, frame_);
  }
  end();
  expect_none();
  EXPECT_EQ(monitor_.not_ended(), 0u);
  for (const Invariant id : {Invariant::k17, Invariant::k21, Invariant::k24}) EXPECT_GT(log_.checks(id), 0u);
}

TEST_F(Frames, EveryWayOutIsLegal) {
  for (std::uint32_t i = 0; i < 40; i += 2) {
    monitor_.tx_judged(1, 256, true, frame_);
    monitor_.tx_judged(1, 512, false, {});
    post(i, frame_);
    post(i + 1, other_);
    monitor_.hw_tx_completed(kPort, kQueue, i);
    send(frame_);
    monitor_.wire_out_dropped(kPort, kQueue, DropReason::kDmaError);
    monitor_.hw_tx_completed(kPort, kQueue, i + 1);
    monitor_.tx_finished(1, 256, frame_);
  }
  monitor_.socket_closed(1);
  end();
  expect_none();
  EXPECT_GT(log_.checks(Invariant::k23), 0u);
}

// ---- INV-17 ----

TEST_F(OneFrame, BytesThatTheDeviceWroteWrongAreReportedOnce) {
  monitor_.hw_rx_completed(kPort, kQueue, 0, 10, other_);
  deliver(10, other_);
  expect_one(Invariant::k17, "device");
}

TEST_F(OneFrame, AFrameThatTheDeviceCutIsReportedUnlessItIsDroppedForThat) {
  arrive(20);
  for (std::uint32_t i = 0; i < 2; ++i) {
    monitor_.hw_rx_completed(kPort, kQueue, i, 10 * (i + 1), Tap::Bytes(frame_).first(64));
  }
  monitor_.frame_dropped(kPort, 10, DropReason::kTruncated);
  expect_none();
  monitor_.frame_passed(kPort, 20, 9000);
  expect_one(Invariant::k17, "device");
}

TEST_F(OneFrame, WhatIsLeftOfARefusedWriteIsNotCompared) {
  monitor_.hw_rx_completed(kPort, kQueue, 0, 10, other_);
  monitor_.frame_dropped(kPort, 10, DropReason::kDmaError);
  expect_none();
}

TEST_F(OneFrame, BytesThatThePlatformDeliveredWrongAreReported) {
  complete(0, 10);
  deliver(10, other_);
  expect_one(Invariant::k17, "platform");
}

TEST_F(OneFrame, ADeliveryIsCutToTheRoomOfAChunk) {
  monitor_.umem_registered(1, {frame_.data(), 2048, 128, 48});
  complete(0, 10);
  deliver(10, Tap::Bytes(frame_).first(80));
  expect_none();
}

TEST_F(OneFrame, ADeliveryThatIsCutFurtherIsReported) {
  monitor_.umem_registered(1, {frame_.data(), 2048, 128, 48});
  complete(0, 10);
  deliver(10, Tap::Bytes(frame_).first(79));
  expect_one(Invariant::k17, "platform");
}

TEST_F(Frames, BytesThatWereSentWrongAreReported) {
  post(0, frame_);
  send(other_);
  expect_one(Invariant::k17, "device");
}

TEST_F(Frames, AFrameThatNobodyPostedIsReported) {
  send(frame_);
  expect_one(Invariant::k17, "device");
}

TEST_F(Frames, TwoFramesInTheWrongOrderAreReportedOnce) {
  post(0, frame_);
  post(1, other_);
  send(other_);
  monitor_.hw_tx_completed(kPort, kQueue, 0);
  monitor_.hw_tx_completed(kPort, kQueue, 1);
  end();
  expect_one(Invariant::k17, "device");
}

TEST_F(Frames, ChecksumsThatTheDevicePutInAreNotCompared) {
  std::vector<unsigned char> sent(frame_.begin(), frame_.end());
  for (const std::uint32_t at : {24u, 25u, 40u, 41u}) sent[at] ^= 0xFF;
  post(0, frame_);
  monitor_.tx_checksum_inserted(kPort, kQueue, 24);
  monitor_.tx_checksum_inserted(kPort, kQueue, 40);
  send(sent);
  monitor_.hw_tx_completed(kPort, kQueue, 0);
  expect_none();
  post(1, frame_);  // and the next frame is compared again
  send(sent);
  expect_one(Invariant::k17, "device");
}

TEST_F(Frames, AByteBesideAnInsertedChecksumIsCompared) {
  std::vector<unsigned char> sent(frame_.begin(), frame_.end());
  sent[26] ^= 1;
  post(0, frame_);
  monitor_.tx_checksum_inserted(kPort, kQueue, 24);
  send(sent);
  expect_one(Invariant::k17, "device");
}

TEST_F(Frames, QueuesAreComparedApart) {
  monitor_.hw_tx_posted(kPort, 0, 0, frame_);
  monitor_.hw_tx_posted(kPort, 1, 0, other_);
  monitor_.wire_out(kPort, 1, 9000, other_);
  monitor_.wire_out(kPort, 0, 9000, frame_);
  expect_none();
}

// The device read the change, or did not: neither is its fault.
TEST_F(Frames, BytesThatTheApplicationChangedAreNotTheDevicesFault) {
  std::vector<unsigned char> memory = frame_;
  post(0, memory);
  post(1, memory);
  memory[5] ^= 1;
  send(memory);
  monitor_.hw_tx_completed(kPort, kQueue, 0);
  monitor_.hw_tx_completed(kPort, kQueue, 1);
  send(frame_);
  expect_none();
}

// A chunk that is posted twice, for example, may change and change back between one look and the next.
TEST_F(Frames, BytesOfASocketThatAFaultSpoiledAreAnything) {
  const std::vector<unsigned char> memory = bytes(200, 3);
  const std::vector<unsigned char> neighbours = bytes(100, 3);
  monitor_.tx_memory_mapped(1, {kPort, 0x1000, memory.size(), memory.data(), false, 1514});
  monitor_.tx_memory_mapped(2, {kPort, 0x9000, neighbours.size(), neighbours.data(), false, 1514});
  FaultExcuses(log_).fault_struck(FaultId::kApp01, {.socket = 1}, 0);
  post(0, Tap::Bytes(memory).subspan(100));
  post(1, neighbours);
  send(other_);
  EXPECT_EQ(log_.excused(), 1u);
  expect_none();
  send(other_);
  expect_one(Invariant::k17, "device");
}

TEST_F(Frames, AfterTheCompletionTheMemoryIsTheApplicationsAgain) {
  std::vector<unsigned char> memory = frame_;
  post(0, memory);
  monitor_.hw_tx_completed(kPort, kQueue, 0);
  memory[5] ^= 1;
  send(memory);
  expect_one(Invariant::k17, "device");
}

// ---- INV-21 ----

TEST_F(OneFrame, AFrameThatEndsTwiceIsReported) {
  complete(0, 10);
  monitor_.frame_passed(kPort, 10, 9000);
  monitor_.frame_dropped(kPort, 10, DropReason::kRule);
  end();
  expect_one(Invariant::k21, "platform");
  EXPECT_NE(log_.messages()[0].find("frame of 10 ns dropped, but it had reached its end before"),
            std::string::npos)
      << log_.messages()[0];
}

TEST_F(Frames, AFrameThatNeverArrivedCannotEnd) {
  monitor_.frame_forwarded(kPort, 10, 9000);
  expect_one(Invariant::k21, "platform");
}

TEST_F(Frames, TheNicMayNotDropAFrameTwice) {
  monitor_.wire_in(kPort, 10, frame_);
  monitor_.nic_dropped(kPort, 10, DropReason::kMacFifoFull);
  monitor_.nic_dropped(kPort, 10, DropReason::kMacFifoFull);
  expect_one(Invariant::k21, "device");
}

TEST_F(OneFrame, AFrameThatNeverEndsIsReported) {
  complete(0, 10);
  end();
  expect_one(Invariant::k21, "platform");
  EXPECT_EQ(monitor_.not_ended(), 1u);
}

TEST_F(Frames, AFrameThatTheNicForgetsIsItsFault) {
  monitor_.wire_in(kPort, 10, frame_);
  end();
  expect_one(Invariant::k21, "device");
}

TEST_F(OneFrame, InARunThatWasCutItIsOnlyCounted) {
  monitor_.tx_judged(1, 256, true, frame_);
  post(0, frame_);
  end(false);
  expect_none();
  EXPECT_EQ(monitor_.not_ended(), 1u);
}

TEST_F(Frames, ATimestampThatComesTwiceUpsetsTheBooks) {
  monitor_.wire_in(kPort, 10, frame_);
  monitor_.wire_in(kPort, 10, frame_);
  monitor_.nic_dropped(kPort, 10, DropReason::kOversize);
  end();
  expect_one(Invariant::k21, "device");
}

TEST_F(Frames, AFrameThatIsNeitherSentNorDroppedIsReported) {
  post(0, frame_);
  monitor_.hw_tx_completed(kPort, kQueue, 0);
  end();
  expect_one(Invariant::k21, "device");
}

TEST_F(Frames, OnlyAPostedFrameCanBeDroppedInsteadOfSent) {
  monitor_.wire_out_dropped(kPort, kQueue, DropReason::kDmaError);
  expect_one(Invariant::k21, "device");
}

TEST_F(Frames, AFrameThatTheDriverGivesBackUnsentWasNeverPosted) {
  post(0, frame_);
  monitor_.wire_out_dropped(kPort, kQueue, DropReason::kPaused);
  monitor_.wire_out_dropped(kPort, kQueue, DropReason::kSendFailed);
  send(frame_);
  monitor_.hw_tx_completed(kPort, kQueue, 0);
  end();
  expect_none();
}

// ---- resets ----

// The first was handed over; the driver takes the other two back, and posts the next behind them.
class QueueReset : public Frames {
 protected:
  QueueReset() {
    monitor_.queue_enabled(kPort, kVector, 0, 8, 1000);
    for (std::uint32_t i = 0; i < 3; ++i) post(i, i == 1 ? other_ : frame_);
    monitor_.tx_handed_over(kPort, kQueue, 0);
  }
  void take_back() {
    for (std::uint32_t i = 0; i < 3; ++i) monitor_.hw_tx_completed(kPort, kQueue, i);
  }
  void go_on() {
    monitor_.queue_enabled(kPort, kVector, 3, 8, 2000);
    post(3, other_);
    monitor_.tx_handed_over(kPort, kQueue, 3);
    send(other_);
    monitor_.hw_tx_completed(kPort, kQueue, 3);
    end();
  }
  static constexpr std::uint32_t kVector = nic::kTxVectorBase + kQueue;
};

TEST_F(QueueReset, WhatWasNotHandedOverWhenAQueueWentOffIsNeverSent) {
  monitor_.queue_disabled(kPort, kVector, 1500);
  take_back();
  send(frame_);
  go_on();
  expect_none();
}

TEST_F(QueueReset, WhatWasHandedOverIsOwedToTheWire) {
  monitor_.queue_disabled(kPort, kVector, 1500);
  take_back();
  go_on();
  EXPECT_GT(log_.violations(), 0u);
}

TEST_F(QueueReset, AQueueThatIsOnOwesEveryFrame) {
  take_back();
  send(frame_);
  end();
  expect_one(Invariant::k21, "device");
}

TEST_F(QueueReset, ADeviceThatWasResetSendsNothingThatItHad) {
  monitor_.device_reset(kPort, 1500);
  send(frame_);
  take_back();
  go_on();
  expect_none();
}

// Indices of one ring say nothing of another, even if the device never heard of that one.
TEST_F(QueueReset, WhatALostDeviceWasToSendFromAnotherRingIsNeverSent) {
  monitor_.device_reset(kPort, 1500);
  send(frame_);
  take_back();
  monitor_.hw_ring_changed(kPort, kVector, 0, 8, 0);
  post(0, other_);
  monitor_.hw_tx_completed(kPort, kQueue, 0);
  monitor_.hw_ring_changed(kPort, kVector, 3, 8, 1);
  go_on();
  expect_none();
}

TEST_F(OneFrame, AResetDeviceMayDropWhatItHadAccepted) {
  monitor_.device_reset(kPort, 1500);
  monitor_.nic_dropped(kPort, 10, DropReason::kNoDescriptor);
  monitor_.queue_enabled(kPort, kQueue, 4, 4, 2000);
  post_buffers(4);
  arrive(20);
  complete(4, 20);
  monitor_.frame_passed(kPort, 20, 9000);
  end();
  expect_none();
}

TEST_F(OneFrame, OnceAQueueIsOnAgainNothingAcceptedMayBeDropped) {
  monitor_.device_reset(kPort, 1500);
  monitor_.queue_enabled(kPort, kQueue, 4, 4, 2000);
  monitor_.nic_dropped(kPort, 10, DropReason::kNoDescriptor);
  expect_one(Invariant::k24, "device");
}

TEST_F(Frames, PortsHaveBooksOfTheirOwn) {
  monitor_.wire_in(0, 10, frame_);
  monitor_.wire_in(1, 10, frame_);
  monitor_.nic_dropped(0, 10, DropReason::kOversize);
  monitor_.nic_dropped(1, 10, DropReason::kOversize);
  end();
  expect_none();
}

// ---- INV-23 ----

TEST_F(Frames, AFrameCompletedTwiceIsReported) {
  post(0, frame_);
  monitor_.hw_tx_completed(kPort, kQueue, 0);
  monitor_.hw_tx_completed(kPort, kQueue, 0);
  expect_one(Invariant::k23, "device");
}

TEST_F(Frames, ACompletionOutOfOrderIsReportedOnce) {
  for (std::uint32_t i = 0; i < 3; ++i) post(i, frame_);
  monitor_.hw_tx_completed(kPort, kQueue, 1);
  monitor_.hw_tx_completed(kPort, kQueue, 2);
  expect_one(Invariant::k23, "device");
}

TEST_F(Frames, AFrameWithoutACompletionIsReported) {
  post(0, frame_);
  send(frame_);
  end();
  expect_one(Invariant::k23, "device");
}

TEST_F(Frames, TheDriverPostsInOrder) {
  post(0, frame_);
  post(2, frame_);
  expect_one(Invariant::k23, "platform");
}

TEST_F(Frames, ADescriptorFinishedTwiceIsReported) {
  monitor_.tx_judged(1, 256, true, frame_);
  monitor_.tx_finished(1, 256, frame_);
  monitor_.tx_finished(1, 256, frame_);
  expect_one(Invariant::k23, "platform");
}

TEST_F(Frames, ARefusedDescriptorMayNotBeFinished) {
  monitor_.tx_judged(1, 256, false, {});
  monitor_.tx_finished(1, 256, {});
  expect_one(Invariant::k23, "platform");
}

TEST_F(Frames, ADescriptorThatIsNeverFinishedIsReportedAtTheEnd) {
  monitor_.tx_judged(1, 256, true, frame_);
  end();
  expect_one(Invariant::k23, "platform");
}

TEST_F(Frames, ADescriptorThatIsNeverFinishedIsReportedWhenTheSocketIsClosed) {
  monitor_.tx_judged(1, 256, true, frame_);
  monitor_.socket_closed(1);
  end();
  expect_one(Invariant::k23, "platform");
}

// ---- INV-24 ----

TEST_F(Frames, IndicesMayBeginAnywhereAndWrap) {
  buffers_ = 0xFFFFFFFE;
  post_buffers(4);
  for (std::uint32_t i = 0; i < 4; ++i) arrive(10 + i);
  for (std::uint32_t i = 0; i < 4; ++i) complete(0xFFFFFFFE + i, 10 + i);
  expect_none();
}

TEST_F(OneFrame, ACompletionThatComesTwiceIsReportedOnce) {
  arrive(20);
  complete(0, 10);
  complete(0, 10);
  complete(1, 20);
  expect_one(Invariant::k24, "device");
}

TEST_F(OneFrame, ACompletionThatIsSkippedIsReportedOnce) {
  arrive(20);
  complete(1, 10);
  complete(2, 20);
  expect_one(Invariant::k24, "device");
}

TEST_F(Frames, ACompletionNeedsAPostedBuffer) {
  post_buffers(1);
  arrive(10);
  arrive(20);
  complete(0, 10);
  complete(1, 20);
  expect_one(Invariant::k24, "device");
}

TEST_F(OneFrame, ACompletionNeedsAnAcceptedFrame) {
  complete(0, 10);
  complete(1, 20);
  expect_one(Invariant::k24, "device");
}

TEST_F(OneFrame, CompletionsComeInTheOrderOfAcceptance) {
  arrive(20);
  arrive(30);
  complete(0, 20);
  complete(1, 30);
  expect_one(Invariant::k24, "device");
}

TEST_F(OneFrame, AnAcceptedFrameWithoutACompletionIsReported) {
  monitor_.frame_passed(kPort, 10, 9000);
  end();
  expect_one(Invariant::k24, "device");
}

TEST_F(OneFrame, AnAcceptedFrameMayNotBeDroppedByTheNic) {
  monitor_.nic_dropped(kPort, 10, DropReason::kNoDescriptor);
  expect_one(Invariant::k24, "device");
}

TEST_F(Frames, TheDriverPostsBuffersInOrder) {
  post_buffers(1);
  ++buffers_;
  post_buffers(1);
  expect_one(Invariant::k24, "platform");
}

// ---- INV-25 ----

TEST_F(Frames, AllowedDmaIsOnlyCounted) {
  monitor_.dma(kPort, 3, true, 0x1000, 64, true, 5000);
  expect_none();
  EXPECT_EQ(log_.checks(Invariant::k25), 1u);
}

TEST_F(Frames, RefusedDmaNamesWhoWantedWhat) {
  monitor_.dma(kPort, 3, true, 0x1000, 64, false, 5000);
  expect_one(Invariant::k25, "device");
  EXPECT_NE(log_.messages()[0].find(
                "interface 1 receive queue 3 at 5.000 ns: requester 3 may not write 64 bytes at 0x1000"),
            std::string::npos)
      << log_.messages()[0];
}

TEST_F(Frames, RequestersFrom64OnAreTransmitQueues) {
  monitor_.dma(kPort, 65, false, 0x2000, 512, false, 5000);
  EXPECT_NE(log_.messages()[0].find(
                "interface 1 transmit queue 1 at 5.000 ns: requester 65 may not read 512 bytes at 0x2000"),
            std::string::npos)
      << log_.messages()[0];
}

// ---- what goes to the host's stack ----

TEST_F(Frames, PassedAsTheyCame) {
  post_buffers(1);
  arrive(1);
  complete(0, 1);
  monitor_.passed_on(kPort, 1, frame_);
  monitor_.frame_passed(kPort, 1, 9000);
  end();
  expect_none();
}

TEST_F(Frames, PassedWithOtherBytesIsThePlatforms) {
  post_buffers(1);
  arrive(1);
  complete(0, 1);
  monitor_.passed_on(kPort, 1, other_);
  monitor_.frame_passed(kPort, 1, 9000);
  expect_one(Invariant::k17, "platform");
}

TEST_F(Frames, PassedShortIsThePlatforms) {
  monitor_.local_frame_begun(kPort, kQueue, kFirstLocalFrame, frame_);
  monitor_.passed_on(kPort, kFirstLocalFrame, {frame_.data(), 99});
  monitor_.frame_passed(kPort, kFirstLocalFrame, 9000);
  expect_one(Invariant::k17, "platform");
}

TEST_F(Frames, WhatTheDeviceSpoiltIsPassedSpoilt) {
  post_buffers(1);
  arrive(1);
  monitor_.hw_rx_completed(kPort, kQueue, 0, 1, other_);
  monitor_.passed_on(kPort, 1, other_);
  monitor_.frame_passed(kPort, 1, 9000);
  expect_one(Invariant::k17, "device");
}

// ---- checksums that the MAC puts in ----

class Inserted : public Frames {
 protected:
  // UDP over IPv4, four bytes, both checksums right.
  static std::vector<unsigned char> packet() {
    std::vector<unsigned char> made(46);
    const unsigned char ip[] = {0x45, 0, 0, 32, 0, 0, 0, 0, 64, 17, 0xB0, 0x23, 10, 0, 0, 1, 192, 168, 0, 1};
    const unsigned char udp[] = {0, 1, 0, 2, 0, 12, 0x31, 0x23, 1, 2, 3, 4};
    made[12] = 0x08;
    std::copy(std::begin(ip), std::end(ip), made.begin() + 14);
    std::copy(std::begin(udp), std::end(udp), made.begin() + 34);
    return made;
  }
  void send_with(std::uint32_t at, unsigned char flip) {
    std::vector<unsigned char> posted = packet();
    std::vector<unsigned char> sent = packet();
    posted[at] = posted[at + 1] = 0;
    sent[at] ^= flip;
    post(0, posted);
    monitor_.tx_checksum_inserted(kPort, kQueue, at);
    send(sent);
    monitor_.hw_tx_completed(kPort, kQueue, 0);
  }
};

TEST_F(Inserted, ThatAddUp) {
  send_with(24, 0);
  expect_none();
  EXPECT_EQ(log_.checks(Invariant::k17), 2u);
}

TEST_F(Inserted, PacketsThatAddUp) {
  send_with(40, 0);
  expect_none();
}

TEST_F(Inserted, HeaderThatDoesNotAddUpIsTheDevices) {
  send_with(24, 1);
  expect_one(Invariant::k17, "device");
}

TEST_F(Inserted, PacketThatDoesNotAddUpIsTheDevices) {
  send_with(40, 1);
  expect_one(Invariant::k17, "device");
}

// The descriptor in the driver's ring says what is wanted.
class Requested : public Inserted {
 protected:
  Requested() {
    const auto* ring = reinterpret_cast<const unsigned char*>(descriptors_.data());
    monitor_.dma_mapped(kPort,
                        {0x1000, sizeof descriptors_, 64 + kQueue, true, false, DmaRegion::Kind::kOwn, ring});
  }
  void ask(std::uint32_t index, const nic::TxRequest& request) {
    descriptors_[index % descriptors_.size()].cookie = nic::pack_tx_request(request);
    post(index, packet_);
  }
  void hand_over(std::uint32_t index) { monitor_.tx_handed_over(kPort, kQueue, index); }

  std::array<nic::PostEntry, 4> descriptors_{};
  const std::vector<unsigned char> packet_ = packet();
  static constexpr nic::TxRequest kBoth{true, true, nic::RequestLayer3::kIpv4, nic::RequestLayer4::kUdp,
                                        14,   20};
};

TEST_F(Requested, AndPutIn) {
  ask(5, kBoth);
  hand_over(5);
  monitor_.tx_checksum_inserted(kPort, kQueue, 24);
  monitor_.tx_checksum_inserted(kPort, kQueue, 40);
  send(packet_);
  ask(6, {});
  hand_over(6);
  send(packet_);
  expect_none();
}

TEST_F(Requested, AndForgottenIsTheDevices) {
  ask(0, kBoth);
  hand_over(0);
  send(packet_);
  expect_one(Invariant::k17, "device");
}

TEST_F(Requested, OneOfTwoIsTheDevices) {
  ask(0, kBoth);
  hand_over(0);
  monitor_.tx_checksum_inserted(kPort, kQueue, 24);
  send(packet_);
  expect_one(Invariant::k17, "device");
}

TEST_F(Requested, WhereNothingWasAskedForIsTheDevices) {
  ask(0, {});
  hand_over(0);
  monitor_.tx_checksum_inserted(kPort, kQueue, 24);
  send(packet_);
  expect_one(Invariant::k17, "device");
}

// The MAC says so when it gets the frame; by then others may wait for the wire.
TEST_F(Requested, ButDoesNotFit) {
  ask(0, kBoth);
  ask(1, kBoth);
  hand_over(0);
  monitor_.tx_bad_offload(kPort, kQueue);
  hand_over(1);
  send(packet_);
  expect_none();
  send(packet_);
  expect_one(Invariant::k17, "device");
}

// Then nobody knows what the descriptor says.
TEST_F(Requested, OfARingThatIsGone) {
  monitor_.dma_unmapped(kPort, 0x1000);
  ask(0, kBoth);
  hand_over(0);
  send(packet_);
  expect_none();
}

}  // namespace
}  // namespace ringproof

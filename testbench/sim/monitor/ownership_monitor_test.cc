// ownership_monitor_test.cc: chunks on their legal ways, and every way of leaving them.

#include "sim/monitor/ownership_monitor.h"

#include <gtest/gtest.h>

#include <cstring>

#include "testbench/sim/monitor/memory.h"

namespace ringproof {
namespace {

constexpr std::uint64_t kA = 256;
constexpr std::uint64_t kB = 512;
constexpr std::uint32_t kLength = 60;

class Chunks : public testing::Test {
 protected:
  Tap::Bytes frame(std::uint64_t address) { return Tap::Bytes(memory_.umem(address), kLength); }

  void expect_one(Invariant id, const char* party) {
    EXPECT_EQ(log_.violations(id), 1u);
    EXPECT_EQ(log_.violations(), 1u);
    ASSERT_FALSE(log_.messages().empty());
    EXPECT_NE(log_.messages()[0].find(std::string(", ") + party + ": "), std::string::npos)
        << log_.messages()[0];
  }
  void expect_none() {
    EXPECT_EQ(log_.violations(), 0u) << (log_.messages().empty() ? "" : log_.messages()[0]);
  }

  // FILL -> DEV-RX
  void begin_receiving() {
    const std::uint64_t address = memory_.take(RingKind::kFill);
    const bool valid = address <= (SharedMemory::kChunks - 1) * SharedMemory::kChunkBytes;
    monitor_.fill_judged(1, address, valid);
  }
  // FILL -> RX, published
  void receive() {
    const std::uint64_t address = memory_.take(RingKind::kFill);
    monitor_.fill_judged(1, address, true);
    memory_.deliver(address, kLength);
    memory_.consume(RingKind::kFill);
    memory_.publish(RingKind::kRx);
  }
  // TX -> DEV-TX
  void begin_sending(bool valid = true) {
    const std::uint64_t address = memory_.take(RingKind::kTx);
    monitor_.tx_judged(1, address, valid, valid ? frame(address) : Tap::Bytes());
    memory_.consume(RingKind::kTx);
  }
  // DEV-TX -> COMP, published
  void finish(std::uint64_t address) {
    memory_.finish(address, frame(address));
    memory_.publish(RingKind::kCompletion);
  }

  InvariantLog log_;
  OwnershipMonitor monitor_{log_};
  SharedMemory memory_{monitor_, 1};
};

// ---- INV-11, the legal ways ----

TEST_F(Chunks, ReceivingAndSendingAgainAndAgainIsLegal) {
  for (int i = 0; i < 20; ++i) {
    memory_.post(RingKind::kFill, kA);
    receive();
    memory_.release(RingKind::kRx);
    memory_.post(RingKind::kTx, kA, kLength);
    begin_sending();
    finish(kA);
    memory_.release(RingKind::kCompletion);
  }
  expect_none();
  EXPECT_GT(log_.checks(Invariant::k11), 0u);
  EXPECT_GT(log_.checks(Invariant::k12), 0u);
}

TEST_F(Chunks, AForwarderMaySubmitBeforeItReleases) {
  memory_.post(RingKind::kFill, kA);
  for (int i = 0; i < 20; ++i) {
    receive();
    memory_.post(RingKind::kTx, kA, kLength);
    begin_sending();
    memory_.release(RingKind::kRx);
    finish(kA);
    memory_.post(RingKind::kFill, kA);
    memory_.release(RingKind::kCompletion);
  }
  expect_none();
}

TEST_F(Chunks, ARefusedEntryReturnsToTheApplication) {
  memory_.post(RingKind::kTx, kA, 0);
  begin_sending(false);
  memory_.post(RingKind::kTx, kA, kLength);
  expect_none();
}

TEST_F(Chunks, AddressesOutsideBelongToNobody) {
  memory_.post(RingKind::kFill, 1'000'000);
  memory_.post(RingKind::kFill, 1'000'000);
  begin_receiving();
  memory_.post(RingKind::kTx, 1'000'000, kLength);
  begin_sending(false);
  expect_none();
}

TEST_F(Chunks, EntriesFromBeforeTheUmemCountToo) {
  OwnershipMonitor monitor(log_);
  monitor.ring_created(2, RingKind::kFill, memory_.shape(RingKind::kFill));
  memory_.write(RingKind::kFill, 0, kA);
  monitor.ring_moved(2, RingKind::kFill, Actor::kApplication, 0, 1, 1000);
  monitor.umem_registered(2, {memory_.umem(), 2048, 256, 32});
  monitor.fill_judged(2, kA, true);
  expect_none();
  monitor.fill_judged(2, kA, true);
  expect_one(Invariant::k11, "platform");
}

// ---- INV-11, the application leaves them ----

TEST_F(Chunks, AChunkPostedTwiceIsReportedOnceAndFollowed) {
  memory_.post(RingKind::kFill, kA);
  memory_.post(RingKind::kFill, kA);
  expect_one(Invariant::k11, "application");
  EXPECT_NE(log_.messages()[0].find("chunk 1 (address 0x100) was posted in FILL while it was in FILL"),
            std::string::npos);
  for (int i = 0; i < 2; ++i) {
    receive();
    memory_.release(RingKind::kRx);
  }
  memory_.post(RingKind::kFill, kA);
  receive();
  expect_one(Invariant::k11, "application");
}

TEST_F(Chunks, TwoAddressesOfOneChunkAreTheSameChunk) {
  memory_.post(RingKind::kTx, kA, kLength);
  memory_.post(RingKind::kTx, kA + 100, kLength);
  expect_one(Invariant::k11, "application");
}

TEST_F(Chunks, AChunkMayNotBeSentWhileItIsPosted) {
  memory_.post(RingKind::kFill, kA);
  memory_.post(RingKind::kTx, kA, kLength);
  expect_one(Invariant::k11, "application");
}

TEST_F(Chunks, AChunkMayNotBePostedWhileTheDeviceSendsIt) {
  memory_.post(RingKind::kTx, kA, kLength);
  begin_sending();
  memory_.post(RingKind::kFill, kA);
  expect_one(Invariant::k11, "application");
}

TEST_F(Chunks, AChunkMayNotBePostedBeforeItsFrameIsPublished) {
  memory_.post(RingKind::kFill, kA);
  const std::uint64_t address = memory_.take(RingKind::kFill);
  monitor_.fill_judged(1, address, true);
  memory_.deliver(address, kLength);
  memory_.post(RingKind::kFill, kA);
  expect_one(Invariant::k11, "application");
}

TEST_F(Chunks, ABufferPostedAgainBeforeItsCompletionIsReportedOnce) {
  memory_.post(RingKind::kTx, kA, kLength);
  memory_.post(RingKind::kTx, kA, kLength);
  for (int i = 0; i < 2; ++i) begin_sending();
  for (int i = 0; i < 2; ++i) finish(kA);
  memory_.release(RingKind::kCompletion, 2);
  expect_one(Invariant::k11, "application");
}

TEST_F(Chunks, AnEntryThatChangedAfterPublicationIsTakenAsItIs) {
  memory_.post(RingKind::kFill, kA);
  memory_.write(RingKind::kFill, 0, kB);
  receive();
  memory_.post(RingKind::kFill, kA);
  expect_none();  // INV-04 has a word to say about it
}

TEST_F(Chunks, EntriesOfAnIndexThatJumpedAreTakenInSilently) {
  memory_.move_producer(RingKind::kFill, Actor::kApplication, 1000);
  for (int i = 0; i < 3; ++i) {
    memory_.write(RingKind::kFill, memory_.consumer(RingKind::kFill), kA);
    receive();
  }
  expect_none();  // INV-02 has
}

// ---- INV-11, the platform leaves them ----

TEST_F(Chunks, ThePlatformMayNotReceiveIntoAChunkThatIsNotPosted) {
  monitor_.fill_judged(1, kA, true);
  expect_one(Invariant::k11, "platform");
}

TEST_F(Chunks, ThePlatformMayNotDeliverIntoAChunkItHasNotTaken) {
  memory_.post(RingKind::kFill, kA);
  memory_.deliver(kA, kLength);
  expect_one(Invariant::k11, "platform");
}

TEST_F(Chunks, ThePlatformMayNotSendAChunkThatIsNotPosted) {
  monitor_.tx_judged(1, kA, true, frame(kA));
  expect_one(Invariant::k11, "platform");
}

TEST_F(Chunks, ThePlatformMayNotCompleteAChunkTwice) {
  memory_.post(RingKind::kTx, kA, kLength);
  begin_sending();
  finish(kA);
  finish(kA);
  expect_one(Invariant::k11, "platform");
}

// ---- INV-12 ----

TEST_F(Chunks, HeadRoomHasToStayAsItWas) {
  memory_.post(RingKind::kFill, kA);
  begin_receiving();
  memory_.umem(kA)[SharedMemory::kHeadroom - 1] ^= 1;
  memory_.deliver(kA, kLength);
  expect_one(Invariant::k12, "platform");
  EXPECT_NE(log_.messages()[0].find("byte +31 changed too"), std::string::npos) << log_.messages()[0];
}

TEST_F(Chunks, TheTailHasToStayAsItWas) {
  memory_.post(RingKind::kFill, kA);
  begin_receiving();
  memory_.umem(kA)[SharedMemory::kHeadroom + kLength] ^= 1;
  memory_.deliver(kA, kLength);
  expect_one(Invariant::k12, "platform");
}

TEST_F(Chunks, TheLastByteOfAChunkIsWatchedAndTheNextChunkIsNot) {
  memory_.post(RingKind::kFill, kA);
  begin_receiving();
  memory_.umem(kA)[SharedMemory::kChunkBytes] ^= 1;
  memory_.deliver(kA, kLength);
  expect_none();
  memory_.post(RingKind::kFill, kB);
  memory_.consume(RingKind::kFill);
  begin_receiving();
  memory_.umem(kB)[SharedMemory::kChunkBytes - 1] ^= 1;
  memory_.deliver(kB, kLength);
  expect_one(Invariant::k12, "platform");
}

TEST_F(Chunks, AFrameThatFillsTheChunkIsLegalAndOneByteMoreIsNot) {
  constexpr std::uint32_t kRoom = SharedMemory::kChunkBytes - SharedMemory::kHeadroom;
  memory_.post(RingKind::kFill, kA);
  begin_receiving();
  memory_.deliver(kA, kRoom);
  expect_none();
  memory_.post(RingKind::kFill, kB);
  memory_.consume(RingKind::kFill);
  begin_receiving();
  memory_.deliver(kB, kRoom + 1);
  expect_one(Invariant::k12, "platform");
}

TEST_F(Chunks, AFrameBelongsBehindTheHeadRoom) {
  memory_.post(RingKind::kFill, kA);
  begin_receiving();
  monitor_.frame_delivered(0, 1, 1, kA, Tap::Bytes(memory_.umem(kA) + SharedMemory::kHeadroom - 2, kLength),
                           1000);
  expect_one(Invariant::k12, "platform");
}

TEST_F(Chunks, AFrameMayNotChangeWhileTheDeviceHasIt) {
  memory_.post(RingKind::kTx, kA, kLength);
  begin_sending();
  memory_.umem(kA)[kLength - 1] ^= 1;
  finish(kA);
  expect_one(Invariant::k12, "application");
}

TEST_F(Chunks, TheRestOfAChunkThatIsSentMayChange) {
  memory_.post(RingKind::kTx, kA, kLength);
  begin_sending();
  memory_.umem(kA)[kLength] ^= 1;
  finish(kA);
  expect_none();
}

TEST_F(Chunks, AHugeChunkIsWatchedInPart) {
  std::vector<unsigned char> umem(1 << 20);
  monitor_.umem_registered(3, {umem.data(), umem.size(), 1 << 20, 0});
  monitor_.ring_created(3, RingKind::kFill, memory_.shape(RingKind::kFill));
  memory_.write(RingKind::kFill, 0, 0);
  monitor_.ring_moved(3, RingKind::kFill, Actor::kApplication, 0, 1, 1000);
  monitor_.fill_judged(3, 0, true);
  umem.back() ^= 1;
  monitor_.frame_delivered(0, 1, 3, 0, Tap::Bytes(umem.data(), 60), 2000);
  expect_none();
}

TEST_F(Chunks, AClosedSocketIsForgotten) {
  monitor_.socket_closed(1);
  monitor_.fill_judged(1, kA, true);
  memory_.deliver(kA, kLength);
  expect_none();
}

}  // namespace
}  // namespace ringproof

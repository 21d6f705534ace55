// lent_queue_monitors_test.cc: devices that work on the rings of a socket: what they read, where they write,
// and what the application changes meanwhile.

#include <cstring>

#include "sim/monitor/device_monitors.h"
#include "sim/monitor/frame_monitor.h"
#include "testbench/sim/monitor/accused.h"
#include "testbench/sim/monitor/memory.h"

namespace ringproof {
namespace {

using Bytes = Tap::Bytes;

// ---- sending ----
class LentToSend : public Accused {
 protected:
  static constexpr std::uint32_t kVector = 64;
  static constexpr std::uint64_t kMemory = 0x10000;

  LentToSend() {
    device_.hw_ring_changed(0, kVector, 0, 4, 1);
    device_.queue_enabled(0, kVector, 0, 4, 0);
    device_.zero_copy_enabled(0, kVector, {0, 4, kMemory}, 0);
  }
  // Posts a chunk, and rings.
  void post(std::uint32_t chunk, std::uint32_t length) {
    memory_.write(RingKind::kTx, posted_, 256 * chunk, length);
    device_.hw_tx_posted(0, 0, posted_, {memory_.umem(256 * chunk), length});
    device_.doorbell_written(0, kVector, ++posted_, later());
    device_.descriptors_fetched(0, kVector, (posted_ - 1) & 3, 1, later());
  }
  void read(std::uint64_t place, std::uint32_t bytes) {
    device_.dma(0, kVector, false, kMemory + place, bytes, true, later());
  }
  void complete(std::uint64_t place) {
    device_.tx_handed_over(0, 0, completed_);
    std::array<unsigned char, 8> entry{};
    std::memcpy(entry.data(), &place, sizeof place);
    device_.completion_written(0, kVector, completed_++ & 3, Bytes(entry), true, later());
  }
  std::uint64_t later() { return now_ps_ += 1000; }

  DeviceMonitors device_{log_, ports_};
  SharedMemory memory_{device_, 1};
  std::uint32_t posted_ = 0;
  std::uint32_t completed_ = 0;
  std::uint64_t now_ps_ = 0;
};

TEST_F(LentToSend, ReadToTheEndInAnyOrder) {
  post(1, 200);
  post(2, 60);
  read(512, 64);
  read(256 + 128, 128);
  read(256, 128);
  complete(256);
  complete(512);
  expect_none();
  EXPECT_EQ(log_.checks(Invariant::k13), 3u);
}

TEST_F(LentToSend, ReadsAChunkThatNobodyPosted) {
  post(1, 60);
  read(512, 64);
  expect(Invariant::k13, "device");
}

TEST_F(LentToSend, ReadsOnInTheNextChunk) {
  post(1, 256);
  read(256, 320);
  expect(Invariant::k13, "device");
}

TEST_F(LentToSend, GivesAChunkBackAndReadsItThen) {
  post(1, 60);
  read(256, 64);
  complete(256);
  read(256, 64);
  expect(Invariant::k13, "device");
}

TEST_F(LentToSend, CompletedBeforeItWasReadToItsEnd) {
  post(1, 200);
  read(256, 192);
  complete(256);
  expect(Invariant::k23, "device");
}

// Whoever changes what was posted leads the device elsewhere.
TEST_F(LentToSend, DescriptorOfAnApplicationThatChangedIt) {
  post(1, 60);
  memory_.write(RingKind::kTx, 0, 512, 60);
  read(512, 64);
  complete(512);
  expect_none();
}

TEST_F(LentToSend, WhatASpoiltSocketLedItTo) {
  log_.excuse_socket(1, InvariantLog::Set().set());
  post(1, 60);
  read(512, 64);
  expect_none();
}

// The application has taken none of the entries.
TEST_F(LentToSend, MoreEntriesThanThereIsRoomFor) {
  for (std::uint32_t i = 0; i < 4; ++i) {
    post(i, 64);
    read(256 * i, 64);
    complete(256 * i);
  }
  expect_none();
  post(4, 64);
  read(1024, 64);
  complete(1024);
  expect(Invariant::k28, "device");
}

TEST_F(LentToSend, RoomThatTheApplicationHasMade) {
  for (std::uint32_t i = 0; i < 6; ++i) {
    post(i, 64);
    read(256 * i, 64);
    complete(256 * i);
    memory_.publish(RingKind::kCompletion);
    memory_.release(RingKind::kCompletion);
  }
  expect_none();
}

TEST_F(LentToSend, RingThatTheApplicationHasSpoilt) {
  memory_.release(RingKind::kCompletion, 3);
  memory_.move_consumer(RingKind::kCompletion, Actor::kApplication, 0xFFFFFFFE);
  for (std::uint32_t i = 0; i < 5; ++i) {
    post(i, 64);
    read(256 * i, 64);
    complete(256 * i);
  }
  expect_none();
}

// ---- INV-12: between posting and completion ----
class LentFrame : public Accused {
 protected:
  void send(bool changes) {
    FrameMonitor frames(log_);
    frames.hw_ring_changed(0, 64, 0, 4, 1);
    frames.queue_enabled(0, 64, 0, 4, 0);
    frames.hw_tx_posted(0, 0, 0, frame(60));
    frames.tx_handed_over(0, 0, 0);
    if (changes) frame_[59] = 1;
    frames.hw_tx_completed(0, 0, 0);
    frames.wire_out(0, 0, 3000, frame(60));
  }
};

TEST_F(LentFrame, Kept) {
  send(false);
  expect_none();
}

TEST_F(LentFrame, ChangedWhileTheDeviceHasIt) {
  send(true);
  expect(Invariant::k12, "application");
}

// ---- receiving ----
class LentToReceive : public Accused {
 protected:
  LentToReceive() {
    device_.hw_ring_changed(0, 0, 0, 4, 1);
    device_.queue_enabled(0, 0, 0, 4, 0);
    device_.zero_copy_enabled(0, 0, {0, 4, 0x10000}, 0);
  }
  void receive() {
    const std::uint64_t place = 256 * (received_ % 8);
    device_.hw_rx_buffer(0, 0, received_, 0x10000 + place + 32, 224);
    device_.hw_rx_posted(0, 0, received_);
    device_.doorbell_written(0, 0, received_ + 1, later());
    device_.descriptors_fetched(0, 0, received_ & 3, 1, later());
    device_.nic_accepted(0, 0, 3 + received_);
    device_.payload_written(0, 0, 0x10000 + place + 32, 64, true, later());
    std::array<unsigned char, 12> entry{};
    const std::uint64_t address = place | std::uint64_t{32} << 48;
    const std::uint32_t length = 64;
    std::memcpy(entry.data(), &address, sizeof address);
    std::memcpy(entry.data() + 8, &length, sizeof length);
    device_.completion_written(0, 0, received_++ & 3, Bytes(entry), true, later());
  }
  std::uint64_t later() { return now_ps_ += 1000; }

  DeviceMonitors device_{log_, ports_};
  SharedMemory memory_{device_, 1};
  std::uint32_t received_ = 0;
  std::uint64_t now_ps_ = 0;
};

TEST_F(LentToReceive, InEntriesThatTheApplicationHasReleased) {
  for (std::uint32_t i = 0; i < 8; ++i) {
    receive();
    memory_.publish(RingKind::kRx);
    memory_.release(RingKind::kRx);
  }
  expect_none();
}

TEST_F(LentToReceive, OverAnEntryThatWasNotRead) {
  for (std::uint32_t i = 0; i < 5; ++i) receive();
  expect(Invariant::k28, "device");
}

}  // namespace
}  // namespace ringproof

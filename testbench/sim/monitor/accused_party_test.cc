// accused_party_test.cc: stories across layers: who is accused is who did it, and somebody is.

#include <algorithm>
#include <cstring>

#include "sim/monitor/balance_monitor.h"
#include "sim/monitor/device_monitors.h"
#include "sim/monitor/frame_monitor.h"
#include "sim/monitor/metadata_monitor.h"
#include "sim/monitor/ownership_monitor.h"
#include "sim/monitor/poke_monitor.h"
#include "sim/monitor/wait_monitor.h"
#include "testbench/sim/monitor/accused.h"
#include "testbench/sim/monitor/memory.h"

namespace ringproof {
namespace {

using Bytes = Tap::Bytes;
constexpr std::uint64_t kSecondPs = 1'000'000'000'000;

// ---- INV-12: a zero-copy device writes behind the chunk ----
class Lent : public Accused {
 protected:
  void receive(std::uint32_t bytes) {
    device_.hw_ring_changed(0, 0, 0, 4, 1);
    device_.hw_rx_buffer(0, 0, 0, 0x10020, 224);
    device_.hw_rx_posted(0, 0, 0);
    device_.queue_enabled(0, 0, 0, 4, 0);
    device_.zero_copy_enabled(0, 0, {0, 4, 0x10000}, 0);
    device_.doorbell_written(0, 0, 1, 1000);
    device_.descriptors_fetched(0, 0, 0, 1, 2000);
    device_.nic_accepted(0, 0, 3);
    for (std::uint32_t at = 0; at < bytes; at += 32)
      device_.payload_written(0, 0, 0x10020 + at, 32, true, 4000);
    std::array<unsigned char, 12> entry{};
    const std::uint64_t place = std::uint64_t{32} << 48;
    const std::uint32_t length = std::min(bytes, 224u);
    std::memcpy(entry.data(), &place, 8);
    std::memcpy(entry.data() + 8, &length, 4);
    device_.completion_written(0, 0, 0, Bytes(entry), true, 6000);
  }
  DeviceMonitors device_{log_, ports_};
};

TEST_F(Lent, FrameInItsChunk) {
  receive(224);
  expect_none();
}

TEST_F(Lent, FrameGoesOnIntoTheNextChunk) {
  receive(320);
  expect(Invariant::k12, "device");
}

// ---- INV-17: the platform's copy ----
TEST_F(Accused, CopyDiffersFromUmem) {
  FrameMonitor frames(log_);
  std::array<unsigned char, 512> umem{}, copy{};
  frames.umem_registered(1, {umem.data(), umem.size(), 256, 0});
  frames.tx_memory_mapped(1, {0, 0x10000, copy.size(), copy.data(), true, 1514});
  umem[59] = 1;
  frames.tx_judged(1, 0, true, Bytes(copy.data(), 60));
  expect(Invariant::k17, "platform");
}

// ---- INV-11 over two sockets; nobody else is blamed for what becomes of the chunk ----
TEST_F(Accused, OneChunkInTwoSockets) {
  OwnershipMonitor chunks(log_);
  SharedMemory first(chunks, 1), second(chunks, 2);
  chunks.umem_registered(2, {first.umem(), 2048, 256, 32});
  first.post(RingKind::kFill, 0);
  second.post(RingKind::kFill, 256);
  expect_none();
  second.post(RingKind::kFill, 0);
  expect(Invariant::k11, "application");
}

// ---- INV-24: a driver posts one buffer twice ----
TEST_F(Accused, BufferPostedTwice) {
  FrameMonitor frames(log_);
  for (std::uint32_t i = 0; i < 2; ++i) {
    frames.hw_rx_buffer(0, 0, i, 4096, 2048);
    frames.hw_rx_posted(0, 0, i);
  }
  expect(Invariant::k24, "platform");
}

// ---- INV-27 ----
TEST_F(Accused, DescriptorThatNoDoorbellHasShown) {
  DeviceMonitors device(log_, ports_);
  device.queue_enabled(0, 64, 0, 256, 0);
  for (std::uint32_t i = 0; i < 2; ++i) device.hw_tx_posted(0, 0, i, frame(64));
  device.doorbell_written(0, 64, 1, 1000);
  device.descriptors_fetched(0, 64, 0, 4, 2000);
  device.tx_handed_over(0, 0, 0);
  expect_none();
  device.tx_handed_over(0, 0, 1);
  expect(Invariant::k27, "device");
}

// ---- INV-29 ----
TEST_F(Accused, EnabledBeforeItWasAtRest) {
  DeviceMonitors device(log_, ports_);
  device.queue_enabled(0, 0, 0, 256, 0);
  device.queue_disabled(0, 0, 1000);
  device.queue_enabled(0, 0, 0, 256, 2000);
  expect(Invariant::k29, "platform");
}

TEST_F(Accused, WritesLongAfterAReset) {
  DeviceMonitors device(log_, ports_);
  device.queue_enabled(0, 0, 0, 256, 0);
  device.device_reset(0, 1000);
  device.dma(0, 0, true, 4096, 64, true, 2000);  // was under way
  expect_none();
  device.dma(0, 0, true, 4096, 64, true, kSecondPs);
  expect(Invariant::k29, "device");
}

TEST_F(Accused, SentAndNotPublishedWhenItStops) {
  DeviceMonitors device(log_, ports_);
  device.queue_enabled(0, 64, 0, 256, 0);
  for (std::uint32_t i = 0; i < 2; ++i) device.hw_tx_posted(0, 0, i, frame(64));
  device.doorbell_written(0, 64, 2, 1000);
  device.descriptors_fetched(0, 64, 0, 2, 2000);
  for (std::uint32_t i = 0; i < 2; ++i) device.tx_handed_over(0, 0, i);
  device.index_published(0, 64, 1, true, 3000);
  device.queue_disabled(0, 64, 4000);
  device.queue_stopped(0, 64, 5000);
  expect(Invariant::k29, "device");
}

// Zero-copy: a descriptor that leads nowhere is used up, and no frame goes to the MAC.
TEST_F(Accused, UsedUpWithoutAFrame) {
  QuietMonitor quiet(log_);
  quiet.queue_enabled(0, 64, 0, 256, 0);
  quiet.tx_handed_over(0, 0, 0);
  quiet.index_published(0, 64, 2, true, 3000);
  quiet.queue_disabled(0, 64, 4000);
  quiet.queue_stopped(0, 64, 5000);
  expect_none();
}

// ---- INV-43: a socket that is closed, or about to, still sends ----
class Closed : public Accused {
 protected:
  Closed() {
    balance_.socket_created(1, false);
    balance_.state_changed(1, SocketState::kActivating, SocketState::kActive, 1000);
  }
  void close() { balance_.state_changed(1, SocketState::kActive, SocketState::kClosing, 2000); }
  BalanceMonitor balance_{log_};
};

TEST_F(Closed, PassThatBeginsWhileItCloses) {
  close();
  balance_.transmit_pass(1, true, 0, 3000);
  expect(Invariant::k43, "platform");
}

TEST_F(Closed, PassThatHadBegunGoesOn) {
  balance_.transmit_pass(1, true, 0, 1500);
  close();
  balance_.entry_taken(1, RingKind::kTx, 0, {});
  balance_.transmit_pass(1, true, 1, 2500);
  balance_.transmit_pass(1, false, 1, 3000);
  balance_.tx_finished(1, 0, {});
  expect_none();
}

TEST_F(Closed, EntryTakenAfterwards) {
  close();
  balance_.socket_closed(1);
  balance_.entry_taken(1, RingKind::kTx, 0, {});
  expect(Invariant::k43, "platform");
}

TEST_F(Closed, FrameFinishedForOneThatIsGone) {
  close();
  balance_.socket_closed(1);
  balance_.socket_destroyed(1);
  balance_.tx_finished(1, 0, {});
  expect(Invariant::k43, "platform");
}

// ---- INV-33 ----
TEST_F(Accused, ActivatedAndNeverServed) {
  PokeMonitor pokes(log_);
  SharedMemory memory(pokes, 1);
  pokes.tx_joined(1, 0, 0, false, true);
  memory.post(RingKind::kTx, 0, 60);
  pokes.shared_access({SharedAccess::Kind::kStore, MemoryOrder::kRelease, Actor::kApplication, 1, 0,
                       memory.shape(RingKind::kTx).base, 1, 0, 1000});
  pokes.went_quiet(2000);
  expect(Invariant::k33, "platform");
}

// ---- INV-35 ----
class Waiting : public Accused {
 protected:
  void receive() {
    memory_.write(RingKind::kRx, 0, 0, 60);
    memory_.publish(RingKind::kRx);
  }
  WaitMonitor waits_{log_};
  SharedMemory memory_{waits_, 1};
};

TEST_F(Waiting, LookThatDoesNotSee) {
  receive();
  waits_.wait_began(1, 1, 0x4, 0, 5000);
  waits_.wait_ended(1, 1, 0x800705B4, 0, 6000);
  expect(Invariant::k35, "platform");
}

TEST_F(Waiting, ToldOfOneReturnsBoth) {
  waits_.wait_began(1, 1, 0xC, 1000, 100);
  waits_.wait_blocked(1, 1, 200);
  receive();
  waits_.waiter_told(1, 2000);
  waits_.wait_ended(1, 1, 0, 0x3, 3000);
  expect(Invariant::k35, "platform");
}

TEST_F(Waiting, AbandonedReturnsBoth) {
  waits_.wait_began(1, 1, 0xC, 1000, 100);
  waits_.wait_blocked(1, 1, 200);
  waits_.state_changed(1, SocketState::kActive, SocketState::kClosing, 1500);
  waits_.waiter_told(1, 2000);
  waits_.wait_ended(1, 1, 0, 0x3, 3000);
  expect_none();
}

// ---- INV-37, 38: somebody gives up ----
TEST_F(Accused, StarvedUntilItLeaves) {
  DeviceMonitors device(log_, ports_);
  SharedMemory first(device, 1), second(device, 2);
  device.tx_joined(1, 0, 0, false, true);
  device.tx_joined(2, 0, 0, false, true);
  device.ring_moved(2, RingKind::kTx, Actor::kApplication, 0, 1, 1000);
  for (std::uint32_t i = 0; i < 4000; ++i) device.entry_taken(1, RingKind::kTx, i, {});
  device.tx_left(2);
  device.socket_closed(2);
  expect(Invariant::k38, "platform");
}

TEST_F(Accused, PokedAndNeverTakenUntilItLeaves) {
  DeviceMonitors device(log_, ports_);
  SharedMemory memory(device, 1);
  device.tx_joined(1, 0, 0, false, true);
  device.ring_moved(1, RingKind::kTx, Actor::kApplication, 0, 1, 1000);
  device.tx_poked(1, true, 1001);
  device.tx_poked(1, false, 1002);
  device.ring_moved(1, RingKind::kFill, Actor::kApplication, 0, 1, kSecondPs);
  device.tx_left(1);
  device.socket_closed(1);
  expect(Invariant::k37, "platform");
}

TEST_F(Accused, LateWhenTheDeviceWasReset) {
  DeviceMonitors device(log_, ports_);
  device.nic_accepted(0, 0, 1);
  device.device_reset(0, kSecondPs);
  expect(Invariant::k37, "platform");
}

TEST_F(Accused, InTimeWhenTheDeviceWasReset) {
  DeviceMonitors device(log_, ports_);
  device.nic_accepted(0, 0, 1);
  device.device_reset(0, 5000);
  device.poller_changed(0, 0, Poller::kAsleep, kSecondPs);
  device.finish({});
  expect_none();
}

// ---- INV-20: the device said it ----
class AccusedOfAVerdict : public Accused {
 protected:
  // A frame of IPv4, of which the device says nothing.
  void complete_without_verdict(MetadataMonitor& metadata) {
    frame_[12] = 0x08;
    frame_[14] = 0x45;
    metadata.wire_in(0, 1, frame(64));
    nic::RxCompletionEntry entry{};
    entry.timestamp_ns = 1;
    metadata.completion_written(0, 0, 0, bytes_of(entry), true, 2000);
  }
};

TEST_F(AccusedOfAVerdict, VerdictOfAnotherFrameIsTheDevices) {
  MetadataMonitor metadata(log_, ports_);
  std::array<unsigned char, 192 + 4 * 32> ring{};
  RingShape shape{ring.data(), 4, 32};
  shape.extensions.checksum = 16;
  metadata.ring_created(1, RingKind::kRx, shape);
  complete_without_verdict(metadata);
  expect(Invariant::k20, "device");
}

TEST_F(AccusedOfAVerdict, VerdictThatNobodyAskedFor) {
  MetadataMonitor metadata(log_, ports_);
  complete_without_verdict(metadata);
  expect(Invariant::k20, "device");
}

}  // namespace
}  // namespace ringproof

// The wire, and the MACs of both directions.

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>

#include "model/nic/checksum.h"
#include "model/nic/receive_mac.h"
#include "model/nic/toeplitz.h"
#include "model/nic/transmit_mac.h"
#include "model/nic/wire_clock.h"
#include "testbench/model/nic/nic_bench.h"

namespace ringproof::nic {
namespace {

// --- wire ---

TEST(WireClock, AFrameTakesPreambleFcsAndGap) {
  WireClock wire(25);  // 40 ps a bit
  EXPECT_EQ(wire.send(1000, 60), 1000u + 72 * 8 * 40);
  EXPECT_EQ(wire.free_ps(), 1000u + 84 * 8 * 40);
  EXPECT_EQ(wire.send(0, 1514), 1000u + (84 + 8 + 1518) * 8 * 40);
}

TEST(WireClock, AShortFrameTakesTheTimeOfTheShortestOne) {
  WireClock wire(10);
  EXPECT_EQ(wire.send(0, 14), 72u * 8 * 100);
}

TEST(WireClock, AMillionFramesDoNotDriftWhenABitIsNoWholePicosecond) {
  WireClock wire(400);  // 2.5 ps a bit
  std::uint64_t end_ps = 0;
  for (int i = 0; i < 1'000'000; ++i) end_ps = wire.send(0, 61);  // 85 bytes each, 1700 ps
  EXPECT_EQ(end_ps, 1'000'000u * 1700 - 12 * 8 * 5 / 2);
  WireClock odd(0.3);
  for (int i = 0; i < 3'000; ++i) end_ps = odd.send(0, 60);
  EXPECT_EQ(end_ps, (std::uint64_t{3'000} * 84 - 12) * 8 * 10'000 / 3);
}

TEST(WireClock, AFrameThatIsDueLaterBeginsThen) {
  WireClock wire(25);
  wire.send(0, 60);
  EXPECT_EQ(wire.send(1'000'001, 60), 1'000'001u + 72 * 8 * 40);
}

// --- receiving MAC ---

class Receive : public testing::Test {
 protected:
  Receive() { taps.add(&record); }
  void make() { mac = std::make_unique<ReceiveMac>(config, 0, rss, taps); }
  void wire_until(std::uint64_t time_ps) {
    while (mac->next_arrival_ps() <= time_ps) mac->arrive();
  }

  NicConfig config;
  ReceiveSideScaling rss{kDefaultRssKey, 4};
  TapList taps;
  TapRecord record;
  FrameList frames;
  std::unique_ptr<ReceiveMac> mac;
};

TEST_F(Receive, AFrameIsThereAtTheEndOfItsFcs) {
  make();
  frames.add(0, udp_frame(60, 1));
  mac->start(frames, 10'000);
  EXPECT_EQ(mac->next_arrival_ps(), 10'000u + 72 * 320);
  wire_until(10'000 + 72 * 320 - 1);
  EXPECT_EQ(mac->front(), nullptr);
  wire_until(10'000 + 72 * 320);
  ASSERT_NE(mac->front(), nullptr);
  EXPECT_EQ(mac->front()->timestamp_ns, (10'000u + 72 * 320) / 1000);
  EXPECT_TRUE(mac->over());
}

TEST_F(Receive, TimestampsAreUniqueAndRiseEvenWhenFramesAreCloserThanANanosecond) {
  config.gbps = 1600;
  config.rx_fifo_bytes = 1 << 20;
  make();
  for (int i = 0; i < 500; ++i) frames.add(0, udp_frame(60, 1));
  mac->start(frames, 0);
  wire_until(1'000'000'000);
  ASSERT_EQ(record.in.size(), 500u);
  for (std::size_t i = 1; i < 500; ++i) EXPECT_GT(record.in[i].timestamp_ns, record.in[i - 1].timestamp_ns);
}

TEST_F(Receive, JudgesChecksumsOnlyAsAnOffload) {
  for (const bool offload : {true, false}) {
    config.offloads.rx_checksum = offload;
    make();
    FrameList one;
    one.add(0, udp_frame(60, 1));
    mac->start(one, 0);
    wire_until(1'000'000);
    ASSERT_NE(mac->front(), nullptr);
    const RxMeta meta = unpack_rx_meta(mac->front()->meta);
    EXPECT_EQ(meta.layer3_verdict, offload ? Verdict::kFailed : Verdict::kNotChecked);
    EXPECT_EQ(meta.layer3, offload ? Layer3::kIpv4NoOptions : Layer3::kUnknown);
    EXPECT_EQ(mac->front()->meta == 0, !offload);
  }
}

TEST_F(Receive, DropsAFrameThatIsLongerThanThePortAccepts) {
  make();
  frames.add(0, udp_frame(1518, 1));
  frames.add(0, udp_frame(1519, 2));
  mac->start(frames, 0);
  wire_until(10'000'000);
  EXPECT_EQ(record.in.size(), 2u);
  ASSERT_EQ(record.dropped.size(), 1u);
  EXPECT_EQ(record.dropped[0].reason, DropReason::kOversize);
  EXPECT_EQ(record.dropped[0].timestamp_ns, record.in[1].timestamp_ns);
}

TEST_F(Receive, DropsWhatHasNoRoomAndTakesAgainAfterThat) {
  config.rx_fifo_bytes = 3000;
  make();
  for (int i = 0; i < 3; ++i) frames.add(0, udp_frame(1500, 1));
  frames.add(10'000'000, udp_frame(1500, 1));
  mac->start(frames, 0);
  wire_until(5'000'000);
  ASSERT_EQ(record.dropped.size(), 1u);
  EXPECT_EQ(record.dropped[0].reason, DropReason::kMacFifoFull);
  mac->pop(false);
  wire_until(20'000'000);
  EXPECT_EQ(record.dropped.size(), 1u);
  mac->pop(false);
  mac->pop(true);
  EXPECT_EQ(record.accepted.size(), 2u);
  EXPECT_EQ(record.dropped.back().reason, DropReason::kNoDescriptor);
  EXPECT_EQ(mac->front(), nullptr);
}

// Of what is lost no queue was without a buffer: only a decision says that.
TEST_F(Receive, WhatIsLostBeforeAQueueIsChosenFoundNoneWithoutABuffer) {
  make();
  for (int i = 0; i < 4; ++i) frames.add(0, udp_frame(60, 1));
  mac->start(frames, 0);
  wire_until(5'000'000);
  mac->take();
  mac->decide(true, 3);
  EXPECT_EQ(record.starved.size(), 1u);
  mac->take();
  mac->discard_undecided();
  EXPECT_FALSE(mac->undecided());
  EXPECT_EQ(record.dropped.size(), 2u);
  mac->take();
  mac->discard_all();
  EXPECT_EQ(mac->front(), nullptr);
  EXPECT_EQ(record.dropped.size(), 4u);
  EXPECT_EQ(record.dropped.back().timestamp_ns, record.in.back().timestamp_ns);
  EXPECT_EQ(record.starved.size(), 1u);
}

// --- transmitting MAC ---

constexpr std::uint32_t kInsertIpv4 = pack_tx_request(
    {.insert_layer3 = true, .layer3 = RequestLayer3::kIpv4, .layer2_bytes = 14, .layer3_bytes = 20});

class Transmit : public testing::Test {
 protected:
  Transmit() : mac(config, 0, taps) { taps.add(&record); }
  NicConfig config;
  TapList taps;
  TapRecord record;
  TransmitMac mac;
};

TEST_F(Transmit, SerialisesFramesOneAfterTheOther) {
  mac.send({.queue = 0}, FrameBytes(60), 1000);
  mac.send({.queue = 1}, FrameBytes(100), 1000);
  EXPECT_EQ(mac.next_end_ps(), 1000u + 72 * 320);
  while (!mac.drained()) mac.leave();
  ASSERT_EQ(record.out.size(), 2u);
  EXPECT_EQ(record.out[0].end_ps, 1000u + 72 * 320);
  EXPECT_EQ(record.out[1].end_ps, 1000u + (84 + 8 + 104) * 320);
  EXPECT_EQ(record.out[1].queue, 1u);
  EXPECT_TRUE(mac.drained());
}

TEST_F(Transmit, HasNoRoomWhileItsBufferIsFull) {
  while (mac.has_room()) mac.send({}, FrameBytes(1514), 0);
  mac.leave();
  EXPECT_TRUE(mac.has_room());
  EXPECT_EQ(record.out.size(), 1u);
}

TEST_F(Transmit, TellsAFrameThatCouldNotBeRead) {
  mac.refuse({.queue = 2});
  EXPECT_EQ(record.out_dropped, std::vector<DropReason>{DropReason::kDmaError});
}

// What listens knows a frame by its place among those of its queue.
TEST_F(Transmit, TellsAFrameThatCouldNotBeReadAfterThoseInFrontOfIt) {
  mac.send({.queue = 0}, FrameBytes(60), 0);
  mac.send({.queue = 0}, FrameBytes(60), 0);
  mac.refuse({.queue = 0});
  mac.refuse({.queue = 0}, DropReason::kLinkDown);
  mac.send({.queue = 0}, FrameBytes(70), 0);
  mac.leave();
  EXPECT_TRUE(record.out_dropped.empty());
  mac.leave();
  EXPECT_EQ(record.out.size(), 2u);
  EXPECT_EQ(record.out_dropped, (std::vector<DropReason>{DropReason::kDmaError, DropReason::kLinkDown}));
  EXPECT_EQ(mac.next_end_ps(), (2 * 84 + 82) * 320u);
}

TEST_F(Transmit, FramesThatCouldNotBeReadTakeRoomUntilTheyAreTold) {
  mac.send({}, FrameBytes(60), 0);
  std::size_t refused = 0;
  for (; mac.has_room(); ++refused) mac.refuse({});
  EXPECT_LT(refused, 1000u);
  mac.leave();
  EXPECT_TRUE(mac.drained());
  EXPECT_EQ(record.out_dropped.size(), refused);
}

TEST_F(Transmit, StampsEveryFrameOfAQueueAtItsEnd) {
  const std::uint32_t last = 0xFFFFFFFF;
  mac.send({.queue = 1, .index = last}, FrameBytes(60), 2'000'000);
  mac.refuse({.queue = 1, .index = 0});
  mac.send({.queue = 3, .index = 0}, FrameBytes(60), 2'000'000);
  mac.send({.queue = 1, .index = 1}, FrameBytes(60), 9'000'000);
  EXPECT_EQ(mac.timestamp_ns(1, last), 2000u + 72 * 320 / 1000);  // before it has left
  EXPECT_EQ(mac.timestamp_ns(1, 0), 0u);
  EXPECT_EQ(mac.timestamp_ns(3, 0), 2000u + (84 + 72) * 320 / 1000);
  EXPECT_EQ(mac.timestamp_ns(1, 1), 9000u + 72 * 320 / 1000);
}

TEST_F(Transmit, KeepsTheTimestampsOfAWholeRing) {
  constexpr std::uint32_t kFrames = TransmitMac::kTimestampsPerQueue;
  for (std::uint32_t i = 0; i < kFrames; ++i) mac.send({.index = i}, FrameBytes(60), 0);
  mac.advance(kNever);
  ASSERT_EQ(record.out.size(), kFrames);
  for (std::uint32_t i = 0; i < kFrames; ++i) ASSERT_EQ(mac.timestamp_ns(0, i), record.out[i].end_ps / 1000);
}

TEST_F(Transmit, WithoutTheOffloadThereAreNoTimestampsAndNoChecksums) {
  config.offloads.tx_timestamp = config.offloads.tx_checksum = false;
  TransmitMac plain(config, 0, taps);
  const FrameBytes frame = udp_frame(60, 1);
  plain.send({.request = kInsertIpv4}, frame, 0);
  plain.leave();
  EXPECT_EQ(plain.timestamp_ns(0, 0), 0u);
  EXPECT_EQ(record.out.at(0).bytes, frame);
  EXPECT_EQ(record.bad_offloads, 0u);
}

TEST_F(Transmit, InsertsWhatIsAskedForAndSaysWhere) {
  mac.send({.request = kInsertIpv4}, udp_frame(60, 1), 0);
  mac.leave();
  EXPECT_EQ(judge_checksums(record.out.at(0).bytes).layer3_verdict, Verdict::kSucceeded);
  EXPECT_EQ(record.inserted_at, std::vector<std::uint32_t>{24});
}

TEST_F(Transmit, IgnoresARequestThatDoesNotFitTheFrameAndTellsIt) {
  const FrameBytes frame(60, 0x11);
  mac.send({.queue = 2, .request = kInsertIpv4}, frame, 0);
  mac.leave();
  EXPECT_EQ(record.out.at(0).bytes, frame);
  EXPECT_EQ(record.bad_offloads, 1u);
  EXPECT_TRUE(record.inserted_at.empty());
}

}  // namespace
}  // namespace ringproof::nic

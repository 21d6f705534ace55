// The plain cores of the NIC, each alone: wire, MAC, hash, host memory, DMA, interrupts, registers.

#include <gtest/gtest.h>

#include <cstring>
#include <set>
#include <string>

#include "model/nic/checksum.h"
#include "model/nic/dma_port.h"
#include "model/nic/host_memory.h"
#include "model/nic/interrupts.h"
#include "model/nic/receive_mac.h"
#include "model/nic/register_bus.h"
#include "model/nic/toeplitz.h"
#include "model/nic/transmit_mac.h"
#include "model/nic/wire_clock.h"
#include "testbench/model/nic/nic_bench.h"
#include "testbench/model/nic/rss_vectors.h"

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

// --- receive-side scaling ---

class Rss : public testing::Test {
 protected:
  ReceiveSideScaling rss{kDefaultRssKey, 4};
};

TEST_F(Rss, HashesThePublishedVectorsOfTcpAndUdp) {
  for (const RssVector& vector : rss_vectors()) {
    EXPECT_EQ(rss.choose(rss_frame(vector, 6)).hash, vector.with_ports);
    EXPECT_EQ(rss.choose(rss_frame(vector, 17)).hash, vector.with_ports);
  }
}

TEST_F(Rss, HashesAddressesOnlyOfOtherProtocolsAndFragments) {
  for (const RssVector& vector : rss_vectors()) {
    EXPECT_EQ(rss.choose(rss_frame(vector, 1)).hash, vector.addresses_only);
    if (vector.source.size() == 4) {
      EXPECT_EQ(rss.choose(rss_frame(vector, 17, false, true)).hash, vector.addresses_only);
    }
  }
}

// A type with ports comes first; the type of the addresses takes the frames that are left.
TEST_F(Rss, HashesWhatIsAskedForAndNothingElse) {
  const auto hash = [this](std::uint32_t types, const FrameBytes& frame) {
    RssSettings settings = rss.settings();
    settings.hash_types = types;
    rss.set(settings);
    return rss.choose(frame).hash;
  };
  for (const RssVector& vector : rss_vectors()) {
    const bool v4 = vector.source.size() == 4;
    const std::uint32_t addresses = v4 ? rss_hash::kIpv4 : rss_hash::kIpv6;
    const std::uint32_t tcp = v4 ? rss_hash::kTcpIpv4 : rss_hash::kTcpIpv6;
    const std::uint32_t udp = v4 ? rss_hash::kUdpIpv4 : rss_hash::kUdpIpv6;
    EXPECT_EQ(hash(tcp | udp, rss_frame(vector, 6)), vector.with_ports);
    EXPECT_EQ(hash(udp, rss_frame(vector, 17)), vector.with_ports);
    EXPECT_EQ(hash(udp, rss_frame(vector, 6)), 0u);
    EXPECT_EQ(hash(tcp, rss_frame(vector, 1)), 0u);
    EXPECT_EQ(hash(addresses | tcp, rss_frame(vector, 17)), vector.addresses_only);
    EXPECT_EQ(hash(addresses, rss_frame(vector, 6)), vector.addresses_only);
    EXPECT_EQ(hash(rss_hash::kAll & ~(addresses | tcp | udp), rss_frame(vector, 6)), 0u);
  }
}

TEST_F(Rss, LooksBehindOneVlanTag) {
  for (const RssVector& vector : rss_vectors()) {
    EXPECT_EQ(rss.choose(rss_frame(vector, 6, true)).hash, vector.with_ports);
  }
}

TEST_F(Rss, AFrameThatIsNotIpHashesToZeroAndGoesToQueueZero) {
  FrameBytes arp(60, 0x55);
  arp[12] = 0x08;
  arp[13] = 0x06;
  EXPECT_EQ(rss.choose(arp).hash, 0u);
  EXPECT_EQ(rss.choose(arp).queue, 0u);
}

TEST_F(Rss, AFrameCutAnywhereIsStillHashed) {
  for (const RssVector& vector : rss_vectors()) {
    const FrameBytes frame = rss_frame(vector, 6, true);
    for (std::size_t size = 0; size < frame.size(); ++size) {
      // Exactly this much memory, so that a sanitizer sees a byte too many.
      const FrameBytes cut(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size));
      EXPECT_LT(rss.choose(cut).queue, 4u);
    }
  }
}

TEST_F(Rss, TheTableGoesRoundTheQueues) {
  for (const RssVector& vector : rss_vectors()) {
    EXPECT_EQ(rss.choose(rss_frame(vector, 6)).queue, (vector.with_ports & 127) % 4);
  }
}

// --- host memory ---

TEST(HostMemoryTest, OpensARegionToOneRequesterAndDirection) {
  HostMemory memory;
  const std::uint64_t address = memory.allocate(128, 3, DmaRight::kRead);
  EXPECT_NE(memory.view(3, address, 128, false).memory, nullptr);
  EXPECT_EQ(memory.view(3, address, 128, true).memory, nullptr);
  EXPECT_EQ(memory.view(4, address, 128, false).memory, nullptr);
  EXPECT_EQ(memory.view(3, address - 1, 1, false).memory, nullptr);
}

TEST(HostMemoryTest, AWriteMustLieInsideTheRegion) {
  HostMemory memory;
  const std::uint64_t address = memory.allocate(100, 0, DmaRight::kReadWrite);
  EXPECT_NE(memory.view(0, address + 36, 64, true).memory, nullptr);
  EXPECT_EQ(memory.view(0, address + 37, 64, true).memory, nullptr);
  EXPECT_EQ(memory.view(0, address, ~std::uint64_t{0}, true).memory, nullptr);
}

TEST(HostMemoryTest, AMailboxIsOneWordThatNobodyReads) {
  HostMemory memory;
  std::uint32_t told = 0;
  const std::uint64_t word = memory.map_mailbox([&](std::uint32_t value, std::uint64_t) { told = value; }, 3);
  const DmaView view = memory.view(3, word, 4, true);
  ASSERT_NE(view.mailbox, nullptr);
  (*view.mailbox)(7, 0);
  EXPECT_EQ(told, 7u);
  EXPECT_EQ(memory.view(3, word, 4, false).memory, nullptr);
  EXPECT_EQ(memory.view(3, word, 8, true).memory, nullptr);
  EXPECT_EQ(memory.view(2, word, 4, true).memory, nullptr);
  memory.release(word);
  EXPECT_EQ(memory.view(3, word, 4, true).memory, nullptr);
}

TEST(HostMemoryTest, TheLastBeatOfAReadMayReachPastTheRegion) {
  HostMemory memory;
  const std::uint64_t address = memory.allocate(100, 0, DmaRight::kRead);
  EXPECT_EQ(memory.view(0, address + 64, 64, false).bytes, 36u);
  EXPECT_EQ(memory.view(0, address + 64, 65, false).memory, nullptr);
  EXPECT_EQ(memory.view(0, address + 128, 64, false).memory, nullptr);
}

TEST(HostMemoryTest, AddressesDoNotDependOnTheMemoryAndRegionsNeverTouch) {
  HostMemory memory;
  std::array<unsigned char, 10> mine{};
  EXPECT_EQ(memory.allocate(4096, 0, DmaRight::kRead), std::uint64_t{1} << 32);
  const std::uint64_t second = memory.map(mine.data(), mine.size(), 0, DmaRight::kWrite);
  EXPECT_EQ(second, (std::uint64_t{1} << 32) + 2 * 4096);
  EXPECT_EQ(memory.at(second, 10), mine.data());
}

TEST(HostMemoryTest, AReleasedRegionIsRefusedAndItsAddressNotUsedAgain) {
  HostMemory memory;
  const std::uint64_t address = memory.allocate(64, 0, DmaRight::kReadWrite);
  memory.release(address);
  EXPECT_EQ(memory.view(0, address, 64, false).memory, nullptr);
  EXPECT_NE(memory.allocate(64, 0, DmaRight::kReadWrite), address);
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

// --- DMA ---

// Drives the pins as an engine would, one edge every 4 ns.
class DmaPins : public testing::Test {
 protected:
  DmaPins() {
    config.dma_jitter_ns = 0;
    config.dma_stall_percent = 0;
    taps.add(&record);
    readable = memory.allocate(4096, 0, DmaRight::kReadWrite);
    out.axi_bready = out.axi_rready = true;
  }
  void make() { dma = std::make_unique<DmaPort>(config, 0, memory, taps, 1); }
  void edge() {
    dma->drive(now, now / 4000, in);
    if (in.axi_bvalid && out.axi_bready) responses.push_back({now, in.axi_bid, in.axi_bresp});
    if (in.axi_rvalid && out.axi_rready) {
      beats.push_back({now, in.axi_rid, in.axi_rresp});
      last_data = in.axi_rdata;
    }
    const bool taken_write = out.axi_awvalid && in.axi_awready;
    const bool taken_data = out.axi_wvalid && in.axi_wready;
    const bool taken_read = out.axi_arvalid && in.axi_arready;
    dma->settle(now, in, out);
    if (taken_write) out.axi_awvalid = false;
    if (taken_data) out.axi_wvalid = false;
    if (taken_read) out.axi_arvalid = false;
    taken_ps = taken_write || taken_data || taken_read ? now : taken_ps;
    now += 4000;
  }
  void run(int edges) {
    for (int i = 0; i < edges; ++i) edge();
  }
  void read(std::uint64_t address, std::uint32_t burst_beats, std::uint8_t id, std::uint8_t requester = 0) {
    out.axi_arvalid = true;
    out.axi_araddr = address;
    out.axi_arlen = static_cast<std::uint8_t>(burst_beats - 1);
    out.axi_arid = id;
    out.axi_aruser = requester;
    while (out.axi_arvalid) edge();
  }
  void write(std::uint64_t address, std::uint64_t strobes, unsigned char fill, std::uint8_t id,
             std::uint8_t requester = 0) {
    out.axi_awvalid = true;
    out.axi_awaddr = address;
    out.axi_awlen = 0;
    out.axi_awid = id;
    out.axi_awuser = requester;
    while (out.axi_awvalid) edge();
    out.axi_wvalid = out.axi_wlast = true;
    out.axi_wstrb = strobes;
    std::memset(out.axi_wdata.data(), fill, kBeatBytes);
    while (out.axi_wvalid) edge();
  }

  struct Answer {
    std::uint64_t time_ps;
    std::uint8_t id, response;
  };
  NicConfig config;
  TapList taps;
  TapRecord record;
  HostMemory memory;
  std::uint64_t readable = 0;
  std::unique_ptr<DmaPort> dma;
  EngineInputs in;
  EngineOutputs out;
  std::uint64_t now = 0;
  std::uint64_t taken_ps = 0;
  std::vector<Answer> responses, beats;
  BeatData last_data{};
};

TEST_F(DmaPins, AReadIsAnsweredAfterItsLatencyWithMemoryAsItIsThen) {
  make();
  read(readable, 1, 5);
  run(10);
  *memory.at(readable, 1) = 0x77;  // changed while the read is under way
  run(100);
  ASSERT_EQ(beats.size(), 1u);
  EXPECT_EQ(beats[0].time_ps, taken_ps + 300'000);
  EXPECT_EQ(beats[0].id, 5);
  EXPECT_EQ(last_data[0], 0x77u);
  EXPECT_TRUE(dma->empty());
}

TEST_F(DmaPins, AWriteShowsWithItsAnswerAndNotBefore) {
  make();
  write(readable, 0xFF0, 0xAB, 2);
  const unsigned char* bytes = memory.at(readable, 64);
  while (responses.empty()) {
    EXPECT_EQ(bytes[4], 0);
    edge();
  }
  EXPECT_EQ(responses[0].time_ps, taken_ps + 100'000);
  EXPECT_EQ(bytes[3], 0);
  EXPECT_EQ(bytes[4], 0xAB);
  EXPECT_EQ(bytes[11], 0xAB);
  EXPECT_EQ(bytes[12], 0);
  EXPECT_EQ(record.bursts[0].address, readable + 4);
  EXPECT_EQ(record.bursts[0].bytes, 8u);
}

TEST_F(DmaPins, AnswersComeInTheOrderOfTheRequestsWhateverTheJitter) {
  config.dma_jitter_ns = 500;
  make();
  for (std::uint8_t id = 0; id < 15; ++id) read(readable, 1, id);
  for (std::uint8_t id = 0; id < 15; ++id) write(readable, ~std::uint64_t{0}, id, id);
  run(500);
  ASSERT_EQ(beats.size(), 15u);
  ASSERT_EQ(responses.size(), 15u);
  for (std::uint8_t id = 0; id < 15; ++id) {
    EXPECT_EQ(beats[id].id, id);
    EXPECT_EQ(responses[id].id, id);
  }
}

// Ids 0 to 14, one read each, and then one more of each id.
TEST_F(DmaPins, ReadsOvertakeOthersOfOtherIdsWhereItIsAskedFor) {
  config.dma_jitter_ns = 500;
  config.dma_reorder_reads = true;
  make();
  for (std::uint8_t i = 0; i < 30; ++i) {
    *memory.at(readable + 64u * i, 1) = i;
    read(readable + 64u * i, 1, i % 15);
  }
  std::vector<std::uint32_t> order;
  while (order.size() < 30) {
    const std::size_t before = beats.size();
    edge();
    if (beats.size() > before) order.push_back(last_data[0]);
    ASSERT_LT(now, 4'000'000u);
  }
  EXPECT_FALSE(std::is_sorted(order.begin(), order.end()));
  for (std::uint32_t id = 0; id < 15; ++id) {
    const auto first = std::find(order.begin(), order.end(), id);
    const auto second = std::find(order.begin(), order.end(), id + 15);
    EXPECT_LT(first - order.begin(), second - order.begin()) << id;
  }
  for (std::size_t i = 0; i < 30; ++i) EXPECT_EQ(beats[i].id, order[i] % 15);
  EXPECT_TRUE(dma->empty());
}

TEST_F(DmaPins, ARefusedReadBringsZerosAndDecodeErrors) {
  make();
  std::memset(memory.at(readable, 4096), 0xEE, 4096);
  read(readable, 1, 0, 9);
  run(100);
  EXPECT_EQ(beats.at(0).response, 3);
  EXPECT_EQ(last_data, BeatData{});
  EXPECT_FALSE(record.bursts.at(0).allowed);
  EXPECT_EQ(record.bursts[0].requester, 9u);
}

TEST_F(DmaPins, ARefusedWriteChangesNothing) {
  make();
  write(readable, ~std::uint64_t{0}, 0x11, 0, 9);
  run(100);
  EXPECT_EQ(responses.at(0).response, 3);
  EXPECT_EQ(*memory.at(readable, 1), 0);
  EXPECT_FALSE(record.bursts.at(0).allowed);
}

TEST_F(DmaPins, ARegionReleasedWhileABurstIsUnderWayIsRefused) {
  make();
  read(readable, 1, 0);
  write(readable, ~std::uint64_t{0}, 0x11, 0);
  memory.release(readable);
  run(200);
  EXPECT_EQ(beats.at(0).response, 3);
  EXPECT_EQ(responses.at(0).response, 3);
}

TEST_F(DmaPins, ALongReadIsToldOnceAndGivesABeatEachCycle) {
  make();
  read(readable, 8, 1);
  run(100);
  ASSERT_EQ(beats.size(), 8u);
  EXPECT_EQ(beats[7].time_ps - beats[0].time_ps, 7u * 4000);
  EXPECT_EQ(record.bursts.size(), 1u);
  EXPECT_EQ(record.bursts[0].bytes, 512u);
}

TEST_F(DmaPins, ABeatThatIsNotTakenStays) {
  make();
  read(readable, 2, 1);
  out.axi_rready = false;
  run(100);
  EXPECT_TRUE(in.axi_rvalid);
  EXPECT_FALSE(in.axi_rlast);
  *memory.at(readable, 1) = 0x99;
  edge();
  EXPECT_EQ(in.axi_rdata[0], 0u);
  out.axi_rready = true;
  run(3);
  EXPECT_EQ(beats.size(), 2u);
}

TEST_F(DmaPins, BoundsTheBurstsUnderWay) {
  make();
  int taken = 0;
  out.axi_rready = false;
  for (int i = 0; i < 200; ++i) {
    out.axi_arvalid = true;
    out.axi_araddr = readable;
    edge();
    taken += out.axi_arvalid ? 0 : 1;
  }
  EXPECT_EQ(taken, 32);
}

TEST_F(DmaPins, ABurstWithoutItsLastBeatStopsTheRun) {
  make();
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_DEATH(
      {
        out.axi_awvalid = true;
        while (out.axi_awvalid) edge();
        for (std::uint32_t i = 0; i <= kMaxBurstBeats; ++i) {
          out.axi_wvalid = true;
          while (out.axi_wvalid) edge();
        }
      },
      "internal error");
}

TEST_F(DmaPins, StallsAboutAsOftenAsItWasTold) {
  config.dma_stall_percent = 25;
  make();
  int ready = 0;
  for (int i = 0; i < 10'000; ++i) {
    edge();
    ready += in.axi_arready ? 1 : 0;
  }
  EXPECT_NEAR(ready, 7'500, 200);
}

// --- interrupts ---

class Interrupt : public testing::Test {
 protected:
  Interrupt() : interrupts(config, 0, host) {
    for (const std::uint32_t vector : {0u, 1u}) {
      interrupts.set_handler(vector, [this, vector] { delivered.push_back({vector, host.now}); });
    }
  }
  using Delivery = std::pair<std::uint32_t, std::uint64_t>;
  NicConfig config;
  BenchHost host;
  Interrupts interrupts;
  std::vector<Delivery> delivered;
};

TEST_F(Interrupt, ComesItsLatencyAfterTheRequest) {
  interrupts.request(1, 4000);
  host.run_until(10'000'000);
  EXPECT_EQ(delivered, (std::vector<Delivery>{{1, 504'000}}));
}

TEST_F(Interrupt, OneDeliveryAnswersAllRequestsBeforeIt) {
  for (std::uint64_t at = 0; at < 500'000; at += 100'000) interrupts.request(0, at);
  host.run_until(10'000'000);
  EXPECT_EQ(delivered.size(), 1u);
}

// The host may run a delivery ahead of the hardware; whether it has must not matter.
TEST_F(Interrupt, ARequestBeforeADeliveryIsAnsweredByItEvenIfTheHostIsAhead) {
  interrupts.request(0, 0);
  host.run_until(500'000);
  interrupts.request(0, 4000);
  host.run_until(10'000'000);
  EXPECT_EQ(delivered, (std::vector<Delivery>{{0, 500'000}}));
}

TEST_F(Interrupt, DeliveriesOfAVectorKeepTheirDistanceAndOtherVectorsDoNotWait) {
  for (std::uint64_t at = 0; at < 20'000'000; at += 100'000) {
    host.run_until(at);
    interrupts.request(0, at);
  }
  interrupts.request(1, 19'900'000);
  host.run_until(100'000'000);
  std::uint64_t last = 0;
  std::size_t of_zero = 0;
  for (const Delivery& delivery : delivered) {
    if (delivery.first != 0) continue;
    if (of_zero++ > 0) {
      EXPECT_GE(delivery.second - last, 2'000'000u);
    }
    last = delivery.second;
  }
  EXPECT_EQ(of_zero, 11u);
  EXPECT_NE(std::find(delivered.begin(), delivered.end(), Delivery(1, 20'400'000)), delivered.end());
}

// --- registers ---

class Registers : public testing::Test {
 protected:
  Registers() : bus(config, 0, host) {}
  // An engine that takes every access at once and answers on the next edge.
  void edge() {
    bus.drive(now, in);
    out.axil_awready = out.axil_wready = out.axil_arready = true;
    const bool write = in.axil_awvalid;
    const bool read = in.axil_arvalid;
    if (write) writes.push_back({in.axil_awaddr, in.axil_wdata, now});
    bus.settle(now, in, out);
    out.axil_bvalid = write;
    out.axil_rvalid = read;
    out.axil_rdata = in.axil_araddr + 1u;
    now += 4000;
  }
  struct Write {
    std::uint32_t offset, value;
    std::uint64_t time_ps;
  };
  NicConfig config;
  BenchHost host;
  RegisterBus bus;
  EngineInputs in;
  EngineOutputs out;
  std::uint64_t now = 0;
  std::vector<Write> writes;
};

TEST_F(Registers, AWriteReachesTheEngineALatencyAfterTheHostMadeIt) {
  host.now = 3000;
  bus.write(0x4020, 7, 0);
  for (int i = 0; i < 40; ++i) edge();
  ASSERT_EQ(writes.size(), 1u);
  EXPECT_EQ(writes[0].time_ps, 104'000u);  // first edge at or after 103 ns
  EXPECT_EQ(writes[0].value, 7u);
  EXPECT_TRUE(bus.empty());
}

TEST_F(Registers, AccessesKeepTheirOrder) {
  std::uint32_t answer = 0;
  std::size_t writes_before = 0;
  bus.write(0x10, 1, 0);
  bus.write(0x14, 2, 0);
  bus.read(
      0x20, [&](std::uint32_t value) { answer = value; }, 0);
  bus.write(0x18, 3, 0);
  while (bus.read_under_way()) edge();
  writes_before = writes.size();
  const std::uint64_t answered_ps = now - 4000;
  for (int i = 0; i < 20; ++i) edge();
  EXPECT_EQ(writes_before, 2u);
  EXPECT_EQ(writes.size(), 3u);
  EXPECT_EQ(host.next_due_ps(), answered_ps + 100'000);
  host.run_until(1'000'000);
  EXPECT_EQ(answer, 0x21u);
}

TEST_F(Registers, AnAccessInTheEnginesPastStopsTheRun) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_DEATH(bus.write(0, 0, 100'001), "engine's past");
}

}  // namespace
}  // namespace ringproof::nic

// The DMA port, at its pins.

#include "model/nic/dma_port.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "model/nic/host_memory.h"
#include "testbench/model/nic/nic_bench.h"

namespace ringproof::nic {
namespace {

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

}  // namespace
}  // namespace ringproof::nic

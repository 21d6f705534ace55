// Register accesses between the host and the engine.

#include "model/nic/register_bus.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "testbench/model/nic/nic_bench.h"

namespace ringproof::nic {
namespace {

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

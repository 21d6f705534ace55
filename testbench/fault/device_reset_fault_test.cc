// F-LIF-02 and F-CLK-03: queues and devices that are reset, and a device that goes away. Only what was with
// the device is lost, and it is counted; play() checks that afterwards a new socket works.

#include <gtest/gtest.h>

#include <string>

#include "testbench/fault/workload.h"

namespace ringproof::test {
namespace {

enum Kind : std::uint32_t { kQueueReset, kFunctionReset, kSurpriseRemoval };

class DeviceResetFault : public FaultTest, public testing::WithParamInterface<EngineKind> {
 protected:
  static constexpr std::uint64_t kReceived = std::uint64_t{kRounds} * kFramesPerRound;

  // Strikes after so many opportunities, again and again.
  static FaultRecord reset(Kind kind, std::uint64_t first, std::uint64_t times) {
    FaultRecord record = nth(FaultId::kLif02, first, times);
    record.kind = kind;
    return record;
  }
  void play_here(const FaultRecord& record) {
    drops = {};
    MachineSettings settings;
    settings.engine = GetParam();
    settings.nic.dma_read_latency_ns = read_latency_ns;
    settings.faults.records = {record};
    settings.platform.sockets.strict = true;
    play_on(settings);
    EXPECT_GT(struck, 0u);
  }
  // The longer, the more a device has that it did not begin.
  std::uint32_t read_latency_ns = 300;
  void expect_that_all_is_accounted_for() {
    EXPECT_EQ(received.size() + statistics.RxDropped + drops.by[DropReason::kNoDescriptor], kReceived);
    EXPECT_GE(sent + drops.by[DropReason::kSendFailed], completed);
    EXPECT_LE(sent, completed);
    EXPECT_TRUE(failures.empty());
  }
};

TEST_P(DeviceResetFault, AResetReceiveQueueLosesOnlyWhatFindsItOff) {
  FaultRecord record = reset(kQueueReset, 10, 20);
  record.amount = 0;
  play_here(record);
  expect_that_all_is_accounted_for();
  EXPECT_EQ(drops.by[DropReason::kSendFailed], 0u);
}

TEST_P(DeviceResetFault, AResetTransmitQueueCompletesWhatItDidNotSend) {
  FaultRecord record = reset(kQueueReset, 10, 20);
  record.amount = 1;
  read_latency_ns = 5'000;
  play_here(record);
  expect_that_all_is_accounted_for();
  EXPECT_EQ(sent + drops.by[DropReason::kSendFailed], completed);
  EXPECT_GT(drops.by[DropReason::kSendFailed], 0u);
  EXPECT_EQ(drops.by[DropReason::kNoDescriptor], 0u);
}

TEST_P(DeviceResetFault, AFunctionResetLosesOnlyWhatWasWithTheDevice) {
  for (std::uint64_t first = 1; first < 80; first += 13) {
    play_here(reset(kFunctionReset, first, 4));
    expect_that_all_is_accounted_for();
  }
}

TEST_P(DeviceResetFault, ADeviceThatGoesAwayTakesItsSocketsAlongAndComesBack) {
  for (const std::uint64_t down_ns : {1, 500, 20'000, 1'000'000}) {
    FaultRecord record = reset(kSurpriseRemoval, 40, 1);
    record.extent = down_ns;
    play_here(record);
    EXPECT_LT(received.size(), kReceived);
  }
}

TEST_P(DeviceResetFault, ADeviceThatGoesAwayOverAndOverIsContained) {
  FaultRecord record = at_rate(FaultId::kLif02, 0.1);
  record.extent = 3'000;
  play_here(record);
}

// Whatever the engine was doing, and however short the reset.
TEST_P(DeviceResetFault, AResetAtAnyTimeLosesOnlyWhatWasWithTheDevice) {
  std::uint64_t lost = 0;
  std::uint64_t unsent = 0;
  read_latency_ns = 3'000;
  for (std::uint64_t i = 0; i < 40; ++i) {
    SCOPED_TRACE(i);
    FaultRecord record = nth(FaultId::kClk03, 1 + 7 * i);
    record.amount = 1 + i % 16;
    play_here(record);
    expect_that_all_is_accounted_for();
    lost += drops.by[DropReason::kNoDescriptor];
    unsent += drops.by[DropReason::kSendFailed];
  }
  EXPECT_GT(lost, 0u);
  EXPECT_GT(unsent, 0u);
}

TEST_P(DeviceResetFault, ADeviceThatIsResetOftenHealsEachTime) {
  play_here(at_rate(FaultId::kClk03, 0.2));
  EXPECT_GT(struck, 10u);
  expect_that_all_is_accounted_for();
}

TEST_P(DeviceResetFault, AQueueThatIsResetWhileTheDeviceIsGoneStartsOnceWithIt) {
  MachineSettings settings;
  settings.engine = GetParam();
  machine_ = std::make_unique<Machine>(settings);
  machine_->run([&] {
    driver::Driver& driver = machine_->driver();
    machine_->device().reset(1);
    driver.device_lost();
    driver.reset_queue(0, driver::Direction::kRx);
    driver.reset_queue(0, driver::Direction::kTx);
    driver.device_returned();
    expect_that_a_new_socket_works();
  });
}

INSTANTIATE_TEST_SUITE_P(Engines, DeviceResetFault,
                         testing::Values(EngineKind::kRtl, EngineKind::kCycle, EngineKind::kFunctional),
                         [](const auto& each) { return std::string(engine_name(each.param)); });

}  // namespace
}  // namespace ringproof::test

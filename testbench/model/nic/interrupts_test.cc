// Interrupts between the engine and the host.

#include "model/nic/interrupts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "testbench/model/nic/nic_bench.h"

namespace ringproof::nic {
namespace {

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

}  // namespace
}  // namespace ringproof::nic

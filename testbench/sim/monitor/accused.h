// accused.h: who is accused of what, in the tests of the monitors.
// Role     a log, a port, and the two outcomes: one invariant was violated, by this party and nobody else, or none
// Source   sim/monitor/invariant_log.h
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "model/nic/engine_layout.h"
#include "model/nic/nic_config.h"
#include "sim/monitor/invariant_log.h"

namespace ringproof {

class Accused : public testing::Test {
 protected:
  void expect(Invariant id, const std::string& party) {
    ASSERT_GT(log_.violations(id), 0u);
    EXPECT_EQ(log_.violations(), log_.violations(id)) << log_.messages().back();
    EXPECT_NE(log_.messages()[0].find(", " + party + ": "), std::string::npos) << log_.messages()[0];
  }
  void expect_none() { EXPECT_EQ(log_.violations(), 0u) << log_.messages()[0]; }
  // The beginning of a frame of zeros, unless a test writes there.
  Tap::Bytes frame(std::size_t bytes) { return {frame_.data(), bytes}; }
  static Tap::Bytes bytes_of(const nic::RxCompletionEntry& entry) {
    return {reinterpret_cast<const unsigned char*>(&entry), sizeof entry};
  }

  std::array<unsigned char, 1024> frame_{};
  InvariantLog log_;
  std::vector<nic::NicConfig> ports_{nic::NicConfig{}};
};

}  // namespace ringproof

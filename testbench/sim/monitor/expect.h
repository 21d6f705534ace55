// expect.h: what the tests of the monitors ask a log.
// Role     "holds, and was counted" and "violated, once, by this party, with these words"
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "sim/monitor/invariant_log.h"

namespace ringproof {

inline void expect_held(const InvariantLog& log, Invariant id) {
  EXPECT_GT(log.checks(id), 0u);
  EXPECT_EQ(log.violations(), 0u) << log.messages()[0];
}

inline void expect_broken(const InvariantLog& log, Invariant id, const std::string& words) {
  EXPECT_GT(log.checks(id), 0u);
  EXPECT_EQ(log.violations(id), 1u);
  EXPECT_EQ(log.violations(), 1u);
  ASSERT_FALSE(log.messages().empty());
  EXPECT_NE(log.messages()[0].find(words), std::string::npos) << log.messages()[0];
}

}  // namespace ringproof

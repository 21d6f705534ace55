// expect_log.h: what a monitor made of the events that a test fed it.
// Role     the two outcomes of every monitor test: it held and was counted, or it was violated with a message
// Source   sim/monitor/invariant_log.h
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "sim/monitor/invariant_log.h"

namespace ringproof {

inline void expect_held(const InvariantLog& log, Invariant id) {
  EXPECT_EQ(log.violations(), 0u) << (log.messages().empty() ? "" : log.messages()[0]);
  EXPECT_GT(log.checks(id), 0u);
}

inline void expect_violated(const InvariantLog& log, Invariant id, const std::string& words) {
  EXPECT_EQ(log.violations(id), 1u);
  EXPECT_EQ(log.violations(), 1u);
  ASSERT_FALSE(log.messages().empty());
  EXPECT_NE(log.messages()[0].find(words), std::string::npos) << log.messages()[0];
}

}  // namespace ringproof

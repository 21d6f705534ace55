// rule_test.h: whether a rule takes a frame, asked in the words of the tests.
// Role     the fixture of everything that tests rules on frames
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "model/xdp/inspector.h"
#include "testbench/model/xdp/packets.h"
#include "testbench/model/xdp/rule_examples.h"

namespace ringproof::xdp {

class RuleTest : public testing::Test {
 protected:
  static constexpr std::size_t kNothing = SIZE_MAX;

  // The position of the rule that takes the frame.
  std::size_t first(const std::vector<XDP_RULE>& rules, const Bytes& frame,
                    const std::vector<std::uint32_t>& buffers = {}) const {
    std::vector<Rule> given(rules.size());
    for (std::size_t i = 0; i < rules.size(); ++i) given[i].given = rules[i];
    // A copy of exactly this size, so that a read beyond its end is seen by the sanitizer.
    const Bytes bytes(frame.begin(), frame.end());
    const Rule* rule = first_match(given, seen_by_rules({bytes, buffers}, fragment_limit), quirks);
    return rule == nullptr ? kNothing : static_cast<std::size_t>(rule - given.data());
  }
  bool takes(const XDP_RULE& rule, const Bytes& frame, const std::vector<std::uint32_t>& buffers = {}) const {
    return first({rule}, frame, buffers) == 0;
  }

  InspectorQuirks quirks;
  std::uint32_t fragment_limit = 64;
};

inline Bytes first_of(const Bytes& bytes, std::size_t count) {
  return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count)};
}

inline Bytes with(Bytes bytes, std::size_t at, unsigned char value) {
  bytes.at(at) = value;
  return bytes;
}

inline Bytes with_flipped_bit(Bytes bytes, std::size_t at) {
  bytes.at(at) ^= 1;
  return bytes;
}

constexpr std::size_t kIp = 14;       // where the IP header begins
constexpr std::size_t kBehind4 = 34;  // behind an IPv4 header
constexpr std::size_t kBehind6 = 54;

}  // namespace ringproof::xdp

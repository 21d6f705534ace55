// two_verdicts.h: what the platform and the reference say of a frame.
// Role     the comparison itself, for tests and the fuzzer
#pragma once

#include <cstdint>
#include <vector>

#include "model/xdp/inspector.h"
#include "sim/monitor/reference_rules.h"
#include "testbench/model/xdp/drawn_rules.h"

namespace ringproof::xdp {

// A program in both forms.
struct BothRules {
  explicit BothRules(std::vector<XDP_RULE> rules) : given(std::move(rules)), read(given.size()) {
    for (std::size_t i = 0; i < given.size(); ++i) read[i].given = given[i];
  }
  std::vector<XDP_RULE> given;
  std::vector<Rule> read;
};

// The position of the rule that decides, or reference::kNone.
struct Verdicts {
  std::uint32_t platform;
  std::uint32_t reference;
};

inline Verdicts judge(const BothRules& rules, const DrawnFrame& frame) {
  const InspectedFrame seen = seen_by_rules({frame.bytes, frame.buffers}, frame.fragment_limit);
  const Rule* rule = first_match(rules.read, seen, frame.quirks);
  return {
      rule == nullptr ? reference::kNone : static_cast<std::uint32_t>(rule - rules.read.data()),
      reference::first_match(rules.given, {frame.bytes, frame.buffers, frame.fragment_limit, frame.quirks})};
}

}  // namespace ringproof::xdp

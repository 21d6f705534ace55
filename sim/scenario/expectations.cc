#include "sim/scenario/expectations.h"

#include <fmt/format.h>

#include <algorithm>

namespace ringproof {
namespace {

std::string in_words(const Bounds& bounds) {
  if (bounds.least == bounds.most) return std::to_string(bounds.least);
  return fmt::format("{} to {}", bounds.least, bounds.most);
}

std::uint64_t count_of(const std::string& name, const RunResult& result) {
  if (name == "delivered") return result.to_sockets;
  if (name == "passed") return result.passed;
  if (name == "forwarded") return result.forwarded;
  if (name == "sent") return result.wire_out;
  return result.wire_in;
}

std::string beyond(const std::string& place, const Bounds& bounds, std::uint64_t count) {
  if (count >= bounds.least && count <= bounds.most) return {};
  return fmt::format("{}: expected {} frames, got {}", place, in_words(bounds), count);
}

std::uint64_t violations_of(const RunResult& result, std::initializer_list<const char*> ids) {
  std::uint64_t violations = 0;
  for (const InvariantResult& invariant : result.invariants) {
    const bool asked = std::find(ids.begin(), ids.end(), invariant.id) != ids.end();
    violations += asked ? invariant.violations : 0;
  }
  return violations;
}

bool struck_by_others(const Expectations& expect, const RunResult& result) {
  return !expect.any_faults && std::any_of(result.faults.begin(), result.faults.end(), [&](const auto& each) {
    return !expect.own_faults.contains(each.first);
  });
}

}  // namespace

std::string Expectations::broken(const RunResult& result) const {
  if (struck_by_others(*this, result)) return {};
  for (const auto& [name, bounds] : frames) {
    const std::string problem = beyond("/expect/" + name, bounds, count_of(name, result));
    if (!problem.empty()) return problem;
  }
  for (const auto& [reason, bounds] : dropped) {
    const auto found = result.dropped.find(reason);
    const std::uint64_t count = found == result.dropped.end() ? 0 : found->second;
    const std::string problem = beyond("/expect/dropped/" + reason, bounds, count);
    if (!problem.empty()) return problem;
  }
  if (in_order && violations_of(result, {"INV-08", "INV-18"}) > 0) {
    return "/expect/in_order: expected frames in order, got some that were not";
  }
  const std::uint64_t leaks = violations_of(result, {"INV-15"});
  if (buffers_leaked.has_value() && leaks != *buffers_leaked) {
    return fmt::format("/expect/buffers_leaked: expected {} leaks, got {}", *buffers_leaked, leaks);
  }
  if (application_returns.has_value() && *application_returns != result.application_ended) {
    return fmt::format("/expect/application_returns: expected {}, got {}", *application_returns,
                       result.application_ended);
  }
  return {};
}

}  // namespace ringproof

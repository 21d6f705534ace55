#include "sim/scenario/expectations.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/fault/catalogue.h"

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
  if (name == "to_stack") return result.passed + result.stack.received;
  return result.wire_in;
}

std::string beyond(const std::string& place, const Bounds& bounds, std::uint64_t count, std::uint64_t lost) {
  if (count + lost >= bounds.least && count <= bounds.most) return {};
  const std::string late = lost == 0 ? std::string() : fmt::format(", and {} that something late cost", lost);
  return fmt::format("{}: expected {} frames, got {}{}", place, in_words(bounds), count, late);
}

// Whoever is late may find no room, or nobody there any more.
bool comes_of_lateness(const std::string& reason) {
  static const std::set<std::string> reasons = {"mac_fifo_full",  "no_descriptor",     "not_attached",
                                                "socket_rx_full", "socket_fill_empty", "paused",
                                                "send_failed",    "link_down"};
  return reasons.contains(reason);
}

std::uint64_t violations_of(const RunResult& result, std::initializer_list<const char*> ids) {
  std::uint64_t violations = 0;
  for (const InvariantResult& invariant : result.invariants) {
    const bool asked = std::find(ids.begin(), ids.end(), invariant.id) != ids.end();
    violations += asked ? invariant.violations : 0;
  }
  return violations;
}

Tolerance gravest_of_others(const Expectations& expect, const RunResult& result) {
  if (expect.any_faults) return {};
  std::map<std::string, std::uint64_t> others = result.faults;
  for (const std::string& own : expect.own_faults) others.erase(own);
  return gravest_for_program(others);
}

bool came_to_its_end(const RunResult& result) {
  return result.end_reason == "quiet" || result.end_reason == "application returned";
}

}  // namespace

std::uint64_t lost_by_lateness(const RunResult& result) {
  std::uint64_t lost = 0;
  for (const auto& [reason, count] : result.dropped) lost += comes_of_lateness(reason) ? count : 0;
  return lost;
}

std::string Expectations::broken_count(const RunResult& result, bool may_be_late) const {
  const std::uint64_t lost = may_be_late ? lost_by_lateness(result) : 0;
  for (const auto& [name, bounds] : frames) {
    const std::string problem = beyond("/expect/" + name, bounds, count_of(name, result), lost);
    if (!problem.empty()) return problem;
  }
  for (const auto& [reason, bounds] : dropped) {
    if (may_be_late && comes_of_lateness(reason)) continue;
    const auto found = result.dropped.find(reason);
    const std::uint64_t count = found == result.dropped.end() ? 0 : found->second;
    const std::string problem = beyond("/expect/dropped/" + reason, bounds, count, 0);
    if (!problem.empty()) return problem;
  }
  return {};
}

std::string Expectations::broken(const RunResult& result) const {
  const Tolerance others = gravest_of_others(*this, result);
  if (others >= Tolerance::kCleanFailure) return {};
  const bool others_struck = others != Tolerance{};
  if (others_struck && !came_to_its_end(result)) return {};
  if (others < Tolerance::kCountedLoss) {
    const std::string problem = broken_count(result, others_struck);
    if (!problem.empty()) return problem;
  }
  if (in_order && violations_of(result, {"INV-08", "INV-18"}) > 0) {
    return "/expect/in_order: expected frames in order, got some that were not";
  }
  const std::uint64_t leaks = violations_of(result, {"INV-15"});
  if (buffers_leaked.has_value() && leaks != *buffers_leaked) {
    return fmt::format("/expect/buffers_leaked: expected {} leaks, got {}", *buffers_leaked, leaks);
  }
  const bool lost = others == Tolerance::kCountedLoss || (others_struck && lost_by_lateness(result) > 0);
  const bool may_wait = lost && application_returns == true;
  if (application_returns.has_value() && *application_returns != result.application_ended && !may_wait) {
    return fmt::format("/expect/application_returns: expected {}, got {}", *application_returns,
                       result.application_ended);
  }
  return {};
}

}  // namespace ringproof

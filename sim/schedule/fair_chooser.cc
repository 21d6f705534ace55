#include "sim/schedule/fair_chooser.h"

#include <algorithm>

namespace ringproof {
namespace {

// A chain of many choices still delays somebody by far more than one; what loses a race in a real machine by
// more than this was not scheduled at all.
constexpr std::uint64_t kLateWindows = 40;
constexpr std::uint64_t kLateLeastPs = 10'000'000;
// More choices than most runs have, so that a program which turns round costs no more than a run.
constexpr std::uint32_t kPassedOverMax = 4096;

}  // namespace

Fairness fairness_of(std::uint64_t window_ps) {
  return {std::max(kLateLeastPs, kLateWindows * window_ps), kPassedOverMax};
}

std::uint32_t FairChooser::schedule(std::span<const ScheduleOption> options) {
  std::uint32_t pick = inner_.schedule(options);
  if (somebody_may_be_overdue(options) || owed_.has_value()) [[unlikely]]
    pick = overruled(pick, options);
  for (std::uint32_t i = 0; i < pick; ++i) {
    most_passed_over_ = std::max(most_passed_over_, ++passed_over_[options[i].actor]);
  }
  passed_over_[options[pick].actor] = 0;
  return pick;
}

std::uint32_t FairChooser::overruled(std::uint32_t pick, std::span<const ScheduleOption> options) {
  if (const auto overdue = longest_overdue(options)) {
    owed_ = options[*overdue].actor;
    return *overdue;
  }
  if (!owed_.has_value()) return pick;
  if (const auto owed = still_owed(options)) return *owed;
  owed_.reset();
  return pick;
}

bool FairChooser::somebody_may_be_overdue(std::span<const ScheduleOption> options) const {
  if (most_passed_over_ >= fairness_.passed_over_max) return true;
  const std::uint64_t now_ps = options.front().due_ps;
  if (now_ps <= fairness_.late_ps_max) return false;
  for (const ScheduleOption& option : options) {
    if (option.since_ps < now_ps - fairness_.late_ps_max) return true;
  }
  return false;
}

std::optional<std::uint32_t> FairChooser::longest_overdue(std::span<const ScheduleOption> options) {
  const std::uint64_t now_ps = options.front().due_ps;
  std::optional<std::uint32_t> longest;
  std::uint64_t longest_ps = 0;
  for (std::uint32_t i = 0; i < options.size(); ++i) {
    const ScheduleOption& option = options[i];
    const std::uint64_t late_ps = now_ps - std::min(now_ps, option.since_ps);
    const bool overdue =
        late_ps > fairness_.late_ps_max || passed_over_[option.actor] >= fairness_.passed_over_max;
    if (!overdue || (longest.has_value() && late_ps <= longest_ps)) continue;
    longest = i;
    longest_ps = late_ps;
  }
  return longest;
}

std::optional<std::uint32_t> FairChooser::still_owed(std::span<const ScheduleOption> options) const {
  for (std::uint32_t i = 0; i < options.size(); ++i) {
    if (options[i].running && options[i].actor == *owed_) return i;
  }
  return std::nullopt;
}

}  // namespace ringproof

// Exploring from a test: the same body on machine after machine, each time with another schedule.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "model/base/hash.h"
#include "sim/explore/failure_file.h"
#include "sim/explore/outcome_json.h"
#include "sim/replay/input_error.h"
#include "sim/schedule/bounded_search.h"
#include "sim/schedule/strategies.h"
#include "sim/testbench/explored_run.h"

namespace ringproof::testbench {
namespace {

constexpr std::size_t kStoryEvents = 12;

StrategyKind kind_of(Strategy strategy) {
  switch (strategy) {
    case Strategy::kRandom:
      return StrategyKind::kRandom;
    case Strategy::kPct:
      return StrategyKind::kPct;
    case Strategy::kDelays:
      return StrategyKind::kDelays;
    default:
      return StrategyKind::kFirstCome;
  }
}

DecisionLog log_of(const std::string& text) {
  try {
    return decisions_from_text("Exploring::decisions", text);
  } catch (const InputError& error) {
    throw std::invalid_argument(error.what());
  }
}

// Schedules one after the other, until one fails.
class Explorer {
 public:
  Explorer(const Exploring& exploring, const std::function<void(Testbench&)>& body)
      : exploring_(exploring), body_(body), tape_(std::make_unique<DecisionTape>()) {}

  Exploration explore();

 private:
  ScheduleSpec spec_of(std::uint64_t schedule) const;
  // False: it failed.
  bool run(std::uint64_t schedule, const ScheduleSpec& spec);
  // Every schedule within the bound, until one fails.
  void search();
  void certify();

  const Exploring& exploring_;
  const std::function<void(Testbench&)>& body_;
  std::unique_ptr<DecisionTape> tape_;
  std::uint64_t baseline_choices_ = 1;
  std::size_t baseline_actors_ = 1;
  TraceFindings findings_;  // of the last run
  Hash64 hash_;
  Exploration result_;
};

ScheduleSpec Explorer::spec_of(std::uint64_t schedule) const {
  ScheduleSpec spec;
  spec.seed = exploring_.machine.seed + schedule;
  if (schedule == 0) return spec;
  spec.strategy = kind_of(exploring_.strategy);
  spec.depth = exploring_.depth;
  spec.expected_choices = baseline_choices_;
  return spec;
}

bool Explorer::run(std::uint64_t schedule, const ScheduleSpec& spec) {
  ScheduleOutcome outcome = ExploredRun::run(exploring_, spec, *tape_, body_);
  ++result_.schedules;
  result_.choices += outcome.choices;
  hash_.add_u64(outcome.hash);
  result_.divergence = outcome.divergence;
  findings_ = std::move(outcome.findings);
  if (schedule == 0) {
    baseline_choices_ = std::max<std::uint64_t>(outcome.choices, 1);
    baseline_actors_ = std::max<std::size_t>(outcome.actors, 1);
  }
  if (outcome.message.empty()) return true;
  result_.failure =
      FailedSchedule{schedule, spec.seed, outcome.message, to_json(outcome.log).dump(), outcome.events};
  return false;
}

Exploration Explorer::explore() {
  if (!exploring_.decisions.empty()) {
    ScheduleSpec spec = spec_of(0);
    spec.log = log_of(exploring_.decisions);
    run(0, spec);
  } else if (exploring_.strategy == Strategy::kBounded) {
    search();
  } else if (exploring_.only.value_or(0) != 0) {
    // PCT and delays draw from how long the first schedule is.
    const bool drawn = exploring_.strategy == Strategy::kPct || exploring_.strategy == Strategy::kDelays;
    if (!drawn || run(0, spec_of(0))) {
      run(*exploring_.only, spec_of(*exploring_.only));
    }
  } else {
    const std::uint64_t schedules = exploring_.only.has_value() ? 1 : exploring_.schedules;
    for (std::uint64_t i = 0; i < schedules && run(i, spec_of(i)); ++i) {
    }
    certify();
  }
  result_.hash = hash_.value();
  return std::move(result_);
}

void Explorer::search() {
  const std::uint64_t schedules = exploring_.only.has_value() ? *exploring_.only + 1 : exploring_.schedules;
  BoundedSearch search(exploring_.depth);
  ScheduleSpec spec;
  spec.seed = exploring_.machine.seed;
  spec.traced = true;
  for (std::vector<DecisionLog> wave = {{}}; !wave.empty(); wave = search.next_wave()) {
    for (DecisionLog& log : wave) {
      if (result_.schedules == schedules) return;
      spec.log = std::move(log);
      if (!run(result_.schedules, spec)) return;
      search.ran(*spec.log, findings_);
    }
  }
  result_.complete = true;
}

void Explorer::certify() {
  if (exploring_.strategy != Strategy::kPct || result_.schedules < 2) return;
  const double each = std::min(pct_bound(baseline_actors_, baseline_choices_, exploring_.depth), 1.0 - 1e-12);
  result_.certified = -std::expm1(static_cast<double>(result_.schedules - 1) * std::log1p(-each));
}

}  // namespace

Exploration explore(const Exploring& exploring, const std::function<void(Testbench&)>& body) {
  if (exploring.schedules == 0)
    throw std::invalid_argument("Exploring::schedules: expected 1 or more, got 0");
  if (exploring.depth == 0) throw std::invalid_argument("Exploring::depth: expected 1 or more, got 0");
  if (exploring.window < Time::zero()) {
    throw std::invalid_argument("Exploring::window: expected no negative time");
  }
  return Explorer(exploring, body).explore();
}

std::string FailedSchedule::story() const {
  std::string text = fmt::format("schedule {} (seed {}): {}\n", schedule, seed, message);
  const std::size_t first = events.size() - std::min(events.size(), kStoryEvents);
  for (std::size_t i = first; i < events.size(); ++i) {
    text += fmt::format("  {} ps, step {}: {}: {}\n", events[i].time.count(), events[i].step, events[i].what,
                        events[i].text);
  }
  return text + fmt::format("  decisions: {}\n", decisions);
}

}  // namespace ringproof::testbench

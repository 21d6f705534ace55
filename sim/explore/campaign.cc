#include "sim/explore/campaign.h"

#include <fmt/format.h>
#include <sys/mman.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <new>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <utility>

#include "sim/explore/campaign_board.h"
#include "sim/explore/contained_run.h"
#include "sim/explore/end_signals.h"
#include "sim/explore/outcome_json.h"
#include "sim/explore/served_runs.h"
#include "sim/explore/worker_pool.h"
#include "sim/fault/catalogue.h"
#include "sim/monitor/invariant_log.h"
#include "sim/replay/input_error.h"
#include "sim/schedule/bounded_search.h"
#include "sim/schedule/strategies.h"

namespace ringproof {
namespace {

// A schedule that takes so many times the steps of the first-come one goes on for ever.
constexpr std::uint64_t kStepsFactor = 50;
// Schedules that a worker takes at a time, and lets go of at an early end: no more than some, or what takes
// so long.
constexpr std::uint32_t kBatchMost = 16;
constexpr double kBatchSeconds = 0.25;
static_assert(kBatchMost <= ServedRuns::kBatchMax);
constexpr std::uint64_t kStepsLeast = 1'000'000;

double wall_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

Campaign::Campaign(const ExploreOptions& options, const Scenario& scenario)
    : options_(options),
      scenario_(scenario),
      workers_(
          std::min(options.workers != 0 ? options.workers : workers_for_cores(), CampaignBoard::kWorkersMax)),
      begin_s_(wall_s()) {
  void* memory =
      mmap(nullptr, sizeof(CampaignBoard), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::runtime_error("no memory to share with workers");
  const std::uint64_t end = options.schedules != 0 ? options.schedules : ~std::uint64_t{0};
  board_ = new (memory) CampaignBoard(1, end, options.failures, workers_);
}

Campaign::~Campaign() { munmap(board_, sizeof(CampaignBoard)); }

CampaignResult Campaign::run(const Show& show) {
  if (options_.strategy == StrategyKind::kBounded) findings_ = std::make_unique<FindingsBoard>();
  if (!run_baseline(show)) return result();
  // A program that stands still at once would do so each time, and each time cost its time-out.
  const bool worth_more = options_.schedules != 1 && baseline_.key != "stall";
  if (worth_more && findings_ != nullptr) {
    run_bounded(show);
  } else if (worth_more) {
    run_workers(show);
  }
  return result();
}

void Campaign::run_workers(const Show& show) {
  WorkerPool::Callbacks callbacks;
  callbacks.work = [this](std::uint32_t worker, const WorkerPool::Say& say) { work(worker, say); };
  callbacks.heard = [this](const std::string& line) { heard(line); };
  callbacks.stop = [this] { board_->ask_to_stop(); };
  callbacks.tick = [this, &show] {
    if (time_is_up()) {
      out_of_time_ = true;
      board_->ask_to_stop();
    }
    show(progress());
  };
  ended_by_ = WorkerPool::run(workers_, callbacks);
}

// Wave after wave; each is known only when the one before has been run.
void Campaign::run_bounded(const Show& show) {
  const std::uint64_t end = options_.schedules != 0 ? options_.schedules : ~std::uint64_t{0};
  BoundedSearch search(options_.depth);
  wave_ = {{}};
  while (true) {
    for (const auto& [schedule, found] : findings_->take()) {
      if (schedule - wave_first_ < wave_.size()) search.ran(wave_[schedule - wave_first_], found);
    }
    wave_first_ += wave_.size();
    wave_ = search.next_wave();
    complete_ = wave_.empty() && !findings_->lost();
    if (wave_.empty() || wave_first_ >= end) return;
    const std::uint64_t wave_end = std::min(end, wave_first_ + wave_.size());
    board_->begin_wave(wave_first_, wave_end);
    run_workers(show);
    if (ended_by_ != 0 || out_of_time_ || board_->done() < wave_end) return;
  }
}

bool Campaign::time_is_up() const {
  return options_.time_s != 0 && wall_s() - begin_s_ >= static_cast<double>(options_.time_s);
}

// Tells what the program does when nothing is delayed, and so what to expect of the others.
bool Campaign::run_baseline(const Show& show) {
  const EndSignals signals;
  ContainedRuns runs(&board_->coverage());
  const ScheduleSpec spec = spec_of(0);
  const auto go_on = [&] {
    ended_by_ = signals.take();
    out_of_time_ = time_is_up();
    show(progress());
    return ended_by_ == 0 && !out_of_time_;
  };
  const double begin_s = wall_s();
  std::optional<Outcome> outcome = runs.run_while(go_on, scenario_, spec);
  if (!outcome.has_value()) return false;
  baseline_ = std::move(*outcome);
  if (baseline_.unusable) throw InputError(baseline_.message);
  const double seconds = std::max(wall_s() - begin_s, 1e-6);
  batch_ = static_cast<std::uint32_t>(std::clamp(kBatchSeconds / seconds, 1.0, 1.0 * kBatchMost));
  board_->count(0, baseline_);
  if (baseline_.broke()) note(0, failure_of(spec, baseline_), 1);
  ended_by_ = signals.take();
  return ended_by_ == 0;
}

ScheduleSpec Campaign::spec_of(std::uint64_t schedule) const {
  ScheduleSpec spec;
  spec.number = schedule;
  spec.findings = findings_.get();
  spec.seed = options_.run.seed + schedule;
  if (findings_ != nullptr) {
    // Whatever else is drawn must be as in the run that the log was taken from.
    spec.seed = options_.run.seed;
    spec.log = schedule == 0 ? DecisionLog() : wave_.at(schedule - wave_first_);
  }
  spec.compared = options_.compare_every != 0 && schedule % options_.compare_every == 0;
  if (schedule == 0) return spec;
  spec.strategy = options_.strategy;
  spec.depth = options_.depth;
  spec.expected_choices = baseline_.choices;
  spec.steps_max = std::max(kStepsLeast, kStepsFactor * baseline_.steps);
  // After such a fault a program may end that would go on for ever without it.
  const bool let_give_up = gravest_for_program(baseline_.result.faults) >= Tolerance::kCleanFailure;
  spec.must_end = baseline_.result.application_ended && !let_give_up;
  return spec;
}

void Campaign::work(std::uint32_t worker, const std::function<void(const std::string&)>& say) {
  ServedRuns runs(
      scenario_, [this](std::uint64_t schedule) { return spec_of(schedule); }, &board_->coverage());
  std::map<std::string, std::uint64_t> times;
  const auto heard_outcome = [&](std::uint64_t schedule, const Outcome& outcome) {
    board_->count(schedule, outcome);
    if (!outcome.broke() || times[outcome.key]++ > 0) return;
    nlohmann::json told = broken_to_json(outcome);
    told["schedule"] = schedule;
    say(one_line_of(told));
  };
  while (const auto taken = board_->take(worker, batch_)) runs.run(taken->first, taken->count, heard_outcome);
  // The first of each key was told already.
  for (const auto& [key, count] : times) {
    if (count > 1) say(one_line_of({{"key", key}, {"more", count - 1}}));
  }
}

void Campaign::heard(const std::string& line) {
  const nlohmann::json json = nlohmann::json::parse(line);
  const auto key = json.at("key").get<std::string>();
  if (json.contains("more")) {
    found_.at(key).summary.times += json.at("more").get<std::uint64_t>();
    return;
  }
  const auto schedule = json.at("schedule").get<std::uint64_t>();
  note(schedule, failure_of(spec_of(schedule), broken_from_json(json)), 1);
}

Failure Campaign::failure_of(const ScheduleSpec& spec, const Outcome& outcome) const {
  Failure failure;
  failure.options = options_;
  failure.seed = spec.seed;
  failure.must_end = spec.must_end;
  failure.steps_max = spec.steps_max;
  failure.log = outcome.log;
  failure.faults = plan_of(scenario_, spec);
  failure.key = outcome.key;
  failure.message = outcome.message;
  failure.hash = outcome.result.result_hash;
  return failure;
}

// Of each kind the earliest schedule is kept.
void Campaign::note(std::uint64_t schedule, Failure failure, std::uint64_t times) {
  const auto [place, is_new] = found_.try_emplace(failure.key);
  Found& found = place->second;
  found.summary.times += times;
  if (!is_new && found.summary.schedule < schedule) return;
  found.summary.key = failure.key;
  found.summary.message = failure.message;
  found.summary.schedule = schedule;
  found.summary.seed = failure.seed;
  found.summary.decisions = failure.log.size();
  found.failure = std::move(failure);
}

CampaignProgress Campaign::progress() const {
  CampaignProgress progress;
  progress.schedules = board_->done();
  progress.schedules_planned = options_.schedules;
  progress.elapsed_s = wall_s() - begin_s_;
  progress.coverage = board_->coverage().count;
  progress.failed_schedules = board_->failed();
  progress.failures = board_->kinds();
  return progress;
}

// The least probability with which a bug of the depth that was asked for has been found.
double Campaign::certified() const {
  // A program that crashed at once told nothing to count on.
  if (options_.strategy != StrategyKind::kPct || baseline_.actors == 0) return 0;
  const double each = pct_bound(baseline_.actors, baseline_.choices, options_.depth);
  return -std::expm1(static_cast<double>(board_->done() - 1) * std::log1p(-std::min(each, 1.0 - 1e-12)));
}

CampaignResult Campaign::result() {
  CampaignResult result;
  result.title = scenario_.title;
  result.strategy = strategy_name(options_.strategy);
  result.engine = options_.engine.name();
  result.memory = memory_name(options_.memory);
  result.seed = options_.run.seed;
  result.schedules = board_->done();
  result.failed_schedules = board_->failed();
  result.campaign_hash = board_->hash();
  result.coverage = board_->coverage().bits();
  result.steps = board_->steps();
  result.baseline_steps = baseline_.choices;
  result.baseline_actors = baseline_.actors;
  result.depth = options_.depth;
  result.certified = certified();
  result.complete = complete_;
  result.out_of_time = out_of_time_;
  result.stopped = ended_by_ != 0;
  result.wall_s = wall_s() - begin_s_;
  result.invariants = InvariantLog().results();
  for (std::size_t i = 0; i < std::min(result.invariants.size(), CampaignBoard::kInvariantsMax); ++i) {
    result.invariants[i].checked = board_->checked(i);
    result.invariants[i].violations = board_->violations(i);
  }
  result.excused_ends = board_->excused_ends();
  for (std::size_t i = 0; i < kFaultIds; ++i) {
    const std::uint64_t times = board_->struck(i);
    if (times == 0) continue;
    result.faults[fault_info(fault_at(i)).id] = times;
    result.struck_in[fault_info(fault_at(i)).id] = board_->struck_in(i);
  }
  for (std::size_t second = 1; second < kFaultClasses; ++second) {
    for (std::size_t first = 0; first < second; ++first) {
      const std::uint64_t together = board_->struck_together(first, second);
      if (together == 0) continue;
      result.struck_together[fmt::format("{} {}", fault_class_name(first), fault_class_name(second))] =
          together;
    }
  }
  std::vector<const Found*> in_order;
  for (const auto& [key, found] : found_) in_order.push_back(&found);
  std::sort(in_order.begin(), in_order.end(),
            [](const Found* a, const Found* b) { return a->summary.schedule < b->summary.schedule; });
  const std::string build = in_order.empty() ? std::string() : build_id(options_);
  for (const Found* found : in_order) {
    result.failures.push_back(found->summary);
    failures_.push_back(found->failure);
    failures_.back().build = build;
  }
  return result;
}

}  // namespace ringproof

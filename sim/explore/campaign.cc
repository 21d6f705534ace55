#include "sim/explore/campaign.h"

#include <fmt/format.h>
#include <sys/mman.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <new>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <utility>

#include "model/base/hash.h"
#include "sim/explore/contained_run.h"
#include "sim/explore/outcome_json.h"
#include "sim/explore/worker_pool.h"
#include "sim/monitor/invariant_log.h"
#include "sim/replay/input_error.h"
#include "sim/schedule/strategies.h"

namespace ringproof {
namespace {

constexpr std::size_t kInvariantsMax = 64;
// A schedule that takes so many times the steps of the first-come one goes on for ever.
constexpr std::uint64_t kStepsFactor = 50;
constexpr std::uint64_t kStepsLeast = 1'000'000;

double wall_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

// What the workers add up, in memory that they share.
struct Campaign::Board {
  std::atomic<std::uint64_t> next{1};
  std::atomic<std::uint64_t> done{0};
  std::atomic<std::uint64_t> failed{0};
  std::atomic<std::uint64_t> steps{0};
  std::atomic<std::uint64_t> hashes{0};  // a sum, so that order does not matter
  std::atomic<bool> stop{false};
  std::array<std::atomic<std::uint64_t>, kInvariantsMax> checked{};
  std::array<std::atomic<std::uint64_t>, kInvariantsMax> violations{};
  CoverageMap coverage;
};

Campaign::Campaign(const ExploreOptions& options, const Scenario& scenario)
    : options_(options), scenario_(scenario), begin_s_(wall_s()) {
  void* memory = mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::runtime_error("no memory to share with workers");
  board_ = new (memory) Board;
}

Campaign::~Campaign() { munmap(board_, sizeof(Board)); }

CampaignResult Campaign::run(const std::function<void(const CampaignProgress&)>& show) {
  run_baseline();
  WorkerPool::Callbacks callbacks;
  callbacks.work = [this](std::uint32_t, const WorkerPool::Say& say) { work(say); };
  callbacks.heard = [this](const std::string& line) { heard(line); };
  callbacks.stop = [this] { board_->stop = true; };
  callbacks.tick = [this, &show] {
    const bool over = options_.time_s != 0 && wall_s() - begin_s_ >= static_cast<double>(options_.time_s);
    if (over || enough()) board_->stop = true;
    show(progress());
  };
  const std::uint32_t workers = options_.workers != 0 ? options_.workers : workers_for_cores();
  if (options_.schedules > 1) ended_by_ = WorkerPool::run(workers, callbacks);
  return result();
}

// Tells what the program does when nothing is delayed, and so what to expect of the others.
void Campaign::run_baseline() {
  ContainedRuns runs(&board_->coverage);
  const ScheduleSpec spec = spec_of(0);
  baseline_ = runs.run(scenario_, spec);
  if (baseline_.unusable) throw InputError(baseline_.message);
  count(0, baseline_);
  if (baseline_.broke()) note(0, failure_of(spec, baseline_), 1);
}

ScheduleSpec Campaign::spec_of(std::uint64_t schedule) const {
  ScheduleSpec spec;
  spec.seed = options_.run.seed + schedule;
  if (schedule == 0) return spec;
  spec.strategy = options_.strategy;
  spec.depth = options_.depth;
  spec.expected_choices = baseline_.choices;
  spec.steps_max = std::max(kStepsLeast, kStepsFactor * baseline_.steps);
  spec.must_end = baseline_.result.application_ended;
  return spec;
}

void Campaign::work(const std::function<void(const std::string&)>& say) {
  ContainedRuns runs(&board_->coverage);
  std::map<std::string, std::uint64_t> times;
  while (!board_->stop.load(std::memory_order_relaxed)) {
    const std::uint64_t schedule = board_->next.fetch_add(1, std::memory_order_relaxed);
    if (schedule >= options_.schedules) break;
    const ScheduleSpec spec = spec_of(schedule);
    const Outcome outcome = runs.run(scenario_, spec);
    count(schedule, outcome);
    if (!outcome.broke() || times[outcome.key]++ > 0) continue;
    say(nlohmann::json({{"schedule", schedule},
                        {"key", outcome.key},
                        {"message", outcome.message},
                        {"hash", outcome.result.result_hash},
                        {"decisions", to_json(outcome.log)}})
            .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  // The first of each key was told already.
  for (const auto& [key, count] : times) {
    if (count > 1) say(nlohmann::json({{"key", key}, {"more", count - 1}}).dump());
  }
}

void Campaign::count(std::uint64_t schedule, const Outcome& outcome) {
  Hash64 hash;
  hash.add_u64(schedule);
  hash.add_u64(outcome.result.result_hash);
  hash.add_bytes(outcome.key.data(), outcome.key.size());
  board_->hashes.fetch_add(hash.value(), std::memory_order_relaxed);
  board_->steps.fetch_add(outcome.steps, std::memory_order_relaxed);
  board_->failed.fetch_add(outcome.broke() ? 1 : 0, std::memory_order_relaxed);
  const std::vector<InvariantResult>& invariants = outcome.result.invariants;
  for (std::size_t i = 0; i < std::min(invariants.size(), kInvariantsMax); ++i) {
    board_->checked[i].fetch_add(invariants[i].checked, std::memory_order_relaxed);
    board_->violations[i].fetch_add(invariants[i].violations, std::memory_order_relaxed);
  }
  board_->done.fetch_add(1, std::memory_order_relaxed);
}

void Campaign::heard(const std::string& line) {
  const nlohmann::json json = nlohmann::json::parse(line);
  const auto key = json.at("key").get<std::string>();
  if (json.contains("more")) {
    found_.at(key).summary.times += json.at("more").get<std::uint64_t>();
    return;
  }
  const auto schedule = json.at("schedule").get<std::uint64_t>();
  Outcome outcome;
  outcome.key = key;
  outcome.message = json.at("message").get<std::string>();
  outcome.result.result_hash = json.at("hash").get<std::uint64_t>();
  outcome.log = log_from_json(json.at("decisions"));
  note(schedule, failure_of(spec_of(schedule), outcome), 1);
}

Failure Campaign::failure_of(const ScheduleSpec& spec, const Outcome& outcome) const {
  Failure failure;
  failure.options = options_;
  failure.seed = spec.seed;
  failure.must_end = spec.must_end;
  failure.log = outcome.log;
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
  found.failure = std::move(failure);
}

bool Campaign::enough() const { return options_.failures != 0 && found_.size() >= options_.failures; }

CampaignProgress Campaign::progress() const {
  CampaignProgress progress;
  progress.schedules = board_->done;
  progress.schedules_planned = options_.schedules;
  progress.elapsed_s = wall_s() - begin_s_;
  progress.coverage = board_->coverage.count;
  progress.failed_schedules = board_->failed;
  progress.failures = found_.size();
  return progress;
}

CampaignResult Campaign::result() {
  CampaignResult result;
  result.title = scenario_.title;
  result.strategy = strategy_name(options_.strategy);
  result.engine = engine_name(options_.engine);
  result.memory = memory_name(options_.memory);
  result.seed = options_.run.seed;
  result.schedules = board_->done;
  result.failed_schedules = board_->failed;
  result.campaign_hash = board_->hashes;
  result.coverage = board_->coverage.count;
  result.steps = board_->steps;
  result.baseline_steps = baseline_.choices;
  result.baseline_actors = baseline_.actors;
  result.depth = options_.depth;
  if (options_.strategy == StrategyKind::kPct) {
    const double each = pct_bound(baseline_.actors, baseline_.choices, options_.depth);
    result.certified =
        -std::expm1(static_cast<double>(result.schedules) * std::log1p(-std::min(each, 1.0 - 1e-12)));
  }
  result.out_of_time = ended_by_ == 0 && result.schedules < options_.schedules && !enough();
  result.wall_s = wall_s() - begin_s_;
  result.invariants = InvariantLog().results();
  for (std::size_t i = 0; i < std::min(result.invariants.size(), kInvariantsMax); ++i) {
    result.invariants[i].checked = board_->checked[i];
    result.invariants[i].violations = board_->violations[i];
  }
  std::vector<const Found*> in_order;
  for (const auto& [key, found] : found_) in_order.push_back(&found);
  std::sort(in_order.begin(), in_order.end(),
            [](const Found* a, const Found* b) { return a->summary.schedule < b->summary.schedule; });
  const std::string build = in_order.empty() ? std::string() : build_id(scenario_.run.app);
  for (const Found* found : in_order) {
    result.failures.push_back(found->summary);
    failures_.push_back(found->failure);
    failures_.back().build = build;
  }
  return result;
}

}  // namespace ringproof

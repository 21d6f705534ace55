#include "sim/explore/trials.h"

#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <new>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "sim/explore/contained_run.h"
#include "sim/explore/outcome_json.h"
#include "sim/explore/served_runs.h"
#include "sim/explore/worker_pool.h"

namespace ringproof {
namespace {

// A number that workers share: the first place at which something broke.
class SharedPlace {
 public:
  explicit SharedPlace(std::size_t none)
      : memory_(mmap(nullptr, sizeof(*place_), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
    if (memory_ == MAP_FAILED) throw std::runtime_error("no memory to share with workers");
    place_ = new (memory_) std::atomic<std::size_t>(none);
  }
  ~SharedPlace() { munmap(memory_, sizeof(*place_)); }
  SharedPlace(const SharedPlace&) = delete;
  SharedPlace& operator=(const SharedPlace&) = delete;

  bool is_before(std::size_t place) const { return place_->load() < place; }
  void found(std::size_t place) {
    std::size_t known = place_->load();
    while (place < known && !place_->compare_exchange_weak(known, place)) {
    }
  }

 private:
  void* memory_;
  std::atomic<std::size_t>* place_ = nullptr;
};

ScheduleSpec spec_of_candidate(const Candidate& candidate, std::uint64_t steps_max) {
  ScheduleSpec spec = spec_of(candidate.failure);
  spec.ends_at_violation = true;
  if (steps_max != 0) spec.steps_max = spec.steps_max == 0 ? steps_max : std::min(spec.steps_max, steps_max);
  if (candidate.depth == 0) return spec;
  spec.log.reset();
  spec.strategy = candidate.strategy;
  spec.depth = candidate.depth;
  spec.expected_choices = candidate.questions;
  return spec;
}

// Runs candidates of a list in a process that goes on to the next, as long as they have one scenario.
class Runner {
 public:
  Runner(const std::vector<Candidate>& candidates, std::uint64_t steps_max)
      : candidates_(candidates), steps_max_(steps_max) {}

  Outcome run(std::size_t place) {
    const Failure& failure = candidates_[place].failure;
    if (served_ == nullptr || !same_scenario(failure, *of_)) {
      served_.reset();
      of_ = &failure;
      scenario_ = read_scenario(failure.options);
      served_ = std::make_unique<ServedRuns>(
          scenario_, [this](std::uint64_t i) { return spec_of_candidate(candidates_[i], steps_max_); },
          nullptr);
    }
    Outcome outcome;
    served_->run(place, 1, [&outcome](std::uint64_t, const Outcome& heard) { outcome = heard; });
    return outcome;
  }

 private:
  const std::vector<Candidate>& candidates_;
  const std::uint64_t steps_max_;
  const Failure* of_ = nullptr;
  Scenario scenario_;
  std::unique_ptr<ServedRuns> served_;
};

}  // namespace

bool same_scenario(const Failure& a, const Failure& b) {
  return a.options.frames == b.options.frames && a.options.run.loops == b.options.run.loops &&
         a.options.run.app_arguments == b.options.run.app_arguments;
}

Trials::Trials(std::uint32_t workers, std::string key)
    : workers_(workers != 0 ? workers : workers_for_cores()), key_(std::move(key)) {}

std::optional<Trials::Found> Trials::first_that_breaks(std::size_t count, const Make& make,
                                                       std::size_t changes_max) {
  for (std::size_t begin = 0; begin < count && ended_by_ == 0; begin += kBatch) {
    std::vector<Candidate> candidates;
    for (std::size_t i = begin; i < std::min(begin + kBatch, count); ++i) candidates.push_back(make(i));
    std::optional<Found> found = run_batch(candidates, changes_max);
    if (!found.has_value()) continue;
    found->place += begin;
    return found;
  }
  return std::nullopt;
}

std::optional<Trials::Found> Trials::run_batch(const std::vector<Candidate>& candidates,
                                               std::size_t changes_max) {
  const auto workers = static_cast<std::uint32_t>(std::min<std::size_t>(workers_, candidates.size()));
  SharedPlace first(candidates.size());
  std::optional<Found> found;
  WorkerPool::Callbacks callbacks;
  callbacks.work = [&](std::uint32_t worker, const WorkerPool::Say& say) {
    Runner runner(candidates, steps_max_);
    for (std::size_t i = worker; i < candidates.size() && !first.is_before(i); i += workers) {
      const bool by_log = candidates[i].depth == 0;
      if (by_log && size_of(candidates[i].failure.log).changes > changes_max) continue;
      const Outcome outcome = runner.run(i);
      if (!counts(candidates[i], outcome) || size_of(outcome.log).changes > changes_max) continue;
      first.found(i);
      nlohmann::json told = broken_to_json(outcome);
      told["place"] = i;
      say(one_line_of(told));
    }
  };
  callbacks.heard = [&found](const std::string& line) {
    const nlohmann::json json = nlohmann::json::parse(line);
    const auto place = json.at("place").get<std::size_t>();
    if (!found.has_value() || place < found->place) found = Found{place, broken_from_json(json)};
  };
  callbacks.tick = [] {};
  callbacks.stop = [] {};
  ended_by_ = WorkerPool::run(workers, callbacks);
  runs_ += found.has_value() ? found->place + 1 : candidates.size();
  return found;
}

bool Trials::counts(const Candidate& candidate, const Outcome& outcome) const {
  const bool cut_off = steps_max_ != 0 && outcome.result.end_reason == "max-steps";
  if (outcome.key != key_ || cut_off) return false;
  if (!known_.has_value() || same_scenario(candidate.failure, *known_)) return true;
  return run_bare(candidate.failure).key != key_;
}

Outcome Trials::run(const Failure& failure, Until until) {
  ScheduleSpec spec = spec_of(failure);
  spec.ends_at_violation = until == Until::kViolation;
  return ContainedRuns(nullptr).run(read_scenario(failure.options), spec);
}

Outcome Trials::run_bare(const Failure& failure) {
  Failure bare = failure;
  bare.log.clear();
  bare.faults = {};
  return run(bare, Until::kViolation);
}

}  // namespace ringproof

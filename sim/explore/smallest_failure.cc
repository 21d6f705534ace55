#include "sim/explore/smallest_failure.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace ringproof {
namespace {

constexpr std::uint64_t kStepsFactor = 4;
constexpr std::uint64_t kStepsLeast = 10'000;

std::vector<std::uint32_t> frames_of(const Failure& failure) {
  // Reads the scenario in any case: what is wrong with it is told before anything runs. The frames of a
  // scenario file may be made by a generator.
  std::vector<std::uint32_t> all(read_scenario(failure.options).capture.frames.size());
  if (failure.options.frames.has_value()) return *failure.options.frames;
  std::iota(all.begin(), all.end(), 1U);
  return all;
}

}  // namespace

SmallestFailure::SmallestFailure(Failure failure, std::uint32_t workers,
                                 std::function<bool(const ShrinkProgress&)> show)
    : best_(std::move(failure)),
      trials_(workers, best_.key),
      show_(std::move(show)),
      frames_(frames_of(best_)) {
  keep(best_);
}

bool SmallestFailure::comes_back() {
  const Outcome outcome = Trials::run(best_, Trials::Until::kViolation);
  look_around();
  if (outcome.key != best_.key) {
    other_end_ = outcome.broke() ? outcome.message : "a run in which nothing broke";
    return false;
  }
  adopt(best_, outcome);
  // Whatever goes on for much longer is not smaller, unless going on is the failure.
  if (outcome.result.end_reason != "max-steps")
    trials_.limit_steps(kStepsLeast + kStepsFactor * outcome.steps);
  const bool may_wait = best_.key == "hang" || best_.key == "expect";
  needs_cause_ = may_wait && Trials::run_bare(best_).key != best_.key;
  if (needs_cause_) trials_.demand_cause(best_);
  return true;
}

std::size_t SmallestFailure::keep_first(std::size_t count, const Trials::Make& make) {
  if (count == 0) return count;
  const auto found = trials_.first_that_breaks(count, make, size().changes);
  if (found.has_value()) adopt(make(found->place).failure, found->outcome);
  look_around();
  return found.has_value() ? found->place : count;
}

std::size_t SmallestFailure::keep_first(const std::vector<Failure>& candidates) {
  return keep_first(candidates.size(), [&candidates](std::size_t i) { return Candidate{candidates[i]}; });
}

void SmallestFailure::adopt(const Failure& candidate, const Outcome& outcome) {
  Failure next = candidate;
  next.log = outcome.log;
  next.message = outcome.message;
  next.hash = outcome.result.result_hash;
  keep(next);
}

void SmallestFailure::restore(const Failure& failure) { keep(failure); }

void SmallestFailure::keep(const Failure& failure) {
  best_ = failure;
  if (best_.options.frames.has_value()) frames_ = *best_.options.frames;
  progress_.decisions = best_.log.size();
  progress_.faults = best_.faults.records.size();
  progress_.frames = frames_.size();
}

void SmallestFailure::look_around() {
  progress_.runs = std::max(progress_.runs, trials_.runs() + 1);
  if (ended_by_ == 0) ended_by_ = trials_.ended_by();
  if (ended_by_ == 0) ended_by_ = signals_.take();
  go_on_ = show_(progress_) && ended_by_ == 0;
}

void SmallestFailure::complete() {
  const Outcome outcome = Trials::run(best_, Trials::Until::kEnd);
  if (outcome.key == best_.key) adopt(best_, outcome);
  best_.build = build_id(best_.options);
}

}  // namespace ringproof

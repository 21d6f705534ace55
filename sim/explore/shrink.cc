#include "sim/explore/shrink.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <numeric>
#include <utility>

#include "sim/explore/contained_run.h"
#include "sim/explore/outcome_json.h"
#include "sim/explore/smaller_logs.h"
#include "sim/explore/worker_pool.h"

namespace ringproof {
namespace {

// What a person takes in at a glance.
constexpr std::size_t kFewDecisions = 3;
constexpr std::uint64_t kOtherStarts = 24;
constexpr std::uint64_t kOtherStepsMax = 50'000;  // of a long run few are tried

std::vector<std::uint32_t> frames_of(const Failure& failure) {
  if (failure.options.frames.has_value()) return *failure.options.frames;
  // Those of a scenario file may be made by a generator.
  std::vector<std::uint32_t> all(read_scenario(failure.options).capture.frames.size());
  std::iota(all.begin(), all.end(), 1U);
  return all;
}

// The whole of the text as a number, or 0.
std::uint64_t number_in(const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

template <typename Item>
void erase_part(std::vector<Item>& items, std::size_t begin, std::size_t end) {
  items.erase(items.begin() + static_cast<std::ptrdiff_t>(begin),
              items.begin() + static_cast<std::ptrdiff_t>(end));
}

}  // namespace

Shrinker::Shrinker(Failure failure, std::uint32_t workers, std::function<bool(const ShrinkProgress&)> show)
    : best_(std::move(failure)),
      workers_(workers != 0 ? workers : workers_for_cores()),
      show_(std::move(show)),
      frames_(frames_of(best_)) {
  read_scenario(best_.options);  // what is wrong with it is told before anything runs
  progress_.decisions = best_.log.size();
  progress_.faults = best_.faults.records.size();
  progress_.frames = frames_.size();
}

const Failure* Shrinker::run() {
  if (keep_first_that_breaks({best_}) != 0) return nullptr;
  needs_cause_ = (best_.key == "hang" || best_.key == "expect") && !breaks_anyway(best_);
  do {
    while (go_on_ && reduce_all()) {
    }
  } while (go_on_ && start_elsewhere());
  best_.build = build_id(best_.options.run.app);
  return &best_;
}

bool Shrinker::reduce_all() {
  bool any = reduce_decisions();
  any |= reduce_faults();
  any |= reduce_frames();
  any |= reduce_loops();
  any |= reduce_arguments();
  return any;
}

// The way of the first failure may be a long one, and taking away entries does not lead to another. So other
// schedules that break the same are made smaller, too.
bool Shrinker::start_elsewhere() {
  if (best_.log.size() <= kFewDecisions) return false;
  const std::uint64_t choices = run_one(best_).choices;
  std::uint64_t steps = 0;
  bool any = false;
  for (std::uint64_t i = 1; i <= kOtherStarts && go_on_ && best_.log.size() > kFewDecisions; ++i) {
    if (steps > kOtherStepsMax) break;
    const std::optional<Failure> other = elsewhere(i, choices, &steps);
    ++progress_.runs;
    if (!other.has_value()) continue;
    const Failure before = best_;
    if (keep_first_that_breaks({*other}) == 0) reduce_decisions();
    if (best_.log.size() < before.log.size()) {
      any = true;
    } else {
      restore(before);
    }
  }
  return any;
}

// Random walks reach much, priority changes what needs few delays.
std::optional<Failure> Shrinker::elsewhere(std::uint64_t attempt, std::uint64_t choices,
                                           std::uint64_t* steps) const {
  Failure other = best_;
  other.seed = best_.seed + attempt;
  ScheduleSpec spec = spec_of(other);
  spec.log.reset();
  spec.strategy = attempt % 2 == 0 ? StrategyKind::kRandom : StrategyKind::kPct;
  spec.depth = kFewDecisions;
  spec.expected_choices = choices;
  ContainedRuns runs(nullptr);
  const Outcome outcome = runs.run(read_scenario(best_.options), spec);
  *steps += outcome.steps;
  if (outcome.key != best_.key) return std::nullopt;
  other.log = outcome.log;
  return other;
}

void Shrinker::restore(const Failure& failure) {
  best_ = failure;
  progress_.decisions = best_.log.size();
}

std::vector<std::optional<Outcome>> Shrinker::run_all(const Candidates& candidates) {
  std::vector<std::optional<Outcome>> outcomes(candidates.size());
  WorkerPool::Callbacks callbacks;
  callbacks.work = [this, &candidates](std::uint32_t i, const WorkerPool::Say& say) {
    Outcome outcome = run_one(candidates[i]);
    if (needs_cause_ && outcome.key == best_.key && changes_scenario(candidates[i]) &&
        breaks_anyway(candidates[i])) {
      outcome.key.clear();
    }
    nlohmann::json told = broken_to_json(outcome);
    told["candidate"] = i;
    say(one_line_of(told));
  };
  callbacks.heard = [&outcomes](const std::string& line) {
    const nlohmann::json json = nlohmann::json::parse(line);
    outcomes.at(json.at("candidate").get<std::size_t>()) = broken_from_json(json);
  };
  callbacks.tick = [] {};
  callbacks.stop = [] {};
  ended_by_ = WorkerPool::run(static_cast<std::uint32_t>(candidates.size()), callbacks);
  return outcomes;
}

Outcome Shrinker::run_one(const Failure& candidate) const {
  ContainedRuns runs(nullptr);
  return runs.run(read_scenario(candidate.options), spec_of(candidate));
}

bool Shrinker::breaks_anyway(const Failure& candidate) const {
  Failure bare = candidate;
  bare.log.clear();
  bare.faults = {};
  return run_one(bare).key == best_.key;
}

// The frames and arguments of `best_` are known to matter.
bool Shrinker::changes_scenario(const Failure& candidate) const {
  const ExploreOptions& options = candidate.options;
  return options.frames != best_.options.frames || options.run.loops != best_.options.run.loops ||
         options.run.app_arguments != best_.options.run.app_arguments;
}

std::size_t Shrinker::keep_first_that_breaks(const Candidates& candidates) {
  const std::vector<std::optional<Outcome>> outcomes = run_all(candidates);
  progress_.runs += candidates.size();
  const auto found = std::find_if(outcomes.begin(), outcomes.end(), [this](const auto& outcome) {
    return outcome.has_value() && outcome->key == best_.key;
  });
  const auto place = static_cast<std::size_t>(found - outcomes.begin());
  if (found != outcomes.end()) {
    adopt(candidates[place], **found);
  } else if (outcomes.back().has_value()) {
    other_end_ = outcomes.back()->broke() ? outcomes.back()->message : "a run in which nothing broke";
  }
  if (ended_by_ == 0) ended_by_ = signals_.take();
  go_on_ = show_(progress_) && ended_by_ == 0;
  return place;
}

void Shrinker::adopt(const Failure& candidate, const Outcome& outcome) {
  best_ = candidate;
  best_.log = outcome.log;
  best_.message = outcome.message;
  best_.hash = outcome.result.result_hash;
  if (best_.options.frames.has_value()) frames_ = *best_.options.frames;
  progress_.decisions = best_.log.size();
  progress_.faults = best_.faults.records.size();
  progress_.frames = frames_.size();
}

bool Shrinker::reduce_chunks(const List& list, std::size_t chunk) {
  bool any = false;
  for (std::size_t begin = 0; begin < list.size() && go_on_;) {
    Candidates candidates;
    for (std::size_t at = begin; at < list.size() && candidates.size() < workers_; at += chunk) {
      candidates.push_back(list.without(at, std::min(at + chunk, list.size())));
    }
    const std::size_t place = keep_first_that_breaks(candidates);
    // What stood there is gone, so the next part stands in its place.
    begin += place * chunk;
    any |= place < candidates.size();
  }
  return any;
}

// Single entries are tried until none can go; of larger chunks one round is enough.
bool Shrinker::reduce(const List& list) {
  bool any = false;
  for (std::size_t chunk = list.size(); chunk > 1 && go_on_; chunk = (chunk + 1) / 2) {
    any |= reduce_chunks(list, chunk);
  }
  while (go_on_ && reduce_chunks(list, 1)) any = true;
  return any;
}

bool Shrinker::reduce_decisions() {
  const List decisions = {[this] { return best_.log.size(); },
                          [this](std::size_t begin, std::size_t end) {
                            Failure candidate = best_;
                            erase_part(candidate.log, begin, end);
                            return candidate;
                          }};
  bool any = cut_tail();
  any |= reduce(decisions);
  while (go_on_ && replace_log()) {
    any = true;
    reduce(decisions);
  }
  return any;
}

// What was decided after the failure does not matter. Its place is looked for between thirds, whatever the
// number of workers.
bool Shrinker::cut_tail() {
  const std::size_t before = best_.log.size();
  std::size_t least = 0;
  while (least < best_.log.size() && go_on_) {
    const std::size_t third = (best_.log.size() - least) / 3;
    const std::vector<std::size_t> lengths = {least + third, least + 2 * third};
    Candidates candidates(lengths.size(), best_);
    for (std::size_t i = 0; i < lengths.size(); ++i) candidates[i].log.resize(lengths[i]);
    const std::size_t place = keep_first_that_breaks(candidates);
    if (place > 0) least = lengths[place - 1] + 1;
  }
  return best_.log.size() < before;
}

bool Shrinker::replace_log() {
  const std::vector<DecisionLog> logs = smaller_logs(best_.log);
  for (std::size_t begin = 0; begin < logs.size() && go_on_; begin += workers_) {
    Candidates candidates(std::min<std::size_t>(workers_, logs.size() - begin), best_);
    for (std::size_t i = 0; i < candidates.size(); ++i) candidates[i].log = logs[begin + i];
    if (keep_first_that_breaks(candidates) < candidates.size()) return true;
  }
  return false;
}

bool Shrinker::reduce_faults() {
  return reduce({[this] { return best_.faults.records.size(); },
                 [this](std::size_t begin, std::size_t end) {
                   Failure candidate = best_;
                   erase_part(candidate.faults.records, begin, end);
                   return candidate;
                 }});
}

bool Shrinker::reduce_frames() {
  return reduce({[this] { return frames_.size(); },
                 [this](std::size_t begin, std::size_t end) {
                   Failure candidate = best_;
                   candidate.options.frames = frames_;
                   erase_part(*candidate.options.frames, begin, end);
                   return candidate;
                 }});
}

bool Shrinker::reduce_loops() {
  return reduce_number({[](const Failure& failure) { return failure.options.run.loops; },
                        [](Failure& failure, std::uint64_t number) {
                          failure.options.run.loops = static_cast<std::uint32_t>(number);
                        }});
}

bool Shrinker::reduce_arguments() {
  bool any = false;
  for (std::size_t i = 0; i < best_.options.run.app_arguments.size() && go_on_; ++i) {
    any |= reduce_number(
        {[i](const Failure& failure) { return number_in(failure.options.run.app_arguments[i]); },
         [i](Failure& failure, std::uint64_t number) {
           failure.options.run.app_arguments[i] = std::to_string(number);
         }});
  }
  return any;
}

// Smaller ones, the smallest first.
bool Shrinker::reduce_number(const Number& number) {
  bool any = false;
  while (go_on_) {
    const std::uint64_t now = number.get(best_);
    if (now <= 1) break;
    Candidates candidates;
    for (const std::uint64_t smaller : {std::uint64_t{1}, now / 2, now - 1}) {
      candidates.push_back(best_);
      number.set(candidates.back(), smaller);
    }
    if (keep_first_that_breaks(candidates) == candidates.size()) break;
    any = true;
  }
  return any;
}

}  // namespace ringproof

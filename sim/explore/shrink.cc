#include "sim/explore/shrink.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <numeric>
#include <utility>

#include "sim/explore/contained_run.h"
#include "sim/explore/outcome_json.h"
#include "sim/explore/worker_pool.h"

namespace ringproof {
namespace {

std::vector<std::uint32_t> frames_of(const Failure& failure) {
  if (failure.options.frames.has_value()) return *failure.options.frames;
  std::vector<std::uint32_t> all(read_capture(failure.options.run.capture_path).frames.size());
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
  progress_.frames = frames_.size();
}

const Failure* Shrinker::run() {
  if (keep_first_that_breaks({best_}) != 0) return nullptr;
  bool smaller = true;
  while (smaller && go_on_) {
    smaller = reduce_decisions();
    smaller |= reduce_frames();
    smaller |= reduce_arguments();
  }
  best_.build = build_id(best_.options.run.app);
  return &best_;
}

std::vector<std::optional<Outcome>> Shrinker::run_all(const Candidates& candidates) {
  std::vector<std::optional<Outcome>> outcomes(candidates.size());
  WorkerPool::Callbacks callbacks;
  callbacks.work = [&candidates](std::uint32_t i, const WorkerPool::Say& say) {
    ContainedRuns runs(nullptr);
    nlohmann::json told =
        broken_to_json(runs.run(read_scenario(candidates[i].options), spec_of(candidates[i])));
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
  return reduce({[this] { return best_.log.size(); },
                 [this](std::size_t begin, std::size_t end) {
                   Failure candidate = best_;
                   erase_part(candidate.log, begin, end);
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

bool Shrinker::reduce_arguments() {
  bool any = false;
  for (std::size_t i = 0; i < best_.options.run.app_arguments.size() && go_on_; ++i)
    any |= reduce_argument(i);
  return any;
}

// Smaller numbers of one argument, the smallest first.
bool Shrinker::reduce_argument(std::size_t place) {
  bool any = false;
  while (go_on_) {
    const std::uint64_t number = number_in(best_.options.run.app_arguments[place]);
    if (number <= 1) break;
    Candidates candidates;
    for (const std::uint64_t smaller : {std::uint64_t{1}, number / 2, number - 1}) {
      candidates.push_back(best_);
      candidates.back().options.run.app_arguments[place] = std::to_string(smaller);
    }
    if (keep_first_that_breaks(candidates) == candidates.size()) break;
    any = true;
  }
  return any;
}

}  // namespace ringproof

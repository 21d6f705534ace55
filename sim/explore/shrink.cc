#include "sim/explore/shrink.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <numeric>
#include <utility>

#include "sim/replay/input_error.h"

namespace ringproof {
namespace {

std::vector<std::uint32_t> frames_of(const Failure& failure) {
  if (failure.options.frames.has_value()) return *failure.options.frames;
  std::vector<std::uint32_t> all(read_capture(failure.options.run.capture_path).frames.size());
  std::iota(all.begin(), all.end(), 1U);
  return all;
}

// A schedule that takes so many times the steps of one that broke goes on for ever.
constexpr std::uint64_t kStepsFactor = 50;
constexpr std::uint64_t kStepsLeast = 1'000'000;

// The whole of the text as a number, or 0.
std::uint64_t number_in(const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

}  // namespace

Shrinker::Shrinker(Failure failure, std::function<bool(const ShrinkProgress&)> show)
    : best_(std::move(failure)),
      scenario_(read_scenario(best_.options)),
      frames_(frames_of(best_)),
      runs_(nullptr),
      show_(std::move(show)) {
  progress_.decisions = best_.log.size();
  progress_.frames = frames_.size();
}

const Failure& Shrinker::run() {
  const std::string key = best_.key;
  if (!still_breaks(best_)) {
    throw InputError(fmt::format("the failure does not come back with this build: expected {}, got {}", key,
                                 "another end; ringproof replay-failure tells where it differs"));
  }
  bool smaller = true;
  while (smaller && go_on_) {
    smaller = reduce_decisions();
    smaller |= reduce_frames();
    smaller |= reduce_arguments();
  }
  best_.build = build_id(best_.options.run.app);
  return best_;
}

// Keeps the candidate if it does, with the decisions that were really taken.
bool Shrinker::still_breaks(const Failure& candidate) {
  if (!go_on_) return false;
  ScheduleSpec spec = spec_of(candidate);
  spec.steps_max = steps_max_;
  const Outcome outcome = runs_.run(scenario_, spec);
  ++progress_.runs;
  const bool breaks = outcome.key == best_.key;
  if (breaks) {
    Failure smaller = candidate;
    smaller.log = outcome.log;
    smaller.message = outcome.message;
    smaller.hash = outcome.result.result_hash;
    if (outcome.steps != 0) steps_max_ = std::max<std::uint64_t>(kStepsLeast, kStepsFactor * outcome.steps);
    adopt(std::move(smaller));
  }
  go_on_ = show_(progress_);
  return breaks;
}

void Shrinker::adopt(Failure smaller) {
  best_ = std::move(smaller);
  progress_.decisions = best_.log.size();
  if (best_.options.frames.has_value()) frames_ = *best_.options.frames;
  progress_.frames = frames_.size();
}

template <typename Item>
bool Shrinker::reduce(const std::function<std::vector<Item>()>& items,
                      const std::function<bool(std::vector<Item>)>& breaks_with) {
  bool any = false;
  std::size_t chunk = std::max<std::size_t>(items().size(), 1);
  while (chunk >= 1 && go_on_) {
    bool removed = false;
    for (std::size_t begin = 0; begin < items().size() && go_on_;) {
      std::vector<Item> rest = items();
      const auto first = rest.begin() + static_cast<std::ptrdiff_t>(begin);
      const auto last = rest.begin() + static_cast<std::ptrdiff_t>(std::min(begin + chunk, rest.size()));
      rest.erase(first, last);
      if (breaks_with(std::move(rest))) {
        removed = any = true;
      } else {
        begin += chunk;
      }
    }
    // Single entries are tried until none can go; of larger chunks one round is enough.
    if (chunk > 1) {
      chunk = (chunk + 1) / 2;
    } else if (!removed) {
      break;
    }
  }
  return any;
}

bool Shrinker::reduce_decisions() {
  return reduce<Decision>([this] { return best_.log; },
                          [this](std::vector<Decision> rest) {
                            Failure candidate = best_;
                            candidate.log = std::move(rest);
                            return still_breaks(candidate);
                          });
}

bool Shrinker::reduce_frames() {
  return reduce<std::uint32_t>([this] { return frames_; },
                               [this](std::vector<std::uint32_t> rest) {
                                 if (rest.empty()) return false;
                                 Failure candidate = best_;
                                 candidate.options.frames = std::move(rest);
                                 return breaks_in_other_scenario(candidate);
                               });
}

bool Shrinker::breaks_in_other_scenario(const Failure& candidate) {
  Scenario before = std::exchange(scenario_, read_scenario(candidate.options));
  if (still_breaks(candidate)) return true;
  scenario_ = std::move(before);
  return false;
}

bool Shrinker::reduce_arguments() {
  bool any = false;
  for (std::size_t i = 0; i < best_.options.run.app_arguments.size() && go_on_; ++i) {
    while (const std::uint64_t number = number_in(best_.options.run.app_arguments[i])) {
      if (number == 1 || !(try_argument(i, "1") || try_argument(i, std::to_string(number / 2)) ||
                           try_argument(i, std::to_string(number - 1)))) {
        break;
      }
      any = true;
    }
  }
  return any;
}

bool Shrinker::try_argument(std::size_t i, const std::string& value) {
  if (best_.options.run.app_arguments[i] == value) return false;
  Failure candidate = best_;
  candidate.options.run.app_arguments[i] = value;
  return breaks_in_other_scenario(candidate);
}

}  // namespace ringproof

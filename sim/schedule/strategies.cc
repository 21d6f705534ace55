#include "sim/schedule/strategies.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>

namespace ringproof {
namespace {

constexpr std::uint32_t kOlderIn16[] = {4, 8, 15};

std::uint32_t draw_older_in_16(std::uint64_t seed) {
  return kOlderIn16[RandomStream(seed, "memory.older").below(std::size(kOlderIn16))];
}

// 0, or one of the others so often; 1, which is the next one or lets no store drain, as often as all of them.
std::uint32_t draw_value(RandomStream& stream, std::uint32_t older_in_16, std::uint32_t count) {
  if (stream.below(16) >= older_in_16) return 0;
  return stream.below(2) == 0 ? 1 : 1 + static_cast<std::uint32_t>(stream.below(count - 1));
}

}  // namespace

OlderValues::OlderValues(std::uint64_t seed)
    : memory_(seed, "memory"), older_in_16_(draw_older_in_16(seed)) {}

std::uint32_t OlderValues::choose(Choice, ActorId, std::uint32_t count) {
  return draw_value(memory_, older_in_16_, count);
}

RandomWalk::RandomWalk(std::uint64_t seed)
    : schedule_(seed, "schedule"), memory_(seed, "memory"), older_in_16_(draw_older_in_16(seed)) {}

std::uint32_t RandomWalk::schedule(std::span<const ScheduleOption> options) {
  return static_cast<std::uint32_t>(schedule_.below(options.size()));
}

std::uint32_t RandomWalk::choose(Choice, ActorId, std::uint32_t count) {
  return draw_value(memory_, older_in_16_, count);
}

PriorityChange::PriorityChange(std::uint64_t seed, std::uint32_t depth, std::uint64_t steps)
    : priorities_drawn_(seed, "schedule.priorities"),
      memory_(seed, "memory"),
      older_in_16_(draw_older_in_16(seed)) {
  RandomStream stream(seed, "schedule.changes");
  for (std::uint32_t i = 1; i < depth; ++i)
    changes_.push_back(stream.below(std::max<std::uint64_t>(steps, 1)));
  std::sort(changes_.begin(), changes_.end(), std::greater<>());
}

// Above all that an actor gets when it falls behind.
std::uint32_t PriorityChange::priority(ActorId actor) {
  std::uint32_t& priority = priorities_[actor];
  if (priority == 0) priority = (1U << 31) | static_cast<std::uint32_t>(priorities_drawn_.below(1U << 31));
  return priority;
}

std::uint32_t PriorityChange::highest(std::span<const ScheduleOption> options) {
  std::uint32_t best = 0;
  for (std::uint32_t i = 1; i < options.size(); ++i) {
    if (priority(options[i].actor) > priority(options[best].actor)) best = i;
  }
  return best;
}

std::uint32_t PriorityChange::schedule(std::span<const ScheduleOption> options) {
  std::uint32_t best = highest(options);
  while (!changes_.empty() && changes_.back() <= step_) {
    changes_.pop_back();
    fall_behind(options[best].actor);
    best = highest(options);
  }
  ++step_;
  turns_ = options[best].actor == last_ ? turns_ + 1 : 1;
  last_ = options[best].actor;
  if (turns_ >= kTurnsMax) fall_behind(last_);
  return best;
}

void PriorityChange::fall_behind(ActorId actor) {
  priorities_[actor] = --lowest_;
  turns_ = 0;
}

std::uint32_t PriorityChange::choose(Choice, ActorId, std::uint32_t count) {
  return draw_value(memory_, older_in_16_, count);
}

double pct_bound(std::size_t actors, std::uint64_t steps, std::uint32_t depth) {
  const double ways = static_cast<double>(std::max<std::size_t>(actors, 1)) *
                      std::pow(static_cast<double>(std::max<std::uint64_t>(steps, 1)), depth - 1.0);
  return 1.0 / ways;
}

}  // namespace ringproof

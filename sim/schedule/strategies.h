// strategies.h: who goes on, when more than one could.
// Role     the strategies that draw or do not draw; a recorded log is replayed by log_replay.h
// Shapes   each is made for one run
// Errors   none
// Source   PCT: Burckhardt and others, "A randomized scheduler with probabilistic guarantees of finding bugs"
#pragma once

#include <cstdint>
#include <vector>

#include "model/base/random.h"
#include "sim/schedule/actor_counters.h"
#include "sim/schedule/chooser.h"

namespace ringproof {

// What happens without exploration.
class FirstCome final : public Chooser {
 public:
  std::uint32_t schedule(std::span<const ScheduleOption>) override { return 0; }
  std::uint32_t choose(Choice, ActorId, std::uint32_t) override { return 0; }
};

// Who goes on is as without exploration, and loads see older values as often as in a random walk.
class OlderValues final : public Chooser {
 public:
  explicit OlderValues(std::uint64_t seed);
  std::uint32_t schedule(std::span<const ScheduleOption>) override { return 0; }
  std::uint32_t choose(Choice kind, ActorId actor, std::uint32_t count) override;

 private:
  RandomStream memory_;
  std::uint32_t older_in_16_;
};

// Everything is equally likely at each step. How often older values are seen is drawn once for a run: one
// time in four, in two, or nearly always, as where stores stay in their buffers for long.
class RandomWalk final : public Chooser {
 public:
  explicit RandomWalk(std::uint64_t seed);
  std::uint32_t schedule(std::span<const ScheduleOption> options) override;
  std::uint32_t choose(Choice kind, ActorId actor, std::uint32_t count) override;

 private:
  RandomStream schedule_;
  RandomStream memory_;
  std::uint32_t older_in_16_;
};

// Probabilistic concurrency testing: actors get random priorities, the highest one runs, and at depth - 1
// random steps whoever would run falls behind all others. Finds a bug of that depth with at least
// pct_bound() in each run, unless it needs one actor to go before others for kTurnsMax choices: whoever does
// turns round for what they should do, and falls behind.
class PriorityChange final : public Chooser {
 public:
  static constexpr std::uint32_t kTurnsMax = 1000;

  // `steps`: how many decisions a run is expected to have.
  PriorityChange(std::uint64_t seed, std::uint32_t depth, std::uint64_t steps);
  std::uint32_t schedule(std::span<const ScheduleOption> options) override;
  std::uint32_t choose(Choice kind, ActorId actor, std::uint32_t count) override;

 private:
  std::uint32_t priority(ActorId actor);
  std::uint32_t highest(std::span<const ScheduleOption> options);
  void fall_behind(ActorId actor);

  RandomStream priorities_drawn_;
  RandomStream memory_;
  std::uint32_t older_in_16_;
  std::vector<std::uint64_t> changes_;  // steps, latest first
  std::uint32_t lowest_ = 1U << 31;     // of all priorities that were drawn or given
  ActorId last_ = 0;                    // who went on, for how many choices in a row
  std::uint32_t turns_ = 0;
  std::uint64_t step_ = 0;
  ActorCounters priorities_;  // 0: not drawn yet
};

// 1 / (actors * steps^(depth - 1)).
double pct_bound(std::size_t actors, std::uint64_t steps, std::uint32_t depth);

}  // namespace ringproof

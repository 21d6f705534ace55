// smallest_failure.h: the smallest failure so far.
// Role     what a shrinker makes smaller, and the only place where it is replaced
// Threads  the caller must be the only thread of its process
// Errors   files of the scenario that cannot be used -> InputError
// Source   docs/explore.md, "Making it smaller"
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sim/explore/end_signals.h"
#include "sim/explore/trials.h"

namespace ringproof {

struct ShrinkProgress {
  std::uint64_t runs = 0;
  std::size_t decisions = 0;
  std::size_t faults = 0;
  std::size_t frames = 0;
};

class SmallestFailure {
 public:
  // `workers` 0: one for each core. `show` is called after every few runs; it answers whether to go on.
  SmallestFailure(Failure failure, std::uint32_t workers, std::function<bool(const ShrinkProgress&)> show);

  // Whether it comes back at all.
  bool comes_back();
  // What came instead, when it did not.
  const std::string& other_end() const { return other_end_; }

  const Failure& failure() const { return best_; }
  // The numbers of those that come, from 1.
  const std::vector<std::uint32_t>& frames() const { return frames_; }
  LogSize size() const { return size_of(best_.log); }
  bool go_on() const { return go_on_; }
  // It must not break when nothing is delayed and nothing goes wrong.
  bool needs_cause() const { return needs_cause_; }
  int ended_by() const { return ended_by_; }
  const ShrinkProgress& progress() const { return progress_; }

  // Keeps the first in order that still breaks, with the decisions that were really taken; returns its place,
  // or the number of candidates.
  std::size_t keep_first(std::size_t count, const Trials::Make& make);
  std::size_t keep_first(const std::vector<Failure>& candidates);
  // Back to one that was kept before.
  void restore(const Failure& failure);
  // Its message and hash are those of a whole run from now on.
  void complete();

 private:
  void adopt(const Failure& candidate, const Outcome& outcome);
  void keep(const Failure& failure);
  void look_around();

  Failure best_;
  Trials trials_;
  const std::function<bool(const ShrinkProgress&)> show_;
  const EndSignals signals_;
  std::vector<std::uint32_t> frames_;
  ShrinkProgress progress_;
  std::string other_end_;
  bool needs_cause_ = false;
  bool go_on_ = true;
  int ended_by_ = 0;
};

}  // namespace ringproof

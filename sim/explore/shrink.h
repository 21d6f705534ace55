// shrink.h: makes a failure smaller while it still breaks the same thing.
// Role     takes away decisions, faults, frames, loops and arguments of the program, whatever is not needed
// Shapes   what comes out is minimal in the sense that no single decision, fault or frame can go, nor any two
//          decisions of a short log; it does not depend
//          on the number of workers, which try several candidates at once and keep the first in order
// Threads  the caller must be the only thread of its process
// Errors   files of the scenario that cannot be used -> InputError
// Source   delta debugging: Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input"
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/explore/end_signals.h"
#include "sim/explore/failure_file.h"

namespace ringproof {

struct ShrinkProgress {
  std::uint64_t runs = 0;
  std::size_t decisions = 0;
  std::size_t faults = 0;
  std::size_t frames = 0;
};

class Shrinker {
 public:
  // `workers` 0: one for each core. `show` is called after every few runs; it answers whether to go on.
  Shrinker(Failure failure, std::uint32_t workers, std::function<bool(const ShrinkProgress&)> show);

  // The smallest that was found, or null: it does not break the same thing at all.
  const Failure* run();
  const ShrinkProgress& progress() const { return progress_; }
  // What came instead, when it did not come back.
  const std::string& other_end() const { return other_end_; }
  // Nothing more can go.
  bool minimal() const { return go_on_; }
  // The signal that ended it early, or 0.
  int ended_by() const { return ended_by_; }

 private:
  using Candidates = std::vector<Failure>;

  // Keeps the first in order that still breaks, with the decisions that were really taken; returns its place,
  // or the number of candidates.
  std::size_t keep_first_that_breaks(const Candidates& candidates);
  std::vector<std::optional<Outcome>> run_all(const Candidates& candidates);
  Outcome run_one(const Failure& candidate) const;
  bool breaks_anyway(const Failure& candidate) const;
  bool changes_scenario(const Failure& candidate) const;
  void adopt(const Failure& candidate, const Outcome& outcome);

  // Takes away chunks of a list, ever smaller ones. `without` is the best failure without a part of the list.
  struct List {
    std::function<std::size_t()> size;
    std::function<Failure(std::size_t begin, std::size_t end)> without;
  };
  bool reduce(const List& list);
  bool reduce_chunks(const List& list, std::size_t chunk);
  bool reduce_all();
  bool start_elsewhere();
  std::optional<Failure> elsewhere(std::uint64_t attempt, std::uint64_t choices, std::uint64_t* steps) const;
  void restore(const Failure& failure);
  bool reduce_decisions();
  bool cut_tail();
  bool replace_log();
  bool reduce_faults();
  bool reduce_frames();
  bool reduce_arguments();
  bool reduce_loops();
  // A number of a failure, and how it becomes another one.
  struct Number {
    std::function<std::uint64_t(const Failure&)> get;
    std::function<void(Failure&, std::uint64_t)> set;
  };
  bool reduce_number(const Number& number);

  Failure best_;
  const std::uint32_t workers_;
  const std::function<bool(const ShrinkProgress&)> show_;
  const EndSignals signals_;
  std::vector<std::uint32_t> frames_;
  // The same must not break when nothing is delayed and nothing goes wrong: a program that waits for frames
  // which do not come any more tells nothing.
  bool needs_cause_ = false;
  ShrinkProgress progress_;
  std::string other_end_;
  bool go_on_ = true;
  int ended_by_ = 0;
};

}  // namespace ringproof

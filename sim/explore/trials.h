// trials.h: runs what may do instead of a failure, many at a time.
// Role     finds the first candidate, in order, that still breaks the same thing
// Shapes   what is found does not depend on the number of workers. A run ends where the first invariant
//          breaks: what comes after does not matter
// Threads  the caller must be the only thread of its process
// Errors   files of a scenario that cannot be used -> InputError
// Source   docs/explore.md, "Making it smaller"
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/explore/failure_file.h"
#include "sim/explore/scenario.h"

namespace ringproof {

// A failure's scenario, driven by its log, or by a strategy.
struct Candidate {
  Failure failure;
  StrategyKind strategy = StrategyKind::kFirstCome;
  std::uint32_t depth = 0;      // 0: by the log
  std::uint64_t questions = 0;  // that a run is expected to have
};

// Whether two failures mean the same frames, loops and arguments.
bool same_scenario(const Failure& a, const Failure& b);

class Trials {
 public:
  struct Found {
    std::size_t place;
    Outcome outcome;
  };

  // `workers` 0: one for each core.
  Trials(std::uint32_t workers, std::string key);

  // A candidate must not break when nothing is delayed and nothing goes wrong, unless its scenario is this
  // one's: a program that waits for frames which do not come any more tells nothing.
  void demand_cause(const Failure& known) { known_ = known; }

  // The first that breaks, with at most so many changes in its log, of `count` candidates, which are made as
  // they are needed.
  using Make = std::function<Candidate(std::size_t place)>;
  std::optional<Found> first_that_breaks(std::size_t count, const Make& make, std::size_t changes_max);
  // After so many steps a candidate has not broken; 0: as its failure says.
  void limit_steps(std::uint64_t steps) { steps_max_ = steps; }

  // One alone, to its very end, or until an invariant breaks.
  enum class Until : std::uint8_t { kEnd, kViolation };
  static Outcome run(const Failure& failure, Until until);
  // First-come, and nothing goes wrong.
  static Outcome run_bare(const Failure& failure);

  std::uint64_t runs() const { return runs_; }
  // The signal that ended it early, or 0.
  int ended_by() const { return ended_by_; }

  static constexpr std::size_t kBatch = 32;  // so many for each start of the workers

 private:
  std::optional<Found> run_batch(const std::vector<Candidate>& candidates, std::size_t changes_max);
  bool counts(const Candidate& candidate, const Outcome& outcome) const;

  const std::uint32_t workers_;
  const std::string key_;
  std::optional<Failure> known_;
  std::uint64_t steps_max_ = 0;
  std::uint64_t runs_ = 0;
  int ended_by_ = 0;
};

}  // namespace ringproof

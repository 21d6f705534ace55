// bounded_search.h: every schedule with at most so many pre-emptions.
// Role     which schedules are still to be run, wave after wave
// Shapes   a schedule is the log of its decisions that differ from first-come; a wave holds the schedules
//          with one more decision than some of the wave before, or as many but earlier ones
// Errors   none
// Source   bounding by delays: Emmi, Qadeer and Rakamaric, "Delay-bounded scheduling";
//          docs/decisions/0005-bounded-search.md
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "sim/schedule/decision_log.h"
#include "sim/schedule/trace_recorder.h"

namespace ringproof {

class BoundedSearch {
 public:
  explicit BoundedSearch(std::size_t preemptions_max)
      : preemptions_max_(preemptions_max), waiting_(preemptions_max + 1) {}

  // The schedule with this log was run. What was found about it decides what the next wave holds.
  // REQUIRES: called in an order that does not depend on which schedule ended first.
  void ran(const DecisionLog& log, const TraceFindings& found);
  // What is to be run next, logs with as few decisions as there are left to run, in no order that people
  // would see; empty: every schedule within the bound was run.
  std::vector<DecisionLog> next_wave();

 private:
  const std::size_t preemptions_max_;
  std::vector<std::vector<DecisionLog>> waiting_;  // by their number of decisions
  std::unordered_set<std::uint64_t> logs_;         // hashes of those that were ever in a wave; never iterated
  std::unordered_map<std::uint64_t, std::size_t> traces_;  // of runs: the fewest decisions that gave it
};

}  // namespace ringproof

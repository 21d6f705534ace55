// simpler_start.h: another schedule that breaks the same, with fewer pre-emptions.
// Role     the way of a failure may be a long one, and taking away decisions does not lead to another
// Shapes   first-come with other seeds, then schedules with few delays; few frames first; some hundreds of
//          each, fewer of long ones
// Threads  the caller must be the only thread of its process
// Errors   none
// Source   docs/explore.md, "Making it smaller"
#pragma once

#include <cstdint>
#include <vector>

#include "sim/explore/smallest_failure.h"

namespace ringproof {

class SimplerStart {
 public:
  explicit SimplerStart(SmallestFailure& best) : best_(best) {}

  // Keeps the first that is found with at most so many delays; false: there was none.
  bool find(std::uint32_t delays_max);

 private:
  // The scenario of the failure with its first frames only.
  struct Start {
    Failure failure;
    std::uint64_t questions;  // of its first-come run
    std::uint64_t steps;
  };
  std::vector<Start> starts() const;
  bool try_delays(const Start& start, std::uint32_t delays);

  SmallestFailure& best_;
};

}  // namespace ringproof

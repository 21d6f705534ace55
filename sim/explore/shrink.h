// shrink.h: makes a failure smaller while it still breaks the same thing.
// Role     when to take away, and when to look for another schedule
// Shapes   what comes out is minimal in the sense that no single decision, fault or frame can go, nor any two
//          decisions of a short log; it does not depend on the number of workers
// Threads  the caller must be the only thread of its process
// Errors   files of the scenario that cannot be used -> InputError
// Source   docs/explore.md, "Making it smaller"
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "sim/explore/reducer.h"
#include "sim/explore/simpler_start.h"
#include "sim/explore/smallest_failure.h"

namespace ringproof {

class Shrinker {
 public:
  // `workers` 0: one for each core. `show` is called after every few runs; it answers whether to go on.
  Shrinker(Failure failure, std::uint32_t workers, std::function<bool(const ShrinkProgress&)> show);

  // The smallest that was found, or null: it does not break the same thing at all.
  const Failure* run();
  const ShrinkProgress& progress() const { return best_.progress(); }
  // What came instead, when it did not come back.
  const std::string& other_end() const { return best_.other_end(); }
  // Nothing more can go.
  bool minimal() const { return best_.go_on(); }
  // The signal that ended it early, or 0.
  int ended_by() const { return best_.ended_by(); }

 private:
  bool start_again();

  SmallestFailure best_;
  Reducer reducer_{best_};
  SimplerStart simpler_{best_};
};

}  // namespace ringproof

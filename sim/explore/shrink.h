// shrink.h: makes a failure smaller while it still breaks the same thing.
// Role     takes away decisions, frames and arguments of the program, whatever is not needed
// Shapes   what comes out is minimal in the sense that no single decision or frame can go
// Threads  the caller must be the only thread of its process
// Errors   a failure that does not come back -> InputError
// Source   delta debugging: Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input"
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sim/explore/contained_run.h"
#include "sim/explore/failure_file.h"

namespace ringproof {

struct ShrinkProgress {
  std::uint64_t runs = 0;
  std::size_t decisions = 0;
  std::size_t frames = 0;
};

class Shrinker {
 public:
  // `show` is called after every run; it answers whether to go on.
  Shrinker(Failure failure, std::function<bool(const ShrinkProgress&)> show);

  // The smallest that was found.
  const Failure& run();
  const ShrinkProgress& progress() const { return progress_; }

 private:
  bool still_breaks(const Failure& candidate);
  bool breaks_in_other_scenario(const Failure& candidate);
  // Takes away chunks of a list, ever smaller ones; `breaks_with` judges what is left, and keeps it if it
  // does.
  template <typename Item>
  bool reduce(const std::function<std::vector<Item>()>& items,
              const std::function<bool(std::vector<Item>)>& breaks_with);
  bool reduce_decisions();
  bool reduce_frames();
  bool reduce_arguments();
  bool try_argument(std::size_t i, const std::string& value);
  void adopt(Failure smaller);

  Failure best_;
  Scenario scenario_;
  std::vector<std::uint32_t> frames_;
  ContainedRuns runs_;
  std::function<bool(const ShrinkProgress&)> show_;
  ShrinkProgress progress_;
  std::uint64_t steps_max_ = 0;  // none until the first run tells how many it takes
  bool go_on_ = true;
};

}  // namespace ringproof

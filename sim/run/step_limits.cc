#include "sim/run/step_limits.h"

#include <algorithm>
#include <utility>

namespace ringproof {
namespace {

// Of two limits; 0: none.
std::uint64_t earlier(std::uint64_t a, std::uint64_t b) { return a == 0 || b == 0 ? a + b : std::min(a, b); }

// Steps from now on, as a limit.
std::uint64_t from(std::uint64_t now, std::uint64_t bound) { return bound == 0 ? 0 : now + bound; }

}  // namespace

StepLimits::StepLimits(HostKernel& kernel, std::uint64_t steps_max, const StepBounds& bounds)
    : kernel_(kernel), bounds_(bounds), steps_end_(steps_max), limit_(steps_max) {
  kernel_.limit_steps(limit_);
}

void StepLimits::look(bool broken, bool spoiled, std::uint64_t frames_begun) {
  const std::uint64_t now = kernel_.steps();
  if (broken && !std::exchange(broken_, true)) {
    steps_end_ = earlier(steps_end_, from(now, bounds_.after_violation));
  }
  if (spoiled && !std::exchange(spoiled_, true)) {
    steps_end_ = earlier(steps_end_, from(now, bounds_.after_spoiling));
  }
  if (!spoiled || frames_begun != frames_begun_) last_frame_ = now;
  frames_begun_ = frames_begun;
  const std::uint64_t end =
      spoiled ? earlier(steps_end_, from(last_frame_, bounds_.without_frame)) : steps_end_;
  if (end != std::exchange(limit_, end)) kernel_.limit_steps(end);
}

}  // namespace ringproof

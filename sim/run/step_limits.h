// step_limits.h: after how many steps a run ends.
// Role     a bound on programs that go round for ever, of which more shows nothing new
// Units    [steps]
// Threads  simulation thread
// Errors   none
// Source   docs/faults.md, "Tolerance"
#pragma once

#include <cstdint>

#include "sim/host/host_kernel.h"

namespace ringproof {

// How many steps a program still gets; 0: any number. One that reads what a fault has put into its memory may
// go round for ever, each time with something to do.
struct StepBounds {
  std::uint64_t after_violation = 20'000;
  std::uint64_t after_spoiling = 500'000;  // fewer than long traffic needs
  std::uint64_t without_frame = 100'000;   // after spoiling: as long as none is begun
};
// Of a run that is made once, and shall see all of its traffic.
inline constexpr StepBounds kBoundsOfOneRun{20'000, 0, 1'000'000};

class StepLimits {
 public:
  // `steps_max` in any case; 0: any number.
  StepLimits(HostKernel& kernel, std::uint64_t steps_max, const StepBounds& bounds);

  // To be called whenever host or hardware moved, while the program runs. `broken`: an invariant; `spoiled`:
  // what the program reads; `frames_begun` so far.
  void look(bool broken, bool spoiled, std::uint64_t frames_begun);

 private:
  HostKernel& kernel_;
  const StepBounds bounds_;
  // Steps after which the run ends (0: any number), as far as that does not depend on frames, and in all.
  std::uint64_t steps_end_;
  std::uint64_t limit_;
  std::uint64_t last_frame_ = 0;  // steps when it was begun
  std::uint64_t frames_begun_ = 0;
  bool broken_ = false;
  bool spoiled_ = false;
};

}  // namespace ringproof

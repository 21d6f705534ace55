// shrink_display.h: shows how far a failure has shrunk, and says when it is enough.
// Role     a line that is redrawn on a terminal, now and then a line elsewhere; and the time limit
// Units    wall time
// Threads  one at a time
// Source   docs/explore.md
#pragma once

#include <chrono>
#include <cstdint>

#include "sim/explore/shrink.h"

namespace ringproof {

class ShrinkDisplay {
 public:
  // `seconds` 0: any time.
  explicit ShrinkDisplay(std::uint64_t seconds);
  ~ShrinkDisplay();
  ShrinkDisplay(const ShrinkDisplay&) = delete;
  ShrinkDisplay& operator=(const ShrinkDisplay&) = delete;

  // False: stop here.
  bool show(const ShrinkProgress& progress);
  void erase();

 private:
  using Clock = std::chrono::steady_clock;

  const std::uint64_t seconds_;
  const Clock::time_point begin_ = Clock::now();
  Clock::time_point shown_ = begin_;
  const bool terminal_;
  bool drawn_ = false;
};

}  // namespace ringproof

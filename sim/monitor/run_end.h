// run_end.h: how a run ended, as far as the monitors must know.
// Role     tells what is owed at the end from what was merely cut short
// Units    [ps]
// Source   docs/monitors.md
#pragma once

#include <cstdint>

namespace ringproof {

struct RunEnd {
  std::uint64_t time_ps = 0;
  bool drained = false;  // all handles are closed, and nothing should be left in flight
  bool quiet = false;    // nothing would happen any more: what is still under way never ends
};

}  // namespace ringproof

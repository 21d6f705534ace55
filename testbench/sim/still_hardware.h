// still_hardware.h: hardware beside a host on which nothing ever happens.
// Role     tests of what runs on a host alone
// Shapes   a test may say when it has something to do next, and sees how far it was taken
// Units    [ps]
// Errors   none
// Source   sim/host/host_kernel.h
#pragma once

#include <cstdint>

#include "sim/host/host_kernel.h"

namespace ringproof {

class StillHardware final : public HardwareTime {
 public:
  std::uint64_t horizon_ps() const override { return horizon; }
  void advance_to(std::uint64_t time_ps) override { reached = time_ps; }
  std::uint64_t horizon = kNever;
  std::uint64_t reached = 0;
};

}  // namespace ringproof

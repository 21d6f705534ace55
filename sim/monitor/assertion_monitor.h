// assertion_monitor.h: rules that the RTL checks of itself.
// Role     gives a failed assertion of a module the number of the invariant that the module answers for
// Shapes   after the first failure the assertions of that engine are off: one cause, one message
// Errors   the device is blamed. Rules outside the modules listed are about the pins: INV-31
// Source   rtl/*.sv, Source lines; invariants-and-faults.md, "RTL"
#pragma once

#include <cstdint>
#include <string>

#include "sim/monitor/invariant_log.h"

namespace ringproof {

class AssertionMonitor {
 public:
  explicit AssertionMonitor(InvariantLog& log) : log_(log) {}

  void assertion_failed(std::uint32_t port, const std::string& module, std::uint32_t line,
                        std::uint64_t time_ps);

 private:
  InvariantLog& log_;
};

}  // namespace ringproof

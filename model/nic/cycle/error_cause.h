// error_cause.h: nic_error_cause, in C++.
// Role     what went wrong with each queue of one direction, as the bits of CAUSE
// Timing   the host's clearing comes before the events of its cycle
// Errors   none
// Source   rtl/nic_error_cause.sv
#pragma once

#include <array>
#include <cstdint>

#include "model/nic/cycle/queue_config.h"

namespace ringproof::nic::cycle {

class ErrorCause {
 public:
  std::uint32_t causes(std::uint32_t queue) const { return causes_[queue]; }

  void clock_command(const Command& command) {
    if (command.start) causes_[command.queue] = 0;
    if (command.clear) causes_[command.queue] &= ~command.value;
  }
  void clock_event(std::uint32_t queue, std::uint32_t cause) { causes_[queue] |= cause; }

  void reset() { causes_.fill(0); }

 private:
  std::array<std::uint32_t, kQueues> causes_{};
};

}  // namespace ringproof::nic::cycle

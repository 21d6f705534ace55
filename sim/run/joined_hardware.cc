#include "sim/run/joined_hardware.h"

#include <algorithm>

namespace ringproof {

std::uint64_t JoinedHardware::horizon_ps() const {
  std::uint64_t earliest = safe_ps();
  for (const nic::Hardware* port : ports_) earliest = std::min(earliest, port->horizon_ps());
  return earliest;
}

void JoinedHardware::advance_to(std::uint64_t time_ps) {
  for (nic::Hardware* port : ports_) port->advance_to(time_ps);
  met();
}

bool JoinedHardware::quiet() const {
  if (wires_ != nullptr && !wires_->empty()) return false;
  return std::all_of(ports_.begin(), ports_.end(), [](const nic::Hardware* port) { return port->quiet(); });
}

}  // namespace ringproof

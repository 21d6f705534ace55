// joined_hardware.h: all ports of a machine as one piece of hardware.
// Role     what the host kernel asks of the hardware
// Units    [ps]
// Source   docs/decisions/0001-time-and-tasks.md
#pragma once

#include <memory>
#include <vector>

#include "model/nic/port.h"
#include "sim/host/host_kernel.h"

namespace ringproof {

class JoinedHardware final : public HardwareTime {
 public:
  void add(nic::Hardware& port) { ports_.push_back(&port); }
  std::uint64_t horizon_ps() const override;
  void advance_to(std::uint64_t time_ps) override;
  bool quiet() const;

 private:
  std::vector<nic::Hardware*> ports_;
};

}  // namespace ringproof

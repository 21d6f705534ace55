// joined_hardware.h: all ports of a machine as one piece of hardware.
// Role     what the host kernel asks of the hardware
// Units    [ps]
// Source   docs/decisions/0001-time-and-tasks.md
#pragma once

#include <memory>
#include <vector>

#include "model/nic/port.h"
#include "sim/host/host_kernel.h"
#include "sim/run/wires.h"

namespace ringproof {

class JoinedHardware final : public HardwareTime {
 public:
  void add(nic::Hardware& port) { ports_.push_back(&port); }
  std::uint64_t horizon_ps() const override;
  void advance_to(std::uint64_t time_ps) override;
  bool quiet() const;
  // Some ports send to others from now on.
  void use(Wires& wires) { wires_ = &wires; }
  // No port may go beyond this time before all have come to it; kNever without wires.
  std::uint64_t safe_ps() const { return wires_ == nullptr ? kNever : wires_->safe_ps(); }
  // All ports have come to one time.
  void met() {
    if (wires_ != nullptr) wires_->hand_over();
  }

 private:
  std::vector<nic::Hardware*> ports_;
  Wires* wires_ = nullptr;
};

}  // namespace ringproof

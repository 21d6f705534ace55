// host_module.h: the host inside the SystemC kernel.
// Role     lets the host kernel run whenever its next event is due, and the ports whenever it acted
// Units    SystemC time is simulated time; its resolution is 1 ps
// Source   docs/decisions/0001-time-and-tasks.md
#pragma once

#include <functional>
#include <vector>

#include "model/nic/kept_exception.h"
#include "model/nic/nic_module.h"
#include "model/nic/systemc.h"
#include "sim/host/host_kernel.h"

namespace ringproof {

class HostModule : public sc_core::sc_module {
 public:
  // `after_step` is called whenever the host ran; it answers the time after which the host must not go on,
  // or 0 to end the simulation.
  HostModule(sc_core::sc_module_name name, HostKernel& kernel, std::vector<nic::NicModule*> ports,
             std::function<std::uint64_t()> after_step);

  // Behind sc_start(): throws what ended the simulation from within the host.
  void rethrow() { exception_.rethrow(); }

 private:
  void process() {
    exception_.keep([this] { step(); });
  }
  void step();

  HostKernel& kernel_;
  std::vector<nic::NicModule*> ports_;
  std::function<std::uint64_t()> after_step_;
  sc_core::sc_event wake_;
  nic::KeptException exception_;
};

}  // namespace ringproof

#include "sim/replay/host_module.h"

#include <algorithm>
#include <utility>

namespace ringproof {
namespace {

std::uint64_t systemc_now_ps() { return sc_core::sc_time_stamp().value(); }

}  // namespace

HostModule::HostModule(sc_core::sc_module_name name, HostKernel& kernel, std::vector<nic::NicModule*> ports,
                       std::function<std::uint64_t()> after_step)
    : sc_module(name), kernel_(kernel), ports_(std::move(ports)), after_step_(std::move(after_step)) {
  SC_HAS_PROCESS(HostModule);
  SC_METHOD(process);
  kernel_.on_outside_event([this] { wake_.notify(sc_core::SC_ZERO_TIME); });
}

void HostModule::step() {
  std::uint64_t limit_ps = after_step_();
  if (limit_ps != 0) {
    kernel_.run_due(limit_ps);
    for (nic::NicModule* port : ports_) port->wake();
    limit_ps = after_step_();
  }
  if (limit_ps == 0) {
    sc_core::sc_stop();
    return;
  }
  const std::uint64_t next_ps = std::min(kernel_.next_due_ps(), limit_ps);
  if (next_ps == kNever) {
    next_trigger(wake_);
    return;
  }
  // An event that is due but lies beyond the hardware's horizon waits for the ports, which run up to it.
  const std::uint64_t now_ps = systemc_now_ps();
  const std::uint64_t delay_ps = next_ps > now_ps ? next_ps - now_ps : 1;
  next_trigger(sc_core::sc_time::from_value(delay_ps), wake_);
}

}  // namespace ringproof

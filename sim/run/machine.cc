#include "sim/run/machine.h"

#include <algorithm>

#include "sim/app/ring_hooks.h"

namespace ringproof {

Machine::Machine(const MachineParts& parts) : kernel_(kCpus, hardware_, parts.progress) {
  for (Tap* tap : parts.taps) taps_.add(tap);
  taps_.add(&ranges_);
  taps_.add(&handle_owners_);
  kernel_.tell_accesses(taps_);
  if (parts.faults != nullptr) {
    kernel_.set_faults(*parts.faults);
    parts.faults->connect({&kernel_, &taps_, nullptr, {}});
  }
  if (parts.wires != nullptr) {
    taps_.add(parts.wires);
    hardware_.use(*parts.wires);
  }
  std::vector<xdp::PortOfPlatform> adapters;
  for (std::uint32_t i = 0; i < parts.nic_file.ports.size(); ++i) {
    const PortSettings& settings = parts.nic_file.ports[i];
    ports_.push_back(parts.make_port(settings.nic, i, kernel_, taps_));
    hardware_.add(*ports_.back());
    drivers_.push_back(std::make_unique<driver::Driver>(
        *ports_.back(), kernel_, taps_,
        driver::DriverSettings{settings.nic.rx_ring_entries, settings.nic.tx_ring_entries, settings.polling,
                               settings.generic_forward_limit}));
    adapters.push_back({drivers_.back().get(), settings.interfaces});
  }
  if (parts.wires != nullptr) parts.wires->connect(ports_);
  platform_ = std::make_unique<xdp::Platform>(kernel_, taps_, adapters, parts.nic_file.platform);
  world_ = std::make_unique<World>(*platform_, kernel_, parts.progress, parts.uncaught, parts.seed);
  world_->ranges = &ranges_;
  world_->watchers = &taps_;
  world_->owners = &handle_owners_;
  if (parts.faults == nullptr) return;
  FaultWorld all{&kernel_, &taps_, platform_.get(), {}};
  for (const auto& driver : drivers_) all.drivers.push_back(driver.get());
  parts.faults->connect(all);
  taps_.add(parts.faults);
}

Machine::~Machine() { leave(); }

void Machine::enter() { set_current_world(world_.get()); }

void Machine::leave() {
  if (current_world == world_.get()) set_current_world(nullptr);
}

bool Machine::hardware_idle() const {
  return hardware_.quiet() &&
         std::all_of(drivers_.begin(), drivers_.end(), [](const auto& driver) { return driver->idle(); });
}

bool Machine::run(const std::function<std::uint64_t()>& after_step) {
  while (true) {
    std::uint64_t limit_ps = after_step();
    if (limit_ps == 0) return true;
    kernel_.run_due(limit_ps);
    limit_ps = after_step();
    if (limit_ps == 0) return true;
    std::uint64_t stop_ps = kernel_.next_due_ps();
    for (const auto& port : ports_) stop_ps = std::min(stop_ps, port->next_stop_ps());
    if (stop_ps == kNever && hardware_.safe_ps() == kNever) return false;
    stop_ps = std::min({stop_ps, limit_ps, hardware_.safe_ps()});
    // An event of the host that is due already waits for the hardware to come up to it.
    for (const auto& port : ports_) port->advance_to(std::max(stop_ps, port->time_ps() + 1));
    hardware_.met();
    reached_ps_ = std::max(reached_ps_, stop_ps);
  }
}

}  // namespace ringproof

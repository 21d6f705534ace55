#include "sim/run/machine.h"

#include <algorithm>
#include <chrono>

#include "sim/app/ring_hooks.h"
#include "sim/host/free_threads.h"

namespace ringproof {
namespace {

// As COALESCE and MODERATION have it, in cycles of the engine.
std::uint32_t pacing_register(const nic::Pacing& pacing, std::uint32_t clock_mhz) {
  const std::uint64_t cycles = (std::uint64_t{pacing.ns} * clock_mhz + 999) / 1000;
  return static_cast<std::uint32_t>(cycles) << 16 | pacing.frames;
}

}  // namespace

Machine::Machine(const MachineParts& parts) : kernel_(kCpus, hardware_, parts.progress) {
  for (Tap* tap : parts.taps) taps_.add(tap);
  taps_.add(&ranges_);
  taps_.add(&handle_owners_);
  kernel_.tell_accesses(taps_);
  if (parts.free) kernel_.run_freely();
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
        driver::DriverSettings{settings.nic.rx_ring_entries, settings.nic.tx_ring_entries,
                               pacing_register(settings.nic.coalesce, settings.nic.clock_mhz),
                               pacing_register(settings.nic.moderation, settings.nic.clock_mhz),
                               settings.nic.zero_copy, settings.polling, settings.generic_forward_limit}));
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

std::uint64_t Machine::furthest_ps() const {
  std::uint64_t furthest_ps = now_ps();
  for (const auto& port : ports_) furthest_ps = std::max(furthest_ps, port->time_ps());
  return furthest_ps;
}

std::uint64_t Machine::frames_begun() const {
  std::uint64_t begun = 0;
  for (const auto& port : ports_) begun += port->frames_begun();
  return begun;
}

bool Machine::run(const std::function<std::uint64_t()>& after_step) {
  while (true) {
    std::uint64_t limit_ps = after_step();
    if (limit_ps == 0) return true;
    kernel_.run_due(limit_ps);
    limit_ps = after_step();
    if (limit_ps == 0) return true;
    std::uint64_t stop_ps = next_due_ps();
    if (stop_ps == kNever && hardware_.safe_ps() == kNever) return false;
    stop_ps = std::min({stop_ps, limit_ps, hardware_.safe_ps()});
    // An event of the host that is due already waits for the hardware to come up to it.
    for (const auto& port : ports_) port->advance_to(std::max(stop_ps, port->time_ps() + 1));
    hardware_.met();
    reached_ps_ = std::max(reached_ps_, stop_ps);
  }
}

void Machine::come_together() {
  // What the hardware does until then reaches the host later; nothing in between reaches the hardware.
  hardware_.advance_to(kernel_.now_ps());
  const std::uint64_t until_ps = std::min(furthest_ps(), kernel_.next_due_ps());
  if (until_ps > kernel_.now_ps()) kernel_.idle_until(until_ps);
}

// When the next thing happens by itself, on the host or at a port.
std::uint64_t Machine::next_due_ps() const {
  std::uint64_t due_ps = kernel_.next_due_ps();
  for (const auto& port : ports_) due_ps = std::min(due_ps, port->next_stop_ps());
  return due_ps;
}

// Until something is due, or somebody has done something.
void Machine::pause_freely() {
  constexpr std::chrono::nanoseconds kWorthSleeping = std::chrono::microseconds(20);
  constexpr std::chrono::nanoseconds kLongest = std::chrono::milliseconds(1);
  FreeThreads& threads = kernel_.free_threads();
  const std::uint64_t due_ps = next_due_ps();
  kernel_.leave_as_machine();
  const std::chrono::nanoseconds left = due_ps == kNever ? kLongest : threads.clock.until(due_ps);
  if (left > kWorthSleeping) threads.sleep(std::min(left, kLongest));
  kernel_.enter_as_machine();
}

bool Machine::run_freely(const std::function<std::uint64_t()>& after_step) {
  constexpr std::uint64_t kStretchPs = 20'000'000;  // between two chances for others to come in
  FreeThreads& threads = kernel_.free_threads();
  kernel_.enter_as_machine();
  bool something_left = true;
  std::uint64_t limit_ps = 1;
  while (limit_ps != 0 && something_left) {
    threads.clock.reached(reached_ps_);  // after a stop in a debugger, too
    const std::uint64_t begin_ps = std::max(reached_ps_, next_due_ps());
    const std::uint64_t stop_ps =
        std::min(threads.clock.now_ps(), begin_ps < kNever - kStretchPs ? begin_ps + kStretchPs : kNever);
    const auto until_stop = [&] {
      limit_ps = after_step();
      return reached_ps_ >= stop_ps ? 0 : std::min(limit_ps, stop_ps);
    };
    // A thread that has not come in yet, or runs, may do anything.
    something_left = run(until_stop) || !kernel_.everybody_waits();
    reached_ps_ = std::max(reached_ps_, stop_ps);
    pause_freely();
  }
  kernel_.leave_as_machine();
  return limit_ps == 0;
}

}  // namespace ringproof

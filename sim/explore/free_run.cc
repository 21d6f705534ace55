#include "sim/explore/free_run.h"

#include "sim/replay/input_error.h"
#include "sim/run/port_maker.h"

namespace ringproof {
void refuse_what_is_not_free(const Scenario& scenario) {
  if (!scenario.faults.empty() || scenario.swarm) {
    throw InputError(
        "free-running mode: expected a scenario without faults, which are for simulated threads");
  }
  if (scenario.memory != MemoryKind::kSequential) {
    throw InputError("free-running mode: expected no memory model but that of this machine");
  }
}

FreeRun::FreeRun(const Scenario& scenario, Program& program, const std::vector<Tap*>& listeners,
                 Progress& progress, bool ends_when_quiet)
    : scenario_(scenario),
      program_(program),
      progress_(progress),
      traffic_(scenario),
      wires_(scenario.wires.empty() ? nullptr : std::make_unique<Wires>(scenario.wires)),
      accounts_(Accounts::infos_of(scenario.nic_file.configs())),
      locked_memory_(progress, LockedMemory::AtEnd::kStays),
      machine_({.nic_file = scenario.nic_file,
                .make_port = bare_ports(scenario.engine, scenario.run.seed),
                .taps = taps(listeners),
                .progress = &progress,
                .uncaught = [this](const char* what) { program_.threw(what); },
                .seed = scenario.run.seed,
                .wires = wires_.get(),
                .free = true}),
      ends_when_quiet_(ends_when_quiet) {
  RunSettings settings{scenario.run.max_time_ps, scenario.run.start_delay_ps};
  settings.ends_when_quiet = ends_when_quiet;
  run_.emplace(settings, machine_, traffic_.ports(), program, wires_.get());
  plan_operations(scenario.operations, machine_);
}

std::vector<Tap*> FreeRun::taps(const std::vector<Tap*>& listeners) {
  std::vector<Tap*> taps = {&accounts_, &locked_memory_};
  taps.insert(taps.end(), listeners.begin(), listeners.end());
  return taps;
}

// All traffic is over, and for a long time the programs have had nothing that they could wait for: they poll,
// wait for ever or compute.
bool FreeRun::stands_still(std::uint64_t now_ps) {
  constexpr std::uint64_t kStillPs = 2'000'000'000'000;
  if (!ends_when_quiet_ || !run_->traffic_over() || run_->closing() || !machine_.hardware_idle() ||
      machine_.kernel().next_due_ps() != kNever) {
    last_change_ps_ = now_ps;
  }
  return now_ps - last_change_ps_ > kStillPs;
}

std::uint64_t FreeRun::after_step() {
  progress_.beat();
  progress_.frames_done.store(machine_.port(0).frames_begun(), std::memory_order_relaxed);
  const std::uint64_t now_ps = machine_.now_ps();
  if (stands_still(now_ps)) run_->nothing_left(now_ps);
  return run_->ended() ? 0 : run_->after_step(now_ps);
}

void FreeRun::run() {
  {
    HostKernel& kernel = machine_.kernel();
    kernel.enter_as_machine();
    run_->start();
    kernel.leave_as_machine();
  }
  while (!run_->ended()) {
    if (machine_.run_freely([this] { return after_step(); })) continue;
    if (ends_when_quiet_ || run_->closing()) run_->nothing_left(machine_.now_ps());
  }
  // Threads of the programs go on, and come into the machine to stand still there.
}

RunResult FreeRun::result() const {
  RunResult result;
  result.free_running = true;
  result.engine = scenario_.engine.name();
  result.seed = scenario_.run.seed;
  result.capture_frames = captured_frames(scenario_);
  run_->fill(result);
  accounts_.fill(result);
  return result;
}

std::string FreeRun::broken_expectation(const RunResult& result) const {
  Expectations expect = scenario_.expect;
  expect.in_order = false;
  expect.buffers_leaked.reset();
  return expect.broken(result);
}

}  // namespace ringproof

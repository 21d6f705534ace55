#include "sim/explore/schedule_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "sim/app/applications.h"
#include "sim/app/locked_memory.h"
#include "sim/explore/driven_schedule.h"
#include "sim/explore/scenario_traffic.h"
#include "sim/fault/catalogue.h"
#include "sim/memory/memory_model.h"
#include "sim/monitor/monitors.h"
#include "sim/run/machine.h"
#include "sim/run/port_maker.h"
#include "sim/run/run.h"
#include "sim/run/run_faults.h"
#include "sim/run/step_limits.h"

namespace ringproof {
namespace {

// Rings of a closed socket are gone when CloseHandle() returns. Taking them away can cost a quarter of a
// short schedule, so most seeds do it at the program's next step. A program that reads them before that, with
// its own hands, is caught by one seed in eight; the first seed is one of them.
bool shuts_rings_at_once(std::uint64_t seed) { return seed % 8 == 1; }

// Leaves what struck where it can be seen when the process is gone.
class StruckCounts final : public Tap {
 public:
  explicit StruckCounts(std::uint64_t* by_id) : by_id_(by_id) {}
  void fault_struck(FaultId id, const FaultTarget&, std::uint64_t) override {
    if (by_id_ != nullptr) ++by_id_[static_cast<std::size_t>(id)];
  }

 private:
  std::uint64_t* const by_id_;
};

// Everything of one schedule, in the order in which it depends on each other.
class ScheduleRun {
 public:
  ScheduleRun(const Scenario& scenario, const ScheduleSpec& spec, const RunPlaces& places);

  void run();
  void finish_wave();
  Outcome outcome();

 private:
  std::vector<Tap*> taps();
  void watch();
  void finish_monitors(RunResult& result);
  std::uint64_t after_step();
  bool over() const { return run_->ended() || (spec_.ends_at_violation && monitors_.broken()); }
  void judge(Outcome& outcome) const;

  const Scenario& scenario_;
  const ScheduleSpec& spec_;
  const RunPlaces& places_;
  ScenarioTraffic traffic_;
  std::unique_ptr<Wires> wires_;  // null: no port sends to another
  Monitors monitors_;
  LockedMemory locked_memory_;
  StruckCounts struck_;
  std::unique_ptr<CoverageTap> coverage_;
  Applications programs_;
  DrivenSchedule schedule_;
  RunFaults faults_;
  std::optional<Run> run_;  // listens to the machine to its end, which may leave sockets open
  Machine machine_;
  StepLimits limits_;
};

ScheduleRun::ScheduleRun(const Scenario& scenario, const ScheduleSpec& spec, const RunPlaces& places)
    : scenario_(scenario),
      spec_(spec),
      places_(places),
      traffic_(scenario),
      wires_(scenario.wires.empty() ? nullptr : std::make_unique<Wires>(scenario.wires)),
      monitors_(scenario.nic_file.configs()),
      locked_memory_(places.progress, LockedMemory::AtEnd::kGoesBack),
      struck_(places.struck),
      programs_(scenario.programs),
      schedule_(spec, scenario.window_ps, places.tape),
      faults_(plan_of(scenario, spec), spec.seed, places.progress),
      machine_({scenario.nic_file, bare_ports(scenario.engine, spec.seed, places.wave_path), taps(),
                &places.progress, [this](const char* what) { programs_.threw(what); }, faults_.injector(),
                spec.seed, wires_.get()}),
      limits_(machine_.kernel(), spec.steps_max, spec.bounds) {
  const RunSettings settings{scenario.run.max_time_ps, scenario.run.start_delay_ps};
  run_.emplace(settings, machine_, traffic_.ports(), programs_, wires_.get());
  if (places.monitored) watch();
  HostKernel& kernel = machine_.kernel();
  if (places.observer != nullptr) kernel.observe(*places.observer);
  if (!shuts_rings_at_once(spec.seed)) kernel.shut_memory_late();
  plan_operations(scenario.operations, machine_);
  kernel.explore(schedule_.chooser(), scenario.window_ps);
  kernel.use_memory(make_memory(scenario.memory, schedule_.chooser(), kernel));
  schedule_.set_names([&kernel](ActorId actor) { return kernel.actor_name(actor); });
  const bool weak = scenario.memory != MemoryKind::kSequential;
  const std::uint64_t late_ps = schedule_.late_ps_max();
  if (late_ps > 0 || (weak && spec.loads_drawn)) {
    monitors_.expect_delays(late_ps + (weak ? MemoryModel::kVisibleWithinPs : 0));
  }
  if (schedule_.tracer() != nullptr) kernel.watch_accesses(*schedule_.tracer());
}

// What monitors see in other ways than by taps.
void ScheduleRun::watch() {
  monitors_.tell_first([&progress = places_.progress](const std::string& line) { progress.violated(line); });
  monitors_.watch(machine_.kernel());
  for (std::size_t i = 0; i < machine_.port_count(); ++i) monitors_.watch(machine_.port(i));
}

std::vector<Tap*> ScheduleRun::taps() {
  if (scenario_.traffic_port == 0) {
    monitors_.expect_replay(scenario_.capture, scenario_.run, scenario_.nic_file.ports.front().nic.gbps);
  }
  std::vector<Tap*> taps;
  if (places_.monitored) taps = monitors_.taps();
  taps.push_back(&locked_memory_);
  if (faults_.injector() != nullptr) taps.insert(taps.end(), {&struck_, &faults_});
  taps.insert(taps.end(), places_.listeners.begin(), places_.listeners.end());
  if (places_.coverage != nullptr) {
    coverage_ = std::make_unique<CoverageTap>(*places_.coverage);
    taps.push_back(coverage_.get());
  }
  return taps;
}

std::uint64_t ScheduleRun::after_step() {
  places_.progress.beat();
  if (places_.look) places_.look();
  const std::uint64_t frames_begun = machine_.frames_begun();
  places_.progress.frames_done.store(frames_begun, std::memory_order_relaxed);
  faults_.look(machine_.now_ps(), machine_, *run_);
  if (over()) return 0;
  if (!run_->closing()) limits_.look(monitors_.broken(), faults_.spoiled(), frames_begun);
  return run_->after_step(machine_.now_ps());
}

void ScheduleRun::run() {
  machine_.enter();
  run_->start();
  while (!over()) {
    if (machine_.run([this] { return after_step(); })) continue;
    if (after_step() != 0) run_->nothing_left(machine_.now_ps());
  }
  machine_.leave();
}

void ScheduleRun::finish_wave() {
  const auto finish = [this] { machine_.port(0).finish_wave(); };
  if (places_.problems == nullptr) {
    finish();
  } else {
    places_.problems->attempt(finish);
  }
}

void ScheduleRun::finish_monitors(RunResult& result) {
  monitors_.finish({.time_ps = run_->end_ps(), .drained = run_->drained(), .quiet = run_->quiet()},
                   machine_.port(0).frames_begun());
  monitors_.fill(result, std::nullopt);
}

Outcome ScheduleRun::outcome() {
  Outcome outcome;
  outcome.choices = schedule_.choices().asked();
  outcome.actors = schedule_.choices().actors();
  outcome.steps = machine_.kernel().steps();
  outcome.result.engine = scenario_.engine.name();
  outcome.result.own_engine = scenario_.engine.own_name();
  outcome.result.seed = spec_.seed;
  outcome.result.capture_frames = captured_frames(scenario_);
  run_->fill(outcome.result);
  outcome.result.programs = programs_.results();
  faults_.fill(outcome.result);
  if (places_.monitored) finish_monitors(outcome.result);
  judge(outcome);
  if (outcome.broke()) outcome.log = read_tape(places_.tape);
  if (spec_.findings != nullptr) {
    spec_.findings->write(spec_.number, schedule_.tracer()->findings(Reduction::kRaces));
  }
  outcome.divergence = schedule_.divergence();
  return outcome;
}

// The first that applies, gravest first.
void ScheduleRun::judge(Outcome& outcome) const {
  const RunResult& result = outcome.result;
  const Tolerance gravest = faults_.gravest();
  if (!result.violation_messages.empty()) {
    outcome.message = result.violation_messages.front();
    outcome.key = outcome.message.substr(0, outcome.message.find(' '));
  } else if (tell_problem(programs_, outcome)) {
    return;
  } else if (gravest < Tolerance::kCleanFailure && tell_exit(programs_, outcome)) {
    return;
  } else if (spec_.must_end && !result.application_ended && gravest < Tolerance::kCountedLoss &&
             (gravest == Tolerance{} || lost_by_lateness(result) == 0)) {
    outcome.key = "hang";
    outcome.message = fmt::format(
        "application {}: expected to return, as it does when nothing is delayed; {} at {} ns "
        "simulated",
        fmt::format("{}", fmt::join(names_of(scenario_.programs), ", ")),
        result.end_reason == "quiet" ? "everything waits for ever" : "it still runs", result.sim_ns);
    if (!result.waiting.empty()) outcome.message += fmt::format(": {}", fmt::join(result.waiting, "; "));
  } else if (const std::string broken = scenario_.expect.broken(result); !broken.empty()) {
    outcome.key = "expect";
    outcome.message = broken;
  }
}

}  // namespace

bool tell_problem(const Applications& programs, Outcome& outcome) {
  if (programs.problem().empty()) return false;
  outcome.unusable = programs.problem_status() == 2;
  outcome.key = "exception";
  outcome.message = programs.problem();
  return true;
}

bool tell_exit(const Applications& programs, Outcome& outcome) {
  const RunResult& result = outcome.result;
  if (result.application_status == 0) return false;
  outcome.key = fmt::format("exit {}", result.application_status);
  outcome.message = fmt::format("application {}: expected exit status 0, got {} at {} ns simulated",
                                programs.failed_name(), result.application_status, result.sim_ns);
  return true;
}

FaultPlan plan_of(const Scenario& scenario, const ScheduleSpec& spec) {
  if (spec.faults.has_value()) return *spec.faults;
  if (scenario.swarm) return draw_swarm(spec.seed, !scenario.engine.has_clock());
  return scenario.faults;
}

Outcome run_schedule(const Scenario& scenario, const ScheduleSpec& spec, const RunPlaces& places) {
  ScheduleRun run(scenario, spec, places);
  places.progress.phase = RunPhase::kSimulator;
  run.run();
  places.progress.phase = RunPhase::kWriting;
  run.finish_wave();
  return run.outcome();
}

}  // namespace ringproof

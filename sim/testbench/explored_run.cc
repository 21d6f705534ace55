#include "sim/testbench/explored_run.h"

#include <fmt/format.h>

#include <exception>
#include <utility>

#include "sim/explore/driven_schedule.h"
#include "sim/replay/input_error.h"
#include "sim/testbench/testbench_impl.h"

namespace ringproof::testbench {
namespace {

constexpr std::size_t kMessageBytesMax = 2000;  // what a person reads of one failure

// Lets the body play the machine; answers what failed in it by other means than the testbench.
std::string play(const Exploring& exploring, Testbench& machine,
                 const std::function<void(Testbench&)>& body) {
  const auto guarded = [&] {
    try {
      body(machine);
    } catch (const std::exception& problem) {
      machine.fail(fmt::format("an exception left the body: {}", problem.what()));
    }
  };
  if (exploring.collect) return exploring.collect(guarded);
  guarded();
  return {};
}

std::string message_of(const Testbench& machine, const std::string& collected) {
  std::string message = machine.failures().empty() ? std::string() : machine.failures().front();
  if (!message.empty() && !collected.empty()) message += "; ";
  return one_line(message + collected, kMessageBytesMax);
}

}  // namespace

ScheduleOutcome ExploredRun::run(const Exploring& exploring, const ScheduleSpec& spec, DecisionTape& tape,
                                 const std::function<void(Testbench&)>& body) {
  const auto window_ps = static_cast<std::uint64_t>(exploring.window.count());
  DrivenSchedule schedule(spec, window_ps, tape);
  LateChooser chooser(schedule.chooser());
  Options options = exploring.machine;
  options.seed = spec.seed;
  const ExploredSettings settings{&chooser, window_ps, schedule.late_ps_max(), exploring.steps_max};
  Testbench machine(std::make_unique<Testbench::Impl>(options, settings));
  HostKernel& kernel = machine.impl().bench().kernel();
  schedule.set_names([&kernel](ActorId actor) { return kernel.actor_name(actor); });
  if (schedule.tracer() != nullptr) kernel.watch_accesses(*schedule.tracer());
  chooser.open();

  std::vector<Handle> faults;
  for (const std::string& record : exploring.faults) faults.push_back(machine.fault(record));
  const std::string collected = play(exploring, machine, body);
  faults.clear();
  machine.finish();

  ScheduleOutcome outcome;
  outcome.message = message_of(machine, collected);
  outcome.choices = schedule.choices().asked();
  outcome.actors = schedule.choices().actors();
  outcome.hash = machine.result_hash();
  outcome.divergence = schedule.divergence();
  if (schedule.tracer() != nullptr) outcome.findings = schedule.tracer()->findings(Reduction::kRaces);
  if (outcome.message.empty()) return outcome;
  outcome.log = read_tape(tape);
  outcome.events = machine.events();
  return outcome;
}

}  // namespace ringproof::testbench

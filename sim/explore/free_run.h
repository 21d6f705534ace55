// free_run.h: a scenario in free-running mode: its programs' threads are threads of the host.
// Role     a machine, its traffic, and the thread that drives both along the wall clock
// Units    simulated time is wall time, but for what the machine cannot keep up with
// Threads  run() from one thread; programs call from theirs. A run that has ended stays in memory, because
//          threads of the program may stand in it
// Errors   a scenario that asks for what only a schedule can give (faults, memory models) -> InputError
// Source   docs/decisions/0012-free-running.md
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/base/tap.h"
#include "sim/app/locked_memory.h"
#include "sim/app/program.h"
#include "sim/explore/scenario.h"
#include "sim/explore/scenario_traffic.h"
#include "sim/monitor/accounts.h"
#include "sim/run/machine.h"
#include "sim/run/run.h"

namespace ringproof {

void refuse_what_is_not_free(const Scenario& scenario);

class FreeRun {
 public:
  // `listeners` hear what happens on ports and in sockets. Without `ends_when_quiet` it does not end because
  // nothing happens any more: a program may wait for somebody at a terminal. REQUIRES: all that is given
  // stays.
  FreeRun(const Scenario& scenario, Program& program, const std::vector<Tap*>& listeners, Progress& progress,
          bool ends_when_quiet);

  // From now on published calls of any thread act on the machine.
  void enter() { machine_.enter(); }
  // Returns when the programs have ended, or when the run is over for another reason.
  void run();
  RunResult result() const;
  // Of what the scenario expects, save what only monitors know; empty: all holds.
  std::string broken_expectation(const RunResult& result) const;

 private:
  std::vector<Tap*> taps(const std::vector<Tap*>& listeners);
  std::uint64_t after_step();
  bool stands_still(std::uint64_t now_ps);

  const Scenario& scenario_;
  Program& program_;
  Progress& progress_;
  ScenarioTraffic traffic_;
  std::unique_ptr<Wires> wires_;  // null: no port sends to another
  Accounts accounts_;
  LockedMemory locked_memory_;
  Machine machine_;
  std::optional<Run> run_;
  const bool ends_when_quiet_;
  std::uint64_t last_change_ps_ = 0;  // when something was under way last
};

}  // namespace ringproof

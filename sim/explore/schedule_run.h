// schedule_run.h: one schedule of a scenario, in this process.
// Role     builds a machine, lets a strategy or a log drive it, and judges how it ended
// Units    [ps]
// Threads  simulation thread; one at a time
// Errors   whatever the program does, short of ending the process, is an outcome
// Source   docs/explore.md
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/app/applications.h"
#include "sim/explore/coverage.h"
#include "sim/explore/scenario.h"
#include "sim/explore/schedule_spec.h"
#include "sim/host/progress.h"
#include "sim/host/task.h"
#include "sim/replay/run_result.h"
#include "sim/run/output_problems.h"
#include "sim/schedule/chooser.h"
#include "sim/schedule/decision_tape.h"

namespace ringproof {

// What shall go wrong in the run: the plan that is given, or drawn for the seed, or the scenario's.
FaultPlan plan_of(const Scenario& scenario, const ScheduleSpec& spec);

struct Outcome {
  std::string key;            // what broke, in short: "INV-33", "exit 1", "hang"; empty: nothing
  std::string message;        // one line
  bool unusable = false;      // the program cannot be loaded at all: message says why
  std::uint64_t choices = 0;  // decisions that had alternatives
  std::uint64_t actors = 0;
  std::uint64_t steps = 0;
  DecisionLog log;                        // of a run that broke
  std::optional<std::string> divergence;  // of a replayed log
  RunResult result;

  // The program crashed, ended the process or computed for ever after a fault that excuses it.
  bool excused_end = false;

  bool broke() const { return !key.empty(); }
};

// Where a run leaves what others want to see of it.
struct RunPlaces {
  Progress& progress;
  DecisionTape& tape;
  CoverageMap* coverage = nullptr;
  std::vector<Tap*> listeners{};  // hear the run besides the monitors
  TaskObserver* observer = nullptr;
  std::uint64_t* struck =
      nullptr;              // how often each fault struck, by id, even if the process ends before the run
  std::string wave_path{};  // of the first port; rtl engine only
  std::function<void()> look{};        // after every step; an exception ends the run
  OutputProblems* problems = nullptr;  // takes a waveform's end that cannot be written; null: WaveError
  bool monitored = true;  // without monitors there are no accounts, no hash and no violations: for benchmarks
};

// A program could not be loaded, or threw; one returned another status than 0. True: so it was, and the
// outcome says it.
bool tell_problem(const Applications& programs, Outcome& outcome);
bool tell_exit(const Applications& programs, Outcome& outcome);

Outcome run_schedule(const Scenario& scenario, const ScheduleSpec& spec, const RunPlaces& places);

}  // namespace ringproof

// schedule_run.h: one schedule of a scenario, in this process.
// Role     builds a machine, lets a strategy or a log drive it, and judges how it ended
// Units    [ps]
// Threads  simulation thread; one at a time
// Errors   whatever the program does, short of ending the process, is an outcome
// Source   docs/explore.md
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/explore/coverage.h"
#include "sim/explore/findings_board.h"
#include "sim/explore/scenario.h"
#include "sim/host/progress.h"
#include "sim/host/task.h"
#include "sim/memory/memory_model.h"
#include "sim/replay/run_result.h"
#include "sim/schedule/chooser.h"
#include "sim/schedule/decision_tape.h"

namespace ringproof {

// Which of all possible runs of a scenario.
struct ScheduleSpec {
  std::uint64_t seed = 1;
  StrategyKind strategy = StrategyKind::kFirstCome;
  std::uint32_t depth = 0;             // of PCT
  std::uint64_t expected_choices = 0;  // how many a run has, for PCT
  std::uint64_t steps_max = 0;         // 0: any number
  bool must_end = false;               // a program that goes on for ever has failed
  std::optional<DecisionLog> log;      // replayed, instead of the strategy
  std::optional<FaultPlan> faults;     // instead of the scenario's
  std::uint64_t number = 0;            // in its campaign
  FindingsBoard* findings = nullptr;   // where other answers that matter are told; null: nobody asks
};

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

  bool broke() const { return !key.empty(); }
};

// Where a run leaves what others want to see of it.
struct RunPlaces {
  Progress& progress;
  DecisionTape& tape;
  CoverageMap* coverage = nullptr;
  std::vector<Tap*> listeners{};  // hear the run besides the monitors
  TaskObserver* observer = nullptr;
  std::string wave_path{};  // of the first port; rtl engine only
  bool monitored = true;  // without monitors there are no accounts, no hash and no violations: for benchmarks
};

// The strategy, or the log, that drives such a run.
std::unique_ptr<Chooser> make_strategy(const ScheduleSpec& spec);
// How late stores are seen; null for sequential memory.
std::unique_ptr<MemoryModel> make_memory(MemoryKind kind, Chooser& chooser, MemoryMachine& machine);

Outcome run_schedule(const Scenario& scenario, const ScheduleSpec& spec, const RunPlaces& places);

}  // namespace ringproof

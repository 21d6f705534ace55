// schedule_spec.h: which of all possible runs of a scenario.
#pragma once

#include <cstdint>
#include <optional>

#include "sim/explore/explore_options.h"
#include "sim/explore/findings_board.h"
#include "sim/fault/fault_plan.h"
#include "sim/run/step_limits.h"
#include "sim/schedule/decision_log.h"

namespace ringproof {

struct ScheduleSpec {
  std::uint64_t seed = 1;
  StrategyKind strategy = StrategyKind::kFirstCome;
  std::uint32_t depth = 0;             // of PCT, and how many delays
  std::uint64_t expected_choices = 0;  // how many a run has, for PCT and delays
  std::uint64_t steps_max = 0;         // 0: any number
  bool loads_drawn = false;            // first-come: a weak memory shows older values all the same
  StepBounds bounds{};                 // of programs that go round for ever
  bool must_end = false;               // a program that goes on for ever has failed
  bool ends_at_violation = false;      // what comes after the first broken invariant does not matter
  std::optional<DecisionLog> log;      // replayed, instead of the strategy
  std::optional<FaultPlan> faults;     // instead of the scenario's
  bool traced = false;                 // other answers that matter are asked for
  std::uint64_t number = 0;            // in its campaign
  bool compared = false;               // see compared_run.h
  FindingsBoard* findings = nullptr;   // where other answers that matter are told; null: nobody asks
};

}  // namespace ringproof

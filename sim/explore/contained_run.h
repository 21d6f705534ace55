// contained_run.h: one schedule in a process of its own.
// Role     whatever a program does to its process, the campaign goes on
// Shapes   the child copies this process after set-up; its outcome comes back through shared memory
// Threads  the caller must be the only thread of its process
// Errors   crash, exit, stall: outcomes with a message; no process to be had -> std::runtime_error
// Source   docs/explore.md
#pragma once

#include <cstdint>

#include "sim/explore/schedule_run.h"

namespace ringproof {

class ContainedRuns {
 public:
  // `coverage` may be null; otherwise it lies in memory that processes share.
  explicit ContainedRuns(CoverageMap* coverage);
  ~ContainedRuns();
  ContainedRuns(const ContainedRuns&) = delete;
  ContainedRuns& operator=(const ContainedRuns&) = delete;

  // The program's output goes nowhere.
  Outcome run(const Scenario& scenario, const ScheduleSpec& spec);

 private:
  struct Shared;
  [[noreturn]] void run_child(const Scenario& scenario, const ScheduleSpec& spec);
  // False: it stood still and was stopped.
  bool wait_for(int process, std::uint32_t stall_seconds, int* wait_status);
  Outcome outcome_of_end(const Scenario& scenario, int wait_status, bool stalled) const;

  CoverageMap* const coverage_;
  Shared* shared_;
};

}  // namespace ringproof

// contained_run.h: one schedule in a process of its own.
// Role     whatever a program does to its process, the campaign goes on
// Shapes   the child copies this process after set-up; its outcome comes back through shared memory
// Threads  the caller must be the only thread of its process
// Errors   crash, exit, stall: outcomes with a message; no process to be had -> std::runtime_error
// Source   docs/explore.md
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

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
  // The same while `go_on` says so, which is asked about ten times a second; nothing if it was stopped.
  std::optional<Outcome> run_while(const std::function<bool()>& go_on, const Scenario& scenario,
                                   const ScheduleSpec& spec);

 private:
  struct Shared;
  [[noreturn]] void run_child(const Scenario& scenario, const ScheduleSpec& spec);
  enum class End : std::uint8_t { kByItself, kStoodStill, kStopped };
  End wait_for(int process, std::uint32_t stall_seconds, const std::function<bool()>& go_on,
               int* wait_status);
  Outcome outcome_of_end(const Scenario& scenario, int wait_status, bool stalled) const;

  CoverageMap* const coverage_;
  Shared* shared_;
};

}  // namespace ringproof

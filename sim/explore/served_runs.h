// served_runs.h: many schedules of one scenario, each process running one after the other.
// Role     a campaign's fast way: a world costs what it does, and no process of its own
// Shapes   a child copies this process, runs schedules by their numbers, and is replaced after some time,
//          when its memory has grown, or when a program ended it. An outcome that broke is never told from a
//          child that has run others before: the schedule runs again in a process of its own, and that counts
// Threads  the caller must be the only thread of its process
// Errors   crash, exit, stall: outcomes with a message; no process to be had -> std::runtime_error
// Source   docs/design/many-worlds.md
#pragma once

#include <cstdint>
#include <functional>

#include "sim/explore/contained_run.h"
#include "sim/explore/schedule_run.h"

namespace ringproof {

class ServedRuns {
 public:
  using SpecOf = std::function<ScheduleSpec(std::uint64_t schedule)>;
  using Heard = std::function<void(std::uint64_t schedule, const Outcome& outcome)>;

  static constexpr std::uint32_t kBatchMax = 32;

  // `spec_of` is called in child processes too, and depends on the number of the schedule only. `scenario`
  // and what is behind `spec_of` stay as they are. `coverage` may be null; otherwise processes share it.
  ServedRuns(const Scenario& scenario, SpecOf spec_of, CoverageMap* coverage);
  ~ServedRuns();
  ServedRuns(const ServedRuns&) = delete;
  ServedRuns& operator=(const ServedRuns&) = delete;

  // Runs `count` schedules from `first` on, and tells each outcome in order. REQUIRES: count <= kBatchMax.
  void run(std::uint64_t first, std::uint32_t count, const Heard& heard);
  // Processes that were started so far to serve.
  std::uint64_t children() const { return children_; }

 private:
  struct Shared;
  enum class End : std::uint8_t { kDone, kRetired, kBroken };

  void start_child();
  void stop_child();
  [[noreturn]] void serve(int parent_socket);
  void serve_batch();
  bool worn_out() const;
  // Lets the child run what is left of the batch.
  End serve_rest();
  Outcome outcome_at(std::uint32_t place);

  const Scenario& scenario_;
  const SpecOf spec_of_;
  CoverageMap* const coverage_;
  ContainedRuns contained_;
  Shared* shared_;
  int child_ = -1;
  int socket_ = -1;  // to the child
  std::uint64_t children_ = 0;
  std::uint64_t served_ = 0;  // in the child: schedules so far
  bool cut_short_ = false;    // in the child: the last world was left before its end
};

}  // namespace ringproof

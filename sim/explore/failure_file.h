// failure_file.h: a schedule that broke something, as a file that brings it back.
// Role     scenario, seed, decisions, faults, build and what broke; written by explore and shrink, read by
//          shrink and replay-failure
// Shapes   JSON with schema "ringproof.failure/1"; appears whole or not at all
// Errors   a file that cannot be written, read or understood -> InputError
// Source   docs/explore.md, "Failure files"
#pragma once

#include <cstdint>
#include <string>

#include "sim/explore/scenario.h"
#include "sim/explore/schedule_run.h"

namespace ringproof {

struct Failure {
  ExploreOptions options;  // what it takes to make the scenario again
  std::uint64_t seed = 0;
  bool must_end = false;
  std::uint64_t steps_max = 0;
  DecisionLog log;
  FaultPlan faults;  // the plan of this run, drawn or written
  std::string key;
  std::string message;
  std::string build;  // of the library and the application that it was found with
  std::uint64_t hash = 0;
};

void write_failure(const Failure& failure, const std::string& path);
Failure read_failure(const std::string& path);
// The list of `decisions` by itself; `name` stands for it in errors.
DecisionLog decisions_from_text(const std::string& name, const std::string& text);

// A number that changes with Ringproof's own code, with the application's, and with that of an engine that is
// not ours.
std::string build_id(const ExploreOptions& options);

// How a failure is run again.
ScheduleSpec spec_of(const Failure& failure);

}  // namespace ringproof

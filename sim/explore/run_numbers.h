// run_numbers.h: what comes back from every run that is made in another process.
// Role     plain data in memory that two processes share; text goes another way, and only when needed
// Errors   the writer may have written anything, so the reader takes nothing as an index or a length unseen
// Source   docs/design/many-worlds.md
#pragma once

#include <cstddef>
#include <cstdint>

#include "model/base/fault.h"
#include "sim/explore/schedule_run.h"

namespace ringproof {

struct RunNumbers {
  static constexpr std::size_t kInvariantsMax = 64;

  std::uint64_t choices, actors, steps, hash, sim_ns;
  std::uint32_t end_reason;
  std::int32_t status;
  bool application_ended, traffic_started;
  bool broke;
  bool has_text;  // something broke, or a replayed log did not fit
  std::uint32_t invariants;
  struct {
    std::uint64_t checked, violations;
  } counts[kInvariantsMax];
  std::uint64_t faults[kFaultIds];
};

void write_numbers(const Outcome& outcome, RunNumbers& numbers);
void read_numbers(const RunNumbers& numbers, Outcome& outcome);
// Only what struck, which is there even if the run did not come to its end.
void read_faults(const RunNumbers& numbers, Outcome& outcome);

// For a process that runs schedules: signals as they were, and the program's output goes nowhere.
void become_runner();
// As run_and_compare(), with exceptions as outcomes.
Outcome run_guarded(const Scenario& scenario, const ScheduleSpec& spec, const RunPlaces& places);

}  // namespace ringproof

// compared_run.h: a schedule, and the same once more with what must make no difference.
// Role     invariants that no single run can show: INV-07 (where ring indices begin), INV-47 (what new memory
//          holds), INV-48 (nothing at all)
// Shapes   the decisions of both runs are the same, so equal results are expected: the same hash, which
//          counts ring indices from where they began, and the same that broke
// Threads  simulation thread
// Errors   a difference is a violation in the outcome of the first run
// Source   invariants-and-faults.md, META
#pragma once

#include "sim/explore/schedule_run.h"

namespace ringproof {

// Whether what broke is found by comparing only.
bool is_found_by_comparing(const std::string& key);

// run_schedule(); when spec.compared and nothing broke, with the comparisons.
Outcome run_and_compare(const Scenario& scenario, const ScheduleSpec& spec, const RunPlaces& places);

}  // namespace ringproof

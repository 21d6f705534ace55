// campaign_result.h: what exploring came to; progress, reports and exit status are made from it.
// Role     plain values
// Units    in the names
// Source   docs/explore.md
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/replay/run_result.h"

namespace ringproof {

// One kind of failure: schedules that broke the same thing count as one.
struct FoundFailure {
  std::string key;             // "INV-33", "exit 1", "crash", "hang", "stall", "exception"
  std::string message;         // one line
  std::uint64_t schedule = 0;  // number of the first schedule that showed it
  std::uint64_t seed = 0;      // of that schedule
  std::uint64_t times = 0;     // schedules that showed it
  std::size_t decisions = 0;   // of that schedule
  std::string file;            // its failure file; empty without --out
};

struct CampaignProgress {
  std::uint64_t schedules = 0;
  std::uint64_t schedules_planned = 0;  // 0: as many as the time allows
  double elapsed_s = 0;                 // wall
  std::uint64_t coverage = 0;           // different situations seen
  std::uint64_t failed_schedules = 0;
  std::size_t failures = 0;  // different ones
};

struct CampaignResult {
  std::string title;     // of the scenario, or the capture's name and the application's
  std::string strategy;  // "random", "pct", …
  std::string engine;
  std::string memory;
  std::uint64_t seed = 0;  // of the first schedule
  std::uint64_t schedules = 0;
  std::uint64_t failed_schedules = 0;
  std::uint64_t excused_ends = 0;   // the program crashed, after a fault that excuses it
  std::uint64_t campaign_hash = 0;  // of the hashes of all schedules; the same for any number of workers
  std::uint64_t coverage = 0;
  std::uint64_t steps = 0;           // of all schedules
  std::uint64_t baseline_steps = 0;  // of the first-come schedule: decisions with alternatives
  std::uint64_t baseline_actors = 0;
  double certified = 0;  // PCT: the least probability with which a bug of this depth was found; 0: no bound
  std::uint32_t depth = 0;
  bool complete = false;     // bounded: every schedule within the bound was run
  bool out_of_time = false;  // ended by --time
  bool stopped = false;      // ended by a signal
  double wall_s = 0;
  std::vector<InvariantResult> invariants;      // summed over all schedules; checked 0: never put to the test
  std::map<std::string, std::uint64_t> faults;  // by id, how often they struck; only those that did
  std::map<std::string, std::uint64_t> struck_in;        // by id, in how many schedules
  std::map<std::string, std::uint64_t> struck_together;  // by two classes, "LNK DMA", in how many schedules
  std::vector<FoundFailure> failures;                    // in order of their first schedule
};

}  // namespace ringproof

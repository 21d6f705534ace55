// scenario.h: what every schedule of a campaign has in common.
// Role     the files of a scenario, read once, before anything runs
// Errors   a file that cannot be used -> InputError
// Source   docs/explore.md
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/app/program_spec.h"
#include "sim/explore/explore_options.h"
#include "sim/fault/fault_plan.h"
#include "sim/replay/capture.h"
#include "sim/replay/nic_file.h"
#include "sim/run/switchboard.h"
#include "sim/scenario/expectations.h"
#include "sim/scenario/further_traffic.h"
#include "sim/scenario/operations.h"

namespace ringproof {

struct Scenario {
  std::string title;
  ReplayOptions run;  // its seed, folder and waveform mean nothing here
  EngineChoice engine = EngineKind::kFunctional;
  MemoryKind memory = MemoryKind::kSequential;
  std::uint64_t window_ps = 0;
  FaultPlan faults;
  bool swarm = false;                 // the seed of each schedule draws a plan instead
  std::vector<ProgramSpec> programs;  // each has a name
  NicFile nic_file;
  Capture capture;                                // those of its frames that come
  std::optional<std::uint32_t> traffic_port = 0;  // from 0; none: no traffic
  std::vector<FurtherTraffic> further_traffic{};
  std::vector<WirePlan> wires{};
  std::vector<PlannedOperation> operations{};
  Expectations expect{};
};

Scenario read_scenario(const ExploreOptions& options);
// Every file that a run comes from, as it was named: for OutputGuard.
std::vector<std::string> inputs_of(const ExploreOptions& options, const Scenario& scenario);

}  // namespace ringproof

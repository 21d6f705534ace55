// scenario_file.h: reads a scenario file: everything that makes a run, as data.
// Role     JSON with schema "ringproof.scenario/1" -> NIC, traffic, application, schedules, faults,
//          operations and expectations; "why" is allowed in every object, and read by people only
// Shapes   1 to 16 applications; paths are relative to the file
// Errors   InputError with file, JSON pointer, what was expected and what was got
// Source   docs/scenario-file.md
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

// Behind the path of a scenario file, where a fault plan is named: the one that is written in it.
constexpr const char* kFaultsInside = "#/faults";

struct ScenarioFile {
  std::string title;
  ExploreOptions options;             // what the file says of run, engine, memory, schedules and faults
  std::vector<ProgramSpec> programs;  // the first is that of `options` too
  NicFile nic_file;
  Capture capture;                            // read, or generated
  std::optional<std::uint32_t> traffic_port;  // from 0: where it comes to; none: no traffic
  std::vector<FurtherTraffic> further_traffic;
  std::vector<WirePlan> wires;
  std::vector<PlannedOperation> operations;
  Expectations expect;
};

ScenarioFile read_scenario_file(const std::string& path);
// Leaves the frames of these numbers, from 1; without a list all of them.
void keep_frames(const std::optional<std::vector<std::uint32_t>>& frames, const std::string& path,
                 Capture& capture);
// The plan of ExploreOptions::faults for this machine: a file of its own, or part of a scenario file.
FaultPlan read_faults(const std::string& path, const EngineChoice& engine, const NicFile& nic_file);

// Options of a command that named a scenario file: the file's, save what the command line gave
// (ExploreOptions::given), or what differs from the defaults.
ExploreOptions with_scenario_file(const ExploreOptions& asked);

}  // namespace ringproof

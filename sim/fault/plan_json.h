// plan_json.h: fault plans as JSON, from a file, and to and from a failure file.
// Role     the grammar of docs/faults.md, for the machine at hand; whatever is wrong is refused with its place
//          and what was expected
// Errors   InputError
// Source   docs/faults.md
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sim/fault/fault_plan.h"
#include "sim/replay/nic_file.h"

namespace ringproof {

// What the plan is to run on.
struct PlanMachine {
  bool functional = false;
  const NicFile* nic_file = nullptr;  // null: read elsewhere, and expect_fits() asks later
};

FaultPlan read_fault_plan(const std::string& path, const PlanMachine& machine);
FaultPlan plan_from_text(const std::string& path, const std::string& text, const PlanMachine& machine);
// Refuses a port or a queue that this machine has not: no fault would ever strike there. `place` is that of
// the list in `path`.
void expect_fits(const FaultPlan& plan, const NicFile& nic_file, const std::string& path,
                 const std::string& place);
// One record by itself; `name` stands for it in errors.
FaultRecord record_from_text(const std::string& name, const std::string& text, const PlanMachine& machine);

nlohmann::json to_json(const std::vector<FaultRecord>& records);
nlohmann::json to_json(const FaultPlan& plan);
// `path` and `place` name the JSON in errors: "failure-7.json", "/faults".
FaultPlan plan_from_json(const nlohmann::json& json, const std::string& path, const std::string& place,
                         const PlanMachine& machine);

// A plan that is part of something else, so without a schema of its own; or only its list of faults.
FaultPlan plan_within(const nlohmann::json& json, const std::string& path, const std::string& place,
                      const PlanMachine& machine);

}  // namespace ringproof

// outcome_json.h: outcomes and logs as text, between processes and in failure files.
// Role     writes and reads what cannot be told in numbers
// Shapes   a decision is {"at": actor, "n": number, "run": actor} or
//          {"memory": actor, "n": number, "value": v}
// Errors   reading: text that is not of this shape -> nlohmann's exceptions
// Source   docs/explore.md
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "sim/explore/schedule_run.h"

namespace ringproof {

nlohmann::json to_json(const DecisionLog& log);
DecisionLog log_from_json(const nlohmann::json& json);

// Everything of an outcome but its numbers and its log.
nlohmann::json to_json(const Outcome& outcome);
void add_from_json(const nlohmann::json& json, Outcome& outcome);

// What a failure is made of: what broke, the log, and the hash.
nlohmann::json broken_to_json(const Outcome& outcome);
Outcome broken_from_json(const nlohmann::json& json);

// One line, whatever the texts hold.
std::string one_line_of(const nlohmann::json& json);

}  // namespace ringproof

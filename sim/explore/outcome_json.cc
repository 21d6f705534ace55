#include "sim/explore/outcome_json.h"

namespace ringproof {
namespace {

using Json = nlohmann::json;

Decision decision_from_json(const Json& json) {
  Decision decision;
  decision.number = json.at("n").get<std::uint32_t>();
  if (json.contains("memory")) {
    decision.kind = DecisionKind::kMemory;
    decision.at = json.at("memory").get<std::string>();
    decision.value = json.at("value").get<std::uint32_t>();
  } else {
    decision.at = json.at("at").get<std::string>();
    decision.run = json.at("run").get<std::string>();
  }
  return decision;
}

}  // namespace

Json to_json(const DecisionLog& log) {
  Json list = Json::array();
  for (const Decision& decision : log) {
    if (decision.kind == DecisionKind::kSchedule) {
      list.push_back({{"at", decision.at}, {"n", decision.number}, {"run", decision.run}});
    } else {
      list.push_back({{"memory", decision.at}, {"n", decision.number}, {"value", decision.value}});
    }
  }
  return list;
}

DecisionLog log_from_json(const Json& json) {
  DecisionLog log;
  for (const Json& each : json) log.push_back(decision_from_json(each));
  return log;
}

Json to_json(const Outcome& outcome) {
  Json json = {{"key", outcome.key}, {"message", outcome.message}, {"unusable", outcome.unusable}};
  if (outcome.divergence.has_value()) json["divergence"] = *outcome.divergence;
  return json;
}

void add_from_json(const Json& json, Outcome& outcome) {
  outcome.key = json.at("key").get<std::string>();
  outcome.message = json.at("message").get<std::string>();
  outcome.unusable = json.at("unusable").get<bool>();
  if (json.contains("divergence")) outcome.divergence = json.at("divergence").get<std::string>();
}

Json broken_to_json(const Outcome& outcome) {
  return {{"key", outcome.key},
          {"message", outcome.message},
          {"hash", outcome.result.result_hash},
          {"decisions", to_json(outcome.log)}};
}

Outcome broken_from_json(const Json& json) {
  Outcome outcome;
  outcome.key = json.at("key").get<std::string>();
  outcome.message = json.at("message").get<std::string>();
  outcome.result.result_hash = json.at("hash").get<std::uint64_t>();
  outcome.log = log_from_json(json.at("decisions"));
  return outcome;
}

std::string one_line_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace ringproof

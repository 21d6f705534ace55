#include "sim/fault/plan_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <utility>

#include "sim/fault/catalogue.h"
#include "sim/replay/input_error.h"

namespace ringproof {
namespace {

using nlohmann::json;

constexpr const char* kPlanSchema = "ringproof.faults/1";
constexpr std::uint64_t kAnyNumber = std::numeric_limits<std::int64_t>::max();
constexpr std::uint32_t kTxVectors = 64;
constexpr std::size_t kRecordsMax = 1000;
constexpr std::array<const char*, 4> kRingNames = {"FILL", "RX", "TX", "COMPLETION"};

std::string shown(const json& value) {
  return one_line(value.dump(-1, ' ', false, json::error_handler_t::replace), 60);
}

// One object of a plan.
class Object {
 public:
  Object(const std::string& path, std::string place, const json& object)
      : path_(path), place_(std::move(place)), object_(object) {
    if (!object_.is_object()) fail("", "an object", shown(object_));
  }

  [[noreturn]] void fail(const std::string& key, const std::string& expected, const std::string& got) const {
    const std::string where = place_ + (key.empty() ? "" : "/") + key;
    throw InputError(
        fmt::format("{}: {}{}expected {}, got {}", path_, where, where.empty() ? "" : ": ", expected, got));
  }
  const json* find(const std::string& key) {
    known_.push_back(key);
    const auto found = object_.find(key);
    return found == object_.end() ? nullptr : &*found;
  }
  bool has(const std::string& key) { return find(key) != nullptr; }
  std::uint64_t whole(const std::string& key, std::uint64_t least, std::uint64_t most,
                      std::uint64_t otherwise) {
    const json* value = find(key);
    if (value == nullptr) return otherwise;
    const bool good = value->is_number_unsigned() && value->get<std::uint64_t>() >= least &&
                      value->get<std::uint64_t>() <= most;
    if (good) return value->get<std::uint64_t>();
    fail(key,
         most == kAnyNumber ? fmt::format("a whole number from {} on", least)
                            : fmt::format("a whole number from {} to {}", least, most),
         shown(*value));
  }
  std::string text(const std::string& key, const std::string& expected) {
    const json* value = find(key);
    if (value == nullptr) fail(key, expected, "none");
    if (!value->is_string()) fail(key, expected, shown(*value));
    return value->get<std::string>();
  }
  template <typename Names>
  std::size_t word(const std::string& key, const Names& names) {
    const std::string expected = fmt::format("{}", fmt::join(names, ", "));
    const std::string found = text(key, expected);
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (found == names[i]) return i;
    }
    fail(key, expected, shown(found) + did_you_mean(found, {names.begin(), names.end()}));
  }
  void refuse_other_keys() const {
    for (const auto& [key, value] : object_.items()) {
      if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
      throw InputError(fmt::format("{}: {}/{}: expected a key of docs/faults.md, got an unknown one{}", path_,
                                   place_, one_line(key, 60), did_you_mean(key, known_)));
    }
  }
  Object object(const std::string& key) {
    const json* value = find(key);
    if (value == nullptr) fail(key, "an object", "none");
    return {path_, place_ + "/" + key, *value};
  }

 private:
  const std::string path_;
  const std::string place_;
  const json& object_;
  std::vector<std::string> known_;
};

FaultTrigger read_trigger(Object trigger) {
  FaultTrigger result;
  using Kind = FaultTrigger::Kind;
  if (const json* rate = trigger.find("rate")) {
    if (!rate->is_number() || !(rate->get<double>() > 0 && rate->get<double>() <= 1)) {
      trigger.fail("rate", "a number above 0 and up to 1", shown(*rate));
    }
    result.kind = Kind::kRate;
    result.rate = rate->get<double>();
  } else if (trigger.has("step")) {
    result.kind = Kind::kStep;
    result.number = trigger.whole("step", 0, kAnyNumber, 0);
  } else if (trigger.has("time_ns")) {
    result.kind = Kind::kTime;
    result.number = trigger.whole("time_ns", 0, kAnyNumber, 0);
  } else if (trigger.has("cycle")) {
    result.kind = Kind::kCycle;
    result.number = trigger.whole("cycle", 0, kAnyNumber, 0);
  } else if (trigger.has("event")) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < static_cast<std::size_t>(FaultEvent::kCount); ++i) {
      names.emplace_back(fault_event_name(static_cast<FaultEvent>(i)));
    }
    result.kind = Kind::kEvent;
    result.event = static_cast<FaultEvent>(trigger.word("event", names));
    result.number = trigger.whole("nth", 1, kAnyNumber, 1);
  } else if (trigger.has("ring")) {
    result.kind = Kind::kState;
    result.ring = static_cast<RingKind>(trigger.word("ring", kRingNames));
    result.full = trigger.word("is", std::array<const char*, 2>{"empty", "full"}) == 1;
  } else {
    trigger.fail("", "rate, step, time_ns, cycle, event or ring", "none of them");
  }
  trigger.refuse_other_keys();
  return result;
}

// "rx0" or "tx3", as the vector of the queue.
std::uint32_t read_queue(Object& target) {
  if (!target.has("queue")) return FaultTarget::kAny;
  constexpr const char* kExpected = "\"rx0\" to \"rx63\" or \"tx0\" to \"tx63\"";
  const std::string name = target.text("queue", kExpected);
  const bool tx = name.rfind("tx", 0) == 0;
  const std::string digits = name.size() > 2 ? name.substr(2) : "";
  const bool good = (tx || name.rfind("rx", 0) == 0) && (digits.size() == 1 || digits.size() == 2) &&
                    digits.find_first_not_of("0123456789") == std::string::npos &&
                    std::stoul(digits) < kTxVectors;
  if (!good) target.fail("queue", kExpected, shown(name));
  return static_cast<std::uint32_t>(std::stoul(digits)) + (tx ? kTxVectors : 0);
}

void read_target(Object target, FaultRecord& record) {
  if (target.has("port")) record.target.port = static_cast<std::uint32_t>(target.whole("port", 1, 8, 1) - 1);
  record.target.queue = read_queue(target);
  record.target.socket = target.whole("socket", 0, kAnyNumber, FaultTarget::kAny);
  if (target.has("ring")) record.target.ring = static_cast<std::uint32_t>(target.word("ring", kRingNames));
  if (target.has("actor")) record.actor = target.text("actor", "the name of a task");
  target.refuse_other_keys();
}

void read_parameters(Object parameters, const FaultInfo& info, FaultRecord& record) {
  if (!info.kinds.empty() && parameters.has("kind")) {
    record.kind = static_cast<std::uint32_t>(parameters.word("kind", info.kinds));
  }
  const auto number = [&parameters](const FaultParameter& parameter, std::uint64_t& value) {
    if (parameter.name == nullptr) return;
    value = parameters.whole(parameter.name, parameter.least, parameter.most, value);
  };
  number(info.amount, record.amount);
  number(info.extent, record.extent);
  parameters.refuse_other_keys();
}

FaultId read_id(Object& object, const PlanEngine& engine) {
  const std::string name = object.text("id", "an id of docs/faults.md");
  const std::optional<FaultId> id = find_fault(name);
  if (!id.has_value()) object.fail("id", "an id of docs/faults.md", shown(name));
  const FaultInfo& info = fault_info(*id);
  const char* reason = info.nowhere;
  if (reason == nullptr && engine.functional) reason = info.not_functional;
  if (reason != nullptr) {
    object.fail("id", engine.functional ? "a fault that the functional engine can have" : "a fault of a run",
                fmt::format("{}: {}", name, reason));
  }
  return *id;
}

FaultRecord read_record(Object object, const PlanEngine& engine) {
  const FaultId id = read_id(object, engine);
  FaultRecord record = fault_record(id, read_trigger(object.object("trigger")));
  if (object.has("target")) read_target(object.object("target"), record);
  if (object.has("parameters")) read_parameters(object.object("parameters"), fault_info(id), record);
  record.times = object.whole("times", 0, kAnyNumber, record.times);
  constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
  record.stream = static_cast<std::uint32_t>(object.whole("stream", 0, kNone - 1, kNone));
  object.refuse_other_keys();
  return record;
}

// Records that do not say which stream they draw from take the first one that is free for their id.
void number_streams(std::vector<FaultRecord>& records) {
  for (FaultRecord& record : records) {
    if (record.stream != std::numeric_limits<std::uint32_t>::max()) continue;
    record.stream = 0;
    const auto taken = [&] {
      return std::any_of(records.begin(), records.end(), [&](const FaultRecord& other) {
        return &other != &record && other.id == record.id && other.stream == record.stream;
      });
    };
    while (taken()) ++record.stream;
  }
}

json trigger_json(const FaultTrigger& trigger) {
  switch (trigger.kind) {
    case FaultTrigger::Kind::kRate:
      return {{"rate", trigger.rate}};
    case FaultTrigger::Kind::kStep:
      return {{"step", trigger.number}};
    case FaultTrigger::Kind::kTime:
      return {{"time_ns", trigger.number}};
    case FaultTrigger::Kind::kCycle:
      return {{"cycle", trigger.number}};
    case FaultTrigger::Kind::kEvent:
      return {{"event", fault_event_name(trigger.event)}, {"nth", trigger.number}};
    default:
      return {{"ring", kRingNames[static_cast<std::size_t>(trigger.ring)]},
              {"is", trigger.full ? "full" : "empty"}};
  }
}

json target_json(const FaultRecord& record) {
  json target = json::object();
  const FaultTarget& at = record.target;
  if (at.port != FaultTarget::kAny) target["port"] = at.port + 1;
  if (at.queue != FaultTarget::kAny) {
    target["queue"] =
        at.queue >= kTxVectors ? fmt::format("tx{}", at.queue - kTxVectors) : fmt::format("rx{}", at.queue);
  }
  if (at.socket != FaultTarget::kAny) target["socket"] = at.socket;
  if (at.ring != FaultTarget::kAny) target["ring"] = kRingNames[at.ring];
  if (!record.actor.empty()) target["actor"] = record.actor;
  return target;
}

json record_json(const FaultRecord& record) {
  const FaultInfo& info = fault_info(record.id);
  json parameters = json::object();
  if (record.kind.has_value()) parameters["kind"] = info.kinds[*record.kind];
  if (info.amount.name != nullptr) parameters[info.amount.name] = record.amount;
  if (info.extent.name != nullptr) parameters[info.extent.name] = record.extent;
  json result = {{"id", info.id},
                 {"trigger", trigger_json(record.trigger)},
                 {"times", record.times},
                 {"stream", record.stream}};
  if (const json target = target_json(record); !target.empty()) result["target"] = target;
  if (!parameters.empty()) result["parameters"] = parameters;
  return result;
}

}  // namespace

namespace {

std::vector<FaultRecord> read_records(const json& list, const std::string& path, const std::string& place,
                                      const PlanEngine& engine) {
  if (!list.is_array() || list.size() > kRecordsMax) {
    throw InputError(fmt::format("{}: {}: expected a list of at most {} faults, got {}", path, place,
                                 kRecordsMax, shown(list)));
  }
  std::vector<FaultRecord> records;
  for (std::size_t i = 0; i < list.size(); ++i) {
    records.push_back(read_record({path, fmt::format("{}/{}", place, i), list[i]}, engine));
  }
  number_streams(records);
  return records;
}

FaultPlan read_plan(Object object, const std::string& path, const std::string& place,
                    const PlanEngine& engine) {
  FaultPlan plan;
  plan.heal_ns = object.whole("heal_ns", 0, kAnyNumber, 0);
  const json* faults = object.find("faults");
  object.refuse_other_keys();
  plan.records = read_records(faults == nullptr ? json() : *faults, path, place + "/faults", engine);
  return plan;
}

json parse(const std::string& path, const std::string& text) {
  try {
    return json::parse(text);
  } catch (const json::parse_error& error) {
    const std::size_t at = std::min(text.size(), error.byte > 0 ? error.byte - 1 : 0);
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    throw InputError(fmt::format("{}: line {}: expected JSON, got something else", path, line));
  }
}

}  // namespace

FaultPlan plan_from_json(const json& value, const std::string& path, const std::string& place,
                         const PlanEngine& engine) {
  Object object(path, place, value);
  const json* schema = object.find("schema");
  if (schema == nullptr || *schema != kPlanSchema) {
    object.fail("schema", fmt::format("\"{}\"", kPlanSchema), schema == nullptr ? "none" : shown(*schema));
  }
  return read_plan(std::move(object), path, place, engine);
}

FaultPlan plan_within(const json& value, const std::string& path, const std::string& place,
                      const PlanEngine& engine) {
  if (value.is_array()) return {read_records(value, path, place, engine), 0};
  return read_plan({path, place, value}, path, place, engine);
}

FaultPlan plan_from_text(const std::string& path, const std::string& text, const PlanEngine& engine) {
  return plan_from_json(parse(path, text), path, "", engine);
}

FaultRecord record_from_text(const std::string& name, const std::string& text, const PlanEngine& engine) {
  return read_records(json::array({parse(name, text)}), name, "", engine).front();
}

FaultPlan read_fault_plan(const std::string& path, const PlanEngine& engine) {
  std::ifstream file(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) {
    throw InputError(
        fmt::format("{}: expected a fault plan that can be read, got: {}", path, std::strerror(errno)));
  }
  return plan_from_text(path, text, engine);
}

json to_json(const std::vector<FaultRecord>& records) {
  json list = json::array();
  for (const FaultRecord& record : records) list.push_back(record_json(record));
  return list;
}

json to_json(const FaultPlan& plan) {
  return {{"schema", kPlanSchema}, {"heal_ns", plan.heal_ns}, {"faults", to_json(plan.records)}};
}

}  // namespace ringproof

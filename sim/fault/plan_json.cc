#include "sim/fault/plan_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "sim/fault/catalogue.h"
#include "sim/replay/json_reader.h"

namespace ringproof {
namespace {

using nlohmann::json;

constexpr const char* kPlanSchema = "ringproof.faults/1";
constexpr std::uint64_t kAnyNumber = std::numeric_limits<std::int64_t>::max();
// The simulator counts picoseconds in 64 bits.
constexpr std::uint64_t kNanosecondsMax = std::numeric_limits<std::uint64_t>::max() / 1000;
constexpr std::uint64_t kCyclesMax = kNanosecondsMax / 4;
constexpr std::uint32_t kTxVectors = 64;
constexpr std::size_t kRecordsMax = 1000;
constexpr std::array<const char*, 4> kRingNames = {"FILL", "RX", "TX", "COMPLETION"};

// One object of a plan.
class Object : public ObjectReader {
 public:
  Object(const std::string& path, std::string place, const json& object)
      : ObjectReader(path, std::move(place), object, "docs/faults.md") {
    if (!object_.is_object()) fail("", "an object", object_);
  }

  using ObjectReader::fail;
  using ObjectReader::find;
  using ObjectReader::refuse;
  using ObjectReader::refuse_other_keys;

  bool has(const std::string& key) { return find(key) != nullptr; }
  std::uint64_t whole(const std::string& key, std::uint64_t least, std::uint64_t most,
                      std::uint64_t otherwise) {
    whole64(key, least, most, otherwise);
    return otherwise;
  }
  std::string text(const std::string& key, const std::string& expected) {
    const json* value = find(key);
    if (value == nullptr) refuse(key, expected, "none");
    if (!value->is_string()) fail(key, expected, *value);
    return value->get<std::string>();
  }
  template <typename Names>
  std::size_t word(const std::string& key, const Names& names) {
    const std::vector<std::string> known(names.begin(), names.end());
    if (!has(key)) refuse(key, fmt::format("{}", fmt::join(known, ", ")), "none");
    return ObjectReader::word(key, known, 0);
  }
  Object object(const std::string& key) {
    const json* value = find(key);
    if (value == nullptr) refuse(key, "an object", "none");
    return {path_, place_ + "/" + key, *value};
  }
};

constexpr std::array<const char*, 6> kTriggers = {"rate", "step", "time_ns", "cycle", "event", "ring"};
constexpr const char* kTriggersInWords = "rate, step, time_ns, cycle, event or ring";

// One of them, and beside it only what belongs to it.
void expect_one_trigger(Object& trigger) {
  std::vector<std::string> found;
  for (const char* key : kTriggers) {
    if (trigger.has(key)) found.emplace_back(key);
  }
  if (found.size() > 1) {
    trigger.refuse("", fmt::format("only one of {}", kTriggersInWords),
                   fmt::format("{}", fmt::join(found, " and ")));
  }
  if (found.empty()) trigger.refuse("", kTriggersInWords, "none of them");
  for (const auto& [key, whose] : {std::pair("nth", "event"), {"is", "ring"}}) {
    if (!trigger.has(key) || found.front() == whose) continue;
    trigger.refuse(key, fmt::format("it beside {} only", whose), fmt::format("it beside {}", found.front()));
  }
}

FaultTrigger read_trigger(Object trigger) {
  expect_one_trigger(trigger);
  FaultTrigger result;
  using Kind = FaultTrigger::Kind;
  if (const json* rate = trigger.find("rate")) {
    if (!rate->is_number() || !(rate->get<double>() > 0 && rate->get<double>() <= 1)) {
      trigger.fail("rate", "a number above 0 and up to 1", *rate);
    }
    result.kind = Kind::kRate;
    result.rate = rate->get<double>();
  } else if (trigger.has("step")) {
    result.kind = Kind::kStep;
    result.number = trigger.whole("step", 0, kAnyNumber, 0);
  } else if (trigger.has("time_ns")) {
    result.kind = Kind::kTime;
    result.number = trigger.whole("time_ns", 0, kNanosecondsMax, 0);
  } else if (trigger.has("cycle")) {
    result.kind = Kind::kCycle;
    result.number = trigger.whole("cycle", 0, kCyclesMax, 0);
  } else if (trigger.has("event")) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < static_cast<std::size_t>(FaultEvent::kCount); ++i) {
      names.emplace_back(fault_event_name(static_cast<FaultEvent>(i)));
    }
    result.kind = Kind::kEvent;
    result.event = static_cast<FaultEvent>(trigger.word("event", names));
    result.number = trigger.whole("nth", 1, kAnyNumber, 1);
  } else {
    result.kind = Kind::kState;
    result.ring = static_cast<RingKind>(trigger.word("ring", kRingNames));
    result.full = trigger.word("is", std::array<const char*, 2>{"empty", "full"}) == 1;
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
  if (!good) target.fail("queue", kExpected, name);
  return static_cast<std::uint32_t>(std::stoul(digits)) + (tx ? kTxVectors : 0);
}

std::string queue_name(std::uint32_t queue) {
  return queue >= kTxVectors ? fmt::format("tx{}", queue - kTxVectors) : fmt::format("rx{}", queue);
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

FaultId read_id(Object& object, const PlanMachine& machine) {
  const std::string name = object.text("id", "an id of docs/faults.md");
  const std::optional<FaultId> id = find_fault(name);
  if (!id.has_value()) object.fail("id", "an id of docs/faults.md", name);
  const FaultInfo& info = fault_info(*id);
  const char* reason = info.nowhere;
  if (reason == nullptr && machine.functional) reason = info.not_functional;
  if (reason != nullptr) {
    object.refuse("id",
                  machine.functional ? "a fault that the functional engine can have" : "a fault of a run",
                  fmt::format("{}: {}", name, reason));
  }
  return *id;
}

FaultRecord read_record(Object object, const PlanMachine& machine) {
  const FaultId id = read_id(object, machine);
  FaultRecord record = fault_record(id, read_trigger(object.object("trigger")));
  if (object.has("target")) read_target(object.object("target"), record);
  if (object.has("parameters")) read_parameters(object.object("parameters"), fault_info(id), record);
  record.times = object.whole("times", 0, kAnyNumber, record.times);
  constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
  record.stream = static_cast<std::uint32_t>(object.whole("stream", 0, kNone - 1, kNone));
  object.refuse_other_keys();
  return record;
}

std::string queues_of(std::uint32_t rx_queues, std::uint32_t tx_queues) {
  return fmt::format("\"rx0\" to \"rx{}\" or \"tx0\" to \"tx{}\"", rx_queues - 1, tx_queues - 1);
}

void expect_fits(const FaultRecord& record, const NicFile& nic_file, const std::string& path,
                 const std::string& place) {
  const std::vector<PortSettings>& ports = nic_file.ports;
  const FaultTarget& target = record.target;
  const bool any_port = target.port == FaultTarget::kAny;
  if (!any_port && target.port >= ports.size()) {
    refuse_at(path, place + "/target/port", fmt::format("a port from 1 to {}", ports.size()),
              fmt::format("{}", target.port + 1));
  }
  if (target.queue == FaultTarget::kAny) return;
  std::uint32_t rx_queues = 0;
  std::uint32_t tx_queues = 0;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    if (!any_port && i != target.port) continue;
    rx_queues = std::max(rx_queues, ports[i].nic.rx_queues);
    tx_queues = std::max(tx_queues, ports[i].nic.tx_queues);
  }
  const bool tx = target.queue >= kTxVectors;
  if (tx ? target.queue - kTxVectors < tx_queues : target.queue < rx_queues) return;
  const std::string whose = any_port ? "a port" : fmt::format("port {}", target.port + 1);
  refuse_at(path, place + "/target/queue",
            fmt::format("a queue of {}, {}", whose, queues_of(rx_queues, tx_queues)),
            fmt::format("\"{}\"", queue_name(target.queue)));
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
  if (at.queue != FaultTarget::kAny) target["queue"] = queue_name(at.queue);
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
                                      const PlanMachine& machine) {
  if (!list.is_array() || list.size() > kRecordsMax) {
    const std::string got = list.is_array() ? fmt::format("{} of them", list.size()) : shown(list);
    refuse_at(path, place, fmt::format("a list of at most {} faults", kRecordsMax), got);
  }
  std::vector<FaultRecord> records;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string at = fmt::format("{}/{}", place, i);
    records.push_back(read_record({path, at, list[i]}, machine));
    if (machine.nic_file != nullptr) expect_fits(records.back(), *machine.nic_file, path, at);
  }
  number_streams(records);
  return records;
}

FaultPlan read_plan(Object object, const std::string& path, const std::string& place,
                    const PlanMachine& machine) {
  FaultPlan plan;
  plan.heal_ns = object.whole("heal_ns", 0, kNanosecondsMax, 0);
  const json* faults = object.find("faults");
  object.refuse_other_keys();
  if (faults == nullptr)
    object.refuse("faults", fmt::format("a list of at most {} faults", kRecordsMax), "none");
  plan.records = read_records(*faults, path, place + "/faults", machine);
  return plan;
}

}  // namespace

FaultPlan plan_from_json(const json& value, const std::string& path, const std::string& place,
                         const PlanMachine& machine) {
  Object object(path, place, value);
  const json* schema = object.find("schema");
  if (schema == nullptr || *schema != kPlanSchema) {
    object.refuse("schema", fmt::format("\"{}\"", kPlanSchema), schema == nullptr ? "none" : shown(*schema));
  }
  return read_plan(std::move(object), path, place, machine);
}

FaultPlan plan_within(const json& value, const std::string& path, const std::string& place,
                      const PlanMachine& machine) {
  if (value.is_array()) return {read_records(value, path, place, machine), 0};
  return read_plan({path, place, value}, path, place, machine);
}

FaultPlan plan_from_text(const std::string& path, const std::string& text, const PlanMachine& machine) {
  return plan_from_json(parse_json(path, text), path, "", machine);
}

void expect_fits(const FaultPlan& plan, const NicFile& nic_file, const std::string& path,
                 const std::string& place) {
  for (std::size_t i = 0; i < plan.records.size(); ++i) {
    expect_fits(plan.records[i], nic_file, path, fmt::format("{}/{}", place, i));
  }
}

FaultRecord record_from_text(const std::string& name, const std::string& text, const PlanMachine& machine) {
  const json record = parse_json(name, text);
  std::vector<FaultRecord> records = {read_record({name, "", record}, machine)};
  if (machine.nic_file != nullptr) expect_fits(records.front(), *machine.nic_file, name, "");
  number_streams(records);
  return records.front();
}

FaultPlan read_fault_plan(const std::string& path, const PlanMachine& machine) {
  return plan_from_json(read_json(path, "a fault plan"), path, "", machine);
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

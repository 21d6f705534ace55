#include "sim/fault/fault_plan.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "model/base/random.h"
#include "sim/fault/catalogue.h"

namespace ringproof {
namespace {

constexpr std::uint64_t kSingleOneIn = 4;  // runs with one class alone, at high intensity
constexpr std::uint64_t kIdOneIn = 2;      // faults of a class that is on

bool drawn(FaultId id, bool functional) {
  const FaultInfo& info = fault_info(id);
  return info.rate_max > 0 && info.nowhere == nullptr && !(functional && info.not_functional != nullptr);
}

// A value between the least and the most, around the usual: each halving or doubling is as likely.
std::uint64_t draw_around(RandomStream& stream, const FaultParameter& parameter) {
  if (parameter.name == nullptr) return 0;
  constexpr std::uint64_t kOctaves = 7;
  const std::uint64_t octave = stream.below(kOctaves);
  const std::uint64_t base = std::max<std::uint64_t>(parameter.usual, 1);
  std::uint64_t value = octave < kOctaves / 2 ? base >> octave : base << (octave - kOctaves / 2);
  value += stream.below(value + 1);
  return std::clamp(value, parameter.least, parameter.most);
}

FaultRecord draw_record(FaultId id, std::uint64_t seed, bool high) {
  RandomStream stream(seed, std::string("swarm.") + fault_info(id).id);
  const FaultInfo& info = fault_info(id);
  FaultTrigger trigger;
  // Rates of 1, 1/2, 1/4 … 1/64 of the largest.
  constexpr std::uint64_t kHalvings = 7;
  trigger.rate =
      info.rate_max / static_cast<double>(std::uint64_t{1} << (high ? 0 : stream.below(kHalvings)));
  FaultRecord record = fault_record(id, trigger);
  record.amount = draw_around(stream, info.amount);
  record.extent = draw_around(stream, info.extent);
  return record;
}

}  // namespace

const char* fault_event_name(FaultEvent event) {
  static constexpr const char* kNames[] = {"opportunity", "wire-in", "wire-out", "delivered",
                                           "published",   "taken",   "attached"};
  return kNames[static_cast<std::size_t>(event)];
}

FaultRecord fault_record(FaultId id, const FaultTrigger& trigger) {
  FaultRecord record;
  record.id = id;
  record.trigger = trigger;
  record.amount = fault_info(id).amount.usual;
  record.extent = fault_info(id).extent.usual;
  // A rate goes on; anything else happens once.
  record.times = trigger.kind == FaultTrigger::Kind::kRate ? 0 : 1;
  return record;
}

FaultPlan draw_swarm(std::uint64_t seed, bool functional) {
  FaultPlan plan;
  RandomStream mode(seed, "swarm");
  const bool single = mode.below(kSingleOneIn) == 0;
  const auto only = fault_at(mode.below(kFaultIds));
  for (std::size_t i = 0; i < kFaultIds; ++i) {
    const FaultId id = fault_at(i);
    if (!drawn(id, functional)) continue;
    if (single) {
      if (fault_class(id) == fault_class(only)) plan.records.push_back(draw_record(id, seed, true));
      continue;
    }
    const bool class_on =
        RandomStream(seed, "swarm." + std::string(fault_class_name(fault_class(id)))).below(2) == 0;
    const bool id_on = RandomStream(seed, std::string("swarm.on.") + fault_info(id).id).below(kIdOneIn) == 0;
    if (class_on && id_on) plan.records.push_back(draw_record(id, seed, false));
  }
  return plan;
}

}  // namespace ringproof

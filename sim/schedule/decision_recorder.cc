#include "sim/schedule/decision_recorder.h"

namespace ringproof {

std::uint32_t DecisionRecorder::schedule(std::span<const ScheduleOption> options) {
  ++decisions_;
  const ActorId first = options.front().actor;
  const std::uint32_t number = ++schedules_[first];
  const std::uint32_t pick = strategy_.schedule(options);
  if (pick != 0) entries_.push_back({DecisionKind::kSchedule, first, number, options[pick].actor});
  return pick;
}

std::uint32_t DecisionRecorder::choose(Choice kind, ActorId actor, std::uint32_t count) {
  ++decisions_;
  const std::uint32_t number = ++loads_[actor];
  const std::uint32_t pick = strategy_.choose(kind, actor, count);
  if (pick != 0) entries_.push_back({DecisionKind::kMemory, actor, number, pick});
  return pick;
}

DecisionLog DecisionRecorder::log(const std::function<std::string(ActorId)>& name_of) const {
  DecisionLog log;
  for (const Entry& entry : entries_) {
    Decision& decision = log.emplace_back();
    decision.kind = entry.kind;
    decision.at = name_of(entry.at);
    decision.number = entry.number;
    if (entry.kind == DecisionKind::kSchedule) {
      decision.run = name_of(entry.pick);
    } else {
      decision.value = entry.pick;
    }
  }
  return log;
}

}  // namespace ringproof

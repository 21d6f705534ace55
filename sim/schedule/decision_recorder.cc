#include "sim/schedule/decision_recorder.h"

namespace ringproof {

void DecisionRecorder::write_name(ActorId actor) {
  named_[actor] = 1;
  tape_.add_name(actor, name_of_(actor).c_str());
}

std::uint32_t DecisionRecorder::schedule(std::span<const ScheduleOption> options) {
  const ActorId first = options.front().actor;
  numbers_.schedule_asked(first);
  const std::uint32_t pick = strategy_.schedule(options);
  if (pick != 0) {
    name(first);
    name(options[pick].actor);
    tape_.add({DecisionKind::kSchedule, first, numbers_.of_schedule(first), options[pick].actor});
  }
  return pick;
}

std::uint32_t DecisionRecorder::choose(Choice kind, ActorId actor, std::uint32_t count) {
  numbers_.memory_asked(actor);
  const std::uint32_t pick = strategy_.choose(kind, actor, count);
  if (pick != 0) {
    name(actor);
    tape_.add({DecisionKind::kMemory, actor, numbers_.of_memory(actor), pick});
  }
  return pick;
}

}  // namespace ringproof

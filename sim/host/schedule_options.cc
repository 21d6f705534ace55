#include "sim/host/schedule_options.h"

#include <algorithm>

namespace ringproof {

ActorId ScheduleOptions::actor_of(const EventSource& source) {
  const auto found = std::find(sources_.begin(), sources_.end(), source);
  const auto number = static_cast<ActorId>(found - sources_.begin());
  if (found == sources_.end()) sources_.push_back(source);
  return kFirstSource + number;
}

ScheduleChoice ScheduleOptions::choose(const ScheduleState& state, const EventQueue& events,
                                       const std::vector<std::uint64_t>& cpu_free_ps) {
  const bool alone = state.running != nullptr && events.next_due_ps() > state.now_ps + window_ps_;
  if (alone) return {std::nullopt, state.now_ps};
  list(state, events, cpu_free_ps);
  std::sort(candidates_.begin(), candidates_.end());
  keep_what_may_be_chosen(state.latest_ps);
  std::size_t pick = 0;
  if (candidates_.size() > 1) {
    options_.clear();
    for (const Candidate& each : candidates_) options_.push_back({each.actor, each.time_ps, each.running});
    pick = chooser_.schedule(options_);
  }
  const Candidate& picked = candidates_[pick];
  return {picked.running ? std::nullopt : std::optional(picked.order), picked.time_ps};
}

void ScheduleOptions::list(const ScheduleState& state, const EventQueue& events,
                           const std::vector<std::uint64_t>& cpu_free_ps) {
  candidates_.clear();
  if (state.running != nullptr) {
    candidates_.push_back({state.now_ps, events.next_order(), state.running->number, true, false});
  }
  for (const HostEvent& event : events.kept()) {
    if (event.stale()) continue;
    const std::uint64_t time_ps = std::max(event.time_ps, state.earliest_ps);
    if (event.task == nullptr) {
      add_action(event, time_ps);
    } else {
      const std::uint64_t free_ps = cpu_free_ps[event.task->cpu];
      candidates_.push_back({std::max(time_ps, free_ps), event.order, event.task->number, false, false});
    }
  }
}

// Actions of one source keep their order, so only the first of them can be next.
void ScheduleOptions::add_action(const HostEvent& event, std::uint64_t time_ps) {
  const ActorId actor = actor_of(event.source);
  const bool wire = event.source.kind == EventSource::Kind::kWire;
  const Candidate candidate{time_ps, event.order, actor, false, wire};
  const auto other = std::find_if(candidates_.begin(), candidates_.end(),
                                  [actor](const Candidate& each) { return each.actor == actor; });
  if (other == candidates_.end()) {
    candidates_.push_back(candidate);
  } else if (candidate < *other) {
    *other = candidate;
  }
}

// What comes off a wire comes at its time: nothing is moved before it or behind it.
void ScheduleOptions::keep_what_may_be_chosen(std::uint64_t latest_ps) {
  const std::uint64_t end_ps = std::min(candidates_.front().time_ps + window_ps_, latest_ps);
  std::size_t kept = 0;
  while (kept < candidates_.size() && candidates_[kept].time_ps <= end_ps && !candidates_[kept].wire) ++kept;
  candidates_.resize(std::max<std::size_t>(kept, 1));
}

}  // namespace ringproof

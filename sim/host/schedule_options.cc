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

namespace {

// When an event can happen, that is not stale.
std::uint64_t time_of(const HostEvent& event, const ScheduleState& state,
                      const std::vector<std::uint64_t>& cpu_free_ps) {
  const std::uint64_t time_ps = std::max(event.time_ps, state.earliest_ps);
  return event.task == nullptr ? time_ps : std::max(time_ps, cpu_free_ps[event.task->cpu]);
}

}  // namespace

std::uint64_t ScheduleOptions::first_ps(const ScheduleState& state, const EventQueue& events,
                                        const std::vector<std::uint64_t>& cpu_free_ps) const {
  std::uint64_t first = state.running != nullptr ? state.now_ps : kNever;
  for (const HostEvent& event : events.kept()) {
    if (!event.stale()) first = std::min(first, time_of(event, state, cpu_free_ps));
  }
  return first;
}

// All that can happen within the window; most of what is kept comes later.
void ScheduleOptions::list(const ScheduleState& state, const EventQueue& events,
                           const std::vector<std::uint64_t>& cpu_free_ps) {
  const std::uint64_t end_ps = first_ps(state, events, cpu_free_ps) + window_ps_;
  candidates_.clear();
  place_of_source_.assign(sources_.size(), 0);
  if (state.running != nullptr) {
    candidates_.push_back({state.now_ps, events.next_order(), state.running->number, true, false});
  }
  for (const HostEvent& event : events.kept()) {
    if (event.stale()) continue;
    const std::uint64_t time_ps = time_of(event, state, cpu_free_ps);
    if (time_ps > end_ps) continue;
    if (event.task == nullptr) {
      add_action(event, time_ps);
    } else {
      candidates_.push_back({time_ps, event.order, event.task->number, false, false});
    }
  }
}

// Actions of one source keep their order, so only the first of them can be next.
void ScheduleOptions::add_action(const HostEvent& event, std::uint64_t time_ps) {
  if (event.actor == HostEvent::kNoActor) event.actor = actor_of(event.source);
  const ActorId actor = event.actor;
  const bool wire = event.source.kind == EventSource::Kind::kWire;
  const Candidate candidate{time_ps, event.order, actor, false, wire};
  if (place_of_source_.size() < sources_.size()) place_of_source_.resize(sources_.size());
  std::uint32_t& place = place_of_source_[actor - kFirstSource];
  if (place == 0) {
    candidates_.push_back(candidate);
    place = static_cast<std::uint32_t>(candidates_.size());
  } else if (candidate < candidates_[place - 1]) {
    candidates_[place - 1] = candidate;
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

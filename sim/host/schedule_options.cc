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
  keep_what_may_be_chosen(state.latest_ps);
  std::size_t pick = 0;
  if (candidates_.size() > 1) {
    options_.clear();
    for (const Candidate& each : candidates_) {
      options_.push_back({each.actor, each.time_ps, each.running, each.since_ps});
    }
    pick = chooser_.schedule(options_);
  }
  const Candidate& picked = candidates_[pick];
  return {picked.running ? std::nullopt : std::optional(picked.order), picked.time_ps};
}

// All that can happen within the window, and perhaps some more, in order; most of what is kept comes later.
void ScheduleOptions::list(const ScheduleState& state, const EventQueue& events,
                           const std::vector<std::uint64_t>& cpu_free_ps) {
  candidates_.clear();
  std::uint64_t end_ps = kNever;
  if (state.running != nullptr) {
    candidates_.push_back(
        {state.now_ps, events.next_order(), state.running->number, true, false, state.now_ps});
    end_ps = state.now_ps + window_ps_;
  }
  for (const HostEvent& event : events.kept()) {
    std::uint64_t time_ps = std::max(event.time_ps, state.earliest_ps);
    if (event.task != nullptr) time_ps = std::max(time_ps, cpu_free_ps[event.task->cpu]);
    if (time_ps > end_ps) continue;
    end_ps = std::min(end_ps, time_ps + window_ps_);
    insert(event.task == nullptr
               ? action(events, event, time_ps)
               : Candidate{time_ps, event.order, event.task->number, false, false, event.time_ps});
  }
}

ScheduleOptions::Candidate ScheduleOptions::action(const EventQueue& events, const HostEvent& event,
                                                   std::uint64_t time_ps) {
  if (event.actor == HostEvent::kNoActor) event.actor = actor_of(events.source(event));
  const bool wire = source_of(event.actor).kind == EventSource::Kind::kWire;
  return {time_ps, event.order, event.actor, false, wire, event.time_ps};
}

void ScheduleOptions::insert(const Candidate& candidate) {
  candidates_.push_back(candidate);
  std::size_t place = candidates_.size() - 1;
  for (; place > 0 && candidate < candidates_[place - 1]; --place)
    candidates_[place] = candidates_[place - 1];
  candidates_[place] = candidate;
}

// What comes off a wire comes at its time: nothing is moved before it or behind it. Actions of one source
// keep their order, so only the first of them can be next.
void ScheduleOptions::keep_what_may_be_chosen(std::uint64_t latest_ps) {
  const std::uint64_t end_ps = std::min(candidates_.front().time_ps + window_ps_, latest_ps);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    if (candidates_[i].time_ps > end_ps || candidates_[i].wire) break;
    if (!behind_its_own(i, kept)) candidates_[kept++] = candidates_[i];
  }
  candidates_.resize(std::max<std::size_t>(kept, 1));
}

bool ScheduleOptions::behind_its_own(std::size_t place, std::size_t kept) const {
  const ActorId actor = candidates_[place].actor;
  if (actor < kFirstSource) return false;
  return std::any_of(candidates_.begin(), candidates_.begin() + static_cast<std::ptrdiff_t>(kept),
                     [actor](const Candidate& each) { return each.actor == actor; });
}

}  // namespace ringproof

#include "sim/host/schedule_options.h"

#include <algorithm>
#include <utility>

namespace ringproof {

// As one function: it runs at each step.
[[gnu::flatten]] ScheduleChoice ScheduleOptions::choose(const ScheduleState& state, const EventQueue& events,
                                                        const std::vector<std::uint64_t>& cpu_free_ps) {
  const bool alone = state.running != nullptr && events.next_due_ps() > state.now_ps + window_ps_;
  if (alone) return {ScheduleChoice::kGoesOn, state.now_ps};
  make_room(events.kept().size() + 1, events.sources().size());
  const std::size_t count = keep_options(state, list(state, events, cpu_free_ps));
  const std::size_t pick = count > 1 ? chooser_.schedule({options_.data(), count}) : 0;
  const Candidate& picked = candidates_[pick];
  return {picked.event == &running_ ? ScheduleChoice::kGoesOn : picked.event->order, picked.time_ps};
}

void ScheduleOptions::grow(std::size_t candidates, std::size_t sources) {
  candidates_.resize(2 * candidates);
  options_.resize(2 * candidates);
  asked_of_.resize(2 * sources);
}

// All that can happen within the window, and perhaps some more, in order. Returns the end.
const ScheduleOptions::Candidate* ScheduleOptions::list(const ScheduleState& state, const EventQueue& events,
                                                        const std::vector<std::uint64_t>& cpu_free_ps) {
  Candidate* const first = candidates_.data();
  Candidate* end = first;
  std::uint64_t end_ps = kNever;
  if (state.running != nullptr) {
    running_ = {.time_ps = state.now_ps, .order = events.next_order(), .actor = state.running->number};
    *end++ = {state.now_ps, &running_};
    end_ps = state.now_ps + window_ps_;
  }
  for (const HostEvent& event : events.kept()) {
    std::uint64_t time_ps = std::max(event.time_ps, state.earliest_ps);
    if (time_ps > end_ps) break;  // and so is all that follows
    if (event.task != nullptr) {
      time_ps = std::max(time_ps, cpu_free_ps[event.task->cpu]);
      if (time_ps > end_ps) continue;
    }
    end_ps = std::min(end_ps, time_ps + window_ps_);
    const Candidate candidate{time_ps, &event};
    Candidate* place = end++;
    for (; place != first && candidate < place[-1]; --place) *place = place[-1];
    *place = candidate;
  }
  return end;
}

// What comes off a wire comes at its time: nothing is moved before it or behind it. Actions of one source
// keep their order, so only the first of them can be next. Returns how many are left, which are then the
// first candidates.
std::size_t ScheduleOptions::keep_options(const ScheduleState& state, const Candidate* end) {
  Candidate* const first = candidates_.data();
  ScheduleOption* const options = options_.data();
  const std::uint64_t end_ps = std::min(first->time_ps + window_ps_, state.latest_ps);
  const auto ends_list = [end_ps](const Candidate& candidate) {
    return candidate.time_ps > end_ps || candidate.event->wire;
  };
  if (ends_list(*first)) return 1;
  ++question_;
  std::size_t count = 0;
  for (const Candidate* each = first; each != end && !ends_list(*each); ++each) {
    const HostEvent& event = *each->event;
    if (event.actor >= kFirstSource && !first_of_its_own(event.actor)) continue;
    options[count] = {event.actor, each->time_ps, &event == &running_, event.time_ps};
    first[count++] = *each;
  }
  return count;
}

}  // namespace ringproof

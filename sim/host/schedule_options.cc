#include "sim/host/schedule_options.h"

#include <algorithm>
#include <utility>

namespace ringproof {

ScheduleChoice ScheduleOptions::choose(const ScheduleState& state, const EventQueue& events,
                                       const std::vector<std::uint64_t>& cpu_free_ps) {
  const bool alone = state.running != nullptr && events.next_due_ps() > state.now_ps + window_ps_;
  if (alone) return {std::nullopt, state.now_ps};
  const std::size_t at_most = events.kept().size() + 1;
  if (candidates_.size() < at_most) {
    candidates_.resize(at_most);
    options_.resize(at_most);
    orders_.resize(at_most);
  }
  ++question_;
  const std::size_t count = keep_options(state, list(state, events, cpu_free_ps));
  const std::size_t pick = count > 1 ? chooser_.schedule({options_.data(), count}) : 0;
  const ScheduleOption& picked = options_[pick];
  return {picked.running ? std::nullopt : std::optional(orders_[pick]), picked.due_ps};
}

// All that can happen within the window, and perhaps some more, in order. Returns how many.
std::size_t ScheduleOptions::list(const ScheduleState& state, const EventQueue& events,
                                  const std::vector<std::uint64_t>& cpu_free_ps) {
  Candidate* const first = candidates_.data();
  Candidate* end = first;
  std::uint64_t end_ps = kNever;
  if (state.running != nullptr) {
    *end++ = {state.now_ps, events.next_order(), nullptr};
    end_ps = state.now_ps + window_ps_;
  }
  for (const HostEvent& event : events.kept()) {
    std::uint64_t time_ps = std::max(event.time_ps, state.earliest_ps);
    if (time_ps > end_ps) break;  // and so is all that follows
    if (event.task != nullptr) time_ps = std::max(time_ps, cpu_free_ps[event.task->cpu]);
    if (time_ps > end_ps) continue;
    end_ps = std::min(end_ps, time_ps + window_ps_);
    const Candidate candidate{time_ps, event.order, &event};
    Candidate* place = end++;
    for (; place != first && candidate < place[-1]; --place) *place = place[-1];
    *place = candidate;
  }
  return static_cast<std::size_t>(end - first);
}

// What comes off a wire comes at its time: nothing is moved before it or behind it. Actions of one source
// keep their order, so only the first of them can be next. Returns how many are left.
std::size_t ScheduleOptions::keep_options(const ScheduleState& state, std::size_t candidates) {
  const std::uint64_t end_ps = std::min(candidates_.front().time_ps + window_ps_, state.latest_ps);
  if (ends_list(candidates_.front(), end_ps)) candidates = 1;
  ScheduleOption* option = options_.data();
  std::uint64_t* order = orders_.data();
  for (const Candidate& each : std::span(candidates_).first(candidates)) {
    const HostEvent* const event = each.event;
    if (ends_list(each, end_ps) && option != options_.data()) break;
    if (event == nullptr) {
      *option++ = {state.running->number, each.time_ps, true, each.time_ps};
    } else if (event->task != nullptr || first_of_its_own(event->actor)) {
      *option++ = {event->actor, each.time_ps, false, event->time_ps};
    } else {
      continue;
    }
    *order++ = each.order;
  }
  return static_cast<std::size_t>(option - options_.data());
}

bool ScheduleOptions::ends_list(const Candidate& candidate, std::uint64_t end_ps) {
  return candidate.time_ps > end_ps || (candidate.event != nullptr && candidate.event->wire);
}

bool ScheduleOptions::first_of_its_own(ActorId source) {
  const std::size_t i = source - kFirstSource;
  if (i >= asked_of_.size()) asked_of_.resize(i + 1);
  return std::exchange(asked_of_[i], question_) != question_;
}

}  // namespace ringproof

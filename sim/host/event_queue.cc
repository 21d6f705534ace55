#include "sim/host/event_queue.h"

#include <algorithm>
#include <utility>

#include "model/base/check.h"

namespace ringproof {
namespace {

// Places that may stand empty in front before the others move up.
constexpr std::size_t kEmptyMax = 64;

bool earlier(const HostEvent& a, const HostEvent& b) {
  return a.time_ps != b.time_ps ? a.time_ps < b.time_ps : a.order < b.order;
}

}  // namespace

EventQueue::EventQueue() {
  events_.reserve(2 * kEmptyMax);
  actions_.reserve(kEmptyMax);
  free_actions_.reserve(kEmptyMax);
}

// As one function, like take(): they run at each step.
[[gnu::flatten]] void EventQueue::push_task(std::uint64_t time_ps, Task& task) {
  forget(task);
  push({.time_ps = time_ps, .order = next_order_++, .task = &task, .actor = task.number});
}

void EventQueue::push_action(std::uint64_t time_ps, const EventSource& source, std::function<void()> act) {
  std::uint32_t number;
  if (free_actions_.empty()) {
    number = static_cast<std::uint32_t>(actions_.size());
    actions_.push_back(std::move(act));
  } else {
    number = free_actions_.back();
    free_actions_.pop_back();
    actions_[number] = std::move(act);
  }
  push({.time_ps = time_ps,
        .order = next_order_++,
        .actor = actor_of(source),
        .action = number,
        .wire = source.kind == EventSource::Kind::kWire});
}

void EventQueue::forget(Task& task) {
  if (!task.has_event) return;
  std::size_t place = first_;
  while (events_[place].task != &task) ++place;
  remove(place);
}

[[gnu::flatten]] HostEvent EventQueue::take(std::uint64_t order) {
  for (std::size_t place = first_; place < events_.size(); ++place) {
    if (events_[place].order == order) return remove(place);
  }
  SIM_CHECK(false, "an event is taken that is not there");
  return {};
}

std::function<void()> EventQueue::take_action(const HostEvent& event) {
  free_actions_.push_back(event.action);
  return std::move(actions_[event.action]);
}

ActorId EventQueue::actor_of(const EventSource& source) {
  const auto found = std::find(sources_.begin(), sources_.end(), source);
  const auto number = static_cast<ActorId>(found - sources_.begin());
  if (found == sources_.end()) sources_.push_back(source);
  return kFirstSource + number;
}

void EventQueue::push(const HostEvent& event) {
  if (event.task != nullptr) event.task->has_event = true;
  if (first_ > 0 && earlier(event, events_[(first_ + events_.size()) / 2])) {
    std::size_t place = --first_;
    for (; earlier(events_[place + 1], event); ++place) events_[place] = events_[place + 1];
    events_[place] = event;
    return;
  }
  std::size_t place = events_.size();
  events_.push_back(event);
  for (; place > first_ && earlier(event, events_[place - 1]); --place) events_[place] = events_[place - 1];
  events_[place] = event;
}

HostEvent EventQueue::remove(std::size_t place) {
  const HostEvent event = events_[place];
  if (event.task != nullptr) event.task->has_event = false;
  for (; place > first_; --place) events_[place] = events_[place - 1];
  ++first_;
  if (empty()) {
    events_.clear();
    first_ = 0;
  } else if (first_ > kEmptyMax) {
    events_.erase(events_.begin(), events_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
  return event;
}

}  // namespace ringproof

#include "sim/host/event_queue.h"

#include <algorithm>
#include <utility>

#include "model/base/check.h"

namespace ringproof {
namespace {

bool earlier(const HostEvent& a, const HostEvent& b) {
  return a.time_ps != b.time_ps ? a.time_ps < b.time_ps : a.order < b.order;
}

}  // namespace

void EventQueue::push_task(std::uint64_t time_ps, Task& task) {
  forget(task);
  push({time_ps, next_order_++, &task, 0, task.number});
}

void EventQueue::push_action(std::uint64_t time_ps, const EventSource& source, std::function<void()> act) {
  std::uint32_t number;
  if (free_actions_.empty()) {
    number = static_cast<std::uint32_t>(actions_.size());
    actions_.push_back({source, std::move(act)});
  } else {
    number = free_actions_.back();
    free_actions_.pop_back();
    actions_[number] = {source, std::move(act)};
  }
  push({time_ps, next_order_++, nullptr, number, HostEvent::kNoActor});
}

void EventQueue::forget(Task& task) {
  if (task.event_place != Task::kNoEvent) remove(task.event_place);
}

HostEvent EventQueue::take(std::uint64_t order) {
  const auto found = std::find_if(events_.begin(), events_.end(),
                                  [order](const HostEvent& event) { return event.order == order; });
  SIM_CHECK(found != events_.end(), "an event is taken that is not there");
  return remove(static_cast<std::size_t>(found - events_.begin()));
}

TimedAction EventQueue::take_action(const HostEvent& event) {
  free_actions_.push_back(event.action);
  return std::move(actions_[event.action]);
}

void EventQueue::push(const HostEvent& event) {
  events_.push_back(event);
  rise(events_.size() - 1, event);
}

// The last event goes where one was taken, and from there down or up to its place.
HostEvent EventQueue::remove(std::size_t place) {
  const HostEvent event = events_[place];
  const HostEvent last = events_.back();
  events_.pop_back();
  if (place < events_.size()) sink(place, last);
  if (event.task != nullptr) event.task->event_place = Task::kNoEvent;
  return event;
}

void EventQueue::put(std::size_t place, const HostEvent& event) {
  events_[place] = event;
  if (event.task != nullptr) event.task->event_place = place;
}

void EventQueue::rise(std::size_t place, const HostEvent& event) {
  for (std::size_t parent; place > 0 && earlier(event, events_[parent = (place - 1) / 2]); place = parent) {
    put(place, events_[parent]);
  }
  put(place, event);
}

void EventQueue::sink(std::size_t place, const HostEvent& event) {
  for (std::size_t child; (child = 2 * place + 1) < events_.size(); place = child) {
    if (child + 1 < events_.size() && earlier(events_[child + 1], events_[child])) ++child;
    if (!earlier(events_[child], event)) break;
    put(place, events_[child]);
  }
  rise(place, event);
}

}  // namespace ringproof

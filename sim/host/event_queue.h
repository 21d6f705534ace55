// event_queue.h: what is going to happen on the host: tasks that go on, and timed actions.
// Role     the order of events: by time, then by posting
// Shapes   sorted, earliest first: there are few, and whoever decides what is next reads them from the front.
//          A task has one event at most; what an action does is kept beside them
// Units    [ps]
// Threads  one
// Errors   an event that is not there is taken: a bug of ours, SIM_CHECK
// Source   docs/decisions/0001-time-and-tasks.md
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "sim/host/task.h"
#include "sim/schedule/chooser.h"

namespace ringproof {

struct HostEvent {
  std::uint64_t time_ps = 0;
  std::uint64_t order = 0;         // of posting; unique
  Task* task = nullptr;            // null: an action
  ActorId actor = 0;               // the task, or the source of the action
  std::uint32_t action : 31 = 0;   // its number in the queue
  std::uint32_t wire : 1 = false;  // an action of a wire
};
static_assert(sizeof(HostEvent) == 32);  // events are moved about at each step

class EventQueue {
 public:
  EventQueue();

  // Whatever the task waited for before is forgotten.
  void push_task(std::uint64_t time_ps, Task& task);
  void push_action(std::uint64_t time_ps, const EventSource& source, std::function<void()> act);
  // Puts an event back that was taken out, at another time and with its old place in the order.
  void put_back(const HostEvent& event) { push(event); }
  // The task no longer waits for anything.
  void forget(Task& task);

  bool empty() const { return first_ == events_.size(); }
  std::uint64_t next_due_ps() const { return empty() ? kNever : events_[first_].time_ps; }
  // The earliest. REQUIRES: not empty. What an action does is had with take_action().
  HostEvent pop() { return remove(first_); }
  // That of this order. REQUIRES: it is there.
  HostEvent take(std::uint64_t order);
  // REQUIRES: the event was taken out, and will not be put back.
  std::function<void()> take_action(const HostEvent& event);

  // All that are kept, earliest first.
  std::span<const HostEvent> kept() const { return std::span(events_).subspan(first_); }
  // The order that the next event will have.
  std::uint64_t next_order() const { return next_order_; }

  // The actor of a source; sources are numbered as they are first seen.
  ActorId actor_of(const EventSource& source);
  const EventSource& source_of(ActorId actor) const { return sources_[actor - kFirstSource]; }
  const std::vector<EventSource>& sources() const { return sources_; }

 private:
  void push(const HostEvent& event);
  HostEvent remove(std::size_t place);

  std::vector<HostEvent> events_;
  std::size_t first_ = 0;  // those before it were taken
  std::vector<std::function<void()>> actions_;
  std::vector<std::uint32_t> free_actions_;
  std::vector<EventSource> sources_;
  std::uint64_t next_order_ = 0;
};

}  // namespace ringproof

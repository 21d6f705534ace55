// event_queue.h: what is going to happen on the host: tasks that go on, and timed actions.
// Role     the order of events: by time, then by posting
// Shapes   a binary heap, earliest first, of small entries; a task has one event at most and knows its place;
//          what an action does is kept beside the heap
// Units    [ps]
// Errors   none
// Source   docs/decisions/0001-time-and-tasks.md
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "sim/host/task.h"
#include "sim/schedule/chooser.h"

namespace ringproof {

struct HostEvent {
  std::uint64_t time_ps = 0;
  std::uint64_t order = 0;           // of posting; unique
  Task* task = nullptr;              // null: an action
  std::uint32_t action = 0;          // its number in the queue
  mutable ActorId actor = kNoActor;  // of an action; for whoever numbers the sources

  static constexpr ActorId kNoActor = ~ActorId{0};
};

struct TimedAction {
  EventSource source{};
  std::function<void()> act;
};

class EventQueue {
 public:
  // Whatever the task waited for before is forgotten.
  void push_task(std::uint64_t time_ps, Task& task);
  void push_action(std::uint64_t time_ps, const EventSource& source, std::function<void()> act);
  // Puts an event back that was taken out, at another time and with its old place in the order.
  void put_back(const HostEvent& event) { push(event); }
  // The task no longer waits for anything.
  void forget(Task& task);

  bool empty() const { return events_.empty(); }
  std::uint64_t next_due_ps() const { return events_.empty() ? kNever : events_.front().time_ps; }
  // The earliest. REQUIRES: not empty. What an action does is had with take_action().
  HostEvent pop() { return remove(0); }
  // That of this order. REQUIRES: it is there.
  HostEvent take(std::uint64_t order);
  const EventSource& source(const HostEvent& event) const { return actions_[event.action].source; }
  // REQUIRES: the event was taken out, and will not be put back.
  TimedAction take_action(const HostEvent& event);

  // All that are kept, in no order of meaning.
  const std::vector<HostEvent>& kept() const { return events_; }
  // The order that the next event will have.
  std::uint64_t next_order() const { return next_order_; }

 private:
  void push(const HostEvent& event);
  HostEvent remove(std::size_t place);
  void put(std::size_t place, const HostEvent& event);
  void rise(std::size_t place, const HostEvent& event);
  void sink(std::size_t place, const HostEvent& event);

  std::vector<HostEvent> events_;
  std::vector<TimedAction> actions_;
  std::vector<std::uint32_t> free_actions_;
  std::uint64_t next_order_ = 0;
};

}  // namespace ringproof

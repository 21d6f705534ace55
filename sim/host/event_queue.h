// event_queue.h: what is going to happen on the host: tasks that go on, and timed actions.
// Role     the order of events: by time, then by posting
// Shapes   a binary heap, earliest first; an event whose task has been made ready anew is stale, and falls
// out
//          as it surfaces, or when such are the most
// Units    [ps]
// Errors   none
// Source   docs/decisions/0001-time-and-tasks.md
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "sim/host/task.h"
#include "sim/schedule/chooser.h"

namespace ringproof {

struct HostEvent {
  std::uint64_t time_ps = 0;
  std::uint64_t order = 0;  // of posting; unique
  Task* task = nullptr;     // null: an action
  std::uint32_t ticket = 0;
  EventSource source{};  // of an action
  std::function<void()> action;
  mutable ActorId actor = kNoActor;  // of an action; for whoever numbers the sources

  static constexpr ActorId kNoActor = ~ActorId{0};

  bool stale() const {
    return task != nullptr && (ticket != task->wake_ticket || task->state == TaskState::kEnded);
  }
};

class EventQueue {
 public:
  void push_task(std::uint64_t time_ps, Task& task);
  void push_action(std::uint64_t time_ps, const EventSource& source, std::function<void()> action);
  // Puts an event back that was taken out, at another time and with its old place in the order.
  void put_back(HostEvent event);

  // The earliest. REQUIRES: next_due_ps() is not kNever.
  HostEvent pop();
  // That of this order. REQUIRES: it is there.
  HostEvent take(std::uint64_t order);
  std::uint64_t next_due_ps() const;

  // All that are kept, in no order of meaning, stale ones included.
  const std::vector<HostEvent>& kept() const { return events_; }
  // The order that the next event will have.
  std::uint64_t next_order() const { return next_order_; }

  // A task's timer became stale.
  void forget_stale();

 private:
  void push(HostEvent event);
  void fill_gap(std::size_t gap);

  mutable std::vector<HostEvent> events_;
  std::uint64_t next_order_ = 0;
  std::size_t stale_ = 0;
};

}  // namespace ringproof

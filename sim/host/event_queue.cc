#include "sim/host/event_queue.h"

#include <algorithm>
#include <utility>

#include "model/base/check.h"

namespace ringproof {
namespace {

struct Later {
  bool operator()(const HostEvent& a, const HostEvent& b) const {
    return a.time_ps != b.time_ps ? a.time_ps > b.time_ps : a.order > b.order;
  }
};

constexpr std::size_t kStaleToCleanUp = 1024;

}  // namespace

void EventQueue::push(HostEvent event) {
  events_.push_back(std::move(event));
  std::push_heap(events_.begin(), events_.end(), Later());
}

void EventQueue::push_task(std::uint64_t time_ps, Task& task) {
  push({time_ps, next_order_++, &task, task.wake_ticket, {}, nullptr, HostEvent::kNoActor});
}

void EventQueue::push_action(std::uint64_t time_ps, const EventSource& source, std::function<void()> action) {
  push({time_ps, next_order_++, nullptr, 0, source, std::move(action), HostEvent::kNoActor});
}

void EventQueue::put_back(HostEvent event) { push(std::move(event)); }

HostEvent EventQueue::pop() {
  std::pop_heap(events_.begin(), events_.end(), Later());
  HostEvent event = std::move(events_.back());
  events_.pop_back();
  return event;
}

HostEvent EventQueue::take(std::uint64_t order) {
  const auto found = std::find_if(events_.begin(), events_.end(),
                                  [order](const HostEvent& event) { return event.order == order; });
  SIM_CHECK(found != events_.end(), "an event is taken that is not there");
  HostEvent event = std::move(*found);
  fill_gap(static_cast<std::size_t>(found - events_.begin()));
  return event;
}

// The last event goes where one was taken, and from there down or up to its place.
void EventQueue::fill_gap(std::size_t gap) {
  HostEvent last = std::move(events_.back());
  events_.pop_back();
  const std::size_t size = events_.size();
  if (gap == size) return;
  const Later later;
  for (std::size_t child; (child = 2 * gap + 1) < size; gap = child) {
    if (child + 1 < size && later(events_[child], events_[child + 1])) ++child;
    if (!later(last, events_[child])) break;
    events_[gap] = std::move(events_[child]);
  }
  for (std::size_t parent; gap > 0 && later(events_[parent = (gap - 1) / 2], last); gap = parent) {
    events_[gap] = std::move(events_[parent]);
  }
  events_[gap] = std::move(last);
}

std::uint64_t EventQueue::next_due_ps() const {
  while (!events_.empty() && events_.front().stale()) {
    std::pop_heap(events_.begin(), events_.end(), Later());
    events_.pop_back();
  }
  return events_.empty() ? kNever : events_.front().time_ps;
}

void EventQueue::forget_stale() {
  if (++stale_ < kStaleToCleanUp || stale_ < events_.size() / 2) return;
  std::erase_if(events_, [](const HostEvent& event) { return event.stale(); });
  std::make_heap(events_.begin(), events_.end(), Later());
  stale_ = 0;
}

}  // namespace ringproof

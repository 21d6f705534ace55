#include "sim/testbench/event_log.h"

#include <fmt/format.h>

#include <utility>

namespace ringproof {

void EventLog::add(const char* what, std::string text) {
  const Now now = now_ ? now_() : Now{0, 0};
  if (events_.size() == kEventsMax) events_.pop_front();
  events_.push_back({now.time_ps, now.step, what, std::move(text)});
}

void EventLog::program_attached(std::uint32_t port, std::uint64_t) {
  add("queue", fmt::format("a program was attached to a queue of interface {}", port + 1));
}

void EventLog::ring_created(std::uint64_t socket, RingKind kind, const RingShape& shape) {
  add("queue",
      fmt::format("socket {} made its {} ring, {} entries", socket, ring_kind_name(kind), shape.size));
}

void EventLog::socket_closed(std::uint64_t socket) { add("queue", fmt::format("socket {} is gone", socket)); }

}  // namespace ringproof

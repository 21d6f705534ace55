// event_log.h: what happened to a machine, with times, for the reader of a failure.
// Role     operations of the test, and what the layers tell of queues, sockets and interrupts
// Shapes   in order of time; the latest kEventsMax
// Units    [ps]
// Errors   none
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>

#include "model/base/tap.h"

namespace ringproof {

struct LoggedEvent {
  std::uint64_t time_ps = 0;
  std::uint64_t step = 0;
  std::string what;
  std::string text;
};

class EventLog final : public Tap {
 public:
  static constexpr std::size_t kEventsMax = 100'000;  // interrupts of a long run would be without end

  struct Now {
    std::uint64_t time_ps;
    std::uint64_t step;
  };
  // REQUIRES: called before the first event.
  void set_clock(std::function<Now()> now) { now_ = std::move(now); }

  void add(const char* what, std::string text);
  const std::deque<LoggedEvent>& events() const { return events_; }

  void program_attached(std::uint32_t port, std::uint64_t time_ps) override;
  void ring_created(std::uint64_t socket, RingKind kind, const RingShape& shape) override;
  void socket_closed(std::uint64_t socket) override;

 private:
  std::function<Now()> now_;
  std::deque<LoggedEvent> events_;
};

}  // namespace ringproof

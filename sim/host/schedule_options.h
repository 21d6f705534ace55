// schedule_options.h: what could happen next, as a question to a chooser.
// Role     makes the list of a decision from the events that are kept, and turns the answer into an event
// Shapes   an option is a task, or the first action of a source; in order of the time at which it can happen,
//          then of posting, so the first is what happens without a chooser
// Units    [ps]
// Errors   none
// Source   docs/decisions/0004-schedules.md
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "sim/host/event_queue.h"
#include "sim/schedule/chooser.h"

namespace ringproof {

struct ScheduleState {
  const Task* running;        // null: nobody, something must be taken from the events
  std::uint64_t now_ps;       // of the running task
  std::uint64_t earliest_ps;  // nothing happens before; what was due is late
  std::uint64_t latest_ps;    // nothing happens after, unless it is the only possibility
};

struct ScheduleChoice {
  static constexpr std::uint64_t kGoesOn = ~std::uint64_t{0};

  std::uint64_t event;  // its order; kGoesOn: the running task goes on
  std::uint64_t time_ps;
};

class ScheduleOptions {
 public:
  ScheduleOptions(Chooser& chooser, std::uint64_t window_ps) : chooser_(chooser), window_ps_(window_ps) {}

  // REQUIRES: a task is running, or an event is kept.
  ScheduleChoice choose(const ScheduleState& state, const EventQueue& events,
                        const std::vector<std::uint64_t>& cpu_free_ps);

 private:
  // When something could happen.
  struct Candidate {
    std::uint64_t time_ps;
    const HostEvent* event;
    bool operator<(const Candidate& other) const {
      return time_ps < other.time_ps || (time_ps == other.time_ps && event->order < other.event->order);
    }
  };
  void make_room(std::size_t candidates, std::size_t sources) {
    if (candidates > candidates_.size() || sources > asked_of_.size()) [[unlikely]]
      grow(candidates, sources);
  }
  void grow(std::size_t candidates, std::size_t sources);
  const Candidate* list(const ScheduleState& state, const EventQueue& events,
                        const std::vector<std::uint64_t>& cpu_free_ps);
  std::size_t keep_options(const ScheduleState& state, const Candidate* end);
  bool first_of_its_own(ActorId source) {
    return std::exchange(asked_of_[source - kFirstSource], question_) != question_;
  }

  Chooser& chooser_;
  const std::uint64_t window_ps_;
  HostEvent running_;  // stands for the running task
  // Room for the largest question so far.
  std::vector<Candidate> candidates_;
  std::vector<ScheduleOption> options_;  // of the candidates, those that may be chosen
  std::vector<std::uint64_t> asked_of_;  // by source: the last question in which it is an option
  std::uint64_t question_ = 0;
};

}  // namespace ringproof

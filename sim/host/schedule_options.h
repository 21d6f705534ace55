// schedule_options.h: what could happen next, as a question to a chooser.
// Role     makes the list of a decision from the events that are kept, and turns the answer into an event
// Shapes   an option is a task, or the first action of a source; in order of the time at which it can happen,
//          then of posting, so the first is what happens without a chooser
// Units    [ps]
// Errors   none
// Source   docs/decisions/0004-schedules.md
#pragma once

#include <cstdint>
#include <optional>
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
  std::optional<std::uint64_t> event;  // its order; none: the running task goes on
  std::uint64_t time_ps;
};

class ScheduleOptions {
 public:
  ScheduleOptions(Chooser& chooser, std::uint64_t window_ps) : chooser_(chooser), window_ps_(window_ps) {}

  // REQUIRES: a task is running, or an event is kept.
  ScheduleChoice choose(const ScheduleState& state, const EventQueue& events,
                        const std::vector<std::uint64_t>& cpu_free_ps);

  // The actor of a source; sources are numbered as they are first seen.
  ActorId actor_of(const EventSource& source);
  const EventSource& source_of(ActorId actor) const { return sources_[actor - kFirstSource]; }
  const std::vector<EventSource>& sources() const { return sources_; }

 private:
  struct Candidate {
    std::uint64_t time_ps;
    std::uint64_t order;
    ActorId actor;
    bool running;
    bool wire;
    std::uint64_t since_ps;
    bool operator<(const Candidate& other) const {
      return time_ps != other.time_ps ? time_ps < other.time_ps : order < other.order;
    }
  };
  void list(const ScheduleState& state, const EventQueue& events,
            const std::vector<std::uint64_t>& cpu_free_ps);
  void insert(const Candidate& candidate);
  Candidate action(const EventQueue& events, const HostEvent& event, std::uint64_t time_ps);
  void keep_what_may_be_chosen(std::uint64_t latest_ps);
  bool behind_its_own(std::size_t place, std::size_t kept) const;

  Chooser& chooser_;
  const std::uint64_t window_ps_;
  std::vector<EventSource> sources_;
  std::vector<Candidate> candidates_;
  std::vector<ScheduleOption> options_;
};

}  // namespace ringproof

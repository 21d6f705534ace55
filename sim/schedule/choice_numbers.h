// choice_numbers.h: the number of each question among those about its actor, from 1.
// Role     a decision is known by it; counted where a question comes in, read by all that hear of it then
// Threads  simulation thread
// Errors   none
// Source   docs/decisions/0004-schedules.md
#pragma once

#include <cstddef>
#include <cstdint>

#include "sim/schedule/actor_counters.h"
#include "sim/schedule/chooser.h"

namespace ringproof {

class ChoiceNumbers {
 public:
  // A question comes in: who goes on, where this actor comes first; or what it sees.
  void schedule_asked(ActorId first) {
    ++asked_;
    ++schedules_[first];
  }
  void memory_asked(ActorId actor) {
    ++asked_;
    ++loads_[actor];
  }
  // Of the last such question about the actor.
  std::uint32_t of_schedule(ActorId first) const { return schedules_.at(first); }
  std::uint32_t of_memory(ActorId actor) const { return loads_.at(actor); }

  // Questions so far.
  std::uint64_t asked() const { return asked_; }
  // How many tasks and sources ever came first.
  std::size_t actors() const { return schedules_.actors(); }

 private:
  ActorCounters schedules_;
  ActorCounters loads_;
  std::uint64_t asked_ = 0;
};

}  // namespace ringproof

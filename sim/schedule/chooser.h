// chooser.h: who answers the questions that a run leaves open.
// Role     the one seam between the simulation and the strategies; the answers are the schedule
// Shapes   an actor is a task (its number) or a source of events (kFirstSource + its number)
// Units    due_ps simulated [ps]
// Threads  simulation thread
// Errors   none; an answer is below the number of possibilities
// Source   docs/decisions/0004-schedules.md
#pragma once

#include <cstdint>
#include <span>

namespace ringproof {

using ActorId = std::uint32_t;
constexpr ActorId kFirstSource = 1U << 16;

// Something that could happen next.
struct ScheduleOption {
  ActorId actor;
  std::uint64_t due_ps;
  bool running;            // the task that makes the access; anything else interrupts it
  std::uint64_t since_ps;  // when it could have gone on at first; before due_ps it was kept waiting
};

// Questions other than "who goes on".
enum class Choice : std::uint8_t {
  kMemory,  // which of the values that a weak memory still shows a load gets
};

class Chooser {
 public:
  virtual ~Chooser() = default;
  // Which of the options goes on. The first is the one that time and order of posting name.
  // REQUIRES: at least two options.
  virtual std::uint32_t schedule(std::span<const ScheduleOption> options) = 0;
  // One of `count` possibilities for `actor`; 0 is what happens without exploration. REQUIRES: count > 1.
  virtual std::uint32_t choose(Choice kind, ActorId actor, std::uint32_t count) = 0;
};

}  // namespace ringproof

// decision_recorder.h: writes down what a strategy answers.
// Role     stands between the kernel and a strategy
// Shapes   entries as numbers; names are put in when the run is over
// Threads  simulation thread
// Source   docs/decisions/0004-schedules.md
#pragma once

#include <functional>
#include <vector>

#include "sim/schedule/actor_counters.h"
#include "sim/schedule/chooser.h"
#include "sim/schedule/decision_log.h"

namespace ringproof {

class DecisionRecorder final : public Chooser {
 public:
  explicit DecisionRecorder(Chooser& strategy) : strategy_(strategy) {}

  std::uint32_t schedule(std::span<const ScheduleOption> options) override;
  std::uint32_t choose(Choice kind, ActorId actor, std::uint32_t count) override;

  // How often it was asked.
  std::uint64_t decisions() const { return decisions_; }
  // How many tasks and sources were ever an option.
  std::size_t actors() const { return schedules_.actors(); }
  DecisionLog log(const std::function<std::string(ActorId)>& name_of) const;

 private:
  struct Entry {
    DecisionKind kind;
    ActorId at;
    std::uint32_t number;
    std::uint32_t pick;  // schedule: the actor; memory: the value
  };

  Chooser& strategy_;
  ActorCounters schedules_;
  ActorCounters loads_;
  std::uint64_t decisions_ = 0;
  std::vector<Entry> entries_;
};

}  // namespace ringproof

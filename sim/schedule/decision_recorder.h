// decision_recorder.h: writes down what a strategy answers.
// Role     stands between the kernel and a strategy
// Threads  simulation thread
// Source   docs/decisions/0004-schedules.md
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "sim/schedule/actor_counters.h"
#include "sim/schedule/chooser.h"
#include "sim/schedule/decision_tape.h"

namespace ringproof {

class DecisionRecorder final : public Chooser {
 public:
  DecisionRecorder(Chooser& strategy, DecisionTape& tape) : strategy_(strategy), tape_(tape) { tape.clear(); }
  // REQUIRES: called before the first decision.
  void set_names(std::function<std::string(ActorId)> name_of) { name_of_ = std::move(name_of); }

  std::uint32_t schedule(std::span<const ScheduleOption> options) override;
  std::uint32_t choose(Choice kind, ActorId actor, std::uint32_t count) override;

  // How often it was asked.
  std::uint64_t decisions() const { return decisions_; }
  // How many tasks and sources ever came first.
  std::size_t actors() const { return schedules_.actors(); }

 private:
  void name(ActorId actor);

  Chooser& strategy_;
  DecisionTape& tape_;
  std::function<std::string(ActorId)> name_of_;
  ActorCounters schedules_;
  ActorCounters loads_;
  ActorCounters named_;
  std::uint64_t decisions_ = 0;
};

}  // namespace ringproof

// decision_recorder.h: writes down what a strategy answers.
// Role     stands between the kernel and a strategy, and numbers the questions
// Threads  simulation thread
// Source   docs/decisions/0004-schedules.md
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "sim/schedule/choice_numbers.h"
#include "sim/schedule/chooser.h"
#include "sim/schedule/decision_tape.h"

namespace ringproof {

class DecisionRecorder final : public Chooser {
 public:
  DecisionRecorder(Chooser& strategy, ChoiceNumbers& numbers, DecisionTape& tape)
      : strategy_(strategy), numbers_(numbers), tape_(tape) {
    tape.clear();
  }
  // REQUIRES: called before the first decision.
  void set_names(std::function<std::string(ActorId)> name_of) { name_of_ = std::move(name_of); }

  std::uint32_t schedule(std::span<const ScheduleOption> options) override;
  std::uint32_t choose(Choice kind, ActorId actor, std::uint32_t count) override;

 private:
  // The tape has names for the actors of its entries.
  void name(ActorId actor) {
    if (named_.at(actor) == 0) [[unlikely]]
      write_name(actor);
  }
  void write_name(ActorId actor);

  Chooser& strategy_;
  ChoiceNumbers& numbers_;
  DecisionTape& tape_;
  std::function<std::string(ActorId)> name_of_;
  ActorCounters named_;
};

}  // namespace ringproof

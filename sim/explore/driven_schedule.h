// driven_schedule.h: who answers the questions of one run.
// Role     puts a strategy or a log, the bound on what they may delay, a tracer and a recorder together
// Units    [ps]
// Threads  simulation thread
// Errors   none
// Source   docs/decisions/0004-schedules.md, 0006-fair-schedules.md
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "sim/explore/schedule_spec.h"
#include "sim/schedule/choice_numbers.h"
#include "sim/schedule/decision_recorder.h"
#include "sim/schedule/fair_chooser.h"
#include "sim/schedule/log_replay.h"
#include "sim/schedule/trace_recorder.h"

namespace ringproof {

class DrivenSchedule {
 public:
  // REQUIRES: `spec` and `tape` stay where they are.
  DrivenSchedule(const ScheduleSpec& spec, std::uint64_t window_ps, DecisionTape& tape);
  DrivenSchedule(const DrivenSchedule&) = delete;
  DrivenSchedule& operator=(const DrivenSchedule&) = delete;

  Chooser& chooser() { return recorder_; }
  // REQUIRES: called before the first decision.
  void set_names(const std::function<std::string(ActorId)>& name_of);

  // How late anybody may be because of it; 0: nothing is delayed.
  std::uint64_t late_ps_max() const { return late_ps_max_; }
  const ChoiceNumbers& choices() const { return numbers_; }
  // Null, unless the findings are asked for.
  TraceRecorder* tracer() { return tracer_.get(); }
  // Of a replayed log.
  std::optional<std::string> divergence() const;

 private:
  ChoiceNumbers numbers_;
  std::unique_ptr<LogReplay> replay_;  // null: a strategy answers
  std::unique_ptr<Chooser> strategy_;  // null: a log does
  FairChooser fair_;
  std::unique_ptr<TraceRecorder> tracer_;
  DecisionRecorder recorder_;
  std::uint64_t late_ps_max_;
};

}  // namespace ringproof

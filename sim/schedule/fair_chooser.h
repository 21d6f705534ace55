// fair_chooser.h: nobody is passed over for ever.
// Role     stands between a strategy, or a log, and whoever asks; overrules it where somebody has waited too
//          long, and lets that actor go on until it waits by itself
// Shapes   an actor is passed over when something that comes after it in the order of the options goes on
// Units    [ps], [choices]
// Threads  simulation thread
// Errors   none
// Source   docs/decisions/0006-fair-schedules.md
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "sim/schedule/actor_counters.h"
#include "sim/schedule/chooser.h"

namespace ringproof {

// Whoever is later than this, or was passed over so often in a row, must be next.
struct Fairness {
  std::uint64_t late_ps_max;
  std::uint32_t passed_over_max;
};

Fairness fairness_of(std::uint64_t window_ps);

class FairChooser final : public Chooser {
 public:
  FairChooser(Chooser& inner, const Fairness& fairness) : inner_(inner), fairness_(fairness) {}

  std::uint32_t schedule(std::span<const ScheduleOption> options) override;
  std::uint32_t choose(Choice kind, ActorId actor, std::uint32_t count) override {
    return inner_.choose(kind, actor, count);
  }

 private:
  // False: nobody is.
  bool somebody_may_be_overdue(std::span<const ScheduleOption> options) const;
  std::uint32_t overruled(std::uint32_t pick, std::span<const ScheduleOption> options);
  std::optional<std::uint32_t> longest_overdue(std::span<const ScheduleOption> options);
  std::optional<std::uint32_t> still_owed(std::span<const ScheduleOption> options) const;

  Chooser& inner_;
  const Fairness fairness_;
  ActorCounters passed_over_;           // in a row
  std::uint32_t most_passed_over_ = 0;  // that anybody ever was
  std::optional<ActorId> owed_;         // was overdue, and has not waited since
};

}  // namespace ringproof

// run_faults.h: what goes wrong in one run.
// Role     the injector of a plan that has something in it: when it heals, and what struck
// Units    [ps]
// Threads  simulation thread
// Errors   none
// Source   docs/faults.md
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>

#include "model/base/tap.h"
#include "sim/fault/catalogue.h"
#include "sim/fault/fault_plan.h"
#include "sim/fault/injector.h"
#include "sim/host/progress.h"
#include "sim/replay/run_result.h"
#include "sim/run/machine.h"
#include "sim/run/run.h"

namespace ringproof {

class RunFaults final : public Tap {
 public:
  // `progress` says what struck when the process is gone, if this listens.
  RunFaults(FaultPlan plan, std::uint64_t seed, Progress& progress);

  // Null: nothing goes wrong.
  FaultInjector* injector() { return injector_.get(); }
  // To be called whenever host or hardware moved.
  void look(std::uint64_t now_ps, const Machine& machine, const Run& run) {
    if (injector_ == nullptr) return;
    injector_->look(std::max(now_ps, machine.furthest_ps()), run.closing() || run.traffic_over());
  }
  // Of all that struck, as they concern a program; below all classes when none did.
  Tolerance gravest() const {
    return static_cast<Tolerance>(injector_ == nullptr ? 0 : injector_->gravest());
  }
  // Memory that the program reads is no longer what it should be.
  bool spoiled() const { return gravest() == Tolerance::kContained; }
  void fill(RunResult& result) const;

  // Tap
  void fault_struck(FaultId id, const FaultTarget& target, std::uint64_t time_ps) override;

 private:
  Progress& progress_;
  std::unique_ptr<FaultInjector> injector_;
};

}  // namespace ringproof

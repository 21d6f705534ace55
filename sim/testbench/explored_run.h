// explored_run.h: one schedule of a test's body.
// Role     makes a machine that a strategy drives, lets the body play it, and judges what came of it
// Shapes   decisions are counted from the moment in which the driver is up
// Units    [ps]
// Errors   whatever the body does, short of ending the process, is an outcome
// Source   docs/testbench-api.md, "Exploring"
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ringproof/testbench.h"
#include "sim/explore/schedule_run.h"
#include "sim/schedule/decision_tape.h"
#include "sim/schedule/trace_recorder.h"

namespace ringproof::testbench {

struct ScheduleOutcome {
  std::string message;  // of what broke; empty: nothing
  DecisionLog log;      // of a run that broke
  std::vector<Event> events;
  std::uint64_t choices = 0;
  std::size_t actors = 0;
  std::uint64_t hash = 0;
  std::optional<std::string> divergence;  // of a replayed log
  TraceFindings findings;                 // of a traced one
};

// Chooses nothing until it is opened.
class LateChooser final : public Chooser {
 public:
  explicit LateChooser(Chooser& inner) : inner_(inner) {}
  void open() { open_ = true; }
  std::uint32_t schedule(std::span<const ScheduleOption> options) override {
    return open_ ? inner_.schedule(options) : 0;
  }
  std::uint32_t choose(Choice kind, ActorId actor, std::uint32_t count) override {
    return open_ ? inner_.choose(kind, actor, count) : 0;
  }

 private:
  Chooser& inner_;
  bool open_ = false;
};

struct ExploredRun {
  // `tape` is only used meanwhile.
  static ScheduleOutcome run(const Exploring& exploring, const ScheduleSpec& spec, DecisionTape& tape,
                             const std::function<void(Testbench&)>& body);
};

}  // namespace ringproof::testbench

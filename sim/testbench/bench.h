// bench.h: a machine with everything around it that a test plays: wire, threads, time, and the verdict.
// Role     what the conformance suite and the published testbench have in common
// Shapes   lives for one test; the test's own code runs outside the machine's tasks, inside one, or both
// Units    [ps]
// Threads  one; wait() blocks a task, and turns the machine when it is called from outside
// Errors   none of its own: answers say that something did not come, and the caller fails its test
// Source   docs/testbench-api.md
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/app/locked_memory.h"
#include "sim/explore/explore_options.h"
#include "sim/fault/injector.h"
#include "sim/monitor/monitors.h"
#include "sim/replay/nic_file.h"
#include "sim/replay/run_result.h"
#include "sim/run/machine.h"
#include "sim/run/stack_frames.h"
#include "sim/run/wire_feed.h"
#include "sim/testbench/frame_log.h"
#include "sim/testbench/given_frames.h"

namespace ringproof {

struct BenchSettings {
  NicFile nic_file;
  EngineChoice engine = EngineKind::kRtl;
  std::uint64_t seed = 1;
  std::vector<Tap*> listeners{};              // besides the monitors
  std::function<void(const char*)> uncaught;  // an exception left a thread of the application
  FaultInjector* faults = nullptr;            // null: one without a plan
};

class Bench {
 public:
  explicit Bench(const BenchSettings& settings);
  ~Bench();
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  Machine& machine() { return machine_; }
  HostKernel& kernel() { return machine_.kernel(); }
  driver::Driver& driver(std::size_t port) { return machine_.driver(port); }
  xdp::Platform& platform() { return machine_.platform(); }
  Monitors& monitors() { return monitors_; }
  FrameLog& frames() { return frames_; }
  StackFrames& stack_frames() { return stack_frames_; }
  FaultInjector& faults() { return faults_; }
  std::uint64_t now_ps() const { return machine_.now_ps(); }
  bool inside_task() { return kernel().current_task() >= 0; }

  // ---- time ----

  enum class Turned : std::uint8_t { kDone, kNothingLeft, kOutOfTime, kOutOfSteps };
  // Lets host and hardware take turns until `done`. `each_step`: it is asked after every schedule step, not
  // only whenever the host has nothing to do. REQUIRES: called outside tasks.
  Turned turn_until(const std::function<bool()>& done, std::uint64_t limit_ps = kNever,
                    bool each_step = false);
  // The same from anywhere; inside a task the condition is looked at every microsecond. False: it does not
  // come, or not in time.
  bool wait(const std::function<bool()>& done, std::uint64_t limit_ps = kNever, bool each_step = false);
  // Nothing will happen any more unless somebody acts. Frames may be held.
  bool at_rest();
  // From this schedule step on `action` is called once, outside tasks, as soon as the machine is turned.
  void at_step(std::uint64_t step, std::function<void()> action);
  // More steps than these are not made; 0: any number.
  void limit_steps(std::uint64_t steps) { steps_max_ = steps; }

  // ---- threads of the application ----

  std::uint32_t start_thread(const std::string& name, std::function<void()> body);
  bool thread_ended(std::uint32_t thread) const { return threads_[thread].ended; }
  const std::string& thread_name(std::uint32_t thread) const { return threads_[thread].name; }
  std::size_t thread_count() const { return threads_.size(); }
  // Blocks the calling task.
  void join_thread(std::uint32_t thread);

  // ---- the wire ----

  void wire(std::size_t port, WireFrame frame);
  // All of them are there before the MAC draws the first.
  void wire_all(std::size_t port, std::vector<WireFrame> frames);

  // ---- the end ----

  // Ends the process: faults heal, its threads are stopped and its handles closed. False: something stays in
  // flight.
  bool end_process();
  // What the monitors say. Called once, at the end.
  RunResult judge();

 private:
  struct Thread {
    std::string name;
    bool ended = false;
    Signal end;
  };
  struct StepAction {
    std::uint64_t step;
    std::function<void()> action;
  };

  std::vector<Tap*> taps(const BenchSettings& settings);
  Turned turn(const std::function<bool()>& done, std::uint64_t limit_ps, bool each_step);
  std::uint64_t next_step_stop(bool each_step);
  void run_step_actions();

  LockedMemory locked_memory_{LockedMemory::AtEnd::kStays};
  Monitors monitors_;
  FrameLog frames_;
  StackFrames stack_frames_;
  std::vector<std::unique_ptr<WireFeed>> feeds_;  // by port
  GivenFrames given_;
  std::unique_ptr<FaultInjector> own_faults_;  // null: the settings bring some
  FaultInjector& faults_;
  Machine machine_;
  std::deque<Thread> threads_;
  std::vector<StepAction> step_actions_;  // by step, then by posting
  std::uint64_t steps_max_ = 0;
};

}  // namespace ringproof

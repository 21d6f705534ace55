// run.h: one run of a program on a machine, from its start to the last frame.
// Role     decides when traffic begins, when the run is over, and what is left to do then
// Shapes   running -> closing (handles are closed, what is in flight comes to its end) -> ended
// Units    [ps]
// Threads  simulation thread
// Errors   none; how the run ended is in the result
// Source   docs/command-line.md, "When a run ends"
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/base/tap.h"
#include "model/nic/frame_source.h"
#include "sim/app/program.h"
#include "sim/replay/run_result.h"
#include "sim/run/machine.h"

namespace ringproof {

struct RunSettings {
  std::uint64_t max_time_ps = 0;             // 0: 10 s after the last frame
  std::uint64_t start_delay_ps = 0;          // from the first attached program to the first frame
  std::uint64_t drain_ps = 100'000'000'000;  // what is in flight at the end has this long to reach its own
  bool ends_when_quiet = true;               // when nothing happens any more
};

// What comes to a port from outside.
struct PortTraffic {
  std::uint32_t port;  // from 0
  nic::FrameSource* source;
  std::uint64_t start_delay_ps;  // as in RunSettings
};

class Run final : public Tap {
 public:
  // The traffic comes to the first port.
  Run(const RunSettings& settings, Machine& machine, nic::FrameSource& traffic, Program& program)
      : Run(settings, machine, std::vector<PortTraffic>{{0, &traffic, settings.start_delay_ps}}, program) {}
  Run(const RunSettings& settings, Machine& machine, std::vector<PortTraffic> traffic, Program& program,
      Wires* wires = nullptr);

  void start() { program_.start(machine_.kernel()); }
  // To be called whenever host or hardware moved. The time after which the host must not go on; 0: the end.
  std::uint64_t after_step(std::uint64_t now_ps);
  // To be called when nothing is left to happen by itself: whoever still waits does so for ever.
  void nothing_left(std::uint64_t now_ps);
  bool ended() const { return stage_ == Stage::kEnded; }

  bool traffic_started() const { return traffic_started_; }
  // Of all ports that have some of their own.
  bool traffic_over() const;
  bool closing() const { return stage_ != Stage::kRunning; }
  // Everything in flight reached its end before the drain time was over.
  bool drained() const { return handles_closed_ && machine_.idle(); }
  // Nothing would happen any more, whether everything reached its end or not.
  bool quiet() const { return nothing_left_ || drained(); }
  std::uint64_t end_ps() const;
  // Everything that is not the monitors' to tell.
  void fill(RunResult& result) const;

  // Tap
  void program_attached(std::uint32_t port, std::uint64_t time_ps) override;

 private:
  enum class Stage : std::uint8_t { kRunning, kClosing, kEnded };
  void begin_closing(const char* reason, std::uint64_t now_ps);
  void end_processes();

  const RunSettings settings_;
  Machine& machine_;
  const std::vector<PortTraffic> traffic_;
  Program& program_;
  Wires* const wires_;
  Stage stage_ = Stage::kRunning;
  bool traffic_started_ = false;
  bool handles_closed_ = false;
  bool nothing_left_ = false;  // since the handles are being closed
  std::uint64_t limit_ps_;
  std::uint64_t closing_ps_ = 0;
  const char* end_reason_ = "";
  std::vector<std::string> waiting_;  // tasks of programs that had not ended then
};

}  // namespace ringproof

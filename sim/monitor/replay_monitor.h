// replay_monitor.h: the capture, the whole capture, and nothing but the capture.
// Role     INV-52: each captured frame comes to the first port once, in order, with its bytes, at its scaled
//          time; frames that the capture holds only the beginning of are counted as such
// Shapes   when a frame is due is worked out from the capture, one frame after the other, and not asked of
//          what makes the traffic; a frame's time is the end of its FCS on a
//          wire that takes one frame after the other, in ns, and no two are equal
// Units    [ns], [ps]
// Errors   the device is blamed, whose MAC brings the frames in. When the link goes down frames are lost by
//          intent: from then on nothing more is judged. Faults of the line are excused by FaultExcuses
// Source   invariants-and-faults.md H; docs/command-line.md, Pace
#pragma once

#include <cstdint>

#include "model/base/tap.h"
#include "model/nic/wire_clock.h"
#include "sim/cli/replay_options.h"
#include "sim/monitor/invariant_log.h"
#include "sim/replay/capture.h"

namespace ringproof {

class ReplayMonitor final : public Tap {
 public:
  // REQUIRES: the capture stays where it is.
  ReplayMonitor(InvariantLog& log, const Capture& capture, const ReplayOptions& options, double gbps);

  // `begun`: frames that the port began to take from the plan; `drained`: they have all arrived.
  void finish(std::uint64_t end_ps, std::uint64_t begun, bool drained);

  void link_changed(std::uint32_t port, bool up) override;
  void program_attached(std::uint32_t port, std::uint64_t time_ps) override;
  void wire_in(std::uint32_t port, std::uint64_t timestamp_ns, Bytes bytes) override;

 private:
  void check_shortened();
  // When frame `number`, from 0, begins, counted from the beginning of the traffic [ps]. In order.
  std::uint64_t next_offset_ps(std::uint64_t number);
  template <typename Describe>
  void violated(std::uint64_t time_ps, Describe describe) {
    log_.violated(Invariant::k52, Party::kDevice, Place::port(0), trail_, time_ps, describe);
  }

  InvariantLog& log_;
  const Capture& capture_;
  const PaceKind pace_;
  const double pace_value_;
  const std::uint64_t total_frames_;
  std::uint64_t at_ns_ = 0;       // on the clock of the capture, its repetitions put one behind the other
  std::uint64_t loop_began_ = 0;  // on that clock
  const std::uint64_t delay_ps_;
  nic::WireClock wire_;
  bool started_ = false;
  bool link_changed_ = false;
  std::uint64_t start_ps_ = 0;
  std::uint64_t last_ns_ = 0;
  std::uint64_t arrived_ = 0;
  EventTrail trail_;
};

}  // namespace ringproof

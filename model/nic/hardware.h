// hardware.h: how the host kernel and the hardware of one port meet in time.
// Role     lets each side run ahead of the other exactly as far as neither can see it
// Units    simulated time [ps]
// Source   docs/decisions/0001-time-and-tasks.md
#pragma once

#include <cstdint>

#include "model/nic/frame_source.h"

namespace ringproof::nic {

class Hardware {
 public:
  virtual ~Hardware() = default;
  // Every clock edge and wire event before this time is done.
  virtual std::uint64_t time_ps() const = 0;
  // Without new input from the host, no interrupt or register value reaches the host before this time.
  virtual std::uint64_t horizon_ps() const = 0;
  // Does everything before `time_ps`; skips what is idle.
  virtual void advance_to(std::uint64_t time_ps) = 0;
  // Nothing is in flight in the port and no more frames will come.
  virtual bool quiet() const = 0;

  virtual void start_traffic(FrameSource& source, std::uint64_t at_ps) = 0;
  // No further frame begins on the wire.
  virtual void stop_traffic() = 0;
  virtual bool traffic_over() const = 0;
  // Frames begun so far, for progress.
  virtual std::uint64_t frames_begun() const = 0;
  // The link goes down, or comes up: without it nothing arrives, and what is sent is lost.
  virtual void set_link(bool up) = 0;
  // Clock edges that simulated time has had, and those that had to be worked out.
  virtual std::uint64_t cycles() const = 0;
  virtual std::uint64_t cycles_worked() const = 0;
};

}  // namespace ringproof::nic

// handed_frames.h: how far a transmit queue has come with handing its frames to the MAC.
// Role     tells frames that a driver takes back from those that are sent: once the queue is off, a frame
//          that was not handed over never will be
// Units    indices run free in 32 bits
// Errors   none
// Source   docs/design/queue-engine.md, Resets
#pragma once

#include <cstdint>

#include "sim/monitor/vector_place.h"

namespace ringproof {

class HandedFrames {
 public:
  void enabled(std::uint32_t start) {
    off_ = false;
    next_ = start;
  }
  void off() { off_ = true; }
  // What the queue has handed over was of another ring.
  void another_ring(std::uint32_t index) { next_ = index; }
  void handed(std::uint32_t index) { next_ = index + 1; }
  bool was_last(std::uint32_t index) const { return index + 1 == next_; }
  // Of a frame whose completion is told.
  bool never_sent(std::uint32_t index) const { return off_ && !behind(index, next_); }

 private:
  bool off_ = false;
  std::uint32_t next_ = 0;
};

}  // namespace ringproof

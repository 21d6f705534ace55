// tx_hold.h: frames to send that stay with the driver until a test lets them go.
// Role     decides which frames are held, and keeps them
// Shapes   frames of all transmit queues of the port, in the order in which they were handed over
// Errors   none
// Source   assumed: what a testbench must be able to do to a device
#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "model/driver/driver.h"

namespace ringproof::driver {

class TxHold {
 public:
  // Null: no further frame is held; those that are stay.
  void set_wanted(std::function<bool(Tap::Bytes)> wanted) { wanted_ = std::move(wanted); }
  bool wants_any() const { return wanted_ != nullptr; }
  bool wants(const TxFrame& frame) const { return wanted_ != nullptr && wanted_(frame.bytes); }

  void add(const HeldFrame& frame) { frames_.push_back(frame); }
  // REQUIRES: i < frames().size().
  HeldFrame remove(std::size_t i);
  const std::vector<HeldFrame>& frames() const { return frames_; }
  std::uint32_t count(std::uint32_t queue) const;

 private:
  std::function<bool(Tap::Bytes)> wanted_;
  std::vector<HeldFrame> frames_;
};

}  // namespace ringproof::driver

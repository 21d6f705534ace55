#include "model/driver/tx_hold.h"

#include <algorithm>

#include "model/base/check.h"

namespace ringproof::driver {

HeldFrame TxHold::remove(std::size_t i) {
  SIM_CHECK(i < frames_.size(), "no such held frame");
  const HeldFrame frame = frames_[i];
  frames_.erase(frames_.begin() + static_cast<std::ptrdiff_t>(i));
  return frame;
}

std::uint32_t TxHold::count(std::uint32_t queue) const {
  return static_cast<std::uint32_t>(std::count_if(frames_.begin(), frames_.end(),
                                                  [queue](const auto& held) { return held.queue == queue; }));
}

}  // namespace ringproof::driver

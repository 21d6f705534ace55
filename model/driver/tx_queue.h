// tx_queue.h: a transmit queue of the driver.
// Role     passes frames of its client to the device and completions back, in order
// Shapes   at most `entries` frames with the device; contexts kept per ring slot
// Errors   none
// Source   docs/design/queue-engine.md
#pragma once

#include <array>
#include <vector>

#include "model/driver/driver.h"
#include "model/driver/hardware_queue.h"

namespace ringproof::driver {

class TxQueue : public HardwareQueue {
 public:
  TxQueue(nic::Device& device, Host& host, const TapList& taps, std::uint32_t queue, std::uint32_t entries);

  void set_up();
  void serve();

  void set_client(Layer layer, TxClient* client) { clients_[static_cast<std::size_t>(layer)] = client; }
  bool drained() const { return posted_ == seen_; }

 private:
  // One pass: completions, then new frames. Returns whether another pass must follow.
  bool pass();
  void post_frames(std::size_t layer);

  std::uint32_t posted_ = 0;
  std::uint32_t seen_ = 0;
  std::array<TxClient*, kLayers> clients_{};
  struct Posted {
    std::uint64_t context = 0;
    std::size_t layer = 0;
  };
  std::vector<Posted> slots_;  // of the hardware ring
  std::array<std::vector<TxCompletion>, kLayers> finished_;
  std::vector<TxFrame> frames_;
};

}  // namespace ringproof::driver

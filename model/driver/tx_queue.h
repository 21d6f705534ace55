// tx_queue.h: a transmit queue of the driver.
// Role     passes frames of its client to the device and completions back, in order
// Shapes   at most `entries` frames with the device; contexts kept per ring slot
// Errors   none
// Source   docs/design/queue-engine.md
#pragma once

#include <vector>

#include "model/driver/driver.h"
#include "model/driver/hardware_queue.h"

namespace ringproof::driver {

class TxQueue : public HardwareQueue {
 public:
  TxQueue(nic::Device& device, Host& host, const TapList& taps, std::uint32_t queue, std::uint32_t entries);

  void set_up();
  void serve();

  void set_client(TxClient* client) { client_ = client; }
  bool drained() const { return posted_ == seen_; }

 private:
  // One pass: completions, then new frames. Returns whether another pass must follow.
  bool pass();

  std::uint32_t posted_ = 0;
  std::uint32_t seen_ = 0;
  TxClient* client_ = nullptr;
  std::vector<std::uint64_t> contexts_;  // by ring slot
  std::vector<std::uint64_t> finished_;
  std::vector<TxFrame> frames_;
};

}  // namespace ringproof::driver

// rx_queue.h: a receive queue of the driver.
// Role     keeps the hardware stocked with buffers, polls completions with a budget, shows frames to the
// client Shapes   one buffer per ring entry, sized for the longest frame; cookie = number of the buffer
// Errors   frames the device could not write or had to cut are dropped and told (kDmaError, kTruncated)
// Source   docs/design/queue-engine.md
#pragma once

#include <array>
#include <vector>

#include "model/driver/driver.h"
#include "model/driver/hardware_queue.h"

namespace ringproof::driver {

class RxQueue : public HardwareQueue {
 public:
  RxQueue(nic::Device& device, Host& host, const TapList& taps, std::uint32_t queue, std::uint32_t entries);

  // The poll task.
  void set_up();
  void serve();

  void set_client(Layer layer, RxClient* client) { clients_[static_cast<std::size_t>(layer)] = client; }
  // Every completion that the device published has been polled.
  bool drained() const { return drained_; }

 private:
  void post(std::uint32_t buffer);
  void ring_doorbell();
  std::uint32_t poll();

  const std::uint32_t buffer_bytes_;
  std::uint64_t completions_address_;
  std::uint64_t buffers_address_;
  std::uint32_t posted_ = 0;  // producer index of the post ring
  std::uint32_t seen_ = 0;    // completions taken
  bool drained_ = true;
  std::array<RxClient*, kLayers> clients_{};
  std::vector<RxFrame> batch_;
  std::vector<std::uint32_t> batch_buffers_;
};

}  // namespace ringproof::driver

// rx_queue.h: a receive queue of the driver.
// Role     keeps the hardware stocked with buffers, takes completions, shows frames to the clients
// Shapes   one buffer per ring entry, sized for the longest frame; cookie = number of the buffer
// Errors   frames the device could not write or had to cut, and those that come while the interface is
//          paused, are dropped and told (kDmaError, kTruncated, kPaused)
// Source   docs/design/queue-engine.md
#pragma once

#include <array>
#include <vector>

#include "model/driver/driver.h"
#include "model/driver/polled_queue.h"

namespace ringproof::driver {

class RxQueue final : public PolledQueue {
 public:
  // Sends a frame of the receive queue out again, at the wish of the layer; false: there is no room.
  using Forward = std::function<bool(std::uint32_t, Layer, Tap::Bytes)>;

  RxQueue(nic::Device& device, Host& host, const TapList& taps, Signal& work, std::uint32_t queue,
          std::uint32_t entries, const Forward& forward);

  void set_client(Layer layer, RxClient* client) { clients_[static_cast<std::size_t>(layer)] = client; }
  // While held, passes take nothing.
  void hold(bool held);
  // Every completion that the device published has been taken, and its frame has gone its way.
  bool drained() const { return backlog() == 0; }

  void arm() override;

 private:
  bool held() const override { return held_; }
  void set_up_own() override;
  bool pass(std::uint32_t quota) override;
  void take_back_all() override;
  // Takes so many completions and shows their frames to the clients.
  void take_batch(std::uint32_t count);
  void post(std::uint32_t buffer);
  void ring_doorbell();
  void take(nic::RxCompletionEntry entry, std::uint32_t index);
  // What a broken device may say of a frame.
  void disturb(nic::RxCompletionEntry& entry);
  void split(std::size_t bytes, std::vector<std::uint32_t>& lengths) const;
  RxFrame frame_of(const nic::RxCompletionEntry& entry, std::span<unsigned char> bytes) const;
  void list_fragments();
  void cut(std::size_t bytes, std::vector<std::uint32_t>& lengths) const;
  void show_to_clients();
  void send_out_again(const RxFrame& frame, Layer by);

  const Forward forward_;
  const std::uint32_t buffer_bytes_;
  std::uint64_t completions_address_;
  std::uint64_t buffers_address_;
  bool held_ = false;
  std::array<RxClient*, kLayers> clients_{};
  std::vector<RxFrame> batch_;
  std::vector<std::uint32_t> batch_buffers_;        // to be posted again
  std::vector<std::vector<std::uint32_t>> pieces_;  // by frame of the batch: as the device says; mostly empty
};

}  // namespace ringproof::driver

// tx_queue.h: a transmit queue of the driver.
// Role     passes frames of its clients to the device and completions back
// Shapes   at most `entries` frames with the device or held; what the completion needs is kept per ring slot
// Errors   frames that the device never gets are completed all the same, and told (kPaused, kSendFailed)
// Source   docs/design/queue-engine.md
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "model/driver/driver.h"
#include "model/driver/polled_queue.h"
#include "model/driver/tx_hold.h"

namespace ringproof::driver {

class TxQueue final : public PolledQueue {
 public:
  TxQueue(nic::Device& device, Host& host, const TapList& taps, Signal& work, TxHold& hold,
          std::uint32_t queue, std::uint32_t entries);

  void set_client(Layer layer, TxClient* client) { clients_[static_cast<std::size_t>(layer)] = client; }
  // Nobody but the client of this layer has or had anything for it.
  bool serves_only(Layer layer) const;
  // The next pass posts a frame that was held, or gives it back unsent.
  void release_held(const HeldFrame& held, const TxRelease& how);
  // No frame of a client is with the device or the driver.
  bool drained() const;
  // Frames that the hardware ring could take now.
  std::uint32_t room() const;

 private:
  struct Posted {
    std::uint64_t context = 0;
    Layer layer = Layer::kNative;
    std::optional<std::uint64_t> timestamp_ns;  // reported instead of the device's
  };
  struct Released {
    HeldFrame held;
    TxRelease how;
  };

  void set_up_own() override;
  bool pass(std::uint32_t quota) override;
  void take_back_all() override;
  // Takes what the device finished and what was given back unsent; tells whether there was any.
  bool collect_finished();
  // The frame at `seen_` was published, or will never be sent.
  void finish(std::uint64_t timestamp_ns);
  // Why frames cannot be posted; kCount: they can.
  DropReason refusal() const;
  void post_released();
  void hand_over(Layer layer);
  void post(const TxFrame& frame, Layer layer, std::optional<std::uint64_t> timestamp_ns);
  void give_back(const TxFrame& frame, Layer layer, DropReason reason, std::uint64_t timestamp_ns);
  void ring_doorbell(std::uint32_t posted_before);

  TxHold& hold_;
  std::array<TxClient*, kLayers> clients_{};
  std::vector<Posted> slots_;  // of the hardware ring
  std::vector<Released> released_;
  std::array<std::vector<TxCompletion>, kLayers> unsent_;  // for the next pass
  std::array<std::vector<TxCompletion>, kLayers> finished_;
  std::vector<TxFrame> frames_;
};

}  // namespace ringproof::driver

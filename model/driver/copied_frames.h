// copied_frames.h: frames to send whose bytes belong to the driver.
// Role     a client of a transmit queue beside the platform: what the host's own network stack sends, and
//          what a receive queue sends out again
// Shapes   frames leave in the order in which they were given; each is a copy of its own
// Units    [bytes] without FCS
// Errors   frames that the device does not get (kPaused, kSendFailed) are gone, and told
// Source   XDP for Windows: L2FWD, forwarding buffers; a host's own traffic is assumed
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <vector>

#include "model/driver/driver.h"

namespace ringproof::driver {

class CopiedFrames final : public TxClient {
 public:
  CopiedFrames(Driver& driver, std::uint32_t queue) : driver_(driver), queue_(queue) {}

  // The queue's next pass takes the frame. REQUIRES: 1 to max_frame_bytes bytes.
  void send(std::vector<unsigned char> frame);
  // Frames that were given and are not done with.
  std::size_t count() const { return waiting_.size() + sent_.size(); }
  // Those that the queue has not taken yet.
  std::size_t waiting() const { return waiting_.size(); }

  void completed(std::span<const TxCompletion> frames) override;
  bool fill(std::uint32_t room, std::vector<TxFrame>& frames) override;

 private:
  struct Sent {
    std::vector<unsigned char> bytes;
    std::uint64_t dma_address = 0;
  };

  Driver& driver_;
  const std::uint32_t queue_;
  std::deque<std::vector<unsigned char>> waiting_;
  std::map<std::uint64_t, Sent> sent_;  // by context
  std::uint64_t next_context_ = 0;
};

}  // namespace ringproof::driver

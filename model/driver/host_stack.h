// host_stack.h: what the operating system's own network stack sends through a transmit queue.
// Role     a client of the queue beside the platform: frames of the host share the wire with those of sockets
// Shapes   frames leave in the order in which they were given
// Errors   frames that the device does not get (kPaused, kSendFailed) are gone, and told
// Source   assumed: what a testbench must be able to do to a host
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <vector>

#include "model/driver/driver.h"

namespace ringproof::driver {

class HostStack final : public TxClient {
 public:
  HostStack(Driver& driver, std::uint32_t queue) : driver_(driver), queue_(queue) {}

  // The queue's next pass takes the frame. REQUIRES: 1 to max_frame_bytes bytes.
  void send(std::vector<unsigned char> frame);

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

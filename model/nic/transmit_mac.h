// transmit_mac.h: the sending half of the MAC.
// Role     serialises the frames that the engine hands over, in order, at the rate of the wire
// Shapes   a bounded buffer: a frame may begin while a whole longest frame fits
// Units    times [ps]
// Errors   a frame whose DMA reads failed is not sent, and told
// Source   docs/code-map.md
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "model/base/host.h"
#include "model/base/tap.h"
#include "model/nic/nic_config.h"
#include "model/nic/wire_clock.h"

namespace ringproof::nic {

class TransmitMac {
 public:
  TransmitMac(const NicConfig& config, std::uint32_t port, const TapList& taps);

  bool has_room() const { return buffered_bytes_ < kBufferBytes; }
  // A frame that is complete in the buffer at `now_ps`.
  void send(std::uint32_t queue, std::vector<unsigned char> bytes, std::uint64_t now_ps);
  void refuse(std::uint32_t queue);

  // The frame in front has left the wire. REQUIRES: next_end_ps() is not kNever.
  void leave();
  // All that leaves before `now_ps`.
  void advance(std::uint64_t now_ps) {
    while (next_end_ps() < now_ps) leave();
  }
  std::uint64_t next_end_ps() const { return buffer_.empty() ? kNever : buffer_.front().end_ps; }
  bool drained() const { return buffer_.empty(); }

 private:
  static constexpr std::uint64_t kBufferBytes = 16 * 1024;
  struct Leaving {
    std::uint32_t queue;
    std::uint64_t end_ps;
    std::vector<unsigned char> bytes;
  };

  const std::uint32_t port_;
  const TapList& taps_;
  WireClock wire_;
  std::deque<Leaving> buffer_;
  std::uint64_t buffered_bytes_ = 0;
};

}  // namespace ringproof::nic

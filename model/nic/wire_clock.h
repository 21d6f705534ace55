// wire_clock.h: how long frames take on a wire, without drift.
// Role     gives each frame its place on the wire, one after the other
// Shapes   a frame takes 8 bytes of preamble, at least 60 bytes of its own, 4 of FCS, then 12 of gap
// Units    [ps], rounded up from exact bit times counted since the wire was last idle
// Source   IEEE 802.3, clause 4: frame format and inter-frame gap
#pragma once

#include <cstdint>

namespace ringproof::nic {

class WireClock {
 public:
  explicit WireClock(double gbps);

  // Puts a frame on the wire, not before `earliest_ps`. Returns the time of the end of its FCS.
  std::uint64_t send(std::uint64_t earliest_ps, std::uint64_t frame_bytes);
  // When the wire is free for the next frame.
  std::uint64_t free_ps() const { return after(busy_bits_); }

 private:
  std::uint64_t after(std::uint64_t bits) const;

  const std::uint64_t bits_per_second_;
  std::uint64_t busy_since_ps_ = 0;
  std::uint64_t busy_bits_ = 0;  // since then, the last gap included
};

}  // namespace ringproof::nic

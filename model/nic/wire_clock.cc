#include "model/nic/wire_clock.h"

#include <algorithm>
#include <cmath>

namespace ringproof::nic {
namespace {

constexpr std::uint64_t kPreambleBytes = 8;
constexpr std::uint64_t kFrameBytesMin = 60;
constexpr std::uint64_t kFcsBytes = 4;
constexpr std::uint64_t kGapBytes = 12;
constexpr std::uint64_t kPsPerSecond = 1'000'000'000'000;

__extension__ using Wide = unsigned __int128;

}  // namespace

WireClock::WireClock(double gbps) : bits_per_second_(static_cast<std::uint64_t>(std::llround(gbps * 1e9))) {}

std::uint64_t WireClock::after(std::uint64_t bits) const {
  const Wide duration = (Wide{bits} * kPsPerSecond + bits_per_second_ - 1) / bits_per_second_;
  return busy_since_ps_ + static_cast<std::uint64_t>(duration);
}

std::uint64_t WireClock::send(std::uint64_t earliest_ps, std::uint64_t frame_bytes) {
  if (earliest_ps > free_ps()) {
    busy_since_ps_ = earliest_ps;
    busy_bits_ = 0;
  }
  busy_bits_ += 8 * (kPreambleBytes + std::max(frame_bytes, kFrameBytesMin) + kFcsBytes);
  const std::uint64_t end_ps = free_ps();
  busy_bits_ += 8 * kGapBytes;
  return end_ps;
}

}  // namespace ringproof::nic

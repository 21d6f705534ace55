// file_time.h: between simulated time and the system time of Windows.
// Units    [100 ns] since 1601, as in a FILETIME; [ps] of the simulation, which begins on 1 January 1970
// Source   Windows: file times, due times of timers
#pragma once

#include <algorithm>
#include <cstdint>

namespace ringproof {

constexpr std::uint64_t kFileTimeTickPs = 100'000;
constexpr std::uint64_t kSimulationBegins = 116'444'736'000'000'000;

// When a timer is due: negative from now on, else at a time of the system.
inline std::uint64_t due_time_ps(std::int64_t ticks, std::uint64_t now_ps) {
  if (ticks < 0) return now_ps + static_cast<std::uint64_t>(-ticks) * kFileTimeTickPs;
  const std::uint64_t since = std::max(static_cast<std::uint64_t>(ticks), kSimulationBegins);
  return std::max(now_ps, (since - kSimulationBegins) * kFileTimeTickPs);
}

}  // namespace ringproof

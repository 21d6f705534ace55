// run_limits.h: how long and how often, at most.
// Role     what the command line takes is what files of ours may hold
// Units    [ps], [s]
// Errors   none
// Source   docs/command-line.md
#pragma once

#include <cstdint>

namespace ringproof {

constexpr std::uint64_t kLongestPs = 1'000'000'000'000'000'000;  // a million seconds
constexpr std::uint32_t kLoopsMax = 1'000'000;
constexpr std::uint32_t kStallSecondsMax = 86'400;

}  // namespace ringproof

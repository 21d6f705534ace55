// posix_support.h: who calls; between simulated time and that of POSIX calls; what functions of the C++
// library need.
// Units    [ps]
// Source   sim/app/posix_calls.cc
#pragma once

#include <pthread.h>
#include <time.h>

#include <cstdint>

#include "sim/app/world.h"

// A function that stands for a member function: of a pointer to one, the lowest bit says whether it is
// virtual.
#define RINGPROOF_MEMBER __attribute__((aligned(16)))

namespace ringproof {

// Simulated time reaches further than anybody waits; what does not fit is for ever.
inline std::uint64_t to_ps(const struct timespec& time) {
  constexpr std::uint64_t kSecondPs = 1'000'000'000'000;
  constexpr std::uint64_t kNanosecondPs = 1'000;
  const auto seconds = static_cast<std::uint64_t>(time.tv_sec);
  if (seconds >= kNever / kSecondPs) return kNever;
  return seconds * kSecondPs + static_cast<std::uint64_t>(time.tv_nsec) * kNanosecondPs;
}

// The caller is a simulated thread of an application. The test that holds the machine is none, nor is what it
// gave to be called: their locks and their values are the host's, as if there were no machine.
inline bool in_simulated_thread() {
  return calling_world != nullptr && calling_world->kernel.in_application();
}

// REQUIRES: there is a world.
inline std::uint64_t posix_now_ps() { return calling_world->kernel.now_ps(); }

// Waits for the end of a simulated thread, and forgets it then. 0, ESRCH or ETIMEDOUT; `result` may be null.
int join_thread(pthread_t handle, void** result, std::uint64_t deadline_ps);

}  // namespace ringproof

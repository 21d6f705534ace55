// progress.h: what the simulation process shows its supervisor while it runs.
// Role     one page of memory shared between the two processes; written by the child only
// Threads  single writer, single reader in another process; relaxed atomics
// Errors   none
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <string>

namespace ringproof {

enum class RunPhase : std::uint32_t { kSettingUp, kApplication, kSimulator, kWriting, kDone };

struct Progress {
  // The only writer needs no locked addition.
  void beat() { heartbeat.store(heartbeat.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed); }

  // Kept in case that the process does not last until the end; cut where it is longer than the place.
  void violated(const std::string& line) {
    line.copy(first_violation, sizeof first_violation - 1);
    first_violation[std::min(line.size(), sizeof first_violation - 1)] = 0;
  }

  std::atomic<std::uint64_t> heartbeat{0};            // grows with every schedule point and hardware stretch
  std::atomic<RunPhase> phase{RunPhase::kSettingUp};  // who is running now
  std::atomic<std::uint32_t> process{0};              // of the program that ran last
  std::atomic<std::uint64_t> sim_ps{0};
  std::atomic<std::uint64_t> frames_done{0};
  std::atomic<std::uint64_t> frames_total{0};
  std::atomic<std::uint32_t> gravest_fault{0};  // that struck: its Tolerance; 0: none did
  char first_violation[4096] = {};              // of an invariant, as a line; empty: none
  std::atomic<const char*> last_call{nullptr};  // a string constant, the same address in both processes
};

}  // namespace ringproof

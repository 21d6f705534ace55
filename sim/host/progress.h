// progress.h: what the simulation process shows its supervisor while it runs.
// Role     one page of memory shared between the two processes; written by the child only
// Threads  single writer, single reader in another process; relaxed atomics
// Errors   none
#pragma once

#include <atomic>
#include <cstdint>

namespace ringproof {

enum class RunPhase : std::uint32_t { kSettingUp, kApplication, kSimulator, kWriting, kDone };

struct Progress {
  // The only writer needs no locked addition.
  void beat() { heartbeat.store(heartbeat.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed); }

  std::atomic<std::uint64_t> heartbeat{0};            // grows with every schedule point and hardware stretch
  std::atomic<RunPhase> phase{RunPhase::kSettingUp};  // who is running now
  std::atomic<std::uint32_t> process{0};              // of the program that ran last
  std::atomic<std::uint64_t> sim_ps{0};
  std::atomic<std::uint64_t> frames_done{0};
  std::atomic<std::uint64_t> frames_total{0};
  std::atomic<std::uint32_t> gravest_fault{0};  // that struck: its Tolerance; 0: none did
  std::atomic<const char*> last_call{nullptr};  // a string constant, the same address in both processes
};

}  // namespace ringproof

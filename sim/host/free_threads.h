// free_threads.h: what application tasks stand on in free-running mode, where each is a thread of the host.
// Role     a lock that lets one thread at a time into the simulated system; simulated time that follows the
//          wall clock; what each thread of the host knows of itself
// Units    [ps]
// Threads  any
// Errors   none
// Source   docs/decisions/0012-free-running.md
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csetjmp>
#include <cstdint>
#include <mutex>

namespace ringproof {

class HostKernel;
struct Task;

// Lets threads in in the order in which they came, so that none is kept out by one that comes again and
// again.
class TicketLock {
 public:
  void lock();
  void unlock();
  // Somebody waits. REQUIRES: the caller has the lock.
  bool wanted() const { return next_.load(std::memory_order_relaxed) - serving_ > 1; }

 private:
  std::atomic<std::uint32_t> next_{0};
  std::atomic<std::uint32_t> serving_{0};
};

// Simulated time that goes as fast as wall time, and stands while the machine is far behind.
class FollowingClock {
 public:
  using WallTime = std::chrono::nanoseconds (*)();
  // `wall`: since some moment; never goes back.
  explicit FollowingClock(WallTime wall = steady_time) : wall_(wall), start_(wall()) {}

  // Never less than it was before.
  std::uint64_t now_ps() const;
  // The machine has done everything up to here, and no more. For one thread.
  void reached(std::uint64_t time_ps);
  // How much wall time is left until then.
  std::chrono::nanoseconds until(std::uint64_t time_ps) const;

 private:
  static std::chrono::nanoseconds steady_time() {
    return std::chrono::steady_clock::now().time_since_epoch();
  }
  std::uint64_t going_ps() const;

  const WallTime wall_;
  const std::chrono::nanoseconds start_;
  std::atomic<std::uint64_t> stood_ps_{0};
  mutable std::atomic<std::uint64_t> shown_ps_{0};
};

class FreeThreads {
 public:
  // What a thread of the host knows of itself.
  struct Self {
    Self() = default;
    // A thread of somebody else's ends: so does its task.
    ~Self();
    Self(const Self&) = delete;
    Self& operator=(const Self&) = delete;

    HostKernel* kernel = nullptr;  // of a thread that was started by somebody else
    bool past_end = false;         // it goes on when the process has ended, and waits for nothing
    Task* task = nullptr;          // null: it has not been inside yet, or it is the machine's own
    std::uint32_t depth = 0;       // ways in without a way out
    std::jmp_buf* end = nullptr;   // where it ends; null for one that was not started by us
  };
  static Self& self();

  // Something is to be done: whoever drives the machine need not sleep on.
  void posted();
  // Sleeps until posted() is called, or for so long.
  void sleep(std::chrono::nanoseconds longest);

  TicketLock gate;
  FollowingClock clock;

 private:
  std::mutex mutex_;
  std::condition_variable posted_;
  bool to_do_ = false;
};

}  // namespace ringproof

#include "sim/host/free_threads.h"

#include <algorithm>

#include "sim/host/host_kernel.h"

namespace ringproof {
namespace {

constexpr std::uint64_t kPsPerNs = 1000;
// A machine that is further behind than this holds the clock.
constexpr std::uint64_t kBehindMaxPs = 20'000'000'000;

}  // namespace

void TicketLock::lock() {
  const std::uint32_t ticket = next_.fetch_add(1, std::memory_order_relaxed);
  for (std::uint32_t turn = serving_.load(std::memory_order_acquire); turn != ticket;
       turn = serving_.load(std::memory_order_acquire)) {
    serving_.wait(turn, std::memory_order_acquire);
  }
}

void TicketLock::unlock() {
  serving_.fetch_add(1, std::memory_order_release);
  serving_.notify_all();
}

std::uint64_t FollowingClock::going_ps() const {
  return static_cast<std::uint64_t>((wall_() - start_).count()) * kPsPerNs -
         stood_ps_.load(std::memory_order_relaxed);
}

std::uint64_t FollowingClock::now_ps() const {
  const std::uint64_t now_ps = going_ps();
  std::uint64_t shown_ps = shown_ps_.load(std::memory_order_relaxed);
  while (shown_ps < now_ps && !shown_ps_.compare_exchange_weak(shown_ps, now_ps, std::memory_order_relaxed)) {
  }
  return std::max(shown_ps, now_ps);
}

void FollowingClock::reached(std::uint64_t time_ps) {
  const std::uint64_t now = going_ps();
  if (now <= time_ps + kBehindMaxPs) return;
  stood_ps_.fetch_add(now - time_ps - kBehindMaxPs, std::memory_order_relaxed);
}

std::chrono::nanoseconds FollowingClock::until(std::uint64_t time_ps) const {
  const std::uint64_t now = now_ps();
  return std::chrono::nanoseconds(time_ps <= now ? 0 : (time_ps - now) / kPsPerNs + 1);
}

FreeThreads::Self::~Self() {
  if (kernel != nullptr && task != nullptr) kernel->thread_left();
}

FreeThreads::Self& FreeThreads::self() {
  thread_local Self self;
  return self;
}

void FreeThreads::posted() {
  {
    const std::lock_guard lock(mutex_);
    to_do_ = true;
  }
  posted_.notify_one();
}

void FreeThreads::sleep(std::chrono::nanoseconds longest) {
  std::unique_lock lock(mutex_);
  posted_.wait_for(lock, longest, [this] { return to_do_; });
  to_do_ = false;
}

}  // namespace ringproof

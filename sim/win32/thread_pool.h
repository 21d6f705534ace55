// thread_pool.h: threads of the system that make a program's calls: work, timers, waits.
// Shapes   as many threads as there is work at once; they end with the world
// Threads  simulation thread
// Source   Windows: thread pools, timer queues
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "sim/app/world.h"

namespace ringproof {

class ThreadPool {
 public:
  ThreadPool(World& world, std::uint32_t process) : world_(world), process_(process) {}

  // Some thread of the pool makes the call soon.
  void submit(std::function<void()> call);

 private:
  void serve();

  World& world_;
  const std::uint32_t process_;
  std::deque<std::function<void()>> calls_;
  std::size_t idle_ = 0;
  Signal submitted_;
};

// Calls of one kind that a program has asked for: how many are to come, and how many are under way.
class PoolCalls : public std::enable_shared_from_this<PoolCalls> {
 public:
  // REQUIRES: made by a task of the program.
  PoolCalls(World& world, ThreadPool& pool, std::function<void()> call)
      : world_(world), pool_(pool), process_(world.kernel.current_process()), call_(std::move(call)) {}

  void submit();
  void forget_pending() {
    pending_ = 0;
    tell_when_idle();
  }
  // Blocks the running task until none is to come or under way.
  void wait();
  bool busy() const { return pending_ + running_ > 0; }
  // Called once, as soon as none is to come or under way.
  void when_idle(std::function<void()> told) {
    when_idle_.push_back(std::move(told));
    tell_when_idle();
  }

  // As a timer: submits at these times; 0 as period: once. A new setting makes an earlier one void.
  void set_timer(std::uint64_t due_ps, std::uint64_t period_ps);
  void stop_timer() {
    ++setting_;
    timer_set_ = false;
  }
  bool timer_set() const { return timer_set_; }

 private:
  void wait_until(std::uint64_t due_ps, std::uint64_t period_ps);
  void tell_when_idle();

  World& world_;
  ThreadPool& pool_;
  const std::uint32_t process_;
  const std::function<void()> call_;
  std::uint64_t pending_ = 0;
  std::uint64_t running_ = 0;
  std::uint64_t setting_ = 0;
  bool timer_set_ = false;
  Signal done_;
  std::vector<std::function<void()>> when_idle_;
};

}  // namespace ringproof

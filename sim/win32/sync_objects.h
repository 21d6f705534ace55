// sync_objects.h: mutexes, semaphores and timers, as waits see them.
// Units    [ps]
// Threads  simulation thread
// Source   Windows: synchronization objects
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "sim/app/waitable.h"
#include "sim/win32/state.h"

namespace ringproof {

class Mutex final : public Waitable {
 public:
  Mutex(World& world, bool owned) : world_(world), all_(world.win32->mutexes) {
    all_->push_back(this);
    if (owned) taken();
  }
  ~Mutex() override { std::erase(*all_, this); }

  bool signalled() const override { return depth_ == 0 || owner_ == world_.kernel.current_task(); }
  bool taken() override {
    owner_ = world_.kernel.current_task();
    ++depth_;
    return std::exchange(abandoned_, false);
  }
  // False: the running task does not have it.
  bool release() {
    if (depth_ == 0 || owner_ != world_.kernel.current_task()) return false;
    if (--depth_ == 0) world_.kernel.notify(world_.signalled);
    return true;
  }
  void owner_ended(int task) {
    if (depth_ == 0 || owner_ != task) return;
    depth_ = 0;
    abandoned_ = true;
    world_.kernel.notify(world_.signalled);
  }
  void close() override {}

 private:
  World& world_;
  const std::shared_ptr<std::vector<Mutex*>> all_;
  int owner_ = -1;
  std::uint32_t depth_ = 0;
  bool abandoned_ = false;
};

class Semaphore final : public Waitable {
 public:
  Semaphore(World& world, LONG count, LONG maximum) : world_(world), count_(count), maximum_(maximum) {}

  bool signalled() const override { return count_ > 0; }
  bool taken() override {
    --count_;
    return false;
  }
  // False: there would be more than the maximum.
  bool release(LONG count, LONG* before) {
    if (count > maximum_ - count_) return false;
    if (before != nullptr) *before = count_;
    count_ += count;
    world_.kernel.notify(world_.signalled);
    return true;
  }
  void close() override {}

 private:
  World& world_;
  LONG count_;
  const LONG maximum_;
};

class WaitableTimer final : public Waitable, public std::enable_shared_from_this<WaitableTimer> {
 public:
  WaitableTimer(World& world, bool manual_reset) : world_(world), manual_reset_(manual_reset) {}

  // `when_due` is called each time; a period of 0 is once.
  void set(std::uint64_t due_ps, std::uint64_t period_ps, std::function<void()> when_due) {
    set_ = false;
    ++setting_;
    process_ = world_.kernel.current_process();
    period_ps_ = period_ps;
    when_due_ = std::move(when_due);
    wait_until(due_ps);
  }
  void cancel() { ++setting_; }
  // The number that set() will give, and whether it is still the present one.
  std::uint64_t next_setting() const { return setting_ + 1; }
  bool is_setting(std::uint64_t setting) const { return setting == setting_; }
  bool signalled() const override { return set_; }
  bool taken() override {
    set_ = set_ && manual_reset_;
    return false;
  }
  void close() override { cancel(); }

 private:
  void wait_until(std::uint64_t due_ps) {
    world_.kernel.at(
        due_ps, [timer = shared_from_this(), setting = setting_, due_ps] { timer->due(setting, due_ps); });
  }
  void due(std::uint64_t setting, std::uint64_t due_ps) {
    if (setting != setting_ || world_.kernel.process_stopped(process_)) return;
    set_ = true;
    world_.kernel.notify(world_.signalled);
    if (when_due_) when_due_();
    // The timer itself may have been late.
    if (period_ps_ != 0) wait_until(std::max(due_ps + period_ps_, world_.kernel.now_ps()));
  }

  World& world_;
  const bool manual_reset_;
  bool set_ = false;
  std::uint64_t setting_ = 0;  // counts; what was due for an earlier one is void
  std::uint32_t process_ = 0;  // that set it
  std::uint64_t period_ps_ = 0;
  std::function<void()> when_due_;
};

}  // namespace ringproof

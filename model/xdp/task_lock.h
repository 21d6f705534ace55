// task_lock.h: mutual exclusion of tasks.
// Role     operations on one object that may let other tasks run in between queue up instead of overlapping
// Threads  simulation thread; not recursive; tasks get it in no promised order
// Source   XDP for Windows: the locking model that an application can observe
#pragma once

#include "model/base/host.h"

namespace ringproof::xdp {

class TaskLock {
 public:
  TaskLock(Host& host, const LockName& name) : host_(host), name_(name) {}

  class Held {
   public:
    explicit Held(TaskLock& lock) : lock_(lock) {
      lock_.host_.lock_wanted(lock_.name_);
      while (lock_.held_) lock_.host_.wait(lock_.freed_, kNever);
      lock_.held_ = true;
      lock_.host_.lock_taken(lock_.name_);
    }
    ~Held() {
      lock_.held_ = false;
      lock_.host_.lock_left(lock_.name_);
      lock_.host_.notify(lock_.freed_);
      // Whoever waits may take it before the one that leaves goes on.
      if (const FaultStrike window = lock_.host_.fault(FaultId::kSch06)) {
        lock_.host_.spend(window.amount * kPsPerNs);
      }
    }
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;

   private:
    TaskLock& lock_;
  };

 private:
  static constexpr std::uint64_t kPsPerNs = 1000;

  Host& host_;
  const LockName name_;
  bool held_ = false;
  Signal freed_;
};

}  // namespace ringproof::xdp

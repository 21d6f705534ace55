// task_lock.h: mutual exclusion of tasks.
// Role     operations on one object that may let other tasks run in between queue up instead of overlapping
// Threads  simulation thread; not recursive; tasks get it in no promised order
// Source   XDP for Windows: the locking model that an application can observe
#pragma once

#include "model/base/host.h"

namespace ringproof::xdp {

class TaskLock {
 public:
  explicit TaskLock(Host& host) : host_(host) {}

  class Held {
   public:
    explicit Held(TaskLock& lock) : lock_(lock) {
      while (lock_.held_) lock_.host_.wait(lock_.freed_, kNever);
      lock_.held_ = true;
    }
    ~Held() {
      lock_.held_ = false;
      lock_.host_.notify(lock_.freed_);
    }
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;

   private:
    TaskLock& lock_;
  };

 private:
  Host& host_;
  bool held_ = false;
  Signal freed_;
};

}  // namespace ringproof::xdp

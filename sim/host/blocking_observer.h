// blocking_observer.h: hears which task has which lock, and which task waits.
// Role     the host kernel tells; a monitor looks for orders of locks that can end in a deadlock
// Threads  simulation thread
// Source   invariants-and-faults.md F, INV-40
#pragma once

#include <cstdint>

#include "model/base/host.h"
#include "sim/host/task.h"

namespace ringproof {

class BlockingObserver {
 public:
  virtual ~BlockingObserver() = default;
  virtual void lock_wanted(const Task& task, const LockName& lock, std::uint64_t time_ps) = 0;
  virtual void lock_taken(const Task& task, const LockName& lock) = 0;
  virtual void lock_left(const Task& task, const LockName& lock) = 0;
  // The task is about to wait for a signal.
  virtual void task_waits(const Task& task, std::uint64_t time_ps) = 0;
};

}  // namespace ringproof

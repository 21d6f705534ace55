// posix_state.h: threads, mutexes and condition variables of an application.
// Role     plain state of one world, changed by the POSIX calls only
// Shapes   named by the application's own handles and addresses, which are only ever looked up
// Source   sim/app/posix_calls.cc
#pragma once

#include <pthread.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "model/base/host.h"
#include "sim/app/thread_keys.h"

namespace ringproof {

struct PosixState {
  // Handles of the host are addresses, far from these.
  static constexpr pthread_t kFirstThread = 0x52500001;
  static constexpr pthread_t kThreadsMax = 0x100000;
  // A thread of the host, other than the calling one, on which all simulated threads run.
  static bool is_hosts(pthread_t handle) {
    const bool simulated = handle >= kFirstThread && handle < kFirstThread + kThreadsMax;
    return !simulated && pthread_equal(handle, pthread_self()) == 0;
  }

  struct Thread {
    int task = -1;
    void* result = nullptr;
    bool ended = false;
    bool detached = false;
    Signal joined;
  };
  struct Lock {
    int owner = -1;  // task
    std::uint32_t depth = 0;
    Signal released;
  };
  struct Condition {
    Signal signalled;
  };

  struct SharedLock {
    int writer = -1;  // task
    std::uint32_t readers = 0;
  };
  struct Barrier {
    std::uint32_t count = 0;
    std::uint32_t to_come = 0;
    std::uint64_t round = 0;
  };

  std::map<pthread_t, std::unique_ptr<Thread>> threads;
  std::map<pthread_mutex_t*, Lock> locks;
  std::map<pthread_cond_t*, Condition> conditions;
  std::map<pthread_rwlock_t*, SharedLock> shared_locks;
  std::map<pthread_barrier_t*, std::shared_ptr<Barrier>> barriers;
  std::map<int, pthread_t> thread_of_task;
  struct Priority {
    int policy = 0;  // SCHED_OTHER
    int priority = 0;
  };
  // By task, what was said of it.
  std::map<int, std::uint32_t> pinned;  // to a virtual CPU
  std::map<int, std::string> names;
  std::map<int, Priority> priorities;
  ThreadKeys keys;
  pthread_t next_thread = kFirstThread;
};

}  // namespace ringproof

// task.h: a task of the host kernel.
// Role     plain state, changed by the kernel only
// Units    [ps]
// Source   docs/decisions/0001-time-and-tasks.md, 0002-parked-pollers.md
#pragma once

#include <cstdint>
#include <memory>
#include <semaphore>
#include <string>
#include <vector>

#include "model/base/host.h"
#include "sim/host/coroutine.h"

namespace ringproof {

enum class TaskState : std::uint8_t { kReady, kRunning, kWaiting, kParked, kEnded };

// What a polling task saw, and where.
struct Look {
  const volatile void* address;
  std::uint64_t value;
  std::uint64_t told_in = 0;  // the last stretch of polls in which it was told, as a load of this order
  MemoryOrder order = MemoryOrder::kRelaxed;
};

struct Task {
  std::uint32_t number = 0;
  std::string name;
  std::uint32_t cpu = 0;
  bool application = false;
  std::uint32_t process = 0;  // of an application
  bool main_thread = false;   // the first of its process, which ends with it
  std::uint32_t system_depth = 0;
  std::uint32_t platform_depth = 0;
  bool ends_outside_system = false;
  bool visiting = false;  // a hook of it is in the kernel
  TaskState state = TaskState::kReady;
  bool has_event = false;  // in the event queue
  bool notified = false;
  bool meets_hardware = false;
  bool suspended = false;    // by another task of the application
  bool turn_missed = false;  // it could have run if it were not suspended
  std::uint64_t deadline_ps = kNever;
  std::vector<Look> looks;
  std::size_t next_look = 0;  // where it probably looks next: loops look at the same places in the same order
  std::size_t repeats = 0;
  std::uint32_t parked_rounds = 0;  // parkings in a row that saw no change
  bool looks_at_clock = false;
  std::uint64_t own_writes = 0;     // of an instrumented application, when it last did an atomic operation
  const char* call = nullptr;       // the published call that it is in
  const char* waits_for = nullptr;  // in words, where that says more than the call
  int waits_for_task = -1;          // whose name belongs to that; -1: not known
  int error_number = 0;             // errno, which all tasks share
  // One of the two: what the task runs on, or what its own thread sleeps on in free-running mode.
  std::unique_ptr<Coroutine> coroutine;
  std::unique_ptr<std::binary_semaphore> wake_up;
};

// Hears when a task had its CPU.
class TaskObserver {
 public:
  virtual ~TaskObserver() = default;
  virtual void task_ran(const Task& task, std::uint64_t begin_ps, std::uint64_t end_ps) = 0;
};

}  // namespace ringproof

// Free-running mode of the kernel: tasks of applications as threads of the host. Services, timers and devices
// stay as they are; the thread that drives the machine runs them.

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <csetjmp>
#include <memory>
#include <new>
#include <system_error>
#include <thread>
#include <utility>

#include "model/base/check.h"
#include "sim/host/free_threads.h"
#include "sim/host/host_kernel.h"

namespace ringproof {

void HostKernel::run_freely() { free_ = std::make_unique<FreeThreads>(); }

std::uint64_t HostKernel::clock_ps() const { return free_ == nullptr ? now_ps_ : free_->clock.now_ps(); }

void HostKernel::start_free_thread(Task& task, std::function<void()> body) {
  task.wake_up = std::make_unique<std::binary_semaphore>(0);
  task.state = TaskState::kRunning;
  live_.push_back(&task);
  try {
    std::thread([this, &task, body = std::move(body)] { run_free_thread(task, body); }).detach();
  } catch (const std::system_error&) {
    live_.pop_back();
    task.state = TaskState::kEnded;
    throw std::bad_alloc();
  }
}

// Comes back here from wherever the thread ends itself.
void HostKernel::run_free_thread(Task& task, const std::function<void()>& body) {
  FreeThreads::Self& self = FreeThreads::self();
  self.task = &task;
  std::jmp_buf end;
  self.end = &end;
  if (setjmp(end) == 0) {
    body();
    enter_system();
  }
  task.state = TaskState::kEnded;
  task_over(task);
  self.task = nullptr;
  self.end = nullptr;
  self.depth = 0;
  go_out();
}

Task& HostKernel::name_free_task(std::uint32_t process, const std::string& name) {
  const auto [found, first] = processes_.try_emplace(process);
  Task& task = name_task(found->second + (first ? "main" : name), next_application_cpu_++, true);
  task.process = process;
  task.main_thread = first;
  task.wake_up = std::make_unique<std::binary_semaphore>(0);
  task.state = TaskState::kRunning;
  live_.push_back(&task);
  return task;
}

// One that nobody has expected is a thread of the first process.
void HostKernel::adopt_thread() { begin_thread(name_free_task(0, "thread")); }

Task& HostKernel::expect_thread(const std::string& name) { return name_free_task(current_process(), name); }

void HostKernel::begin_thread(Task& task) {
  FreeThreads::Self& self = FreeThreads::self();
  self.kernel = this;
  self.task = &task;
}

void HostKernel::forget_thread(Task& task) {
  task.state = TaskState::kEnded;
  std::erase(live_, &task);
}

void HostKernel::thread_left() {
  FreeThreads::Self& self = FreeThreads::self();
  self.depth = 1;  // whatever it was in the middle of
  come_in();
  Task& task = *std::exchange(self.task, nullptr);
  const bool stopped = std::exchange(task.state, TaskState::kEnded) == TaskState::kEnded;
  if (!stopped) task_over(task);
  self.depth = 0;
  go_out();
}

std::uint32_t HostKernel::calling_process() const {
  const Task* const task = FreeThreads::self().task;
  return task == nullptr ? 0 : task->process;
}

// Takes the lock.
void HostKernel::come_in() {
  free_->gate.lock();
  now_ps_ = std::max(last_event_ps_, free_->clock.now_ps());
  due_before_ps_ = events_.next_due_ps();
}

// Leaves everything as the machine's thread expects it, and gives the lock back.
void HostKernel::go_out() {
  current_ = nullptr;
  now_ps_ = last_event_ps_;
  const bool ended = std::exchange(task_ended_, false);
  const bool acted = std::exchange(acted_, false);
  if (ended || acted || events_.next_due_ps() < due_before_ps_) free_->posted();
  free_->gate.unlock();
}

void HostKernel::enter_system() {
  FreeThreads::Self& self = FreeThreads::self();
  if (self.depth++ > 0) return;
  come_in();
  if (self.task == nullptr) adopt_thread();
  current_ = self.task;
  if (self.past_end) return;
  // One that is in the middle of a call still leaves it.
  const bool stopped = process_stopped(current_->process) && !current_->ends_outside_system;
  if (current_->state == TaskState::kEnded || stopped) stand_still();
  hold_free();
}

// A suspended thread is stopped where it comes in next, or leaves the platform.
void HostKernel::hold_free() {
  FreeThreads::Self& self = FreeThreads::self();
  Task& task = *current_;
  const std::uint32_t depth = self.depth;
  while (is_held(task)) {
    task.state = TaskState::kWaiting;
    task.turn_missed = true;
    self.depth = 0;
    go_out();
    task.wake_up->acquire();
    come_in();
    self.depth = depth;
    current_ = &task;
    if (task.state == TaskState::kEnded) stand_still();
    task.state = TaskState::kRunning;
  }
}

void HostKernel::leave_system() {
  if (--FreeThreads::self().depth > 0) return;
  tell_deferred();
  go_out();
}

void HostKernel::enter_as_machine() {
  ++FreeThreads::self().depth;
  come_in();
  now_ps_ = last_event_ps_;
}

void HostKernel::leave_as_machine() {
  --FreeThreads::self().depth;
  go_out();
}

std::uint32_t HostKernel::step_outside() {
  FreeThreads::Self& self = FreeThreads::self();
  const std::uint32_t depth = std::exchange(self.depth, 0);
  if (depth == 0) return 0;
  tell_deferred();
  go_out();
  return depth;
}

void HostKernel::step_inside(std::uint32_t depth) {
  if (depth == 0) return;
  enter_system();
  FreeThreads::self().depth = depth;
}

bool HostKernel::everybody_waits() const {
  const auto is_application = [](const Task* task) { return task->application; };
  return std::any_of(live_.begin(), live_.end(), is_application) && quiet();
}

// One that the host started is the host's to end, and leaves what it is in the middle of on its way.
void HostKernel::end_free_thread() {
  FreeThreads::Self& self = FreeThreads::self();
  if (current_->ends_outside_system) stand_still();
  if (self.end == nullptr) pthread_exit(nullptr);
  std::longjmp(*self.end, 1);
}

void HostKernel::stand_still() {
  SIM_CHECK(current_ != nullptr, "no thread to stand still");
  current_->state = TaskState::kEnded;
  std::erase(live_, current_);
  task_ended_ = true;
  go_out();
  while (true) pause();
}

// Until make_ready(); what the thread was in the middle of goes on then.
void HostKernel::sleep_free(Task& task) {
  if (FreeThreads::self().past_end) return;
  const std::uint32_t depth = std::exchange(FreeThreads::self().depth, 0);
  go_out();
  task.wake_up->acquire();
  enter_system();
  FreeThreads::self().depth = depth;
  if (task.state != TaskState::kEnded) task.state = TaskState::kRunning;
}

}  // namespace ringproof

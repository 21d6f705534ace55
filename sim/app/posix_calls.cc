// POSIX threads and time for applications: simulated threads on virtual CPUs, simulated time.
//
// An application linked with the flags of pkg-config --libs ringproof has its own references to these
// functions renamed to __wrap_…; the rest of the process, and libraries, keep the real ones. A test that is
// linked so has its own references renamed too, and those of the static libraries that it takes in: they keep
// the real functions where no simulated thread calls, or for what was made before there was a world.

#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <system_error>
#include <thread>

#include "sim/app/application.h"
#include "sim/app/locked_memory.h"
#include "sim/app/posix_state.h"
#include "sim/app/posix_support.h"
#include "sim/app/world.h"
#include "sim/host/free_threads.h"
#include "sim/win32/state.h"

namespace {

using ringproof::ApiCall;
using ringproof::calling_world;
using ringproof::current_world;
using ringproof::in_simulated_thread;
using ringproof::note_block;
using ringproof::to_ps;

constexpr std::uint64_t kSecondPs = 1'000'000'000'000;
constexpr std::uint64_t kNanosecondPs = 1'000;
constexpr std::uint64_t kClockReadPs = 20'000;
constexpr std::uint64_t kLockPs = 20'000;
constexpr std::uint64_t kYieldPs = 200'000;

using ringproof::PosixState;
using Thread = PosixState::Thread;
using Lock = PosixState::Lock;

PosixState& state() { return *calling_world->posix; }

void end_thread(pthread_t number, void* result) {
  calling_world->destroy_thread_values();
  Thread& thread = *state().threads.at(number);
  thread.result = result;
  thread.ended = true;
  state().thread_of_task.erase(calling_world->kernel.current_task());
  calling_world->kernel.notify(thread.joined);
  if (thread.detached) state().threads.erase(number);
}

// 0 when there is no memory for another stack.
pthread_t start_thread(const std::function<void*()>& body) {
  const pthread_t number = state().next_thread++;
  state().threads[number] = std::make_unique<Thread>();
  const int task = calling_world->start_thread("thread", [number, body] {
    state().thread_of_task[calling_world->kernel.current_task()] = number;
    end_thread(number, body());
  });
  if (task < 0) {
    state().threads.erase(number);
    return 0;
  }
  state().threads[number]->task = task;
  return number;
}

// The C library keeps the kind of a mutex in the mutex.
int kind_of(const pthread_mutex_t* mutex) { return mutex->__data.__kind & 3; }
bool is_recursive(const pthread_mutex_t* mutex) { return kind_of(mutex) == PTHREAD_MUTEX_RECURSIVE; }
bool checks_owner(const pthread_mutex_t* mutex) { return kind_of(mutex) == PTHREAD_MUTEX_ERRORCHECK; }
bool is_own(pthread_mutex_t* mutex) {
  return state().locks[mutex].owner == calling_world->kernel.current_task();
}

// False: the deadline came.
bool lock_mutex(pthread_mutex_t* mutex, std::uint64_t deadline_ps = ringproof::kNever) {
  ringproof::HostKernel& kernel = calling_world->kernel;
  Lock& lock = state().locks[mutex];
  const int task = kernel.current_task();
  if (is_recursive(mutex) && lock.owner == task) {
    ++lock.depth;
    return true;
  }
  while (lock.owner != -1) {
    if (kernel.now_ps() >= deadline_ps) return false;
    const ringproof::HostKernel::WaitsFor words(kernel, "a mutex held by", lock.owner);
    kernel.wait(lock.released, deadline_ps);
  }
  lock.owner = task;
  lock.depth = 1;
  kernel.synchronize();
  return true;
}

void unlock_mutex(pthread_mutex_t* mutex) {
  Lock& lock = state().locks[mutex];
  if (lock.depth > 1) {
    --lock.depth;
    return;
  }
  lock.owner = -1;
  lock.depth = 0;
  calling_world->kernel.notify(lock.released);
}

// Waits with the mutex let go; false when the deadline came.
bool wait_for_condition(pthread_cond_t* condition, pthread_mutex_t* mutex, std::uint64_t deadline_ps) {
  unlock_mutex(mutex);
  bool notified = false;
  {
    const ringproof::HostKernel::WaitsFor words(calling_world->kernel, "a condition", -1);
    notified = calling_world->kernel.wait(state().conditions[condition].signalled, deadline_ps);
  }
  lock_mutex(mutex);
  return notified;
}

// A thread of free-running mode that the host starts, as a task of the kernel.
class FreeThread {
 public:
  FreeThread() : kernel_(current_world->kernel), task_(expect(kernel_)) {}
  // On the thread itself, when it begins.
  void begin() { kernel_.begin_thread(task_); }
  // It did not begin.
  void forget() {
    const ringproof::SystemEntry entry;
    kernel_.forget_thread(task_);
  }

 private:
  static ringproof::Task& expect(ringproof::HostKernel& kernel) {
    const ringproof::SystemEntry entry;
    return kernel.expect_thread("thread");
  }

  ringproof::HostKernel& kernel_;
  ringproof::Task& task_;
};

struct StartRoutine {
  void* (*start)(void*);
  void* argument;
};

struct StartOfFreeThread {
  FreeThread thread;
  StartRoutine routine;
};

void* begin_free_thread(void* argument) {
  std::unique_ptr<StartOfFreeThread> start(static_cast<StartOfFreeThread*>(argument));
  start->thread.begin();
  const StartRoutine routine = start->routine;
  start.reset();
  return routine.start(routine.argument);
}

int create_free_thread(pthread_t* handle, const pthread_attr_t* attributes, const StartRoutine& routine) {
  auto start = std::make_unique<StartOfFreeThread>(StartOfFreeThread{{}, routine});
  StartOfFreeThread* const taken = start.release();  // by the thread
  const int error = pthread_create(handle, attributes, begin_free_thread, taken);
  if (error == 0) return 0;
  start.reset(taken);
  start->thread.forget();
  return error;
}

class FreeThreadState final : public std::thread::_State {
 public:
  explicit FreeThreadState(std::unique_ptr<std::thread::_State> body) : body_(std::move(body)) {}
  void _M_run() override {
    thread_.begin();
    body_->_M_run();
  }

 private:
  FreeThread thread_;
  const std::unique_ptr<std::thread::_State> body_;
};

// Returns when the calling thread is not one that the kernel started.
void end_free_thread() {
  if (ringproof::FreeThreads::self().end == nullptr) return;
  const ringproof::SystemEntry entry;
  ringproof::current_world->win32->finish_current();
  ringproof::current_world->kernel.end_current_task();
}

// A std::thread is its handle and nothing else.
static_assert(sizeof(std::thread) == sizeof(pthread_t));
void set_handle(std::thread& thread, pthread_t handle) {
  std::memcpy(reinterpret_cast<char*>(&thread), &handle, sizeof handle);
}

int sleep_for(const struct timespec& duration) {
  if (duration.tv_sec < 0 || duration.tv_nsec < 0 || duration.tv_nsec >= 1'000'000'000) {
    errno = EINVAL;
    return -1;
  }
  calling_world->kernel.sleep(to_ps(duration));
  return 0;
}

}  // namespace

namespace ringproof {

int join_thread(pthread_t handle, void** result, std::uint64_t deadline_ps) {
  std::map<pthread_t, std::unique_ptr<PosixState::Thread>>& threads = calling_world->posix->threads;
  const auto found = threads.find(handle);
  if (found == threads.end()) return ESRCH;
  PosixState::Thread& thread = *found->second;
  const HostKernel::WaitsFor words(calling_world->kernel, "the end of", thread.task);
  while (!thread.ended) {
    if (posix_now_ps() >= deadline_ps) return ETIMEDOUT;
    calling_world->kernel.wait(thread.joined, deadline_ps);
  }
  if (result != nullptr) *result = thread.result;
  threads.erase(handle);
  return 0;
}

}  // namespace ringproof

#pragma GCC visibility push(default)
extern "C" {

int __wrap_pthread_create(pthread_t* handle, const pthread_attr_t* attributes, void* (*start)(void*),
                          void* argument) {
  if (ringproof::runs_freely()) return create_free_thread(handle, attributes, {start, argument});
  if (calling_world == nullptr) return pthread_create(handle, attributes, start, argument);
  const ApiCall call("pthread_create");
  call.acted();
  const pthread_t number = start_thread([start, argument] { return start(argument); });
  if (number == 0) return EAGAIN;
  *handle = number;
  return 0;
}

int __wrap_pthread_join(pthread_t handle, void** result) {
  if (calling_world == nullptr || PosixState::is_hosts(handle)) return pthread_join(handle, result);
  const ApiCall call("pthread_join");
  call.acted();
  return ringproof::join_thread(handle, result, ringproof::kNever);
}

int __wrap_pthread_detach(pthread_t handle) {
  if (calling_world == nullptr || PosixState::is_hosts(handle)) return pthread_detach(handle);
  const auto found = state().threads.find(handle);
  if (found == state().threads.end()) return ESRCH;
  found->second->detached = true;
  if (found->second->ended) state().threads.erase(found);
  return 0;
}

// That of the C++ library, which is private.
void real_start_thread(std::thread* self, std::unique_ptr<std::thread::_State>* state, void (*depends)()) asm(
    "_ZNSt6thread15_M_start_threadESt10unique_ptrINS_6_StateESt14default_deleteIS1_EEPFvvE");

// std::thread::_M_start_thread(unique_ptr<_State>, void (*)()): the state comes by reference, as every class
// with a destructor does.
void __wrap__ZNSt6thread15_M_start_threadESt10unique_ptrINS_6_StateESt14default_deleteIS1_EEPFvvE(
    std::thread* self, std::unique_ptr<std::thread::_State>* state, void (*depends)()) {
  if (ringproof::runs_freely()) {
    auto expected = std::make_unique<FreeThreadState>(std::move(*state));
    std::unique_ptr<std::thread::_State> body = std::move(expected);
    real_start_thread(self, &body, depends);
    return;
  }
  if (calling_world == nullptr) {
    real_start_thread(self, state, depends);
    return;
  }
  const ApiCall call("std::thread");
  call.acted();
  std::shared_ptr<std::thread::_State> body(state->release());
  set_handle(*self, start_thread([body]() -> void* {
    body->_M_run();
    return nullptr;
  }));
}

// std::thread::join()
RINGPROOF_MEMBER void __wrap__ZNSt6thread4joinEv(std::thread* self) {
  if (calling_world == nullptr || PosixState::is_hosts(self->native_handle())) {
    self->join();
    return;
  }
  const ApiCall call("std::thread::join");
  call.acted();
  if (ringproof::join_thread(self->native_handle(), nullptr, ringproof::kNever) != 0) {
    throw std::system_error(EINVAL, std::generic_category(), "std::thread::join");
  }
  set_handle(*self, 0);
}

// std::thread::detach()
RINGPROOF_MEMBER void __wrap__ZNSt6thread6detachEv(std::thread* self) {
  if (calling_world == nullptr || PosixState::is_hosts(self->native_handle())) {
    self->detach();
    return;
  }
  __wrap_pthread_detach(self->native_handle());
  set_handle(*self, 0);
}

int __wrap_pthread_mutex_lock(pthread_mutex_t* mutex) {
  if (!in_simulated_thread()) return pthread_mutex_lock(mutex);
  calling_world->kernel.spend(kLockPs);
  if (checks_owner(mutex) && is_own(mutex)) return EDEADLK;
  lock_mutex(mutex);
  return 0;
}

int __wrap_pthread_mutex_trylock(pthread_mutex_t* mutex) {
  if (!in_simulated_thread()) return pthread_mutex_trylock(mutex);
  calling_world->kernel.spend(kLockPs);
  const bool taken = state().locks[mutex].owner != -1;
  if (taken && !(is_own(mutex) && is_recursive(mutex))) return EBUSY;
  lock_mutex(mutex);
  return 0;
}

int __wrap_pthread_mutex_timedlock(pthread_mutex_t* mutex, const struct timespec* deadline) {
  if (!in_simulated_thread()) return pthread_mutex_timedlock(mutex, deadline);
  calling_world->kernel.spend(kLockPs);
  if (checks_owner(mutex) && is_own(mutex)) return EDEADLK;
  return lock_mutex(mutex, to_ps(*deadline)) ? 0 : ETIMEDOUT;
}

int __wrap_pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock, const struct timespec* deadline) {
  if (!in_simulated_thread()) return pthread_mutex_clocklock(mutex, clock, deadline);
  return __wrap_pthread_mutex_timedlock(mutex, deadline);
}

int __wrap_pthread_mutex_unlock(pthread_mutex_t* mutex) {
  if (!in_simulated_thread()) return pthread_mutex_unlock(mutex);
  if ((checks_owner(mutex) || is_recursive(mutex)) && !is_own(mutex)) return EPERM;
  unlock_mutex(mutex);
  calling_world->kernel.spend(kLockPs);
  return 0;
}

int __wrap_pthread_mutex_destroy(pthread_mutex_t* mutex) {
  if (calling_world != nullptr) state().locks.erase(mutex);
  return pthread_mutex_destroy(mutex);
}

// With other programs in the run it is not the process that ends.
void __wrap_exit(int status) {
  if (ringproof::current_world != nullptr) ringproof::Application::exit_among_others(status);
  exit(status);
}

void __wrap_pthread_exit(void* result) {
  if (ringproof::runs_freely()) end_free_thread();
  if (calling_world == nullptr) pthread_exit(result);
  calling_world->destroy_thread_locals();
  calling_world->win32->finish_current();
  const auto found = state().thread_of_task.find(calling_world->kernel.current_task());
  if (found != state().thread_of_task.end()) end_thread(found->second, result);
  calling_world->kernel.end_current_task();
}

int __wrap_pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  if (calling_world == nullptr) return pthread_cond_wait(condition, mutex);
  const ApiCall call("pthread_cond_wait");
  call.acted();
  wait_for_condition(condition, mutex, ringproof::kNever);
  return 0;
}

int __wrap_pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                                  const struct timespec* deadline) {
  if (calling_world == nullptr) return pthread_cond_timedwait(condition, mutex, deadline);
  const ApiCall call("pthread_cond_timedwait");
  call.acted();
  return wait_for_condition(condition, mutex, to_ps(*deadline)) ? 0 : ETIMEDOUT;
}

int __wrap_pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                                  const struct timespec* deadline) {
  if (calling_world == nullptr) return pthread_cond_clockwait(condition, mutex, clock, deadline);
  return __wrap_pthread_cond_timedwait(condition, mutex, deadline);
}

// Every waiter wakes; the standard allows that, and each looks at its condition again.
int __wrap_pthread_cond_signal(pthread_cond_t* condition) {
  if (calling_world == nullptr) return pthread_cond_signal(condition);
  calling_world->kernel.notify(state().conditions[condition].signalled);
  calling_world->kernel.spend(kLockPs);
  return 0;
}

int __wrap_pthread_cond_broadcast(pthread_cond_t* condition) {
  if (calling_world == nullptr) return pthread_cond_broadcast(condition);
  return __wrap_pthread_cond_signal(condition);
}

int __wrap_pthread_cond_destroy(pthread_cond_t* condition) {
  if (calling_world == nullptr) return pthread_cond_destroy(condition);
  state().conditions.erase(condition);
  return 0;
}

int __wrap_nanosleep(const struct timespec* duration, struct timespec* remaining) {
  if (calling_world == nullptr) return nanosleep(duration, remaining);
  return sleep_for(*duration);
}

int __wrap_usleep(useconds_t microseconds) {
  if (calling_world == nullptr) return usleep(microseconds);
  return sleep_for(
      {static_cast<time_t>(microseconds / 1'000'000), static_cast<long>(microseconds % 1'000'000) * 1000});
}

unsigned __wrap_sleep(unsigned seconds) {
  if (calling_world == nullptr) return sleep(seconds);
  sleep_for({static_cast<time_t>(seconds), 0});
  return 0;
}

void* __wrap_malloc(size_t bytes) { return note_block(malloc(bytes), bytes); }

void* __wrap_calloc(size_t count, size_t bytes) {
  void* const memory = calloc(count, bytes);
  return note_block(memory, count * bytes);  // which is no overflow where there is memory
}

void* __wrap_aligned_alloc(size_t alignment, size_t bytes) {
  return note_block(aligned_alloc(alignment, bytes), bytes);
}

void* __wrap_memalign(size_t alignment, size_t bytes) {
  return note_block(memalign(alignment, bytes), bytes);
}

int __wrap_posix_memalign(void** memory, size_t alignment, size_t bytes) {
  const int error = posix_memalign(memory, alignment, bytes);
  if (error == 0) note_block(*memory, bytes);
  return error;
}

// Memory that a socket holds stays: its pages are locked until the socket is closed.
void __wrap_free(void* memory) { ringproof::free_block(memory); }

void* __wrap_realloc(void* memory, size_t bytes) { return ringproof::realloc_block(memory, bytes); }

int __wrap_munmap(void* address, size_t bytes) { return ringproof::unmap_pages(address, bytes); }

int __wrap_sched_yield(void) {
  if (calling_world == nullptr) return sched_yield();
  calling_world->kernel.spend(kYieldPs);
  return 0;
}

int __wrap_clock_gettime(clockid_t clock, struct timespec* time) {
  if (calling_world == nullptr) return clock_gettime(clock, time);
  calling_world->kernel.spend(kClockReadPs);
  const std::uint64_t now_ps = calling_world->kernel.now_ps();
  time->tv_sec = static_cast<time_t>(now_ps / kSecondPs);
  time->tv_nsec = static_cast<long>(now_ps % kSecondPs / kNanosecondPs);
  return 0;
}

}  // extern "C"
#pragma GCC visibility pop

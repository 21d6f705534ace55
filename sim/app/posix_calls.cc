// POSIX threads and time for applications: simulated threads on virtual CPUs, simulated time.
//
// An application linked with the flags of pkg-config --libs ringproof has its own references to these
// functions renamed to __wrap_…; the rest of the process, and libraries, keep the real ones.

#include <pthread.h>
#include <sched.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>

#include "sim/app/world.h"

namespace {

using ringproof::ApiCall;
using ringproof::current_world;

constexpr std::uint64_t kSecondPs = 1'000'000'000'000;
constexpr std::uint64_t kNanosecondPs = 1'000;
constexpr std::uint64_t kClockReadPs = 20'000;
constexpr std::uint64_t kLockPs = 20'000;
constexpr std::uint64_t kYieldPs = 200'000;

struct Thread {
  void* result = nullptr;
  bool ended = false;
  ringproof::Signal joined;
};

struct Lock {
  bool held = false;
  ringproof::Signal released;
};

// Named by the application's own handles and addresses; only ever looked up.
std::map<pthread_t, std::unique_ptr<Thread>> threads;
std::map<pthread_mutex_t*, Lock> locks;
pthread_t next_thread = 0x52500001;

pthread_t start_thread(std::function<void*()> body) {
  const pthread_t number = next_thread++;
  Thread* thread = (threads[number] = std::make_unique<Thread>()).get();
  current_world->kernel.start_application("thread", [thread, body = std::move(body)] {
    thread->result = body();
    thread->ended = true;
    current_world->kernel.notify(thread->joined);
  });
  return number;
}

int join_thread(pthread_t handle, void** result) {
  const auto found = threads.find(handle);
  if (found == threads.end()) return ESRCH;
  Thread& thread = *found->second;
  while (!thread.ended) current_world->kernel.wait(thread.joined, ringproof::kNever);
  if (result != nullptr) *result = thread.result;
  threads.erase(handle);
  return 0;
}

// A std::thread is its handle and nothing else.
static_assert(sizeof(std::thread) == sizeof(pthread_t));
pthread_t handle_of(const std::thread& thread) {
  pthread_t handle;
  std::memcpy(&handle, &thread, sizeof handle);
  return handle;
}
void set_handle(std::thread& thread, pthread_t handle) {
  std::memcpy(reinterpret_cast<char*>(&thread), &handle, sizeof handle);
}

void sleep_ps(std::uint64_t duration_ps) {
  ringproof::HostKernel& kernel = current_world->kernel;
  ringproof::Signal never_notified;
  kernel.acted();
  kernel.wait(never_notified, kernel.now_ps() + duration_ps);
}

}  // namespace

#pragma GCC visibility push(default)
extern "C" {

int __wrap_pthread_create(pthread_t* handle, const pthread_attr_t* attributes, void* (*start)(void*),
                          void* argument) {
  if (current_world == nullptr) return pthread_create(handle, attributes, start, argument);
  const ApiCall call("pthread_create");
  call.acted();
  *handle = start_thread([start, argument] { return start(argument); });
  return 0;
}

int __wrap_pthread_join(pthread_t handle, void** result) {
  if (current_world == nullptr) return pthread_join(handle, result);
  const ApiCall call("pthread_join");
  call.acted();
  return join_thread(handle, result);
}

int __wrap_pthread_detach(pthread_t handle) {
  if (current_world == nullptr) return pthread_detach(handle);
  return threads.contains(handle) ? 0 : ESRCH;
}

// std::thread::_M_start_thread(unique_ptr<_State>, void (*)()): the state comes by reference, as every class
// with a destructor does.
void __wrap__ZNSt6thread15_M_start_threadESt10unique_ptrINS_6_StateESt14default_deleteIS1_EEPFvvE(
    std::thread* self, std::unique_ptr<std::thread::_State>* state, void (*)()) {
  const ApiCall call("std::thread");
  if (!call.has_world()) {
    std::fputs("ringproof: std::thread: expected to be started inside a simulation\n", stderr);
    std::abort();
  }
  call.acted();
  std::shared_ptr<std::thread::_State> body(state->release());
  set_handle(*self, start_thread([body]() -> void* {
    body->_M_run();
    return nullptr;
  }));
}

// std::thread::join()
void __wrap__ZNSt6thread4joinEv(std::thread* self) {
  const ApiCall call("std::thread::join");
  call.acted();
  if (join_thread(handle_of(*self), nullptr) != 0) {
    throw std::system_error(EINVAL, std::generic_category(), "std::thread::join");
  }
  set_handle(*self, 0);
}

// std::thread::detach()
void __wrap__ZNSt6thread6detachEv(std::thread* self) { set_handle(*self, 0); }

int __wrap_pthread_mutex_lock(pthread_mutex_t* mutex) {
  if (current_world == nullptr) return pthread_mutex_lock(mutex);
  current_world->kernel.spend(kLockPs);
  Lock& lock = locks[mutex];
  while (lock.held) current_world->kernel.wait(lock.released, ringproof::kNever);
  lock.held = true;
  return 0;
}

int __wrap_pthread_mutex_trylock(pthread_mutex_t* mutex) {
  if (current_world == nullptr) return pthread_mutex_trylock(mutex);
  current_world->kernel.spend(kLockPs);
  Lock& lock = locks[mutex];
  if (lock.held) return EBUSY;
  lock.held = true;
  return 0;
}

int __wrap_pthread_mutex_unlock(pthread_mutex_t* mutex) {
  if (current_world == nullptr) return pthread_mutex_unlock(mutex);
  Lock& lock = locks[mutex];
  lock.held = false;
  current_world->kernel.notify(lock.released);
  current_world->kernel.spend(kLockPs);
  return 0;
}

int __wrap_nanosleep(const struct timespec* duration, struct timespec* remaining) {
  if (current_world == nullptr) return nanosleep(duration, remaining);
  sleep_ps(static_cast<std::uint64_t>(duration->tv_sec) * kSecondPs +
           static_cast<std::uint64_t>(duration->tv_nsec) * kNanosecondPs);
  return 0;
}

int __wrap_usleep(useconds_t microseconds) {
  if (current_world == nullptr) return usleep(microseconds);
  sleep_ps(std::uint64_t{microseconds} * 1000 * kNanosecondPs);
  return 0;
}

unsigned __wrap_sleep(unsigned seconds) {
  if (current_world == nullptr) return sleep(seconds);
  sleep_ps(std::uint64_t{seconds} * kSecondPs);
  return 0;
}

int __wrap_sched_yield(void) {
  if (current_world == nullptr) return sched_yield();
  current_world->kernel.spend(kYieldPs);
  return 0;
}

int __wrap_clock_gettime(clockid_t clock, struct timespec* time) {
  if (current_world == nullptr) return clock_gettime(clock, time);
  current_world->kernel.spend(kClockReadPs);
  const std::uint64_t now_ps = current_world->kernel.now_ps();
  time->tv_sec = static_cast<time_t>(now_ps / kSecondPs);
  time->tv_nsec = static_cast<long>(now_ps % kSecondPs / kNanosecondPs);
  return 0;
}

}  // extern "C"
#pragma GCC visibility pop

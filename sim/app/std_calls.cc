// What the C++ library would do inside of itself, for applications: conditions, clocks, futures.
//
// Their code is in libstdc++.so, whose own calls nobody redirects; the application's calls of them are, by
// their linker names.

#include <pthread.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

#include "sim/app/posix_support.h"
#include "sim/app/world.h"
#include "sim/win32/state.h"

using ringproof::calling_world;

#pragma GCC visibility push(default)
extern "C" {

int __wrap_pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex);
int __wrap_pthread_cond_signal(pthread_cond_t* condition);
int __wrap_pthread_cond_broadcast(pthread_cond_t* condition);
int __wrap_clock_gettime(clockid_t clock, struct timespec* time);

// Those of the C++ library.
bool real_wait_until(const void* self, const unsigned* word, unsigned value, bool timed, std::int64_t seconds, std::int64_t nanoseconds) asm(
    "_ZNSt28__atomic_futex_unsigned_base19_M_futex_wait_"
    "untilEPjjbNSt6chrono8durationIlSt5ratioILl1ELl1EEEENS2_IlS3_ILl1ELl1000000000EEEE");
bool real_wait_until_steady(const void* self, const unsigned* word, unsigned value, bool timed, std::int64_t seconds, std::int64_t nanoseconds) asm(
    "_ZNSt28__atomic_futex_unsigned_base26_M_futex_wait_until_"
    "steadyEPjjbNSt6chrono8durationIlSt5ratioILl1ELl1EEEENS2_IlS3_ILl1ELl1000000000EEEE");
void real_notify_all(unsigned* word) asm("_ZNSt28__atomic_futex_unsigned_base19_M_futex_notify_allEPj");

// std::condition_variable::wait(unique_lock<mutex>&)
RINGPROOF_MEMBER void __wrap__ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE(
    std::condition_variable* self, std::unique_lock<std::mutex>& lock) {
  __wrap_pthread_cond_wait(self->native_handle(), lock.mutex()->native_handle());
}

// std::condition_variable::notify_one() and notify_all()
RINGPROOF_MEMBER void __wrap__ZNSt18condition_variable10notify_oneEv(std::condition_variable* self) {
  __wrap_pthread_cond_signal(self->native_handle());
}
RINGPROOF_MEMBER void __wrap__ZNSt18condition_variable10notify_allEv(std::condition_variable* self) {
  __wrap_pthread_cond_broadcast(self->native_handle());
}

// std::chrono::steady_clock::now() and system_clock::now(): nanoseconds in a register.
std::int64_t __wrap__ZNSt6chrono3_V212steady_clock3nowEv() {
  struct timespec time = {};
  __wrap_clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}
std::int64_t __wrap__ZNSt6chrono3_V212system_clock3nowEv() {
  struct timespec time = {};
  __wrap_clock_gettime(CLOCK_REALTIME, &time);
  return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

// std::thread::hardware_concurrency()
unsigned __wrap__ZNSt6thread20hardware_concurrencyEv() {
  return calling_world == nullptr ? std::thread::hardware_concurrency() : calling_world->kernel.cpu_count();
}

// std::__atomic_futex_unsigned_base::_M_futex_wait_until(unsigned*, unsigned, bool, seconds, nanoseconds), of
// futures; false when the time came.
RINGPROOF_MEMBER bool
__wrap__ZNSt28__atomic_futex_unsigned_base19_M_futex_wait_untilEPjjbNSt6chrono8durationIlSt5ratioILl1ELl1EEEENS2_IlS3_ILl1ELl1000000000EEEE(
    const void* self, const unsigned* word, unsigned value, bool timed, std::int64_t seconds,
    std::int64_t nanoseconds) {
  if (calling_world == nullptr) return real_wait_until(self, word, value, timed, seconds, nanoseconds);
  if (*word != value) return true;
  calling_world->kernel.synchronize();
  const std::uint64_t deadline_ps =
      timed ? ringproof::to_ps({static_cast<time_t>(seconds), static_cast<long>(nanoseconds)})
            : ringproof::kNever;
  return calling_world->win32->wait_at(word, deadline_ps);
}
RINGPROOF_MEMBER bool
__wrap__ZNSt28__atomic_futex_unsigned_base26_M_futex_wait_until_steadyEPjjbNSt6chrono8durationIlSt5ratioILl1ELl1EEEENS2_IlS3_ILl1ELl1000000000EEEE(
    const void* self, const unsigned* word, unsigned value, bool timed, std::int64_t seconds,
    std::int64_t nanoseconds) {
  if (calling_world == nullptr) return real_wait_until_steady(self, word, value, timed, seconds, nanoseconds);
  return __wrap__ZNSt28__atomic_futex_unsigned_base19_M_futex_wait_untilEPjjbNSt6chrono8durationIlSt5ratioILl1ELl1EEEENS2_IlS3_ILl1ELl1000000000EEEE(
      self, word, value, timed, seconds, nanoseconds);
}

// std::__atomic_futex_unsigned_base::_M_futex_notify_all(unsigned*)
RINGPROOF_MEMBER void __wrap__ZNSt28__atomic_futex_unsigned_base19_M_futex_notify_allEPj(unsigned* word) {
  if (calling_world == nullptr) {
    real_notify_all(word);
    return;
  }
  calling_world->kernel.acted();
  calling_world->win32->wake(word);
}

}  // extern "C"
#pragma GCC visibility pop

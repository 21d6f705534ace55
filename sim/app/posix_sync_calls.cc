// POSIX synchronisation of applications beside mutexes and conditions, and what belongs to a thread: see
// posix_calls.cc for how a program comes here.
//
// Where the C library keeps its state in the program's memory, it stays there; tasks that wait are found by
// its address.

#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

#include "sim/app/application.h"
#include "sim/app/posix_state.h"
#include "sim/app/posix_support.h"
#include "sim/app/world.h"
#include "sim/win32/state.h"

using ringproof::calling_world;
using ringproof::in_simulated_thread;
using ringproof::kNever;
using ringproof::posix_now_ps;
using ringproof::to_ps;

namespace {

constexpr std::uint64_t kLockPs = 20'000;
constexpr std::uint64_t kClockReadPs = 20'000;

using ringproof::PosixState;
using ringproof::ThreadKeys;
using Barrier = PosixState::Barrier;

PosixState& state() { return *calling_world->posix; }
int task() { return calling_world->kernel.current_task(); }

// A schedule point, and an order with everybody who uses the same object.
void meet() {
  calling_world->kernel.spend(kLockPs);
  calling_world->kernel.synchronize();
}

void wake(const volatile void* address) {
  calling_world->kernel.acted();
  calling_world->win32->wake(address);
}

// Waits at the address until `ready` answers true; 0, or ETIMEDOUT. `what` in words; `holder`: the task that
// has it.
template <typename Ready>
int wait_until(const char* what, const volatile void* address, std::uint64_t deadline_ps, Ready ready,
               const int* holder = nullptr) {
  meet();
  while (!ready()) {
    if (calling_world->kernel.now_ps() >= deadline_ps) return ETIMEDOUT;
    const bool held = holder != nullptr && *holder >= 0;
    const ringproof::HostKernel::WaitsFor words(
        calling_world->kernel, held ? "a read-write lock held by" : what, held ? *holder : -1);
    calling_world->win32->wait_at(address, deadline_ps);
  }
  calling_world->kernel.synchronize();
  return 0;
}

int lock_shared(pthread_rwlock_t* lock, std::uint64_t deadline_ps) {
  auto& held = state().shared_locks[lock];
  if (held.writer == task()) return EDEADLK;
  const auto take = [&] {
    if (held.writer != -1) return false;
    ++held.readers;
    return true;
  };
  return wait_until("a read-write lock", lock, deadline_ps, take, &held.writer);
}

int lock_exclusive(pthread_rwlock_t* lock, std::uint64_t deadline_ps) {
  auto& held = state().shared_locks[lock];
  if (held.writer == task()) return EDEADLK;
  const auto take = [&] {
    if (held.writer != -1 || held.readers > 0) return false;
    held.writer = task();
    return true;
  };
  return wait_until("a read-write lock", lock, deadline_ps, take, &held.writer);
}

// The C library counts a semaphore in its first word.
std::uint32_t& count_of(sem_t* semaphore) { return *reinterpret_cast<std::uint32_t*>(semaphore); }

// And how many meet at a barrier in the third of its words.
std::uint32_t count_of(const pthread_barrier_t* barrier) {
  return reinterpret_cast<const std::uint32_t*>(barrier)[2];
}

int wait_for_semaphore(sem_t* semaphore, std::uint64_t deadline_ps) {
  const int error = wait_until("a semaphore", semaphore, deadline_ps, [&] {
    if (count_of(semaphore) == 0) return false;
    --count_of(semaphore);
    return true;
  });
  if (error == 0) return 0;
  errno = error;
  return -1;
}

// What names a key is in memory that the next world finds as it is left: that of a test, or of a program that
// is still being loaded.
bool memory_lasts() { return !ringproof::Application::running_is_restored(); }

struct Futex {
  std::uint32_t* word;
  int operation;
  std::uint32_t value;
  const struct timespec* timeout;
};

long futex(const Futex& call) {
  const int command = call.operation & FUTEX_CMD_MASK;
  meet();
  if (command == FUTEX_WAKE || command == FUTEX_WAKE_BITSET) {
    wake(call.word);
    return 1;
  }
  if (command != FUTEX_WAIT && command != FUTEX_WAIT_BITSET) {
    errno = ENOSYS;
    return -1;
  }
  if (*call.word != call.value) {
    errno = EAGAIN;
    return -1;
  }
  std::uint64_t deadline_ps = kNever;
  if (call.timeout != nullptr) {
    deadline_ps = to_ps(*call.timeout);
    const bool relative = command == FUTEX_WAIT;
    if (relative && deadline_ps != kNever) deadline_ps += posix_now_ps();
  }
  if (calling_world->win32->wait_at(call.word, deadline_ps)) return 0;
  errno = ETIMEDOUT;
  return -1;
}

}  // namespace

#pragma GCC visibility push(default)
extern "C" {

// ---- read-write locks ----

int __wrap_pthread_rwlock_rdlock(pthread_rwlock_t* lock) {
  if (!in_simulated_thread()) return pthread_rwlock_rdlock(lock);
  return lock_shared(lock, kNever);
}

int __wrap_pthread_rwlock_wrlock(pthread_rwlock_t* lock) {
  if (!in_simulated_thread()) return pthread_rwlock_wrlock(lock);
  return lock_exclusive(lock, kNever);
}

int __wrap_pthread_rwlock_tryrdlock(pthread_rwlock_t* lock) {
  if (!in_simulated_thread()) return pthread_rwlock_tryrdlock(lock);
  return lock_shared(lock, 0) == 0 ? 0 : EBUSY;
}

int __wrap_pthread_rwlock_trywrlock(pthread_rwlock_t* lock) {
  if (!in_simulated_thread()) return pthread_rwlock_trywrlock(lock);
  return lock_exclusive(lock, 0) == 0 ? 0 : EBUSY;
}

int __wrap_pthread_rwlock_timedrdlock(pthread_rwlock_t* lock, const struct timespec* deadline) {
  if (!in_simulated_thread()) return pthread_rwlock_timedrdlock(lock, deadline);
  return lock_shared(lock, to_ps(*deadline));
}

int __wrap_pthread_rwlock_timedwrlock(pthread_rwlock_t* lock, const struct timespec* deadline) {
  if (!in_simulated_thread()) return pthread_rwlock_timedwrlock(lock, deadline);
  return lock_exclusive(lock, to_ps(*deadline));
}

int __wrap_pthread_rwlock_clockrdlock(pthread_rwlock_t* lock, clockid_t clock,
                                      const struct timespec* deadline) {
  if (!in_simulated_thread()) return pthread_rwlock_clockrdlock(lock, clock, deadline);
  return lock_shared(lock, to_ps(*deadline));
}

int __wrap_pthread_rwlock_clockwrlock(pthread_rwlock_t* lock, clockid_t clock,
                                      const struct timespec* deadline) {
  if (!in_simulated_thread()) return pthread_rwlock_clockwrlock(lock, clock, deadline);
  return lock_exclusive(lock, to_ps(*deadline));
}

int __wrap_pthread_rwlock_unlock(pthread_rwlock_t* lock) {
  if (!in_simulated_thread()) return pthread_rwlock_unlock(lock);
  auto& held = state().shared_locks[lock];
  if (held.writer == task()) {
    held.writer = -1;
  } else if (held.readers > 0) {
    --held.readers;
  } else {
    return EPERM;
  }
  if (held.readers == 0) wake(lock);
  meet();
  return 0;
}

int __wrap_pthread_rwlock_destroy(pthread_rwlock_t* lock) {
  if (calling_world == nullptr) return pthread_rwlock_destroy(lock);
  state().shared_locks.erase(lock);
  return 0;
}

// ---- once, barriers, spin locks, semaphores ----

int __wrap_pthread_once(pthread_once_t* once, void (*routine)(void)) {
  constexpr int kRunning = 1;
  constexpr int kDone = 2;
  if (calling_world == nullptr) return pthread_once(once, routine);
  // std::call_once says in these what is to be called; other tasks may say so too while this one waits.
  void* const callable = std::__once_callable;
  void (*const call)() = std::__once_call;
  if (*once == kRunning)
    wait_until("somebody's pthread_once", once, kNever, [once] { return *once != kRunning; });
  if (*once == kDone) return 0;
  std::__once_callable = callable;
  std::__once_call = call;
  *once = kRunning;
  try {
    routine();
  } catch (...) {  // as std::call_once wants it: the next one tries again
    *once = 0;
    wake(once);
    throw;
  }
  *once = kDone;
  wake(once);
  return 0;
}

int __wrap_pthread_barrier_init(pthread_barrier_t* barrier, const pthread_barrierattr_t* attributes,
                                unsigned count) {
  if (calling_world != nullptr) state().barriers.erase(barrier);
  return pthread_barrier_init(barrier, attributes, count);
}

int __wrap_pthread_barrier_wait(pthread_barrier_t* barrier) {
  if (calling_world == nullptr) return pthread_barrier_wait(barrier);
  meet();
  // The last one may destroy the barrier before the others go on.
  std::shared_ptr<Barrier>& place = state().barriers[barrier];
  if (place == nullptr) place = std::make_shared<Barrier>(Barrier{count_of(barrier), count_of(barrier), 0});
  const std::shared_ptr<Barrier> met = place;
  if (--met->to_come == 0) {
    met->to_come = met->count;
    ++met->round;
    wake(barrier);
    return PTHREAD_BARRIER_SERIAL_THREAD;
  }
  const std::uint64_t round = met->round;
  const ringproof::HostKernel::WaitsFor words(calling_world->kernel, "others at a barrier", -1);
  while (met->round == round) calling_world->win32->wait_at(barrier, kNever);
  calling_world->kernel.synchronize();
  return 0;
}

int __wrap_pthread_barrier_destroy(pthread_barrier_t* barrier) {
  if (calling_world == nullptr) return pthread_barrier_destroy(barrier);
  state().barriers.erase(barrier);
  return 0;
}

// 1: free, as the C library has it on this processor.
int __wrap_pthread_spin_lock(pthread_spinlock_t* lock) {
  if (calling_world == nullptr) return pthread_spin_lock(lock);
  return wait_until("a spin lock", lock, kNever, [lock] { return pthread_spin_trylock(lock) == 0; });
}

int __wrap_pthread_spin_trylock(pthread_spinlock_t* lock) {
  if (calling_world != nullptr) meet();
  return pthread_spin_trylock(lock);
}

int __wrap_pthread_spin_unlock(pthread_spinlock_t* lock) {
  const int error = pthread_spin_unlock(lock);
  if (calling_world != nullptr) {
    wake(const_cast<const int*>(lock));
    meet();
  }
  return error;
}

int __wrap_sem_wait(sem_t* semaphore) {
  if (calling_world == nullptr) return sem_wait(semaphore);
  return wait_for_semaphore(semaphore, kNever);
}

int __wrap_sem_trywait(sem_t* semaphore) {
  if (calling_world == nullptr) return sem_trywait(semaphore);
  if (wait_for_semaphore(semaphore, 0) == 0) return 0;
  errno = EAGAIN;
  return -1;
}

int __wrap_sem_timedwait(sem_t* semaphore, const struct timespec* deadline) {
  if (calling_world == nullptr) return sem_timedwait(semaphore, deadline);
  return wait_for_semaphore(semaphore, to_ps(*deadline));
}

int __wrap_sem_clockwait(sem_t* semaphore, clockid_t clock, const struct timespec* deadline) {
  if (calling_world == nullptr) return sem_clockwait(semaphore, clock, deadline);
  return wait_for_semaphore(semaphore, to_ps(*deadline));
}

int __wrap_sem_post(sem_t* semaphore) {
  if (calling_world == nullptr) return sem_post(semaphore);
  ++count_of(semaphore);
  wake(semaphore);
  meet();
  return 0;
}

// ---- what belongs to a thread ----

pthread_t __wrap_pthread_self(void) {
  if (calling_world == nullptr) return pthread_self();
  const auto found = state().thread_of_task.find(task());
  return found == state().thread_of_task.end() ? pthread_self() : found->second;
}

// A key that is older than the world is the host's: whoever made it finds one value, whichever simulated
// thread asks.
int __wrap_pthread_key_create(pthread_key_t* key, void (*destructor)(void*)) {
  if (calling_world == nullptr) return pthread_key_create(key, destructor);
  const std::optional<pthread_key_t> made = state().keys.make(destructor, memory_lasts());
  if (!made.has_value()) return EAGAIN;
  *key = *made;
  return 0;
}

int __wrap_pthread_key_delete(pthread_key_t key) {
  if (!ThreadKeys::is_simulated(key)) return pthread_key_delete(key);
  const bool removed =
      calling_world == nullptr ? ThreadKeys::remove_lasting(key) : state().keys.remove(key, memory_lasts());
  return removed ? 0 : EINVAL;
}

void* __wrap_pthread_getspecific(pthread_key_t key) {
  if (!ThreadKeys::is_simulated(key)) return pthread_getspecific(key);
  return in_simulated_thread() ? state().keys.value(task(), key) : ThreadKeys::host_value(key);
}

int __wrap_pthread_setspecific(pthread_key_t key, const void* value) {
  if (!ThreadKeys::is_simulated(key)) return pthread_setspecific(key, value);
  const bool known = calling_world == nullptr ? ThreadKeys::lasts(key) : state().keys.known(key);
  if (!known) return EINVAL;
  if (in_simulated_thread()) {
    state().keys.set_value(task(), key, const_cast<void*>(value));
  } else {
    ThreadKeys::host_value(key) = const_cast<void*>(value);
  }
  return 0;
}

// ---- clocks and the system ----

int __wrap_gettimeofday(struct timeval* time, void* zone) {
  if (calling_world == nullptr) return gettimeofday(time, zone);
  calling_world->kernel.spend(kClockReadPs);
  const std::uint64_t microseconds = posix_now_ps() / 1'000'000;
  *time = {static_cast<time_t>(microseconds / 1'000'000), static_cast<suseconds_t>(microseconds % 1'000'000)};
  return 0;
}

time_t __wrap_time(time_t* place) {
  if (calling_world == nullptr) return time(place);
  const auto seconds = static_cast<time_t>(posix_now_ps() / 1'000'000'000'000);
  if (place != nullptr) *place = seconds;
  return seconds;
}

int __wrap_clock_nanosleep(clockid_t clock, int flags, const struct timespec* span,
                           struct timespec* remaining) {
  if (calling_world == nullptr) return clock_nanosleep(clock, flags, span, remaining);
  if (span->tv_sec < 0 || span->tv_nsec < 0 || span->tv_nsec >= 1'000'000'000) return EINVAL;
  std::uint64_t span_ps = to_ps(*span);
  if ((flags & TIMER_ABSTIME) != 0 && span_ps != kNever) {
    const std::uint64_t now_ps = posix_now_ps();
    span_ps = span_ps > now_ps ? span_ps - now_ps : 0;
  }
  calling_world->kernel.sleep(span_ps);
  return 0;
}

// C++20 waits for atomics through the system call itself. Six words are taken, however many there are, as the
// C library does; a sanitizer would know better.
__attribute__((no_sanitize("address"))) long __wrap_syscall(long number, ...) {
  va_list list;
  va_start(list, number);
  long words[6];
  for (long& word : words) word = va_arg(list, long);
  va_end(list);
  if (calling_world == nullptr || number != SYS_futex) {
    return syscall(number, words[0], words[1], words[2], words[3], words[4], words[5]);
  }
  return futex({reinterpret_cast<std::uint32_t*>(words[0]), static_cast<int>(words[1]),
                static_cast<std::uint32_t>(words[2]), reinterpret_cast<const struct timespec*>(words[3])});
}

}  // extern "C"
#pragma GCC visibility pop

// Threads, locks, conditions and thread values of <threads.h>: in the C library they are those of POSIX under
// other names, and so they are here.

#include <pthread.h>
#include <threads.h>

#include <cerrno>
#include <cstdint>
#include <memory>

#include "sim/app/posix_wraps.h"
#include "sim/app/world.h"

namespace {

using ringproof::calling_world;

int in_c11(int error) {
  switch (error) {
    case 0:
      return thrd_success;
    case EBUSY:
      return thrd_busy;
    case ETIMEDOUT:
      return thrd_timedout;
    case ENOMEM:
    case EAGAIN:
      return thrd_nomem;
    default:
      return thrd_error;
  }
}

// The C library keeps the one in the other.
pthread_mutex_t* posix(mtx_t* lock) { return reinterpret_cast<pthread_mutex_t*>(lock); }
pthread_cond_t* posix(cnd_t* condition) { return reinterpret_cast<pthread_cond_t*>(condition); }
static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t) && sizeof(cnd_t) == sizeof(pthread_cond_t));

// An answer in a pointer, as POSIX threads end.
void* as_result(int answer) { return reinterpret_cast<void*>(static_cast<std::intptr_t>(answer)); }
int as_answer(void* result) { return static_cast<int>(reinterpret_cast<std::intptr_t>(result)); }

struct Start {
  thrd_start_t function;
  void* argument;
};

void* begin(void* given) {
  const Start start = *std::unique_ptr<Start>(static_cast<Start*>(given));
  return as_result(start.function(start.argument));
}

}  // namespace

#pragma GCC visibility push(default)
extern "C" {

int __wrap_thrd_create(thrd_t* thread, thrd_start_t function, void* argument) {
  auto start = std::make_unique<Start>(Start{function, argument});
  const int error = __wrap_pthread_create(thread, nullptr, begin, start.get());
  if (error == 0) static_cast<void>(start.release());  // the thread has it now
  return in_c11(error);
}

int __wrap_thrd_join(thrd_t thread, int* answer) {
  void* result = nullptr;
  const int error = __wrap_pthread_join(thread, &result);
  if (error == 0 && answer != nullptr) *answer = as_answer(result);
  return in_c11(error);
}

int __wrap_thrd_detach(thrd_t thread) { return in_c11(__wrap_pthread_detach(thread)); }
void __wrap_thrd_exit(int answer) { __wrap_pthread_exit(as_result(answer)); }
thrd_t __wrap_thrd_current(void) { return __wrap_pthread_self(); }
void __wrap_thrd_yield(void) { __wrap_sched_yield(); }

int __wrap_thrd_sleep(const struct timespec* span, struct timespec* remaining) {
  if (calling_world == nullptr) return thrd_sleep(span, remaining);
  return __wrap_clock_nanosleep(CLOCK_REALTIME, 0, span, remaining) == 0
             ? 0
             : -2;  // any but -1: no signal did it
}

int __wrap_mtx_lock(mtx_t* lock) { return in_c11(__wrap_pthread_mutex_lock(posix(lock))); }
int __wrap_mtx_trylock(mtx_t* lock) { return in_c11(__wrap_pthread_mutex_trylock(posix(lock))); }
int __wrap_mtx_timedlock(mtx_t* lock, const struct timespec* deadline) {
  return in_c11(__wrap_pthread_mutex_timedlock(posix(lock), deadline));
}
int __wrap_mtx_unlock(mtx_t* lock) { return in_c11(__wrap_pthread_mutex_unlock(posix(lock))); }
void __wrap_mtx_destroy(mtx_t* lock) { __wrap_pthread_mutex_destroy(posix(lock)); }

int __wrap_cnd_wait(cnd_t* condition, mtx_t* lock) {
  return in_c11(__wrap_pthread_cond_wait(posix(condition), posix(lock)));
}
int __wrap_cnd_timedwait(cnd_t* condition, mtx_t* lock, const struct timespec* deadline) {
  return in_c11(__wrap_pthread_cond_timedwait(posix(condition), posix(lock), deadline));
}
int __wrap_cnd_signal(cnd_t* condition) { return in_c11(__wrap_pthread_cond_signal(posix(condition))); }
int __wrap_cnd_broadcast(cnd_t* condition) { return in_c11(__wrap_pthread_cond_broadcast(posix(condition))); }
void __wrap_cnd_destroy(cnd_t* condition) { __wrap_pthread_cond_destroy(posix(condition)); }

int __wrap_tss_create(tss_t* key, tss_dtor_t destructor) {
  return in_c11(__wrap_pthread_key_create(key, destructor));
}
void __wrap_tss_delete(tss_t key) { __wrap_pthread_key_delete(key); }
void* __wrap_tss_get(tss_t key) { return __wrap_pthread_getspecific(key); }
int __wrap_tss_set(tss_t key, void* value) { return in_c11(__wrap_pthread_setspecific(key, value)); }

void __wrap_call_once(once_flag* once, void (*routine)(void)) {
  __wrap_pthread_once(reinterpret_cast<pthread_once_t*>(once), routine);
}

}  // extern "C"
#pragma GCC visibility pop

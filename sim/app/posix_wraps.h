// posix_wraps.h: the POSIX calls of an application that others are made from.
// Role     declares what posix_calls.cc and posix_sync_calls.cc define for the linker's --wrap
// Errors   as POSIX says
// Source   cmake/ringproof_app.cmake
#pragma once

#include <pthread.h>
#include <time.h>

extern "C" {

int __wrap_pthread_create(pthread_t* handle, const pthread_attr_t* attributes, void* (*start)(void*),
                          void* argument);
int __wrap_pthread_join(pthread_t handle, void** result);
int __wrap_pthread_detach(pthread_t handle);
[[noreturn]] void __wrap_pthread_exit(void* result);
pthread_t __wrap_pthread_self(void);
int __wrap_sched_yield(void);
int __wrap_clock_nanosleep(clockid_t clock, int flags, const struct timespec* span,
                           struct timespec* remaining);

int __wrap_pthread_mutex_lock(pthread_mutex_t* mutex);
int __wrap_pthread_mutex_trylock(pthread_mutex_t* mutex);
int __wrap_pthread_mutex_timedlock(pthread_mutex_t* mutex, const struct timespec* deadline);
int __wrap_pthread_mutex_unlock(pthread_mutex_t* mutex);
int __wrap_pthread_mutex_destroy(pthread_mutex_t* mutex);
int __wrap_pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex);
int __wrap_pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                                  const struct timespec* deadline);
int __wrap_pthread_cond_signal(pthread_cond_t* condition);
int __wrap_pthread_cond_broadcast(pthread_cond_t* condition);
int __wrap_pthread_cond_destroy(pthread_cond_t* condition);
int __wrap_pthread_once(pthread_once_t* once, void (*routine)(void));
int __wrap_pthread_key_create(pthread_key_t* key, void (*destructor)(void*));
int __wrap_pthread_key_delete(pthread_key_t key);
void* __wrap_pthread_getspecific(pthread_key_t key);
int __wrap_pthread_setspecific(pthread_key_t key, const void* value);

}  // extern "C"

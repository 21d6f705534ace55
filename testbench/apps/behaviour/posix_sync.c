// POSIX threads and what they meet with, beside mutexes and conditions.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/time.h>
#include <time.h>

static int failures;
static void expect(int good, const char* what) {
  if (good) return;
  ++failures;
  printf("failed: %s\n", what);
}

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_barrier_t barrier;
static pthread_spinlock_t spin;
static pthread_key_t key, early_key;
static pthread_barrier_t early_barrier;
static sem_t semaphore;
static int made, value, last_ones, freed;
static __thread int own = 3;

static void make(void) { ++made; }
static void free_it(void* memory) { freed += *(int*)memory; }

// Before main, once for however many runs.
__attribute__((constructor)) static void begin(void) {
  pthread_key_create(&early_key, free_it);
  pthread_barrier_init(&early_barrier, NULL, 4);
}

static void* body(void* argument) {
  const int number = *(int*)argument;
  expect(own == 3, "a thread begins with its own");
  own = number;
  expect(pthread_getspecific(key) == NULL, "nothing is there at first");
  pthread_setspecific(key, argument);
  expect(pthread_getspecific(early_key) == NULL, "nor under a key made before main");
  expect(pthread_setspecific(early_key, argument) == 0, "a key made before main");
  pthread_once(&once, make);
  sem_wait(&semaphore);
  if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD) ++last_ones;
  const int met = pthread_barrier_wait(&early_barrier);
  expect(met == 0 || met == PTHREAD_BARRIER_SERIAL_THREAD, "a barrier made before main");
  for (int i = 0; i < 5; ++i) {
    pthread_rwlock_wrlock(&lock);
    const int seen = value;
    sched_yield();
    value = seen + 1;
    pthread_rwlock_unlock(&lock);
    pthread_spin_lock(&spin);
    const int again = value;
    sched_yield();
    expect(value >= again, "spin locks keep others out");
    pthread_spin_unlock(&spin);
  }
  expect(own == number && pthread_getspecific(key) == argument && pthread_getspecific(early_key) == argument,
         "what is its own stays");
  return NULL;
}

int main(void) {
  pthread_t threads[4];
  int numbers[4] = {10, 20, 30, 40};
  struct timespec soon;
  struct timeval now;
  struct timespec millisecond = {0, 1000000};
  pthread_key_create(&key, free_it);
  pthread_barrier_init(&barrier, NULL, 4);
  pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
  sem_init(&semaphore, 0, 0);
  for (int i = 0; i < 4; ++i) pthread_create(&threads[i], NULL, body, &numbers[i]);
  expect(!pthread_equal(threads[0], pthread_self()), "a thread is not another");
  expect(sem_trywait(&semaphore) == -1 && errno == EAGAIN, "a semaphore at 0");
  clock_gettime(CLOCK_REALTIME, &soon);
  soon.tv_nsec += 2000000;
  expect(sem_timedwait(&semaphore, &soon) == -1 && errno == ETIMEDOUT, "a wait for it ends");
  for (int i = 0; i < 4; ++i) sem_post(&semaphore);
  for (int i = 0; i < 4; ++i) pthread_join(threads[i], NULL);
  expect(made == 1 && value == 20 && last_ones == 1 && own == 3, "all have met");
  expect(freed == 200, "keys are freed with their thread");
  expect(pthread_rwlock_rdlock(&lock) == 0 && pthread_rwlock_trywrlock(&lock) == EBUSY, "read, not write");
  pthread_rwlock_unlock(&lock);
  expect(pthread_rwlock_unlock(&lock) == EPERM, "not held");
  clock_nanosleep(CLOCK_MONOTONIC, 0, &millisecond, NULL);
  gettimeofday(&now, NULL);
  expect(now.tv_sec == 0 && now.tv_usec >= 3000 && now.tv_usec < 10000 && time(NULL) == 0, "simulated time");
  expect(early_key != key && pthread_key_delete(early_key) == 0, "a key made before main is deleted");
  expect(pthread_setspecific(early_key, &failures) == EINVAL, "a deleted key");
  printf("posix: %d failed\n", failures);
  return failures == 0 ? 0 : 1;
}

// POSIX threads as programs use them: recursion, conditions, pthread_exit, long sleeps, many threads that
// yield.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t recursive = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int ready;
static volatile int done;

static void* signals(void* unused) {
  usleep(1000);
  pthread_mutex_lock(&lock);
  ready = 1;
  pthread_cond_signal(&changed);
  pthread_mutex_unlock(&lock);
  pthread_exit("left");
  return unused;
}

static void* yields(void* last) {
  if (last != NULL) done = 1;
  while (!done) sched_yield();
  return NULL;
}

int main(void) {
  pthread_t threads[20];
  void* result;
  struct timespec wrong = {0, 1000000000};
  struct timespec before, after;
  pthread_mutex_lock(&recursive);
  pthread_mutex_lock(&recursive);
  pthread_mutex_unlock(&recursive);
  pthread_mutex_unlock(&recursive);
  pthread_create(&threads[0], NULL, signals, NULL);
  pthread_mutex_lock(&lock);
  while (!ready) pthread_cond_wait(&changed, &lock);
  pthread_mutex_unlock(&lock);
  pthread_join(threads[0], &result);
  printf("signalled, thread %s\n", (char*)result);
  for (int i = 0; i < 20; ++i) pthread_create(&threads[i], NULL, yields, i == 19 ? &ready : NULL);
  for (int i = 0; i < 20; ++i) pthread_join(threads[i], NULL);
  printf("wrong sleep %d", nanosleep(&wrong, NULL));
  printf(", errno right %d\n", errno == EINVAL);
  clock_gettime(CLOCK_MONOTONIC, &before);
  sleep(9);
  clock_gettime(CLOCK_MONOTONIC, &after);
  printf("slept %ld s\n", (long)(after.tv_sec - before.tv_sec));
  return 0;
}

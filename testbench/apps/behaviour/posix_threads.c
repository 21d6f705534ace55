// <threads.h>, joins with deadlines, processors, priorities, names, and waits for files.
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/sysinfo.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

enum { kThreads = 3, kRounds = 5 };

static int failures;
static void expect(int good, const char* what) {
  if (good) return;
  ++failures;
  printf("failed: %s\n", what);
}

static long now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static struct timespec in_ms(long ms) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  time.tv_nsec += ms * 1000000;
  time.tv_sec += time.tv_nsec / 1000000000;
  time.tv_nsec %= 1000000000;
  return time;
}

// ---- <threads.h> ----

static mtx_t lock;
static cnd_t all_there;
static once_flag once = ONCE_FLAG_INIT;
static tss_t key;
static int made, there, total, freed;

static void make(void) { ++made; }
static void free_it(void* value) { freed += *(int*)value; }

static int body(void* argument) {
  const int number = *(int*)argument;
  call_once(&once, make);
  expect(tss_get(key) == NULL, "a thread begins without a value");
  tss_set(key, argument);
  mtx_lock(&lock);
  ++there;
  cnd_broadcast(&all_there);
  while (there < kThreads) cnd_wait(&all_there, &lock);
  mtx_unlock(&lock);
  for (int i = 0; i < kRounds; ++i) {
    mtx_lock(&lock);
    const int seen = total;
    thrd_yield();
    total = seen + number;
    mtx_unlock(&lock);
  }
  if (number == kThreads) thrd_exit(number * 10);
  return number * 10;
}

static int hold(void* unused) {
  (void)unused;
  const struct timespec span = {0, 5000000};
  mtx_lock(&lock);
  thrd_sleep(&span, NULL);
  mtx_unlock(&lock);
  return 0;
}

static void c11(void) {
  thrd_t threads[kThreads], holder;
  int numbers[kThreads] = {1, 2, 3};
  int sum = 0;
  mtx_init(&lock, mtx_timed);
  cnd_init(&all_there);
  tss_create(&key, free_it);
  for (int i = 0; i < kThreads; ++i) {
    expect(thrd_create(&threads[i], body, &numbers[i]) == thrd_success, "thrd_create");
  }
  for (int i = 0; i < kThreads; ++i) {
    int answer = 0;
    expect(thrd_join(threads[i], &answer) == thrd_success, "thrd_join");
    sum += answer;
  }
  expect(sum == 60 && total == 6 * kRounds && made == 1 && freed == 6, "what three threads did");
  expect(thrd_equal(thrd_current(), thrd_current()) != 0, "thrd_current");

  thrd_create(&holder, hold, NULL);
  const struct timespec span = {0, 1000000};
  thrd_sleep(&span, NULL);
  struct timespec soon = in_ms(1);
  expect(mtx_trylock(&lock) == thrd_busy, "a lock that is taken is busy");
  expect(mtx_timedlock(&lock, &soon) == thrd_timedout, "nor is it left soon");
  soon = in_ms(20);
  expect(mtx_timedlock(&lock, &soon) == thrd_success, "it is left later");
  soon = in_ms(1);
  expect(cnd_timedwait(&all_there, &lock, &soon) == thrd_timedout, "nobody tells");
  mtx_unlock(&lock);
  expect(thrd_join(holder, NULL) == thrd_success, "thrd_join without an answer");
  mtx_destroy(&lock);
  cnd_destroy(&all_there);
  tss_delete(key);
}

// ---- POSIX ----

static void* sleep_long(void* unused) {
  usleep(5000);
  return unused;
}

static void joins(void) {
  pthread_t thread;
  struct timespec soon = in_ms(1);
  void* result = NULL;
  pthread_create(&thread, NULL, sleep_long, &failures);
  expect(pthread_tryjoin_np(thread, &result) == EBUSY, "it has not ended");
  expect(pthread_timedjoin_np(thread, &result, &soon) == ETIMEDOUT, "nor does it soon");
  expect(pthread_kill(thread, 0) == 0, "it is there");
  soon = in_ms(20);
  expect(pthread_timedjoin_np(thread, &result, &soon) == 0 && result == &failures, "it does later");
  expect(pthread_tryjoin_np(thread, &result) == ESRCH, "and is gone");
}

static void* describe(void* unused) {
  char name[16];
  cpu_set_t set;
  int policy = 0;
  struct sched_param high = {.sched_priority = 50};
  struct sched_param seen = {0};
  expect(pthread_setname_np(pthread_self(), "a name") == 0, "pthread_setname_np");
  expect(pthread_getname_np(pthread_self(), name, sizeof(name)) == 0 && strcmp(name, "a name") == 0,
         "its name");
  expect(pthread_setname_np(pthread_self(), "far longer than that") == ERANGE, "a long name");
  expect(pthread_setschedparam(pthread_self(), SCHED_FIFO, &high) == 0, "pthread_setschedparam");
  expect(pthread_getschedparam(pthread_self(), &policy, &seen) == 0 && policy == SCHED_FIFO, "its policy");
  expect(seen.sched_priority == 50, "its priority");
  expect(sched_getaffinity(0, sizeof(set), &set) == 0 && CPU_COUNT(&set) == get_nprocs(), "all processors");
  CPU_ZERO(&set);
  CPU_SET(5, &set);
  expect(pthread_setaffinity_np(pthread_self(), sizeof(set), &set) == 0, "pthread_setaffinity_np");
  sched_yield();
  expect(sched_getcpu() == 5, "it runs there");
  CPU_SET(7, &set);
  expect(pthread_getaffinity_np(pthread_self(), sizeof(set), &set) == 0, "pthread_getaffinity_np");
  expect(CPU_ISSET(5, &set) && CPU_COUNT(&set) == 1, "its processor");
  return unused;
}

static void threads(void) {
  pthread_t thread;
  cpu_set_t set;
  pthread_create(&thread, NULL, describe, NULL);
  pthread_join(thread, NULL);
  expect(sysconf(_SC_NPROCESSORS_ONLN) == get_nprocs() && get_nprocs() == 16,
         "processors of the simulated machine");
  CPU_ZERO(&set);
  CPU_SET(3, &set);
  expect(sched_setaffinity(0, sizeof(set), &set) == 0, "sched_setaffinity");
  expect(pthread_getaffinity_np(pthread_self(), sizeof(set), &set) == 0 && CPU_ISSET(3, &set),
         "that of main");
}

static void mutexes(void) {
  pthread_mutexattr_t kind;
  pthread_mutex_t mutex;
  pthread_mutexattr_init(&kind);
  pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutex_init(&mutex, &kind);
  expect(pthread_mutex_unlock(&mutex) == EPERM, "a mutex that checks is not left by others");
  expect(pthread_mutex_lock(&mutex) == 0 && pthread_mutex_lock(&mutex) == EDEADLK, "nor taken twice");
  expect(pthread_mutex_unlock(&mutex) == 0, "its owner leaves it");
  pthread_mutex_destroy(&mutex);
}

// ---- files ----

static int pipe_ends[2];

static void* write_later(void* unused) {
  usleep(3000);
  expect(write(pipe_ends[1], "x", 1) == 1, "write");
  return unused;
}

static long spent_us(long* since) {
  const long now = now_us();
  const long spent = now - *since;
  *since = now;
  return spent;
}

static void files(void) {
  struct timeval span = {0, 2500};
  struct timespec wait = {0, 2500000};
  struct epoll_event event = {.events = EPOLLIN};
  pthread_t thread;
  long since = now_us();
  expect(poll(NULL, 0, 7) == 0 && spent_us(&since) >= 7000, "poll sleeps");
  expect(select(0, NULL, NULL, NULL, &span) == 0 && spent_us(&since) >= 2500, "select sleeps");
  expect(pselect(0, NULL, NULL, NULL, &wait, NULL) == 0 && spent_us(&since) >= 2500, "pselect sleeps");
  expect(ppoll(NULL, 0, &wait, NULL) == 0 && spent_us(&since) >= 2500, "ppoll sleeps");

  expect(pipe(pipe_ends) == 0, "pipe");
  struct pollfd file = {.fd = pipe_ends[0], .events = POLLIN};
  const int epoll = epoll_create1(0);
  epoll_ctl(epoll, EPOLL_CTL_ADD, pipe_ends[0], &event);
  expect(poll(&file, 1, 1) == 0, "nothing there");
  expect(epoll_wait(epoll, &event, 1, 1) == 0, "nothing there, says epoll");
  spent_us(&since);
  pthread_create(&thread, NULL, write_later, NULL);
  expect(poll(&file, 1, -1) == 1 && spent_us(&since) >= 3000, "another thread writes");
  fd_set set;
  FD_ZERO(&set);
  FD_SET(pipe_ends[0], &set);
  expect(select(pipe_ends[0] + 1, &set, NULL, NULL, NULL) == 1 && FD_ISSET(pipe_ends[0], &set), "select");
  expect(epoll_wait(epoll, &event, 1, -1) == 1, "epoll");
  pthread_join(thread, NULL);
  close(epoll);
  close(pipe_ends[0]);
  close(pipe_ends[1]);
}

int main(void) {
  c11();
  joins();
  threads();
  mutexes();
  files();
  printf("posix: %d failed\n", failures);
  return failures;
}

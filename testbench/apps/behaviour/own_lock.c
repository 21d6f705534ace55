// Two threads put chunks into one FILL ring, under a lock that the program makes from an atomic of its own.
// usage: own_lock INTERFACE released|relaxed|counted. relaxed: the lock is left without an order, which is a
// mistake counted: right as released, with a count of the failed attempts in an atomic and one in plain
// memory
#include <pthread.h>
#include <stdatomic.h>

#include "../seeded/echo.h"

enum { kHalf = 8 };

static atomic_int go = 0;
static atomic_flag lock = ATOMIC_FLAG_INIT;
static atomic_uint attempts = 0;
static volatile unsigned in_vain = 0;
static memory_order leaving = memory_order_release;
static int counts = 0;
static Echo echo;

static void take(void) {
  while (atomic_flag_test_and_set_explicit(&lock, memory_order_acquire)) {
    if (!counts) continue;
    atomic_fetch_add_explicit(&attempts, 1, memory_order_relaxed);
    ++in_vain;
  }
}

static void* give_half(void* first) {
  UINT32 i;
  while (!atomic_load_explicit(&go, memory_order_acquire)) {
  }
  for (i = 0; i < kHalf; ++i) {
    UINT32 to;
    take();
    if (XskRingProducerReserve(&echo.fill, 1, &to) == 1) {
      put_fill(&echo, to, (*(UINT32*)first + i) * (UINT64)kChunkBytes);
      XskRingProducerSubmit(&echo.fill, 1);
    }
    atomic_flag_clear_explicit(&lock, leaving);
  }
  return NULL;
}

int main(int argc, char** argv) {
  UINT32 first[2] = {0, kHalf};
  pthread_t threads[2];
  int i;
  if (argc > 2 && strcmp(argv[2], "relaxed") == 0) leaving = memory_order_relaxed;
  counts = argc > 2 && strcmp(argv[2], "counted") == 0;
  open_echo(&echo, (EchoShape){16, 16, 16, 16, 16, 0});
  for (i = 0; i < 2; ++i) pthread_create(&threads[i], NULL, give_half, &first[i]);
  Sleep(1);
  atomic_store_explicit(&go, 1, memory_order_release);
  for (i = 0; i < 2; ++i) pthread_join(threads[i], NULL);
  printf("both threads are through\n");
  attach(&echo);
  account(&echo);
  close_echo(&echo);
  return 0;
}

// The mistake: two threads take two locks in opposite orders.
#include <pthread.h>

#include "echo.h"

static pthread_mutex_t ring_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t count_lock = PTHREAD_MUTEX_INITIALIZER;
static UINT32 counted = 0;
static Echo echo;

static UINT32 turn(Echo* each) {
  UINT32 count;
  pthread_mutex_lock(&ring_lock);
  count = echo_received(each);
  if (count > 0) {
    pthread_mutex_lock(&count_lock);
    counted += count;
    pthread_mutex_unlock(&count_lock);
  }
  count += recycle(each);
  poke_if_needed(each);
  pthread_mutex_unlock(&ring_lock);
  return count;
}

static void* reporter(void* unused) {
  int i;
  for (i = 0; i < 4; ++i) {
    Sleep(0);
#if SEEDED
    pthread_mutex_lock(&count_lock);
    pthread_mutex_lock(&ring_lock);
#else
    pthread_mutex_lock(&ring_lock);
    pthread_mutex_lock(&count_lock);
#endif
    if (entries_of(&echo.fill) > echo.chunks + counted) exit(9);
    pthread_mutex_unlock(&ring_lock);
    pthread_mutex_unlock(&count_lock);
  }
  return unused;
}

int main(void) {
  pthread_t thread;
  int status;
  open_echo(&echo, (EchoShape){16, 16, 16, 16, 16, 0});
  pthread_create(&thread, NULL, reporter, NULL);
  status = run_echo(&echo, turn);
  pthread_join(thread, NULL);
  return status;
}

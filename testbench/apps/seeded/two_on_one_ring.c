// The mistake: two threads put chunks into the FILL ring without a lock.
#include <pthread.h>

#include "echo.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Echo echo;

static void give(UINT64 chunk) {
  UINT32 to;
#if !SEEDED
  pthread_mutex_lock(&lock);
#endif
  if (XskRingProducerReserve(&echo.fill, 1, &to) == 1) {
    put_fill(&echo, to, chunk);
    XskRingProducerSubmit(&echo.fill, 1);
  }
#if !SEEDED
  pthread_mutex_unlock(&lock);
#endif
}

static void* give_half(void* first) {
  UINT32 i;
  for (i = 0; i < 8; ++i) give((*(UINT32*)first + i) * (UINT64)kChunkBytes);
  return NULL;
}

int main(void) {
  UINT32 first[2] = {0, 8};
  pthread_t threads[2];
  int i;
  open_echo(&echo, (EchoShape){16, 16, 16, 16, 16, 0});
  for (i = 0; i < 2; ++i) pthread_create(&threads[i], NULL, give_half, &first[i]);
  for (i = 0; i < 2; ++i) pthread_join(threads[i], NULL);
  attach(&echo);
  account(&echo);
  close_echo(&echo);
  (void)lock;
  return 0;
}

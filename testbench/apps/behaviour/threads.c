// Two threads count frames of one socket's ring under a lock; main joins them.
#include <pthread.h>

#include "one_socket.h"

static OneSocket one;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static UINT32 received;

static void* receive(void* name) {
  while (1) {
    UINT32 index;
    UINT32 enough;
    pthread_mutex_lock(&lock);
    UINT32 count = XskRingConsumerReserve(&one.rx, 1, &index);
    XskRingConsumerRelease(&one.rx, count);
    received += count;
    enough = received >= 20;
    pthread_mutex_unlock(&lock);
    if (enough) return name;
  }
}

int main(void) {
  pthread_t threads[2];
  void* name;
  open_socket(&one);
  post(&one, 0, 60);
  attach(&one);
  pthread_create(&threads[0], NULL, receive, "first");
  pthread_create(&threads[1], NULL, receive, "second");
  for (int i = 0; i < 2; ++i) {
    pthread_join(threads[i], &name);
    printf("%s ended\n", (char*)name);
  }
  printf("%s\n", received >= 20 ? "enough" : "too few");
  return 0;
}

// A thread is to be cancelled.
#include <pthread.h>
#include <unistd.h>

static void* sleep_for_ever(void* unused) {
  while (1) sleep(1000);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, sleep_for_ever, NULL);
  pthread_cancel(thread);
  pthread_join(thread, NULL);
  return 0;
}

// The mistake: the sender looks whether there is work and then waits, without holding the lock in between.
#include <pthread.h>

#include "echo.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER;
static int there_is_work = 0;
static Echo echo;

static void* sender(void* unused) {
#if SEEDED
  if (!there_is_work) {
    XskRingGetFlags(&echo.tx);
    pthread_mutex_lock(&lock);
    pthread_cond_wait(&work, &lock);
    pthread_mutex_unlock(&lock);
  }
#else
  pthread_mutex_lock(&lock);
  while (!there_is_work) pthread_cond_wait(&work, &lock);
  pthread_mutex_unlock(&lock);
#endif
  poke(&echo, XSK_NOTIFY_FLAG_POKE_TX);
  return unused;
}

int main(void) {
  pthread_t thread;
  open_echo(&echo, (EchoShape){16, 16, 16, 16, 16, 0});
  pthread_create(&thread, NULL, sender, NULL);
  Sleep(1);
  pthread_mutex_lock(&lock);
  there_is_work = 1;
  pthread_cond_signal(&work);
  pthread_mutex_unlock(&lock);
  pthread_join(thread, NULL);
  attach(&echo);
  close_echo(&echo);
  return 0;
}

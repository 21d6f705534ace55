// The mistake: the socket is closed while another thread still reads its rings, which go away with it.
#include <pthread.h>

#include "echo.h"

static Echo echo;
static volatile int stop = 0;

static void* poller(void* unused) {
  int turns;
  for (turns = 0; turns < 200 && !stop; ++turns) XskRingGetFlags(&echo.rx);
  return unused;
}

int main(void) {
  pthread_t thread;
  open_echo(&echo, (EchoShape){16, 16, 16, 16, 16, 0});
  attach(&echo);
  pthread_create(&thread, NULL, poller, NULL);
  Sleep(0);
  stop = 1;
#if SEEDED
  close_echo(&echo);
  pthread_join(thread, NULL);
#else
  pthread_join(thread, NULL);
  close_echo(&echo);
#endif
  return 0;
}

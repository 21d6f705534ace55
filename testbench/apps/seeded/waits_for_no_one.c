// The mistake: a thread that waits for frames, for ever, is told to stop, and nothing wakes it: if it waits
// again before it is told, and no further frame comes, it never ends.
#include <pthread.h>

#include "echo.h"

enum { kWanted = 8 };
#if SEEDED
static const UINT32 kPatienceMs = INFINITE;
#else
static const UINT32 kPatienceMs = 1;
#endif
static Echo echo;
static volatile int stop = 0;
static volatile UINT32 taken = 0;

static void* waiter(void* unused) {
  while (!stop) {
    UINT32 from;
    UINT32 count;
    wait_for(&echo, XSK_NOTIFY_FLAG_WAIT_RX, kPatienceMs);
    if (stop) break;
    count = XskRingConsumerReserve(&echo.rx, 1, &from);
    if (count == 1) XskRingConsumerRelease(&echo.rx, 1);
    taken += count;
  }
  return unused;
}

int main(void) {
  pthread_t thread;
  open_echo(&echo, (EchoShape){16, 16, 16, 16, 16, 0});
  post_all(&echo);
  attach(&echo);
  pthread_create(&thread, NULL, waiter, NULL);
  while (taken < kWanted) Sleep(0);
  stop = 1;
  pthread_join(thread, NULL);
  close_echo(&echo);
  return 0;
}

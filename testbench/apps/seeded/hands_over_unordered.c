// The mistake: the receiver tells the sender of a frame before it has written down which one.
#include <pthread.h>

#include "echo.h"

enum { kSlots = 32, kLooks = 64 };
static XSK_BUFFER_DESCRIPTOR slots[kSlots];
static volatile UINT32 handed = 0;
static volatile int over = 0;
static Echo echo;

static UINT32 receive(void) {
  UINT32 from;
  if (XskRingConsumerReserve(&echo.rx, 1, &from) == 0) return 0;
#if SEEDED
  const UINT32 slot = handed;
  handed = slot + 1;
  XskRingGetFlags(&echo.rx);
  slots[slot % kSlots] = *received(&echo, from);
#else
  slots[handed % kSlots] = *received(&echo, from);
  XskRingGetFlags(&echo.rx);
  handed = handed + 1;
#endif
  XskRingConsumerRelease(&echo.rx, 1);
  return 1;
}

static void* sender(void* unused) {
  UINT32 sent = 0;
  UINT32 idle = 0;
  while (!over || sent != handed) {
    UINT32 to;
    idle = sent == handed ? idle + 1 : 0;
    if (sent != handed && XskRingProducerReserve(&echo.tx, 1, &to) == 1) {
      put_tx(&echo, to, slots[sent++ % kSlots]);
      XskRingProducerSubmit(&echo.tx, 1);
      ++echo.outstanding;
    }
    recycle(&echo);
    poke_if_needed(&echo);
    // The other one waits for its quiet; looking on all the while would be most of the run.
    if (sent == handed) Sleep(idle < kLooks ? 0 : 1);
  }
  return unused;
}

int main(void) {
  pthread_t thread;
  open_echo(&echo, (EchoShape){16, 16, 16, 16, 16, 0});
  post_all(&echo);
  attach(&echo);
  pthread_create(&thread, NULL, sender, NULL);
  do {
    while (receive() > 0) {
    }
  } while (wait_for(&echo, XSK_NOTIFY_FLAG_WAIT_RX, kQuietMs));
  over = 1;
  pthread_join(thread, NULL);
  return finish(&echo);
}

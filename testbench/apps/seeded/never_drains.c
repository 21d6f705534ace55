// The mistake: completions are only collected when the TX ring is full. With a smaller COMPLETION ring that
// moment never comes, and sending stops.
#include "echo.h"

static UINT32 turn(Echo* echo) {
  UINT32 moved = echo_received(echo);
#if SEEDED
  UINT32 index;
  if (XskRingProducerReserve(&echo->tx, 1, &index) == 0) moved += recycle(echo);
#else
  moved += recycle(echo);
#endif
  poke_if_needed(echo);
  return moved;
}

int main(void) {
  const XSK_NOTIFY_FLAGS rx = XSK_NOTIFY_FLAG_WAIT_RX;
  Echo echo;
  open_echo(&echo, (EchoShape){16, 16, 16, 16, 2, 0});
  post_all(&echo);
  attach(&echo);
  do {
    while (turn(&echo) > 0) {
    }
  } while (wait_for(&echo, rx, kQuietMs));
  poke_if_needed(&echo);
#if SEEDED
  // It believes that what was handed over was sent.
  if (ringproof_load32(echo.tx.SharedConsumer, RINGPROOF_ACQUIRE) !=
      ringproof_load32(echo.tx.SharedProducer, RINGPROOF_ACQUIRE)) {
    return 4;
  }
  while (recycle(&echo) > 0) {
  }
#endif
  return finish(&echo);
}

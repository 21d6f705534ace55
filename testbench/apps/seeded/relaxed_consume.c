// The mistake: the RX index is loaded without acquire, so the descriptors may be read as they were before.
#include "echo.h"

static UINT32 send_one(Echo* echo) {
#if SEEDED
  const int order = RINGPROOF_RELAXED;
#else
  const int order = RINGPROOF_ACQUIRE;
#endif
  const UINT32 from = ringproof_own_index(echo->rx.SharedConsumer);
  UINT32 to;
  if (ringproof_load32(echo->rx.SharedProducer, order) == from ||
      XskRingProducerReserve(&echo->tx, 1, &to) == 0) {
    return 0;
  }
  put_tx(echo, to, *received(echo, from));
  XskRingProducerSubmit(&echo->tx, 1);
  XskRingConsumerRelease(&echo->rx, 1);
  ++echo->outstanding;
  return 1;
}

static UINT32 turn(Echo* echo) {
  const UINT32 moved = recycle(echo) + send_one(echo);
  poke_if_needed(echo);
  return moved;
}

int main(void) {
  Echo echo;
  open_echo(&echo, (EchoShape){16, 16, 16, 16, 16, 0});
  return run_echo(&echo, turn);
}

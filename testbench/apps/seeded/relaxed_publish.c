// The mistake: the TX index is stored without release, so descriptor and frame may arrive behind it.
#include "echo.h"

static UINT32 send_one(Echo* echo) {
  UINT32 from;
  UINT32 to;
  if (XskRingConsumerReserve(&echo->rx, 1, &from) == 0 || XskRingProducerReserve(&echo->tx, 1, &to) == 0) {
    return 0;
  }
  put_tx(echo, to, *received(echo, from));
#if SEEDED
  ringproof_store32(echo->tx.SharedProducer, to + 1, RINGPROOF_RELAXED);
#else
  ringproof_store32(echo->tx.SharedProducer, to + 1, RINGPROOF_RELEASE);
#endif
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

// The mistake: it takes for granted that TX has room.
#include "echo.h"

static UINT32 send_one(Echo* echo) {
  UINT32 from;
  UINT32 to;
  if (XskRingConsumerReserve(&echo->rx, 1, &from) == 0) return 0;
#if SEEDED
  XskRingProducerReserve(&echo->tx, 1, &to);
#else
  if (XskRingProducerReserve(&echo->tx, 1, &to) == 0) return 0;
#endif
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
  open_echo(&echo, (EchoShape){16, 16, 16, 2, 16, 0});
  return run_echo(&echo, turn);
}

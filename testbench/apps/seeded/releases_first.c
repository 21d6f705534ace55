// The mistake: RX entries are released before they are read, so the next frames may be written over them.
#include "echo.h"

static UINT32 turn(Echo* echo) {
  UINT32 moved = recycle(echo);
  UINT32 from;
  UINT32 to;
  if (XskRingConsumerReserve(&echo->rx, 1, &from) == 1 && XskRingProducerReserve(&echo->tx, 1, &to) == 1) {
#if SEEDED
    XskRingConsumerRelease(&echo->rx, 1);
    poke_if_needed(echo);
    put_tx(echo, to, *received(echo, from));
#else
    put_tx(echo, to, *received(echo, from));
    XskRingConsumerRelease(&echo->rx, 1);
#endif
    XskRingProducerSubmit(&echo->tx, 1);
    ++echo->outstanding;
    ++moved;
  }
  poke_if_needed(echo);
  return moved;
}

int main(void) {
  Echo echo;
  open_echo(&echo, (EchoShape){16, 16, 2, 16, 16, 0});
  return run_echo(&echo, turn);
}

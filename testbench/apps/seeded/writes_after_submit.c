// The mistake: the frame is numbered after it was handed over.
#include "echo.h"

static UINT32 send_one(Echo* echo) {
  static UCHAR number = 0;
  UINT32 from;
  UINT32 to;
  UCHAR* data;
  if (XskRingConsumerReserve(&echo->rx, 1, &from) == 0 || XskRingProducerReserve(&echo->tx, 1, &to) == 0) {
    return 0;
  }
  data = echo->umem + received(echo, from)->Address.BaseAddress + received(echo, from)->Address.Offset;
  put_tx(echo, to, *received(echo, from));
#if SEEDED
  XskRingProducerSubmit(&echo->tx, 1);
  poke_if_needed(echo);
  data[20] = ++number;
#else
  data[20] = ++number;
  XskRingProducerSubmit(&echo->tx, 1);
  poke_if_needed(echo);
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

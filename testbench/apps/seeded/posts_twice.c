// The mistake: a frame of odd length is sent back and its chunk is posted for receiving at the same time.
#include "echo.h"

static UINT32 turn(Echo* echo) {
  UINT32 moved = recycle(echo);
  UINT32 from;
#if SEEDED
  UINT32 to;
  if (XskRingConsumerReserve(&echo->rx, 1, &from) == 1 && received(echo, from)->Length % 2 == 1 &&
      XskRingProducerReserve(&echo->fill, 1, &to) == 1) {
    put_fill(echo, to, received(echo, from)->Address.BaseAddress);
    XskRingProducerSubmit(&echo->fill, 1);
  }
#else
  (void)from;
#endif
  moved += echo_received(echo);
  poke_if_needed(echo);
  return moved;
}

int main(void) {
  Echo echo;
  open_echo(&echo, (EchoShape){16, 32, 16, 16, 16, 0});
  return run_echo(&echo, turn);
}

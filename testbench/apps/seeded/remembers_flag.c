// The mistake: NEED_POKE is asked for once, in the beginning, and the answer is kept.
#include "echo.h"

static UINT32 turn(Echo* echo) {
  const UINT32 moved = recycle(echo) + echo_received(echo);
#if SEEDED
  static int known = 0;
  static BOOLEAN needed = FALSE;
  if (moved > 0 && known < 4) {
    ++known;
    needed = XskRingProducerNeedPoke(&echo->tx);
    if (needed) known = 0;
  }
  if (moved > 0 && needed) poke(echo, XSK_NOTIFY_FLAG_POKE_TX);
#else
  poke_if_needed(echo);
#endif
  return moved;
}

int main(void) {
  Echo echo;
  open_echo(&echo, (EchoShape){16, 16, 16, 16, 16, 0});
  return run_echo(&echo, turn);
}

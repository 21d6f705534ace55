// The mistake: no full fence between publishing and asking for NEED_POKE. The store may still be on its way
// when the flag is read. Seen only with a weak memory.
#include "echo.h"

static UINT32 turn(Echo* echo) {
  const UINT32 moved = recycle(echo) + echo_received(echo);
#if SEEDED
  if (XskRingProducerNeedPoke(&echo->tx)) poke(echo, XSK_NOTIFY_FLAG_POKE_TX);
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

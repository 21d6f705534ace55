// The mistake: it asks whether a poke is needed, and publishes afterwards. The driver may go to sleep in
// between.
#include "echo.h"

static UINT32 turn(Echo* echo) {
  UINT32 moved = recycle(echo);
#if SEEDED
  const BOOLEAN needed = XskRingProducerNeedPoke(&echo->tx);
  moved += echo_received(echo);
  if (moved > 0 && needed) poke(echo, XSK_NOTIFY_FLAG_POKE_TX);
#else
  moved += echo_received(echo);
  if (moved > 0) poke_if_needed(echo);
#endif
  return moved;
}

int main(void) {
  Echo echo;
  open_echo(&echo, (EchoShape){16, 16, 16, 16, 16, 0});
  return run_echo(&echo, turn);
}

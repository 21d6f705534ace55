// The mistake: frames to send are published, and the driver is only poked for the FILL ring.
#include "echo.h"

static UINT32 turn(Echo* echo) {
  const UINT32 moved = recycle(echo) + echo_received(echo);
#if SEEDED
  XdpBarrierBetweenReleaseAndAcquire();
  if (XskRingProducerNeedPoke(&echo->fill)) poke(echo, XSK_NOTIFY_FLAG_POKE_RX);
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

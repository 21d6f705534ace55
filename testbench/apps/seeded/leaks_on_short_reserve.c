// The mistake: when TX has less room than frames came, the frames that do not fit are forgotten with their
// chunks.
#include "echo.h"

static UINT32 turn(Echo* echo) {
  UINT32 moved = recycle(echo);
  UINT32 from;
  UINT32 to;
  UINT32 i;
  const UINT32 came = XskRingConsumerReserve(&echo->rx, kBatch, &from);
  const UINT32 count = came > 0 ? XskRingProducerReserve(&echo->tx, came, &to) : 0;
  for (i = 0; i < count; ++i) put_tx(echo, to + i, *received(echo, from + i));
  if (count > 0) XskRingProducerSubmit(&echo->tx, count);
  echo->outstanding += count;
#if SEEDED
  if (came > 0) XskRingConsumerRelease(&echo->rx, came);
#else
  if (count > 0) XskRingConsumerRelease(&echo->rx, count);
#endif
  moved += count;
  poke_if_needed(echo);
  return moved;
}

int main(void) {
  Echo echo;
  open_echo(&echo, (EchoShape){16, 16, 16, 2, 16, 0});
  return run_echo(&echo, turn);
}

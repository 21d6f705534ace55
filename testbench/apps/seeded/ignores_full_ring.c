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
  copy_one(echo, from, to);
  XskRingProducerSubmit(&echo->tx, 1);
  return one_is_sent(echo);
}

int main(void) { return run_one_by_one((EchoShape){16, 16, 16, 2, 16, 0}, send_one); }

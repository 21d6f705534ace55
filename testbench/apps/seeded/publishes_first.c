// The mistake: the TX index is moved before the descriptor is written.
#include "echo.h"

static UINT32 send_one(Echo* echo) {
  UINT32 from;
  UINT32 to;
  if (!find_one(echo, &from, &to)) return 0;
#if SEEDED
  XskRingProducerSubmit(&echo->tx, 1);
  copy_one(echo, from, to);
#else
  copy_one(echo, from, to);
  XskRingProducerSubmit(&echo->tx, 1);
#endif
  return one_is_sent(echo);
}

int main(void) { return run_one_by_one((EchoShape){16, 16, 16, 16, 16, 0}, send_one); }

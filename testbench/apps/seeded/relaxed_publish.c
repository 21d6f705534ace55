// The mistake: the TX index is stored without release, so descriptor and frame may arrive behind it.
#include "echo.h"

static UINT32 send_one(Echo* echo) {
  UINT32 from;
  UINT32 to;
  if (!find_one(echo, &from, &to)) return 0;
  copy_one(echo, from, to);
#if SEEDED
  ringproof_store32(echo->tx.SharedProducer, to + 1, RINGPROOF_RELAXED);
#else
  ringproof_store32(echo->tx.SharedProducer, to + 1, RINGPROOF_RELEASE);
#endif
  return one_is_sent(echo);
}

int main(void) { return run_one_by_one((EchoShape){16, 16, 16, 16, 16, 0}, send_one); }

// The mistake: the RX index is loaded without acquire, so the descriptors may be read as they were before.
#include "echo.h"

static UINT32 send_one(Echo* echo) {
#if SEEDED
  const int order = RINGPROOF_RELAXED;
#else
  const int order = RINGPROOF_ACQUIRE;
#endif
  const UINT32 from = ringproof_own_index(echo->rx.SharedConsumer);
  UINT32 to;
  if (ringproof_load32(echo->rx.SharedProducer, order) == from ||
      XskRingProducerReserve(&echo->tx, 1, &to) == 0) {
    return 0;
  }
  copy_one(echo, from, to);
  XskRingProducerSubmit(&echo->tx, 1);
  return one_is_sent(echo);
}

int main(void) { return run_one_by_one((EchoShape){16, 16, 16, 16, 16, 0}, send_one); }

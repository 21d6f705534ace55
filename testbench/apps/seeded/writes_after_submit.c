// The mistake: the frame is numbered after it was handed over.
#include "echo.h"

static UINT32 send_one(Echo* echo) {
  static UCHAR number = 0;
  UINT32 from;
  UINT32 to;
  UCHAR* data;
  if (!find_one(echo, &from, &to)) return 0;
  data = echo->umem + received(echo, from)->Address.BaseAddress + received(echo, from)->Address.Offset;
  copy_one(echo, from, to);
#if SEEDED
  XskRingProducerSubmit(&echo->tx, 1);
  poke_if_needed(echo);
  data[20] = ++number;
#else
  data[20] = ++number;
  XskRingProducerSubmit(&echo->tx, 1);
  poke_if_needed(echo);
#endif
  return one_is_sent(echo);
}

int main(void) { return run_one_by_one((EchoShape){16, 16, 16, 16, 16, 0}, send_one); }

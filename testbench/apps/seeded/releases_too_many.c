// The mistake: a whole batch is released, however many entries there were.
#include "echo.h"

static UINT32 turn(Echo* echo) {
  UINT32 from;
  UINT32 to;
  UINT32 i;
  UINT32 moved = echo_received(echo);
  const UINT32 count = XskRingConsumerReserve(&echo->completion, kBatch, &from);
  if (count > 0 && XskRingProducerReserve(&echo->fill, count, &to) == count) {
    for (i = 0; i < count; ++i) {
      put_fill(echo, to + i, *(const UINT64*)XskRingGetElement(&echo->completion, from + i));
    }
    XskRingProducerSubmit(&echo->fill, count);
#if SEEDED
    XskRingConsumerRelease(&echo->completion, count == 1 ? 1 : kBatch);
#else
    XskRingConsumerRelease(&echo->completion, count);
#endif
    echo->outstanding -= count;
    moved += count;
  }
  poke_if_needed(echo);
  return moved;
}

int main(void) {
  Echo echo;
  open_echo(&echo, (EchoShape){16, 16, 16, 16, 16, 0});
  return run_echo(&echo, turn);
}

// The mistake: the loop over what was reserved goes one too far whenever a whole batch was there.
#include "echo.h"

static UINT32 turn(Echo* echo) {
  UINT32 from = 0;
  UINT32 to = 0;
  UINT32 i;
  UINT32 moved = echo_received(echo);
  UINT32 count = XskRingConsumerReserve(&echo->completion, kBatch, &from);
  if (count > 0) count = XskRingProducerReserve(&echo->fill, count, &to);
  if (count > 0) {
#if SEEDED
    const UINT32 end = count >= 3 ? count + 1 : count;
#else
    const UINT32 end = count;
#endif
    for (i = 0; i < end; ++i) {
      put_fill(echo, to + i, *(const UINT64*)XskRingGetElement(&echo->completion, from + i));
    }
    XskRingProducerSubmit(&echo->fill, end);
    XskRingConsumerRelease(&echo->completion, count);
    echo->outstanding -= count;
    moved += count;
  }
  poke_if_needed(echo);
  return moved;
}

int main(void) {
  Echo echo;
  open_echo(&echo, (EchoShape){16, 32, 16, 16, 16, 0});
  return run_echo(&echo, turn);
}

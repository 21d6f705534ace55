// The mistake: a chunk is posted for receiving as soon as its frame was handed over for sending.
#include "echo.h"

static UINT32 turn(Echo* echo) {
  UINT32 from;
  UINT32 to;
  UINT32 moved = 0;
#if SEEDED
  UINT32 fill;
  UINT32 done = XskRingConsumerReserve(&echo->completion, kBatch, &from);
  if (done > 0) XskRingConsumerRelease(&echo->completion, done);
  echo->outstanding -= done;
  if (XskRingConsumerReserve(&echo->rx, 1, &from) == 1 && XskRingProducerReserve(&echo->tx, 1, &to) == 1 &&
      XskRingProducerReserve(&echo->fill, 1, &fill) == 1) {
    const XSK_BUFFER_DESCRIPTOR buffer = *received(echo, from);
    put_tx(echo, to, buffer);
    XskRingProducerSubmit(&echo->tx, 1);
    ++echo->outstanding;
    put_fill(echo, fill, buffer.Address.BaseAddress);
    XskRingProducerSubmit(&echo->fill, 1);
    XskRingConsumerRelease(&echo->rx, 1);
    moved = 1;
  }
#else
  (void)from;
  (void)to;
  moved = recycle(echo) + echo_received(echo);
#endif
  poke_if_needed(echo);
  return moved;
}

int main(void) {
  Echo echo;
  open_echo(&echo, (EchoShape){16, 32, 16, 16, 16, 0});
  return run_echo(&echo, turn);
}

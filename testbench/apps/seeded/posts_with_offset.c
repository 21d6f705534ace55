// The mistake: what RX says (chunk and offset in one word) is posted as it is, though FILL wants the chunk
// alone.
#include "echo.h"

static UINT32 turn(Echo* echo) {
  UINT32 from;
  UINT32 to;
  UINT32 moved = recycle(echo);
  if (XskRingConsumerReserve(&echo->rx, 1, &from) == 1) {
    const XSK_BUFFER_DESCRIPTOR buffer = *received(echo, from);
    // Long frames are not for us.
    if (buffer.Length > 128 && XskRingProducerReserve(&echo->fill, 1, &to) == 1) {
#if SEEDED
      put_fill(echo, to, buffer.Address.AddressAndOffset);
#else
      put_fill(echo, to, buffer.Address.BaseAddress);
#endif
      XskRingProducerSubmit(&echo->fill, 1);
      XskRingConsumerRelease(&echo->rx, 1);
      ++moved;
    } else {
      moved += echo_received(echo);
    }
  }
  poke_if_needed(echo);
  return moved;
}

int main(void) {
  XSK_STATISTICS statistics;
  UINT32 length = sizeof(statistics);
  const XSK_NOTIFY_FLAGS both = (XSK_NOTIFY_FLAGS)(XSK_NOTIFY_FLAG_WAIT_RX | XSK_NOTIFY_FLAG_WAIT_TX);
  Echo echo;
  open_echo(&echo, (EchoShape){8, 8, 16, 16, 16, 64});
  post_all(&echo);
  attach(&echo);
  do {
    while (turn(&echo) > 0) {
    }
  } while (wait_for(&echo, both, kQuietMs));
  must(XskGetSockopt(echo.socket, XSK_SOCKOPT_STATISTICS, &statistics, &length), "STATISTICS");
  if (statistics.RxInvalidDescriptors > 0) return 3;
  return finish(&echo);
}

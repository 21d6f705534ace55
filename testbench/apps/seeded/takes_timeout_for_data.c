// The mistake: after a wait it takes a frame without looking whether the wait ended with one.
#include "echo.h"

int main(void) {
  const XSK_NOTIFY_FLAGS rx = XSK_NOTIFY_FLAG_WAIT_RX;
  UINT32 quiet = 0;
  Echo echo;
  open_echo(&echo, (EchoShape){16, 32, 16, 16, 16, 0});
  post_all(&echo);
  attach(&echo);
  while (quiet < 2) {
    UINT32 from;
    UINT32 to;
    const BOOLEAN came = wait_for(&echo, rx, kQuietMs);
    const UINT32 count = XskRingConsumerReserve(&echo.rx, 1, &from);
    quiet = came ? 0 : quiet + 1;
#if SEEDED
    if (quiet > 1) break;
#else
    if (count == 0) continue;
#endif
    (void)count;
    if (XskRingProducerReserve(&echo.tx, 1, &to) == 1) {
      put_tx(&echo, to, *received(&echo, from));
      XskRingProducerSubmit(&echo.tx, 1);
      XskRingConsumerRelease(&echo.rx, 1);
      ++echo.outstanding;
    }
    recycle(&echo);
    poke_if_needed(&echo);
  }
  return finish(&echo);
}

// The mistake: it never looks at the error flag of a ring, nor at the answer of a wait. When the interface
// goes away it turns round for ever.
#include "echo.h"

int main(void) {
  const XSK_NOTIFY_FLAGS both = (XSK_NOTIFY_FLAGS)(XSK_NOTIFY_FLAG_WAIT_RX | XSK_NOTIFY_FLAG_WAIT_TX);
  UINT32 echoed = 0;
  Echo echo;
  open_echo(&echo, (EchoShape){16, 16, 16, 16, 16, 0});
  post_all(&echo);
  attach(&echo);
  while (echoed < 8) {
    recycle(&echo);
    echoed += echo_received(&echo);
    poke_if_needed(&echo);
    wait_for(&echo, both, kQuietMs);
#if !SEEDED
    if (XskRingError(&echo.rx)) break;
#endif
  }
  close_echo(&echo);
  return 0;
}

// The mistake: an entry of the RX ring is read when the socket is closed and its rings are gone.
#include "echo.h"

int main(void) {
  Echo echo;
  UINT32 index;
  open_echo(&echo, (EchoShape){16, 16, 16, 16, 16, 0});
  post_all(&echo);
  attach(&echo);
  while (XskRingConsumerReserve(&echo.rx, 1, &index) == 0) wait_for(&echo, XSK_NOTIFY_FLAG_WAIT_RX, kQuietMs);
#if SEEDED
  detach(&echo);
  CloseHandle(echo.socket);
  printf("%u bytes\n", (unsigned)received(&echo, index)->Length);
#else
  printf("%u bytes\n", (unsigned)received(&echo, index)->Length);
  detach(&echo);
  CloseHandle(echo.socket);
#endif
  free(echo.umem);
  return 0;
}

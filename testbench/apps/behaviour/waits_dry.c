// Waits for frames with an empty FILL ring: what is dropped ends no wait.
#include "one_socket.h"

int main(void) {
  OneSocket one;
  ULONGLONG before;
  XSK_NOTIFY_RESULT_FLAGS result;
  XDP_STATUS status;
  open_socket(&one);
  attach(&one);
  before = GetTickCount64();
  status = XskNotifySocket(one.socket, XSK_NOTIFY_FLAG_WAIT_RX, 700, &result);
  printf("0x%08x after %llu ms\n", (unsigned)status, GetTickCount64() - before);
  return 0;
}

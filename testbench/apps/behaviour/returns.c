// Receives ten frames by waiting, prints them, and returns 0.
#include "one_socket.h"

int main(void) {
  OneSocket one;
  UINT32 received = 0;
  open_socket(&one);
  post(&one, 0, 32);
  attach(&one);
  while (received < 10) {
    XSK_NOTIFY_RESULT_FLAGS result;
    UINT32 index;
    UINT32 count;
    must(XskNotifySocket(one.socket, XSK_NOTIFY_FLAG_WAIT_RX, INFINITE, &result), "XskNotifySocket");
    count = XskRingConsumerReserve(&one.rx, 10 - received, &index);
    for (UINT32 i = 0; i < count; ++i) {
      const XSK_BUFFER_DESCRIPTOR* buffer = (XSK_BUFFER_DESCRIPTOR*)XskRingGetElement(&one.rx, index + i);
      printf("frame of %u bytes\n", buffer->Length);
    }
    XskRingConsumerRelease(&one.rx, count);
    received += count;
  }
  printf("done\n");
  return 0;
}

// What the notify call answers: time-outs, wrong flags, readiness.
#include "one_socket.h"

static void show(const char* what, XDP_STATUS status) { printf("%s 0x%08x\n", what, (unsigned)status); }

int main(void) {
  OneSocket one;
  XSK_NOTIFY_RESULT_FLAGS result = (XSK_NOTIFY_RESULT_FLAGS)0x77;
  ULONGLONG before;
  open_socket(&one);
  show("flags 0:", XskNotifySocket(one.socket, XSK_NOTIFY_FLAG_NONE, 0, &result));
  show("flags 0x10:", XskNotifySocket(one.socket, (XSK_NOTIFY_FLAGS)0x10, 0, &result));
  show("no wait:", XskNotifySocket(one.socket, XSK_NOTIFY_FLAG_WAIT_RX, 0, &result));
  before = GetTickCount64();
  show("250 ms:", XskNotifySocket(one.socket, XSK_NOTIFY_FLAG_WAIT_RX, 250, &result));
  printf("waited %llu ms, result untouched %d\n", GetTickCount64() - before, result == 0x77);
  post(&one, 0, 4);
  attach(&one);
  show("frame:", XskNotifySocket(one.socket, XSK_NOTIFY_FLAG_WAIT_RX, INFINITE, &result));
  printf("result %d\n", (int)result);
  show("poke only:", XskNotifySocket(one.socket, XSK_NOTIFY_FLAG_POKE_RX, 0, &result));
  printf("result %d\n", (int)result);
  show("closed:", CloseHandle(one.socket) ? XDP_STATUS_SUCCESS : XDP_STATUS_INTERNAL_ERROR);
  show("after close:", XskNotifySocket(one.socket, XSK_NOTIFY_FLAG_WAIT_RX, 0, &result));
  printf("closed again: %d", CloseHandle(one.socket));
  printf(", last error %u\n", GetLastError());
  return 0;
}

// echo.c: sends back the first frames that arrive on queue 0 of interface 1, and ends.
// Role     the short program of the benchmarks: every ring is used, nothing waits for long
// Shapes   argument: how many frames, 4 when there is none; 48 at most
// Errors   a call that fails ends it with status 9
#include "behaviour/one_socket.h"

static void send_back(OneSocket* one, const XSK_BUFFER_DESCRIPTOR* frame) {
  UINT32 index;
  if (XskRingProducerReserve(&one->tx, 1, &index) != 1) exit(9);
  *(XSK_BUFFER_DESCRIPTOR*)XskRingGetElement(&one->tx, index) = *frame;
  XskRingProducerSubmit(&one->tx, 1);
}

static void poke(OneSocket* one, XSK_NOTIFY_FLAGS what) {
  XSK_NOTIFY_RESULT_FLAGS result;
  must(XskNotifySocket(one->socket, what, 0, &result), "XskNotifySocket");
}

int main(int argc, char** argv) {
  const UINT32 frames = argc > 1 ? (UINT32)atoi(argv[1]) : 4;
  UINT32 sent = 0;
  OneSocket one;
  open_socket(&one);
  post(&one, 0, 48);
  attach(&one);
  while (sent < frames) {
    UINT32 index;
    UINT32 count = XskRingConsumerReserve(&one.rx, 8, &index);
    for (UINT32 i = 0; i < count; ++i) {
      send_back(&one, (const XSK_BUFFER_DESCRIPTOR*)XskRingGetElement(&one.rx, index + i));
    }
    if (count > 0) XskRingConsumerRelease(&one.rx, count);
    if (XskRingProducerNeedPoke(&one.tx)) poke(&one, XSK_NOTIFY_FLAG_POKE_TX);
    count = XskRingConsumerReserve(&one.completion, 8, &index);
    if (count > 0) XskRingConsumerRelease(&one.completion, count);
    sent += count;
  }
  CloseHandle(one.program);
  CloseHandle(one.socket);
  free(one.umem);
  return 0;
}

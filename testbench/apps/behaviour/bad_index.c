// Moves the TX producer index far beyond the ring, over descriptors that say nothing sensible.
#include "one_socket.h"

int main(void) {
  OneSocket one;
  XSK_NOTIFY_RESULT_FLAGS result;
  XSK_STATISTICS statistics;
  UINT32 length = sizeof(statistics);
  open_socket(&one);
  attach(&one);
  memset(XskRingGetElement(&one.tx, 0), 0xA5, kRingSize * sizeof(XSK_FRAME_DESCRIPTOR));
  XskRingProducerSubmit(&one.tx, 100000);
  must(XskNotifySocket(one.socket, XSK_NOTIFY_FLAG_POKE_TX, 0, &result), "poke");
  Sleep(5);
  must(XskGetSockopt(one.socket, XSK_SOCKOPT_STATISTICS, &statistics, &length), "STATISTICS");
  printf("invalid TX descriptors: %llu\n", statistics.TxInvalidDescriptors);
  return 0;
}

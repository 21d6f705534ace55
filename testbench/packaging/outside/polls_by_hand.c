// polls_by_hand.c: waits for a frame by plain loads of the producer index of its RX ring.
#include "one_socket.h"

int main(void) {
  XSK_RING_INFO_SET info;
  UINT32 length = sizeof(info);
  const volatile UINT32* producer;
  OneSocket one;
  open_socket(&one);
  must(XskGetSockopt(one.socket, XSK_SOCKOPT_RING_INFO, &info, &length), "RING_INFO");
  producer = (const volatile UINT32*)(const void*)(info.Rx.Ring + info.Rx.ProducerIndexOffset);
  const UINT32 before = *producer;
  post(&one, 0, 48);
  attach(&one);
  while (*producer == before) {
  }
  printf("saw the index move\n");
  return 0;
}

// Posts four buffers and never looks again: four frames arrive, the rest have nowhere to go.
#include "one_socket.h"

int main(void) {
  OneSocket one;
  XSK_STATISTICS statistics;
  UINT32 length = sizeof(statistics);
  open_socket(&one);
  post(&one, 0, 4);
  attach(&one);
  Sleep(5000);
  must(XskGetSockopt(one.socket, XSK_SOCKOPT_STATISTICS, &statistics, &length), "STATISTICS");
  printf("dropped %llu truncated %llu invalid %llu\n", statistics.RxDropped, statistics.RxTruncated,
         statistics.RxInvalidDescriptors);
  return 0;
}

// receives.c: takes so many frames from queue 0 of interface 1, and ends.
#include "one_socket.h"

const char* greeting(void);

int main(int argc, char** argv) {
  const UINT32 wanted = argc > 1 ? (UINT32)atoi(argv[1]) : 1;
  UINT32 received = 0;
  OneSocket one;
  open_socket(&one);
  post(&one, 0, 48);
  attach(&one);
  while (received < wanted) {
    UINT32 index;
    const UINT32 count = XskRingConsumerReserve(&one.rx, 8, &index);
    if (count > 0) XskRingConsumerRelease(&one.rx, count);
    received += count;
  }
  printf("received %u, %s\n", received, greeting());
  return 0;
}

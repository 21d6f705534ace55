// Gives up after a number of polls that find nothing; there is no traffic to find.
#include "one_socket.h"

int main(void) {
  OneSocket one;
  UINT32 index;
  UINT32 polls = 0;
  open_socket(&one);
  while (polls < 2000 && XskRingConsumerReserve(&one.rx, 1, &index) == 0) ++polls;
  printf("gave up after %u polls\n", polls);
  return 0;
}

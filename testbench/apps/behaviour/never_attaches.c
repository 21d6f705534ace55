// Opens a socket and polls it for ever, without a program.
#include "one_socket.h"

int main(void) {
  OneSocket one;
  UINT32 index;
  open_socket(&one);
  post(&one, 0, 32);
  while (XskRingConsumerReserve(&one.rx, 1, &index) == 0) {
  }
  return 1;
}

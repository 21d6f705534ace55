// Takes what an RX ring holds when it is new for something: posts one buffer less if that is not zero.
#include "one_socket.h"

int main(void) {
  OneSocket one;
  UINT64 first;
  open_socket(&one);
  memcpy(&first, XskRingGetElement(&one.rx, 0), sizeof(first));
  post(&one, 0, first == 0 ? 32 : 31);
  attach(&one);
  Sleep(5);
  return 0;
}

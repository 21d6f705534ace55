// Writes to address 8 after opening a socket and posting a chunk.
#include "one_socket.h"

int main(void) {
  OneSocket one;
  volatile UINT64 address = 8;
  open_socket(&one);
  post(&one, 0, 1);
  *(volatile int*)address = 1;
  return 0;
}

// Writes to address 8 after opening a socket.
#include "one_socket.h"

int main(void) {
  OneSocket one;
  volatile UINT64 address = 8;
  open_socket(&one);
  *(volatile int*)address = 1;
  return 0;
}

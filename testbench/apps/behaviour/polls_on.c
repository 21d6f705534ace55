// Polls the clock for ever.
#include "one_socket.h"

int main(void) {
  OneSocket one;
  open_socket(&one);
  while (GetTickCount64() < ~0ULL) {
  }
  return 0;
}

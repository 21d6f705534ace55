// Keeps a megabyte that it has written to.
#include "one_socket.h"

int main(void) {
  OneSocket one;
  volatile char* kept = (volatile char*)malloc(1 << 20);
  open_socket(&one);
  for (int i = 0; i < 1 << 20; i += 64) kept[i] = 1;
  return kept[64] - 1;
}

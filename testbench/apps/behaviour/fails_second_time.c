// Fails when it has run before in this process: it leaves itself a note in the environment.
#include "one_socket.h"

int main(void) {
  OneSocket one;
  open_socket(&one);
  if (getenv("RAN_BEFORE") != NULL) return 1;
  setenv("RAN_BEFORE", "1", 1);
  return 0;
}

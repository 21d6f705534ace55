// Opens a socket, posts a chunk, and ends the process behind everybody's back.
#include <unistd.h>

#include "one_socket.h"

int main(void) {
  OneSocket one;
  open_socket(&one);
  post(&one, 0, 1);
  _exit(0);
}

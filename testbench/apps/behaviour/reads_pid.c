// Does something else in every process: sleeps for as many microseconds as its process number says.
#include <unistd.h>

#include "one_socket.h"

int main(void) {
  OneSocket one;
  open_socket(&one);
  post(&one, 0, 32);
  usleep((useconds_t)getpid());
  attach(&one);
  Sleep(INFINITE);
  return 0;
}

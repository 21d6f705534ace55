// Does something else every time: sleeps for a while that the system's random numbers say.
#include <sys/random.h>
#include <unistd.h>

#include "one_socket.h"

int main(void) {
  OneSocket one;
  unsigned short span = 0;
  if (getrandom(&span, sizeof(span), 0) != (ssize_t)sizeof(span)) return 9;
  open_socket(&one);
  post(&one, 0, 32);
  usleep(span);
  attach(&one);
  Sleep(5);
  return 0;
}

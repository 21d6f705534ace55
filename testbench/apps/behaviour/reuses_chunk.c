// Posts the same chunk twice.
#include "one_socket.h"

int main(void) {
  OneSocket one;
  open_socket(&one);
  post(&one, 7, 1);
  post(&one, 7, 1);
  attach(&one);
  Sleep(1000);
  return 0;
}

// Posts the same chunk twice, and is aborted some time later.
#include "one_socket.h"

int main(void) {
  OneSocket one;
  open_socket(&one);
  post(&one, 7, 1);
  post(&one, 7, 1);
  attach(&one);
  Sleep(1);
  abort();
}

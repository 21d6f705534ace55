// Pokes in every turn of an endless loop.
#include "one_socket.h"

int main(void) {
  OneSocket one;
  open_socket(&one);
  post(&one, 0, 32);
  attach(&one);
  while (1) {
    XSK_NOTIFY_RESULT_FLAGS result;
    must(XskNotifySocket(one.socket, (XSK_NOTIFY_FLAGS)(XSK_NOTIFY_FLAG_POKE_RX | XSK_NOTIFY_FLAG_POKE_TX), 0,
                         &result),
         "poke");
  }
}

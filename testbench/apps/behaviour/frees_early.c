// Frees its UMEM and unmaps a ring while the socket is open; the pages stay until it is closed.
#include <sys/mman.h>

#include "one_socket.h"

int main(void) {
  OneSocket one;
  XSK_RING_INFO_SET info;
  UINT32 length = sizeof(info);
  open_socket(&one);
  post(&one, 0, 32);
  free(one.umem);
  must(XskGetSockopt(one.socket, XSK_SOCKOPT_RING_INFO, &info, &length), "RING_INFO");
  munmap(info.Rx.Ring, 4096);
  attach(&one);
  Sleep(300);
  CloseHandle(one.program);
  CloseHandle(one.socket);
  printf("closed\n");
  return 0;
}

// Two threads on one socket, at every distance in time: a poke against a close, and twice the same ring size.
#include <pthread.h>
#include <time.h>

#include "one_socket.h"

static HANDLE socket_handle;
static XDP_STATUS first_status;

static void* poke(void* one) {
  XSK_NOTIFY_RESULT_FLAGS result;
  XskNotifySocket(((OneSocket*)one)->socket, XSK_NOTIFY_FLAG_POKE_TX, 0, &result);
  return NULL;
}

static void* size_ring(void* unused) {
  UINT32 size = 64;
  first_status = XskSetSockopt(socket_handle, XSK_SOCKOPT_TX_RING_SIZE, &size, sizeof(size));
  return unused;
}

int main(void) {
  UINT32 size = 64;
  int twice = 0;
  for (long distance = 0; distance < 700; ++distance) {
    const struct timespec delay = {0, distance};
    pthread_t thread;
    OneSocket one;
    XDP_STATUS status;
    open_socket(&one);
    pthread_create(&thread, NULL, poke, &one);
    nanosleep(&delay, NULL);
    CloseHandle(one.socket);
    pthread_join(thread, NULL);
    free(one.umem);

    must(XskCreate(&socket_handle), "XskCreate");
    pthread_create(&thread, NULL, size_ring, NULL);
    nanosleep(&delay, NULL);
    status = XskSetSockopt(socket_handle, XSK_SOCKOPT_TX_RING_SIZE, &size, sizeof(size));
    pthread_join(thread, NULL);
    twice += XDP_SUCCEEDED(status) == XDP_SUCCEEDED(first_status);
    CloseHandle(socket_handle);
  }
  printf("sized twice, or not at all: %d\n", twice);
  return 0;
}

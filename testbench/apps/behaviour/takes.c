// takes.c: takes so many frames from a queue, and ends in the way it is told.
// Role     one of several programs of a run; what is left open is left open on purpose
// Shapes   arguments: interface, queue, frames, status (0), "exit" (instead of returning)
// Errors   99: its memory is not its own
#include "one_socket.h"

static int started;

static void farewell(void) { printf("a handler of takes\n"); }

int main(int argc, char** argv) {
  const UINT32 wanted = argc > 3 ? (UINT32)atoi(argv[3]) : 1;
  const int status = argc > 4 ? atoi(argv[4]) : 0;
  UINT32 received = 0;
  OneSocket one;
  if (++started != 1) return 99;
  atexit(farewell);
  one_interface = argc > 1 ? (UINT32)atoi(argv[1]) : 1;
  one_queue = argc > 2 ? (UINT32)atoi(argv[2]) : 0;
  open_socket(&one);
  post(&one, 0, 48);
  attach(&one);
  while (received < wanted) {
    UINT32 index;
    UINT32 back;
    const UINT32 count = XskRingConsumerReserve(&one.rx, 8, &index);
    if (count == 0) continue;
    if (XskRingProducerReserve(&one.fill, count, &back) != count) exit(9);
    for (UINT32 i = 0; i < count; ++i) {
      const XSK_BUFFER_DESCRIPTOR* frame =
          (const XSK_BUFFER_DESCRIPTOR*)XskRingGetElement(&one.rx, index + i);
      *(UINT64*)XskRingGetElement(&one.fill, back + i) = frame->Address.BaseAddress;
    }
    XskRingConsumerRelease(&one.rx, count);
    XskRingProducerSubmit(&one.fill, count);
    received += count;
  }
  printf("queue %u took %u\n", one_queue, received);
  fflush(stdout);
  if (argc > 5) exit(status);
  return status;
}

// receives_in_thread.cc: as receives.c, in a thread that the C++ library starts.
#include <cstdio>
#include <thread>

#include "one_socket.h"

static_assert(__cplusplus < 202002L, "expected the standard that the program asks for");

int main(int argc, char** argv) {
  const UINT32 wanted = argc > 1 ? static_cast<UINT32>(std::atoi(argv[1])) : 1;
  UINT32 received = 0;
  std::thread receiver([&] {
    OneSocket one;
    open_socket(&one);
    post(&one, 0, 48);
    attach(&one);
    while (received < wanted) {
      UINT32 index;
      const UINT32 count = XskRingConsumerReserve(&one.rx, 8, &index);
      if (count > 0) XskRingConsumerRelease(&one.rx, count);
      received += count;
    }
  });
  receiver.join();
  std::printf("received %u in a thread\n", received);
  return 0;
}

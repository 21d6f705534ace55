// Polls the clock until half a second has gone by.
#include "one_socket.h"

int main(void) {
  const ULONGLONG begin = GetTickCount64();
  while (GetTickCount64() - begin < 500) {
  }
  printf("%llu ms\n", GetTickCount64() - begin);
  return 0;
}

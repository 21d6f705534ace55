// Sleeps three seconds and tells what the clock says.
#include "one_socket.h"

int main(void) {
  const ULONGLONG before = GetTickCount64();
  Sleep(3000);
  printf("slept %llu ms\n", GetTickCount64() - before);
  return 0;
}

// The same as leaves_umems, with the functions of Windows.
#include <malloc.h>
#include <windows.h>

#include "lend_megabyte.h"

int main(void) {
  void* memory = NULL;
  lend(VirtualAlloc(NULL, kBytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
  lend(HeapAlloc(GetProcessHeap(), 0, kBytes));
  lend(_aligned_malloc(kBytes, 4096));
  memory = VirtualAlloc(NULL, kBytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
  lend(memory);
  return VirtualFree(memory, 0, MEM_RELEASE) ? 0 : 9;  // which stays until the socket is closed
}

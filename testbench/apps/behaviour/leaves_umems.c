// Ends with open sockets that have packet buffers of a megabyte from each function that allocates memory.
#include "lend_megabyte.h"

int main(void) {
  void* memory = NULL;
  lend(malloc(kBytes));
  lend(calloc(1, kBytes));
  lend(realloc(malloc(kBytes / 2), kBytes));
  lend(aligned_alloc(4096, kBytes));
  if (posix_memalign(&memory, 4096, kBytes) != 0) return 9;
  lend(memory);
  free(memory);  // which stays until the socket is closed
  memory = malloc(kBytes);
  lend(memory);
  return realloc(memory, kBytes / 8) == NULL ? 9 : 0;  // which leaves it where it is
}

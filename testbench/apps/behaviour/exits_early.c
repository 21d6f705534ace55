// Calls exit(0) from a function, with text that is not ended by a newline.
#include <stdio.h>
#include <stdlib.h>

static void leave(void) { exit(0); }

int main(void) {
  printf("leaving");
  leave();
  return 5;
}

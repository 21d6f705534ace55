// The mistake: when the last frame was handed over the packet memory is used for something else, though the
// frame is still being sent.
#include "echo.h"

static UINT32 turn(Echo* echo) {
  const UINT32 moved = recycle(echo) + echo_received(echo);
  poke_if_needed(echo);
#if SEEDED
  if (echo->outstanding > 0 && moved > 0) memset(echo->umem, 0xEE, (size_t)echo->chunks * kChunkBytes);
#endif
  return moved;
}

int main(void) {
  Echo echo;
  open_echo(&echo, (EchoShape){8, 8, 8, 8, 8, 0});
  return run_echo(&echo, turn);
}

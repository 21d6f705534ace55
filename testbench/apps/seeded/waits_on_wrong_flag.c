// The mistake: if a completion is not there after some looks, it waits for it with the flag of the other
// direction.
#include "echo.h"

enum { kLooks = 100 };

static void await_completion(Echo* echo) {
  int looks;
  for (looks = 0; looks < kLooks; ++looks) {
    if (recycle(echo) > 0) return;
  }
#if SEEDED
  wait_for(echo, XSK_NOTIFY_FLAG_WAIT_RX, INFINITE);
#else
  wait_for(echo, XSK_NOTIFY_FLAG_WAIT_TX, INFINITE);
#endif
}

static UINT32 turn(Echo* echo) {
  const UINT32 moved = echo_received(echo);
  poke_if_needed(echo);
  while (echo->outstanding > 0) await_completion(echo);
  poke_if_needed(echo);
  return moved;
}

int main(void) {
  Echo echo;
  open_echo(&echo, (EchoShape){16, 16, 16, 16, 16, 0});
  return run_echo(&echo, turn);
}

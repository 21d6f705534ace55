// The mistake: indices are compared as if they never wrapped. Seen only where a ring starts close to 2^32.
#include "echo.h"

static UINT32 send_one(Echo* echo) {
  const UINT32 from = ringproof_own_index(echo->rx.SharedConsumer);
  const UINT32 end = ringproof_load32(echo->rx.SharedProducer, RINGPROOF_ACQUIRE);
  UINT32 to;
#if SEEDED
  if (end <= from) return 0;
#else
  if (end == from) return 0;
#endif
  if (XskRingProducerReserve(&echo->tx, 1, &to) == 0) return 0;
  copy_one(echo, from, to);
  XskRingProducerSubmit(&echo->tx, 1);
  return one_is_sent(echo);
}

// A wait ends at once while there is something in RX, so looking without taking is counted.
static UINT32 turn(Echo* echo) {
  static UINT32 idle_turns = 0;
  const UINT32 moved = turn_of_one(echo);
  idle_turns = moved > 0 ? 0 : idle_turns + 1;
  if (idle_turns == 1000) exit(5);
  return moved;
}

int main(void) {
  Echo echo;
  open_echo(&echo, (EchoShape){16, 16, 16, 16, 16, 0});
  echo.send_one = send_one;
  return run_echo(&echo, turn);
}

// access_test.cc: accesses of a simulated thread to rings, told as the compilers tell them.

#include "testbench/testbench_api/one_socket.h"

extern "C" {
void __tsan_read4(void* address);
void __tsan_write4(void* address);
void __tsan_atomic_thread_fence(int order);
}

namespace ringproof::testbench {
namespace {

using namespace std::chrono_literals;

using Access = OneSocket;

UINT32 plain_load(UINT32* word) {
  __tsan_read4(word);
  return *word;
}

void plain_store(UINT32* word, UINT32 value) {
  __tsan_write4(word);
  *word = value;
}

TEST_F(Access, APollingLoopOfPlainLoadsIsParkedUntilAFrameComes) {
  give_buffers(1);
  int polls = 0;
  const Thread poller = machine.start("poller", [&] {
    while (plain_load(socket->rx_ring.SharedProducer) == 0) ++polls;
  });
  machine.run_for(20ms);
  EXPECT_FALSE(poller.ended());
  EXPECT_LT(polls, 1000);  // at 4 ns each there would be millions
  machine.inject(udp_frame(64, 1));
  machine.join(poller);
}

TEST_F(Access, AStoreWithWhichAThreadEndsIsTheThreads) {
  const Thread filler = machine.start("filler", [&] {
    *static_cast<UINT64*>(XskRingGetElement(&socket->fill, 0)) = socket->chunk(3);
    __tsan_atomic_thread_fence(__ATOMIC_RELEASE);
    plain_store(socket->fill.SharedProducer, 1);
  });
  machine.join(filler);
  machine.inject(udp_frame(64, 1));
  machine.run_until_idle();
  EXPECT_EQ(received(), std::vector<Bytes>{udp_frame(64, 1)});
}

}  // namespace
}  // namespace ringproof::testbench

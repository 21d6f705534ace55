// access_test.cc: accesses of a simulated thread to rings, told as the compilers tell them.

#include "sim/app/world.h"
#include "testbench/testbench_api/one_socket.h"

extern "C" {
void __tsan_read4(void* address);
void __tsan_write4(void* address);
void __tsan_atomic_thread_fence(int order);
unsigned __tsan_atomic32_load(const volatile unsigned* address, int order);
void __tsan_atomic32_store(volatile unsigned* address, unsigned value, int order);
unsigned __tsan_atomic32_exchange(volatile unsigned* address, unsigned value, int order);
unsigned __tsan_atomic32_fetch_add(volatile unsigned* address, unsigned value, int order);
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

// ---- atomics of the program's own ----

TEST_F(Access, WhoSpinsOnAnAtomicIsParkedUntilItChanges) {
  unsigned flag = 0;
  int looks = 0;
  const Thread waiter = machine.start("waiter", [&] {
    while (__tsan_atomic32_load(&flag, __ATOMIC_ACQUIRE) == 0) ++looks;
  });
  machine.run_for(20ms);
  EXPECT_FALSE(waiter.ended());
  EXPECT_LT(looks, 1000);
  Time set{};
  const Thread setter = machine.start("setter", [&] {
    set = machine.now();
    __tsan_atomic32_store(&flag, 1, __ATOMIC_RELEASE);
  });
  machine.join(setter);
  machine.join(waiter);
  EXPECT_LT(machine.now() - set, 1us);  // not at its next look, which may be a millisecond away
}

TEST_F(Access, ALockThatIsTakenParksWhoWantsIt) {
  unsigned lock = 0;
  int attempts = 0;
  const auto take = [&] {
    while (__tsan_atomic32_exchange(&lock, 1, __ATOMIC_ACQUIRE) != 0) ++attempts;
  };
  const Thread owner = machine.start("owner", [&] {
    take();
    Sleep(10);
    __tsan_atomic32_store(&lock, 0, __ATOMIC_RELEASE);
  });
  machine.run_for(1ms);
  const Thread other = machine.start("other", take);
  machine.join(other);
  EXPECT_TRUE(owner.ended());
  EXPECT_GT(attempts, 0);
  EXPECT_LT(attempts, 1000);
}

TEST_F(Access, WhoWorksBetweenTwoLooksIsNotParked) {
  unsigned flag = 0;
  UINT32 work = 0;
  Time took{};
  const Thread worker = machine.start("worker", [&] {
    const Time begin = machine.now();
    for (int i = 0; i < 1000; ++i) {
      if (__tsan_atomic32_load(&flag, __ATOMIC_ACQUIRE) != 0) break;
      plain_store(&work, work + 1);
    }
    took = machine.now() - begin;
  });
  machine.join(worker);
  EXPECT_EQ(work, 1000u);
  EXPECT_LE(took, 5us);
}

// A handler of a signal, say, while the simulator looks for who runs next.
TEST_F(Access, AnAtomicInsideTheSimulatorIsDoneAndNothingElse) {
  unsigned count = 0;
  const Thread thread = machine.start("thread", [&] {
    HostKernel& kernel = calling_world->kernel;
    const std::uint64_t begin_ps = kernel.now_ps();
    {
      const HostKernel::Visit visit(kernel);
      __tsan_atomic32_fetch_add(&count, 1, __ATOMIC_SEQ_CST);
    }
    EXPECT_EQ(kernel.now_ps(), begin_ps);
    __tsan_atomic32_fetch_add(&count, 1, __ATOMIC_SEQ_CST);
    EXPECT_EQ(kernel.now_ps(), begin_ps + HostCosts::kSharedAccessPs);
  });
  machine.join(thread);
  EXPECT_EQ(count, 2u);
}

}  // namespace
}  // namespace ringproof::testbench

// What tests with ringproof/testbench.h look like. docs/testbench-api.md walks through them.

#include "testbench/testbench_api/one_socket.h"

namespace ringproof::testbench {
namespace {

using namespace std::chrono_literals;
using test::kOk;
using test::kTimeout;
using test::kWaitRx;
using test::ReadySocket;

using Example = OneSocket;

// A dry fill ring costs frames, never order: the first two arrive, the rest are counted.
TEST_F(Example, DryFillRingCostsFramesNeverOrder) {
  give_buffers(2);
  for (unsigned char i = 0; i < 5; ++i) machine.inject(udp_frame(64, i));
  machine.run_until_idle();
  EXPECT_EQ(received(), (std::vector<Bytes>{udp_frame(64, 0), udp_frame(64, 1)}));
  EXPECT_EQ(machine.snapshot().counters["dropped.socket_fill_empty"], 3u);
}

// Whoever waits is not woken when the interface goes away: the wait ends by its time.
TEST_F(Example, DetachDoesNotEndAWait) {
  UINT32 answer = kOk;
  const Thread waiter = machine.start("waiter", [&] { answer = socket->notify(kWaitRx, 3); });
  machine.run_for(100us);
  const Time begin = machine.now();
  Handle removed = machine.remove_interface();
  machine.run_until([&] { return removed.done(); });
  EXPECT_FALSE(waiter.ended());
  machine.join(waiter);
  EXPECT_EQ(answer, kTimeout);
  EXPECT_GE(machine.now() - begin, Time(2800us));
  EXPECT_NE(machine.snapshot().ring("RX").flags & XSK_RING_FLAG_ERROR, 0u);
}

// The device may complete frames in any order; the application gets each chunk back once, in that order.
TEST_F(Example, CompletionsComeInTheOrderOfTheDevice) {
  TxHold hold = machine.hold_tx();
  for (UINT32 k = 0; k < 3; ++k) send(k, udp_frame(100 + k, 7));
  machine.expect_no_frame();
  ASSERT_EQ(hold.size(), 3u);
  EXPECT_EQ(hold.peek(1).bytes, udp_frame(101, 7));
  hold.complete({2, 0, 1});
  machine.run_until_idle();
  EXPECT_EQ(completed(), (std::vector<std::uint64_t>{socket->chunk(2), socket->chunk(0), socket->chunk(1)}));
  EXPECT_EQ(next_frame(), udp_frame(102, 7));
}

// A program that sends frames one by one. Whether it looks at the flag before or after it publishes is all
// the difference.
void send_one_by_one(bool looks_before) {
  ReadySocket socket;
  for (UINT32 k = 0; k < 4; ++k) {
    socket.put(socket.chunk(k), udp_frame(64, 1));
    const bool needed_before = looks_before && socket.need_poke();
    socket.submit({ReadySocket::descriptor(socket.chunk(k), 0, 64)});
    if (looks_before ? needed_before : socket.need_poke()) socket.poke();
    while (socket.completed().empty()) {
    }
  }
}

Exploring lost_poke() {
  Exploring exploring;
  exploring.schedules = 500;
  return exploring;
}

TEST(LostPoke, IsFoundInAProgramThatLooksBeforeItPublishes) {
  const Exploration found = explore_expecting(lost_poke(), [](Testbench& machine) {
    machine.join(machine.start("app", [] { send_one_by_one(true); }));
  });
  ASSERT_TRUE(found.failed());
  EXPECT_NE(found.failure->schedule, 0u) << "without delays it works";
}

TEST(LostPoke, DoesNotHappenToItsCorrectTwin) {
  expect_all_schedules_pass(lost_poke(), [](Testbench& machine) {
    machine.join(machine.start("app", [] { send_one_by_one(false); }));
  });
}

}  // namespace
}  // namespace ringproof::testbench

// Zero-copy queues: the device works on the rings of the only socket of a queue, and a program sees nothing
// of that but the counters.

#include <numeric>
#include <vector>

#include "testbench/conformance/machine.h"
#include "testbench/conformance/programs.h"
#include "testbench/conformance/socket.h"

namespace ringproof::test {
namespace {

class ZeroCopy : public Conformance {
 protected:
  ZeroCopy() { settings.nic.zero_copy = true; }

  xdp::RxQueueCounters rx_counters() { return machine().platform().rx_counters(1, false, true, 0); }
  std::uint64_t copied() { return rx_counters().xsk_bytes_copied; }
  std::uint64_t not_copied() { return rx_counters().xsk_frames_zero_copy; }

  std::vector<Bytes> frames(std::size_t count, std::size_t first = 0) {
    std::vector<Bytes> result;
    for (std::size_t i = first; i < first + count; ++i) {
      result.push_back(udp_frame(60 + 13 * (i % 90), static_cast<unsigned char>(i)));
    }
    return result;
  }
  static std::vector<Bytes> bytes_of(ReadySocket& socket) {
    std::vector<Bytes> result;
    for (const XSK_BUFFER_DESCRIPTOR& buffer : socket.received()) result.push_back(socket.bytes_of(buffer));
    return result;
  }
};

CONFORMANCE(ZeroCopy, FramesComeIntoUmemByTheDeviceAlone) {
  SocketShape shape;
  shape.headroom = 128;
  ReadySocket socket(shape);
  const auto program = TestProgram::redirect_all(socket);
  EXPECT_EQ(socket.post_chunks(0, 16), 16u);
  machine().wire(frames(10));
  machine().settle();
  const std::vector<XSK_BUFFER_DESCRIPTOR> received = socket.received();
  ASSERT_EQ(received.size(), 10u);
  for (std::size_t i = 0; i < received.size(); ++i) {
    EXPECT_EQ(received[i].Address.BaseAddress, socket.chunk(static_cast<UINT32>(i)));
    EXPECT_EQ(received[i].Address.Offset, 128u);
    EXPECT_EQ(socket.bytes_of(received[i]), frames(10)[i]);
  }
  EXPECT_EQ(not_copied(), 10u);
  EXPECT_EQ(copied(), 0u);
}

CONFORMANCE(ZeroCopy, FramesGoOutOfUmemByTheDeviceAlone) {
  ReadySocket socket;
  for (UINT32 i = 0; i < 10; ++i) {
    socket.put(socket.chunk(i), frames(10)[i]);
    const auto length = static_cast<UINT32>(frames(10)[i].size());
    ASSERT_EQ(socket.submit({ReadySocket::descriptor(socket.chunk(i), 0, length)}), 1u);
  }
  EXPECT_TRUE(socket.poke_if_needed());
  machine().settle();
  EXPECT_EQ(machine().sent(), frames(10));
  EXPECT_EQ(socket.completed().size(), 10u);
  EXPECT_TRUE(socket.need_poke());
  EXPECT_EQ(machine().counted().queues[1].zero_copy, 10u);
}

CONFORMANCE_ON(ZeroCopy, RingsGoRoundManyTimes, settings.platform.sockets.ring_start_index = 0xFFFFFFF0) {
  ReadySocket socket;
  const auto program = TestProgram::redirect_all(socket);
  std::size_t next = 0;
  for (UINT32 round = 0; round < 20; ++round) {
    ASSERT_EQ(socket.post_chunks(16 * (round % 4), 16), 16u);
    machine().wire(frames(16, next));
    machine().settle();
    ASSERT_EQ(bytes_of(socket), frames(16, next));
    next += 16;
  }
  EXPECT_EQ(not_copied(), 320u);
  EXPECT_EQ(socket.statistics().RxDropped, 0u);
}

CONFORMANCE(ZeroCopy, AWaiterIsWokenAndAPollerSeesTheIndexMove) {
  ReadySocket socket;
  const auto program = TestProgram::redirect_all(socket);
  ASSERT_EQ(socket.post_chunks(0, 4), 4u);
  machine().wire(frames(1));
  UINT32 result = 0;
  EXPECT_EQ(socket.notify(kWaitRx, kNoTimeout, &result), kOk);
  EXPECT_EQ(result, kRxAvailable);
  EXPECT_EQ(socket.received().size(), 1u);
  machine().wire(frames(1));
  EXPECT_TRUE(machine().wait_until([&] { return socket.received().size() == 1; }));
}

// S-060 on: what is lost is counted for the socket as if the platform had looked at it.
CONFORMANCE(ZeroCopy, StatisticsAreThoseOfTheCopyingPath) {
  SocketShape shape;
  shape.chunk_bytes = 256;
  ReadySocket socket(shape);
  const auto program = TestProgram::redirect_all(socket);
  machine().wire(frames(3));  // no chunk
  machine().settle();
  EXPECT_EQ(socket.statistics().RxDropped, 3u);
  ASSERT_EQ(socket.post({socket.chunk(0), 1 << 20, socket.chunk(1)}), 3u);
  machine().wire({udp_frame(300, 1)});  // truncated
  machine().wire({udp_frame(100, 2)});  // meets a chunk that is not there
  machine().wire({udp_frame(100, 3)});
  machine().settle();
  const std::vector<XSK_BUFFER_DESCRIPTOR> received = socket.received();
  ASSERT_EQ(received.size(), 2u);
  EXPECT_EQ(received[0].Length, 256u);
  EXPECT_EQ(socket.bytes_of(received[1]), udp_frame(100, 3));
  const XSK_STATISTICS now = socket.statistics();
  EXPECT_EQ(now.RxDropped, 4u);
  EXPECT_EQ(now.RxTruncated, 1u);
  EXPECT_EQ(now.RxInvalidDescriptors, 1u);
  EXPECT_EQ(rx_counters().xsk_frames_dropped, 4u);
  EXPECT_EQ(rx_counters().xsk_frames_truncated, 1u);
}

CONFORMANCE(ZeroCopy, DescriptorsOutsideUmemAreUsedUpUnsent) {
  ReadySocket socket;
  const Bytes frame = udp_frame(100, 1);
  socket.put(socket.chunk(0), frame);
  const auto good = ReadySocket::descriptor(socket.chunk(0), 0, 100);
  ASSERT_EQ(socket.submit({ReadySocket::descriptor(1 << 20, 0, 100), good,
                           ReadySocket::descriptor(socket.chunk(63), 2000, 100),
                           ReadySocket::descriptor(socket.chunk(1), 0, 0),
                           ReadySocket::descriptor(socket.chunk(2), 0, 1519)}),
            5u);
  socket.poke();
  machine().settle();
  EXPECT_EQ(machine().sent(), std::vector<Bytes>{frame});
  EXPECT_EQ(socket.completed(), std::vector<std::uint64_t>{socket.chunk(0)});
  EXPECT_EQ(socket.statistics().TxInvalidDescriptors, 4u);
  EXPECT_EQ(index_in(socket.tx_ring.SharedConsumer), 5u);
}

// The device has as many descriptors as there is room for what follows, and no more.
CONFORMANCE(ZeroCopy, AFullSecondRingHoldsTheFirstBack) {
  SocketShape shape;
  shape.fill_size = 64;
  shape.completion_size = 8;
  ReadySocket socket(shape);
  const auto program = TestProgram::redirect_all(socket);
  ASSERT_EQ(socket.post_chunks(0, 32), 32u);
  machine().wire(frames(20));
  machine().settle();
  EXPECT_EQ(socket.statistics().RxDropped, 4u);  // RX has 16 entries
  EXPECT_EQ(socket.received().size(), 16u);
  machine().wire(frames(5));
  machine().settle();
  EXPECT_EQ(socket.received().size(), 5u);

  for (UINT32 i = 0; i < 12; ++i) socket.submit({ReadySocket::descriptor(socket.chunk(40 + i), 0, 64)});
  socket.poke();
  machine().settle();
  EXPECT_EQ(socket.completed(true).size(), 8u);
  EXPECT_TRUE(socket.need_poke());
  EXPECT_EQ(socket.completed().size(), 8u);
  socket.poke();
  machine().settle();
  EXPECT_EQ(socket.completed().size(), 4u);
}

CONFORMANCE(ZeroCopy, ASecondProgramMakesThePlatformLookAgain) {
  ReadySocket socket;
  ReadySocket other(SocketShape{.bind_flags = XSK_BIND_FLAG_RX | XSK_BIND_FLAG_NATIVE});
  auto program = TestProgram::redirect_all(socket);
  ASSERT_EQ(socket.post_chunks(0, 16), 16u);
  machine().wire(frames(4));
  machine().settle();
  EXPECT_EQ(not_copied(), 4u);
  auto second = TestProgram::redirect_all(other);  // shares the queue; the first one comes first
  machine().wire(frames(4));
  machine().settle();
  EXPECT_EQ(not_copied(), 4u);
  EXPECT_EQ(copied(), 60u + 73 + 86 + 99);
  EXPECT_EQ(socket.received().size(), 8u);
  EXPECT_EQ(socket.statistics().RxDropped, 0u);
}

CONFORMANCE(ZeroCopy, TheSecondSenderEndsItAndNothingIsLost) {
  ReadySocket socket;
  socket.send(0, udp_frame(64, 1));
  ReadySocket other(SocketShape{.bind_flags = XSK_BIND_FLAG_TX | XSK_BIND_FLAG_NATIVE});
  other.send(0, udp_frame(64, 2));
  socket.send(1, udp_frame(64, 3));
  machine().settle();
  EXPECT_EQ(machine().sent().size(), 3u);
  EXPECT_EQ(socket.completed().size(), 2u);
  EXPECT_EQ(other.completed().size(), 1u);
}

CONFORMANCE(ZeroCopy, FramesOfTheHostsStackShareTheQueue) {
  ReadySocket socket;
  socket.send(0, udp_frame(64, 1));
  machine().settle();
  machine().stack_sends(udp_frame(64, 2));
  socket.send(1, udp_frame(64, 3));
  machine().settle();
  EXPECT_EQ(machine().sent().size(), 3u);
  EXPECT_EQ(socket.completed().size(), 2u);
}

CONFORMANCE(ZeroCopy, HeldFramesAreThoseThatWereNotPosted) {
  ReadySocket socket;
  socket.send(0, udp_frame(64, 1));
  machine().settle();
  machine().hold_all_tx();
  socket.send(1, udp_frame(64, 2));
  machine().sleep_us(50);
  EXPECT_EQ(machine().sent().size(), 1u);
  EXPECT_EQ(machine().driver().held_tx().size(), 1u);
  machine().driver().hold_tx(nullptr);
  machine().driver().release_all_tx();
  machine().settle();
  EXPECT_EQ(machine().sent().size(), 2u);
  EXPECT_EQ(socket.completed().size(), 2u);
}

CONFORMANCE(ZeroCopy, FramesOfAHeldQueueComeAllAtOnce) {
  ReadySocket socket;
  const auto program = TestProgram::redirect_all(socket);
  ASSERT_EQ(socket.post_chunks(0, 16), 16u);
  machine().driver().hold_rx(0, true);
  machine().wire(frames(5));
  while (machine().driver().rx_backlog(0) < 5) machine().sleep_us(1);
  EXPECT_TRUE(socket.received().empty());
  machine().driver().hold_rx(0, false);
  machine().settle();
  EXPECT_EQ(bytes_of(socket), frames(5));
  EXPECT_EQ(not_copied(), 5u);
}

// Extensions have no place in what the device writes, and frames in several buffers must be put together.
CONFORMANCE(ZeroCopy, ASocketWithExtensionsStaysWithCopies) {
  SocketShape shape;
  shape.offloads = {XSK_SOCKOPT_RX_OFFLOAD_CHECKSUM};
  ReadySocket socket(shape);
  const auto program = TestProgram::redirect_all(socket);
  ASSERT_EQ(socket.post_chunks(0, 4), 4u);
  machine().wire(frames(2));
  machine().settle();
  EXPECT_EQ(socket.received().size(), 2u);
  EXPECT_EQ(not_copied(), 0u);
  EXPECT_EQ(copied(), 60u + 73);
}

CONFORMANCE(ZeroCopy, AResetOfTheFunctionGivesEverythingBack) {
  ReadySocket socket;
  const auto program = TestProgram::redirect_all(socket);
  ASSERT_EQ(socket.post_chunks(0, 16), 16u);
  machine().wire(frames(4));
  for (UINT32 i = 0; i < 4; ++i) socket.send(32 + i, udp_frame(1000, static_cast<unsigned char>(i)));
  machine().driver().reset_function();
  machine().settle();
  machine().wire(frames(4));
  machine().settle();
  for (UINT32 i = 4; i < 8; ++i) socket.send(32 + i, udp_frame(1000, static_cast<unsigned char>(i)));
  machine().settle();
  EXPECT_EQ(socket.completed().size(), 8u);
  EXPECT_EQ(machine().sent().size(), 8u);
  EXPECT_GE(socket.received().size(), 4u);
}

// What may have been begun is completed, what was sent or not.
CONFORMANCE(ZeroCopy, ADeviceThatIsGoneOwesNothing) {
  ReadySocket socket;
  const auto program = TestProgram::redirect_all(socket);
  ASSERT_EQ(socket.post_chunks(0, 16), 16u);
  for (UINT32 i = 0; i < 8; ++i) {
    ASSERT_EQ(socket.submit({ReadySocket::descriptor(socket.chunk(32 + i), 0, 1500)}), 1u);
  }
  socket.poke();
  machine().wire(frames(8));
  machine().sleep_us(3);
  machine().device().set_present(false);
  machine().driver().device_lost();
  EXPECT_TRUE(machine().wait_until([&] { return socket.completed(true).size() == 8; }));
  const std::size_t before = socket.received().size();
  EXPECT_LE(before, 8u);
  machine().device().set_present(true);
  machine().driver().device_returned();
  machine().wire(frames(3));
  machine().settle();
  EXPECT_EQ(socket.received().size(), 3u);
  EXPECT_EQ(socket.completed().size(), 8u);
}

CONFORMANCE(ZeroCopy, ASocketMayCloseInTheMiddle) {
  for (UINT32 wait_us = 0; wait_us < 8; ++wait_us) {
    ReadySocket socket;
    const auto program = TestProgram::redirect_all(socket);
    ASSERT_EQ(socket.post_chunks(0, 16), 16u);
    machine().wire(frames(12));
    for (UINT32 i = 0; i < 8; ++i) {
      ASSERT_EQ(socket.submit({ReadySocket::descriptor(socket.chunk(32 + i), 0, 1500)}), 1u);
    }
    socket.poke();
    machine().sleep_us(wait_us);
    socket.close();
    machine().settle();
  }
}

CONFORMANCE_ON(ZeroCopy, APollModeIsThePlatformsOwnWork, settings.driver.polling = true) {
  ReadySocket socket;
  const auto program = TestProgram::redirect_all(socket);
  ASSERT_EQ(socket.post_chunks(0, 16), 16u);
  machine().wire(frames(2));
  machine().settle();
  EXPECT_EQ(socket.set_number(XSK_SOCKOPT_POLL_MODE, XSK_POLL_MODE_SOCKET), kOk);
  machine().wire(frames(2));
  EXPECT_EQ(socket.notify(kPokeRx | kWaitRx, 10), kOk);
  machine().sleep_us(100);
  socket.notify(kPokeRx, 0);
  EXPECT_EQ(socket.received().size(), 4u);
  EXPECT_EQ(not_copied(), 2u);
}

// Half of the register reads get no answer (F-DBL-05): a socket is not told what was lost before its time.
FaultPlan unanswered_reads() {
  FaultTrigger trigger;
  trigger.rate = 0.5;
  return {.records = {fault_record(FaultId::kDbl05, trigger)}};
}

CONFORMANCE_ON(ZeroCopy, WhatIsNotAnsweredIsNoLossOfTheNextSocket, settings.faults = unanswered_reads()) {
  constexpr UINT32 kLost = 3;
  for (int round = 0; round < 8; ++round) {
    const ReadySocket socket;
    const auto program = TestProgram::redirect_all(socket);
    machine().wire(frames(kLost));
    machine().settle();
    EXPECT_LE(socket.statistics().RxDropped, kLost) << "round " << round;
  }
}

// Whatever an application makes of the indices, the device stays inside the rings and the UMEM.
CONFORMANCE(ZeroCopy, BrokenIndicesHarmNobodyElse) {
  machine().expect_application_violations();
  ReadySocket socket;
  auto program = TestProgram::redirect_all(socket);
  ASSERT_EQ(socket.post_chunks(0, 8), 8u);
  for (const UINT32 value : {0xFFFFFFFFU, 0x80000000U, 1U, 1000U}) {
    set_index(socket.fill.SharedProducer, value);
    set_index(socket.rx_ring.SharedConsumer, value + 3);
    set_index(socket.fill.SharedConsumer, value ^ 0x55);
    set_index(socket.tx_ring.SharedProducer, value);
    set_index(socket.completion.SharedConsumer, value - 7);
    socket.notify(kPokeTx);
    machine().wire(frames(6));
    machine().sleep_us(100);  // it will take its time over four thousand million descriptors
  }
  program.reset();
  socket.close();
  ReadySocket next;
  program = TestProgram::redirect_all(next);
  ASSERT_EQ(next.post_chunks(0, 8), 8u);
  machine().wire(frames(6));
  machine().settle();
  EXPECT_EQ(bytes_of(next), frames(6));
}

}  // namespace
}  // namespace ringproof::test

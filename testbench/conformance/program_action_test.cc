// What becomes of a frame that a rule matches, and what the queue counts. P-079 … P-087.

#include "testbench/conformance/machine.h"
#include "testbench/conformance/programs.h"

namespace ringproof::test {
namespace {

struct ProgramAction : Conformance {
  xdp::RxQueueCounters counters(const Mode& mode) {
    return machine().platform().rx_counters(1, mode.program_flag == kGeneric, true, 0);
  }
};

// P-079
CONFORMANCE(ProgramAction, ForwardingSendsTheFrameBackWithItsAddressesSwapped) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    const Handle program =
        program_of({.rules = {rule_port(7, XDP_PROGRAM_ACTION_L2FWD)}, .flags = mode.program_flag});
    const std::size_t before = machine().sent().size();
    std::vector<Bytes> frames;
    for (const std::size_t size : {60u, 64u, 65u, 1000u, 1514u}) frames.push_back(udp_frame(size, 3, 7));
    machine().wire(frames);
    machine().settle();
    ASSERT_EQ(machine().sent().size(), before + frames.size());
    for (std::size_t i = 0; i < frames.size(); ++i) {
      EXPECT_EQ(machine().sent()[before + i], with_addresses_swapped(frames[i])) << frames[i].size();
    }
    EXPECT_EQ(counters(mode).inspect_frames_forwarded, frames.size());
  }
  EXPECT_EQ(machine().passed(), 0u);
}

// P-079 on a frame that came in several buffers: P-078 as far as one rule goes.
CONFORMANCE(ProgramAction, ForwardingKeepsAFrameOfManyBuffersAsItIs) {
  const Handle program = program_of({.rules = {rule_all(XDP_PROGRAM_ACTION_L2FWD)}});
  const Bytes frame = udp_frame(100, 3, 7);
  machine().wire({WireFrame{.bytes = frame, .buffers = {3, 0, 5, 2, 90}}});
  machine().settle();
  ASSERT_EQ(machine().sent().size(), 1u);
  EXPECT_EQ(machine().sent()[0], with_addresses_swapped(frame));
}

// P-080
CONFORMANCE(ProgramAction, WithoutAnEthernetHeaderThereIsNothingToForward) {
  const Handle program = program_of({.rules = {rule_all(XDP_PROGRAM_ACTION_L2FWD)}});
  machine().wire({Bytes(13, 1), Bytes(14, 1)});
  machine().settle();
  EXPECT_EQ(machine().sent().size(), 1u);
  EXPECT_EQ(counters(kModes[1]).inspect_frames_dropped, 1u);
  EXPECT_EQ(counters(kModes[1]).inspect_frames_forwarded, 1u);
}

// 3.1: what the buffers for forwarding cannot hold is dropped, and everything else goes on.
CONFORMANCE_ON(ProgramAction, ForwardingDropsWhatThereIsNoRoomFor,
               settings.driver.generic_forward_limit = 4) {
  const Handle program = program_of({.rules = {rule_port(7, XDP_PROGRAM_ACTION_L2FWD)}});
  machine().hold_all_tx();
  machine().wire(std::vector<Bytes>(6, udp_frame(64, 3, 7)));
  machine().sleep_us(100);
  EXPECT_EQ(machine().driver().held_tx().size(), 4u);
  machine().driver().hold_tx(nullptr);
  machine().driver().release_all_tx();
  machine().settle();
  machine().wire_as_one_batch({udp_frame(64, 3, 7)});
  EXPECT_EQ(machine().sent().size(), 5u);
  EXPECT_EQ(counters(kModes[1]).inspect_frames_forwarded, 7u);  // before it is known whether they leave
}

// P-081, P-082
CONFORMANCE(ProgramAction, WhatASocketHasNoRoomForIsLost) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape;
    shape.fill_size = 32;
    ReadySocket socket(shape.in(mode, kRxOnly));
    const auto program = TestProgram::redirect_batched(socket, 0, mode.program_flag);
    machine().wire_as_one_batch({udp_frame(64, 1)});  // no chunk
    EXPECT_EQ(socket.statistics().RxDropped, 1u);
    EXPECT_EQ(counters(mode).xsk_frames_dropped, 1u);
    socket.post_chunks(0, 32);
    machine().wire_as_one_batch(std::vector<Bytes>(17, udp_frame(64, 1)));  // sixteen entries
    EXPECT_EQ(socket.statistics().RxDropped, 2u);
    EXPECT_EQ(counters(mode).xsk_frames_dropped, 2u);
    EXPECT_EQ(counters(mode).xsk_frames_delivered, 16u);
    EXPECT_EQ(index_in(socket.fill.SharedConsumer), 16u);
    EXPECT_EQ(counters(mode).inspect_frames_redirected, 18u);
  }
  EXPECT_EQ(machine().passed(), 0u);
}

// P-083
CONFORMANCE(ProgramAction, TheFirstFramesOfABatchGetWhatThereIs) {
  ReadySocket socket(SocketShape().in(kModes[1], kRxOnly));
  const auto program = TestProgram::redirect_batched(socket, 0, kGeneric);
  socket.post_chunks(0, 3);
  machine().wire_as_one_batch(
      {udp_frame(61, 1), udp_frame(62, 1), udp_frame(63, 1), udp_frame(64, 1), udp_frame(65, 1)});
  std::vector<UINT32> lengths;
  for (const auto& buffer : socket.received()) lengths.push_back(buffer.Length);
  EXPECT_EQ(lengths, (std::vector<UINT32>{61, 62, 63}));
  EXPECT_EQ(counters(kModes[1]).xsk_frames_dropped, 2u);
}

// P-084, P-086
CONFORMANCE(ProgramAction, AnInvalidChunkCostsItsFrameOnTheFastPathOnly) {
  for (const bool fast : {false, true}) {
    SCOPED_TRACE(fast ? "fast path" : "normal path");
    ReadySocket socket(SocketShape().in(kModes[1], kRxOnly));
    const auto program = fast ? TestProgram::redirect_all(socket, 0, kGeneric)
                              : TestProgram::redirect_batched(socket, 0, kGeneric);
    socket.post({std::uint64_t{1} << 40, socket.chunk(1), socket.chunk(2)});
    machine().wire_as_one_batch({udp_frame(61, 1), udp_frame(62, 1)});
    std::vector<UINT32> lengths;
    for (const auto& buffer : socket.received()) lengths.push_back(buffer.Length);
    EXPECT_EQ(lengths, fast ? (std::vector<UINT32>{62}) : (std::vector<UINT32>{61}));
    EXPECT_EQ(socket.statistics().RxInvalidDescriptors, 1u);
    EXPECT_EQ(counters(kModes[1]).xsk_invalid_descriptors, 1u);
    EXPECT_EQ(counters(kModes[1]).inspect_frames_redirected, fast ? 0u : 2u);
    EXPECT_EQ(counters(kModes[1]).xsk_frames_delivered, 1u);
  }
}

// 3.2: the choice is made when rules come; a list that shrinks to one rule keeps the normal path.
CONFORMANCE(ProgramAction, AListThatShrinksKeepsItsPath) {
  ReadySocket socket(SocketShape().in(kModes[1], kRxOnly));
  socket.post_chunks(0, 16);
  Handle other = program_of({.rules = {rule_port(9, XDP_PROGRAM_ACTION_DROP)}});
  const auto program = TestProgram::redirect_all(socket, 0, kGeneric);
  other.close();
  machine().wire_as_one_batch({udp_frame(64, 1)});
  EXPECT_EQ(counters(kModes[1]).inspect_frames_redirected, 1u);
}

// Frames longer than their chunks.
CONFORMANCE(ProgramAction, CutFramesAreCounted) {
  SocketShape shape;
  shape.chunk_bytes = 256;
  ReadySocket socket(shape.in(kModes[1], kRxOnly));
  const auto program = TestProgram::redirect_all(socket, 0, kGeneric);
  socket.post_chunks(0, 2);
  machine().wire_as_one_batch({udp_frame(256, 1), udp_frame(257, 1)});
  EXPECT_EQ(counters(kModes[1]).xsk_frames_truncated, 1u);
  EXPECT_EQ(counters(kModes[1]).xsk_frames_delivered, 2u);
}

// P-085
CONFORMANCE(ProgramAction, FramesForTwoSocketsKeepTheirOrderForEach) {
  ReadySocket odd(SocketShape().in(kModes[1], kRxOnly));
  ReadySocket even(SocketShape().in(kModes[1], kRxOnly));
  odd.post_chunks(0, 16);
  even.post_chunks(0, 16);
  const Handle program = program_of({.rules = {redirected(rule_port(1, XDP_PROGRAM_ACTION_DROP), odd),
                                               redirected(rule_port(2, XDP_PROGRAM_ACTION_DROP), even)}});
  std::vector<Bytes> frames;
  for (UINT16 i = 0; i < 12; ++i) frames.push_back(udp_frame(64 + i, 1, 1 + i % 2));
  machine().wire_as_one_batch(frames);
  for (ReadySocket* socket : {&odd, &even}) {
    const auto received = socket->received();
    ASSERT_EQ(received.size(), 6u);
    for (UINT32 i = 0; i < 6; ++i) EXPECT_EQ(received[i].Length, 64 + 2 * i + (socket == &even ? 1 : 0));
  }
}

// P-041 as the counters see it, P-087
CONFORMANCE(ProgramAction, EveryInspectedFrameIsCountedOnce) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(SocketShape().in(mode, kRxOnly));
    const Handle program =
        program_of({.rules = {rule_port(1, XDP_PROGRAM_ACTION_PASS), rule_port(2, XDP_PROGRAM_ACTION_DROP),
                              redirected(rule_port(3, XDP_PROGRAM_ACTION_DROP), socket),
                              rule_port(4, XDP_PROGRAM_ACTION_L2FWD)},
                    .flags = mode.program_flag});
    std::vector<Bytes> frames;
    for (const UINT16 port : {1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 5}) frames.push_back(udp_frame(64, 1, port));
    machine().wire_as_one_batch(frames);
    const xdp::RxQueueCounters counted = counters(mode);
    EXPECT_EQ(counted.inspect_frames_passed, 2u);
    EXPECT_EQ(counted.inspect_frames_dropped, 2u);
    EXPECT_EQ(counted.inspect_frames_redirected, 3u);
    EXPECT_EQ(counted.inspect_frames_forwarded, 4u);
    EXPECT_GE(counted.inspect_batches, 1u);
  }
}

// 6.1: the queue object goes with its last user, and its counters with it.
CONFORMANCE(ProgramAction, CountersBeginAgainWithANewQueueObject) {
  Handle program = program_of({.rules = {rule_all(XDP_PROGRAM_ACTION_DROP)}});
  machine().wire_as_one_batch({udp_frame(64, 1)});
  const Handle second = program_of({.rules = {rule_all(XDP_PROGRAM_ACTION_PASS)}});
  program.close();
  EXPECT_EQ(counters(kModes[1]).inspect_frames_dropped, 1u);
  Handle last = program_of({});
  last.close();
  EXPECT_EQ(counters(kModes[1]).inspect_frames_dropped, 1u);
}

}  // namespace
}  // namespace ringproof::test

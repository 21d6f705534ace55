// The host's own stack: programs on what it sends, and sockets that inject into what it receives.
// P-088, I-004, and the rows on TX inspect of xdp-programs.md, 3.

#include "testbench/conformance/machine.h"
#include "testbench/conformance/programs.h"

namespace ringproof::test {
namespace {

struct TxInspect : Conformance {
  static Handle program(const std::vector<XDP_RULE>& rules) {
    return program_of({.rules = rules, .flags = 0, .hook = kTxInspect});
  }
  static SocketShape of_the_stack() {
    SocketShape shape;
    shape.bind_flags = kRxOnly;
    shape.rx_hook = kTxInspect;
    return shape;
  }
  xdp::RxQueueCounters counters() { return machine().platform().rx_counters(1, true, false, 0); }
};

CONFORMANCE(TxInspect, WhatRulesPassGoesToTheWireInOrder) {
  const Handle drops = program({rule_port(7, XDP_PROGRAM_ACTION_DROP)});
  std::vector<Bytes> frames;
  for (unsigned char i = 0; i < 40; ++i) frames.push_back(udp_frame(60 + i, i, i % 4 == 3 ? 7 : 9));
  for (const Bytes& frame : frames) machine().stack_sends(frame);
  machine().settle();
  std::erase_if(frames, [](const Bytes& frame) { return frame.size() % 4 == 3; });
  EXPECT_EQ(machine().sent(), frames);
  EXPECT_EQ(counters().inspect_frames_passed, 30u);
  EXPECT_EQ(counters().inspect_frames_dropped, 10u);
  EXPECT_EQ(machine().passed(), 0u);
}

CONFORMANCE(TxInspect, SeesNothingFromTheWire) {
  const Handle drops = program({rule_all(XDP_PROGRAM_ACTION_DROP)});
  machine().wire({udp_frame(64, 1)});
  machine().settle();
  EXPECT_EQ(machine().passed(), 1u);
  EXPECT_EQ(counters().inspect_batches, 0u);
}

CONFORMANCE(TxInspect, FramesOfSocketsAreNotFramesOfTheStack) {
  const Handle drops = program({rule_all(XDP_PROGRAM_ACTION_DROP)});
  ReadySocket socket(SocketShape().in(kModes[1], kTxOnly));
  socket.send(0, udp_frame(64, 1));
  machine().settle();
  EXPECT_EQ(machine().sent().size(), 1u);
  EXPECT_EQ(socket.completed().size(), 1u);
}

CONFORMANCE(TxInspect, RedirectsToASocketOnTheSameHook) {
  ReadySocket socket(of_the_stack());
  socket.post_chunks(0, 16);
  const Handle redirects = program({redirected(rule_port(7, XDP_PROGRAM_ACTION_DROP), socket)});
  const Bytes frame = udp_frame(500, 3, 7);
  machine().stack_sends(frame);
  machine().stack_sends(udp_frame(64, 3, 8));
  machine().settle();
  const auto received = socket.received();
  ASSERT_EQ(received.size(), 1u);
  EXPECT_EQ(socket.bytes_of(received[0]), frame);
  EXPECT_EQ(machine().sent().size(), 1u);
  EXPECT_EQ(counters().xsk_frames_delivered, 1u);
}

CONFORMANCE(TxInspect, WhatTheSocketHasNoRoomForIsNotSent) {
  ReadySocket socket(of_the_stack());
  const Handle redirects = program({redirected(rule_all(XDP_PROGRAM_ACTION_DROP), socket)});
  machine().stack_sends(udp_frame(64, 3));
  machine().settle();
  EXPECT_EQ(machine().sent().size(), 0u);
  EXPECT_EQ(socket.statistics().RxDropped, 1u);
}

// Nothing stamps, checks or looks into a frame that was never on the wire.
CONFORMANCE(TxInspect, ExtensionsOfFramesOfTheStackSayNothing) {
  SocketShape shape = of_the_stack();
  shape.offloads = {XSK_SOCKOPT_RX_OFFLOAD_TIMESTAMP, XSK_SOCKOPT_RX_OFFLOAD_CHECKSUM};
  ReadySocket socket(shape);
  socket.post_chunks(0, 4);
  const Handle redirects = program({redirected(rule_all(XDP_PROGRAM_ACTION_DROP), socket)});
  machine().stack_sends(udp_frame(64, 3));
  machine().settle();
  const auto timestamp_at = socket.get<UINT16>(XSK_SOCKOPT_RX_FRAME_TIMESTAMP_EXTENSION);
  const auto checksum_at = socket.get<UINT16>(XSK_SOCKOPT_RX_FRAME_CHECKSUM_EXTENSION);
  UINT32 index;
  ASSERT_EQ(XskRingConsumerReserve(&socket.rx_ring, 1, &index), 1u);
  const auto* element = static_cast<const unsigned char*>(XskRingGetElement(&socket.rx_ring, index));
  XDP_FRAME_TIMESTAMP timestamp;
  XDP_FRAME_CHECKSUM checksum;
  std::memcpy(&timestamp, element + timestamp_at, sizeof timestamp);
  std::memcpy(&checksum, element + checksum_at, sizeof checksum);
  EXPECT_EQ(timestamp.Timestamp, 0u);
  EXPECT_EQ(checksum.Layer3, XdpFrameRxChecksumEvaluationNotChecked);
  EXPECT_EQ(checksum.Layer4, XdpFrameRxChecksumEvaluationNotChecked);
}

// P-088
CONFORMANCE(TxInspect, ForwardedFramesComeUpWithTheirAddressesSwapped) {
  const std::vector<Bytes>& up = machine().record_stack();
  const Handle forwards = program({rule_port(7, XDP_PROGRAM_ACTION_L2FWD)});
  const Bytes frame = udp_frame(300, 5, 7);
  machine().stack_sends(frame);
  machine().settle();
  ASSERT_EQ(up.size(), 1u);
  EXPECT_EQ(up[0], with_addresses_swapped(frame));
  EXPECT_EQ(machine().sent().size(), 0u);
  EXPECT_EQ(counters().inspect_frames_forwarded, 1u);
}

// P-073, P-078 and P-088 for a frame that the stack sends in pieces, cut at every byte of its headers and at
// five places at once.
CONFORMANCE(TxInspect, BuffersChangeNothing) {
  const std::vector<Bytes>& up = machine().record_stack();
  ReadySocket socket(of_the_stack());
  const Handle decides = program(
      {rule_port(7, XDP_PROGRAM_ACTION_L2FWD), redirected(rule_port(8, XDP_PROGRAM_ACTION_DROP), socket)});
  const Bytes forwarded = udp_frame(100, 5, 7);
  const Bytes redirected = udp_frame(100, 6, 8);
  std::vector<std::vector<std::uint32_t>> cuts = {{3, 5, 8, 20, 64}, {13, 1, 1, 26, 59}, {1, 1, 1, 1, 1, 95}};
  for (std::uint32_t at = 0; at <= 50; ++at) cuts.push_back({at, 100 - at});
  for (const auto& buffers : cuts) {
    socket.post_chunks(0, 1);
    const std::size_t before = up.size();
    machine().stack_sends(forwarded, buffers);
    machine().stack_sends(redirected, buffers);
    machine().settle();
    ASSERT_EQ(up.size(), before + 1) << buffers[0];
    EXPECT_EQ(up.back(), with_addresses_swapped(forwarded)) << buffers[0];
    const auto received = socket.received();
    ASSERT_EQ(received.size(), 1u) << buffers[0];
    EXPECT_EQ(socket.bytes_of(received[0]), redirected) << buffers[0];
  }
  EXPECT_EQ(machine().sent().size(), 0u);
}

CONFORMANCE(TxInspect, EndsWithItsProgram) {
  {
    const Handle drops = program({rule_all(XDP_PROGRAM_ACTION_DROP)});
    machine().stack_sends(udp_frame(64, 1));
    machine().settle();
    EXPECT_EQ(machine().sent().size(), 0u);
  }
  machine().stack_sends(udp_frame(64, 2));
  machine().settle();
  EXPECT_EQ(machine().sent().size(), 1u);
}

// Frames that wait for a look when the interface goes are not lost with it.
CONFORMANCE(TxInspect, RemovalOfTheInterfaceLetsTheStackSendOn) {
  Handle drops = program({rule_port(7, XDP_PROGRAM_ACTION_DROP)});
  for (int i = 0; i < 100; ++i) machine().stack_sends(udp_frame(64, 1, 9));
  machine().platform().remove_adapter(1);
  machine().stack_sends(udp_frame(64, 2, 7));
  machine().settle();
  ASSERT_EQ(machine().sent().size(), 101u);
  EXPECT_EQ(machine().sent().back(), udp_frame(64, 2, 7));  // and nobody overtook them
}

struct RxInject : Conformance {
  static SocketShape to_the_stack() {
    SocketShape shape;
    shape.bind_flags = kTxOnly;
    shape.tx_hook = kRxInject;
    return shape;
  }
};

CONFORMANCE(RxInject, TheStackReceivesWhatTheSocketSends) {
  const std::vector<Bytes>& up = machine().record_stack();
  ReadySocket socket(to_the_stack());
  std::vector<Bytes> frames;
  for (unsigned char i = 0; i < 8; ++i) {
    frames.push_back(udp_frame(60 + i * 100, i));
    socket.send(i, frames.back());
  }
  machine().settle();
  EXPECT_EQ(up, frames);
  EXPECT_EQ(machine().sent().size(), 0u);
  EXPECT_EQ(socket.completed().size(), 8u);
}

// What is injected is above the programs of the receive path.
CONFORMANCE(RxInject, ProgramsDoNotSeeIt) {
  const Handle drops = program_of({.rules = {rule_all(XDP_PROGRAM_ACTION_DROP)}});
  ReadySocket socket(to_the_stack());
  socket.send(0, udp_frame(64, 1));
  machine().settle();
  EXPECT_EQ(machine().passed(), 1u);
}

// I-004
CONFORMANCE(RxInject, IsGenericOnly) {
  const RawSocket socket;
  EXPECT_EQ(socket.set(XSK_SOCKOPT_TX_HOOK_ID, kRxInject), kOk);
  EXPECT_EQ(socket.bind(1, 0, kTxOnly | XSK_BIND_FLAG_NATIVE), kNotFound);
  EXPECT_EQ(socket.bind(1, 1, kTxOnly), kBadParameter);  // as generic says it of a queue that is not there
  EXPECT_EQ(socket.bind(1, 0, kTxOnly), kOk);
}

CONFORMANCE(RxInject, InvalidDescriptorsAreCountedAndHaveNoCompletion) {
  ReadySocket socket(to_the_stack());
  EXPECT_EQ(
      socket.submit({socket.descriptor(socket.chunk(0), 0, 0), socket.descriptor(socket.chunk(2), 0, 1515),
                     socket.descriptor(socket.chunk(1), 0, 60)}),
      3u);
  socket.poke_if_needed();
  machine().settle();
  EXPECT_EQ(socket.statistics().TxInvalidDescriptors, 2u);
  EXPECT_EQ(socket.completed().size(), 1u);
  EXPECT_EQ(machine().passed(), 1u);
}

CONFORMANCE(RxInject, SendersOfBothKindsShareAQueueNumber) {
  ReadySocket up(to_the_stack());
  ReadySocket down(SocketShape().in(kModes[1], kTxOnly));
  for (UINT32 i = 0; i < 10; ++i) {
    up.send(i, udp_frame(64, 1));
    down.send(i, udp_frame(65, 2));
  }
  machine().settle();
  EXPECT_EQ(machine().passed(), 10u);
  EXPECT_EQ(machine().sent().size(), 10u);
  EXPECT_EQ(up.completed().size(), 10u);
  EXPECT_EQ(down.completed().size(), 10u);
}

CONFORMANCE(RxInject, ClosesWithFramesOnTheirWay) {
  {
    ReadySocket socket(to_the_stack());
    for (UINT32 i = 0; i < 8; ++i) socket.send(i, udp_frame(64, 1));
  }
  machine().settle();
  EXPECT_LE(machine().passed(), 8u);
  ReadySocket next(to_the_stack());
  const std::size_t before = machine().passed();
  next.send(0, udp_frame(64, 1));
  machine().settle();
  EXPECT_EQ(machine().passed(), before + 1);
}

CONFORMANCE(RxInject, RemovalDetachesTheSocket) {
  ReadySocket socket(to_the_stack());
  for (UINT32 i = 0; i < 8; ++i) socket.send(i, udp_frame(64, 1));
  machine().platform().remove_adapter(1);
  EXPECT_EQ(socket.get<XSK_ERROR>(XSK_SOCKOPT_TX_ERROR), XSK_ERROR_INTERFACE_DETACH);
}

// A paused interface completes what it does not deliver.
CONFORMANCE(RxInject, NothingComesUpWhileTheInterfaceIsPaused) {
  ReadySocket socket(to_the_stack());
  machine().driver().set_paused(true);
  socket.send(0, udp_frame(64, 1));
  machine().settle();
  EXPECT_EQ(machine().passed(), 0u);
  EXPECT_EQ(socket.completed().size(), 1u);
  machine().driver().set_paused(false);
  socket.send(1, udp_frame(64, 1));
  machine().settle();
  EXPECT_EQ(machine().passed(), 1u);
}

// 9: between the stack and the interface there is no hardware whose offload could be asked for.
CONFORMANCE(RxInject, HooksThatFaceTheStackHaveNoChecksumConfiguration) {
  SocketShape shape;
  shape.bind_flags = XSK_BIND_FLAG_RX | XSK_BIND_FLAG_TX;
  shape.rx_hook = kTxInspect;
  shape.tx_hook = kRxInject;
  const ReadySocket socket(shape);
  for (const UINT32 option :
       {XSK_SOCKOPT_TX_OFFLOAD_CURRENT_CONFIG_CHECKSUM, XSK_SOCKOPT_RX_OFFLOAD_CURRENT_CONFIG_CHECKSUM}) {
    UINT32 length = 10;
    EXPECT_EQ(socket.try_get(option, &length), kBadState) << option;
  }
}

}  // namespace
}  // namespace ringproof::test

// Several programs on a queue, and how long programs and their targets live. P-026 … P-039.

#include "testbench/conformance/machine.h"
#include "testbench/conformance/programs.h"

namespace ringproof::test {
namespace {

struct ProgramSharing : Conformance {
  // How many of the frames, sent to these ports of queue 0, the host got.
  std::size_t passed_of(const std::vector<UINT16>& ports) {
    const std::size_t before = machine().passed();
    std::vector<Bytes> frames;
    for (const UINT16 port : ports) frames.push_back(udp_frame(64, 1, port));
    machine().wire_as_one_batch(frames);
    return machine().passed() - before;
  }
  // The lengths of what a socket got.
  static std::vector<UINT32> lengths(ReadySocket& socket) {
    std::vector<UINT32> result;
    for (const XSK_BUFFER_DESCRIPTOR& buffer : socket.received()) result.push_back(buffer.Length);
    return result;
  }
};

Handle acting(UINT16 port, XDP_RULE_ACTION action) {
  return program_of({.rules = {rule_port(port, action)}});
}

// P-026, I-022
CONFORMANCE(ProgramSharing, TheFirstProgramThatMatchesDecides) {
  Handle drops = acting(1000, XDP_PROGRAM_ACTION_DROP);
  const Handle passes = acting(1000, XDP_PROGRAM_ACTION_PASS);
  EXPECT_EQ(passed_of({1000}), 0u);
  drops.close();
  EXPECT_EQ(passed_of({1000}), 1u);
}

// P-027
CONFORMANCE(ProgramSharing, AProgramThatIsMadeAnewGoesToTheEnd) {
  Handle first = acting(1000, XDP_PROGRAM_ACTION_DROP);
  const Handle second = acting(1000, XDP_PROGRAM_ACTION_PASS);
  first.close();
  first = acting(1000, XDP_PROGRAM_ACTION_DROP);
  EXPECT_EQ(passed_of({1000}), 1u);
}

// P-028
CONFORMANCE(ProgramSharing, ClosingTheMiddleOneKeepsTheOrderOfTheOthers) {
  const Handle first = acting(1, XDP_PROGRAM_ACTION_DROP);
  Handle middle = program_of({.rules = {rule_all(XDP_PROGRAM_ACTION_PASS)}});
  const Handle last =
      program_of({.rules = {rule_port(1, XDP_PROGRAM_ACTION_PASS), rule_port(2, XDP_PROGRAM_ACTION_DROP)}});
  EXPECT_EQ(passed_of({1, 2, 3}), 2u);
  middle.close();
  EXPECT_EQ(passed_of({1, 2, 3}), 1u);
}

// The upstream scenario: four programs, every second one closed.
CONFORMANCE(ProgramSharing, OfFourProgramsTheOpenOnesDeliver) {
  ReadySocket socket(SocketShape().in(kModes[1], kRxOnly));
  socket.post_chunks(0, 16);
  std::vector<Handle> programs;
  for (UINT16 port = 1; port <= 4; ++port) {
    programs.push_back(program_of({.rules = {redirected(rule_port(port, XDP_PROGRAM_ACTION_DROP), socket)}}));
  }
  programs[1].close();
  programs[3].close();
  machine().wire_as_one_batch(
      {udp_frame(61, 1, 1), udp_frame(62, 1, 2), udp_frame(63, 1, 3), udp_frame(64, 1, 4)});
  EXPECT_EQ(lengths(socket), (std::vector<UINT32>{61, 63}));
  EXPECT_EQ(machine().passed(), 2u);
}

// P-029, P-030: no frame that comes after the close is inspected.
CONFORMANCE(ProgramSharing, AClosedProgramActsNoMore) {
  ReadySocket socket(SocketShape().in(kModes[1], kRxOnly));
  socket.post_chunks(0, 16);
  Handle program = program_of({.rules = {redirected(rule_all(XDP_PROGRAM_ACTION_DROP), socket)}});
  EXPECT_EQ(passed_of({1}), 0u);
  program.close();
  const std::uint64_t batches = machine().platform().rx_counters(1, true, true, 0).inspect_batches;
  EXPECT_EQ(passed_of({1, 1}), 2u);
  EXPECT_EQ(machine().platform().rx_counters(1, true, true, 0).inspect_batches, batches);
  EXPECT_EQ(socket.get<XSK_ERROR>(XSK_SOCKOPT_RX_ERROR), XSK_NO_ERROR);
  // P-031
  const Handle anew = program_of({.rules = {redirected(rule_all(XDP_PROGRAM_ACTION_DROP), socket)}});
  EXPECT_EQ(passed_of({1}), 0u);
  EXPECT_EQ(socket.received().size(), 2u);
}

// P-032, P-033, I-021
CONFORMANCE_ON(ProgramSharing, AProgramForAllQueuesLosesWhatItsSocketIsNotBoundTo,
               settings.nic.rx_queues = 4) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(SocketShape().in(mode, kRxOnly));
    socket.post_chunks(0, 16);
    const Handle program = program_of({.rules = {redirected(rule_port(7, XDP_PROGRAM_ACTION_DROP), socket)},
                                       .flags = mode.program_flag | kAllQueues,
                                       .queue = 12345});
    for (UINT32 queue = 0; queue < 4; ++queue) {
      machine().wire({WireFrame{.bytes = udp_frame(60 + queue, 1, 7), .queue = queue}});
      machine().settle();
      const bool generic = mode.program_flag == kGeneric;
      EXPECT_EQ(machine().platform().rx_counters(1, generic, true, queue).inspect_frames_redirected, 1u);
    }
    EXPECT_EQ(lengths(socket), (std::vector<UINT32>{60}));
    EXPECT_EQ(socket.statistics().RxDropped, 0u);
  }
  EXPECT_EQ(machine().passed(), 0u);
}

// 1.3: how many queues there are is what the adapter says of scaling, and at least one.
CONFORMANCE_ON(ProgramSharing, WithoutScalingAllQueuesAreTheFirst, settings.nic.rx_queues = 2;
               settings.interface.rss = xdp::RssSupport::kNone) {
  const Handle all =
      program_of({.rules = {rule_all(XDP_PROGRAM_ACTION_DROP)}, .flags = kGeneric | kAllQueues, .queue = 1});
  for (const UINT32 queue : {0u, 1u}) {
    machine().wire({WireFrame{.bytes = udp_frame(64, 1), .queue = queue}});
  }
  machine().settle();
  EXPECT_EQ(machine().passed(), 1u);  // that of queue 1
}

// P-035
CONFORMANCE_ON(ProgramSharing, ProgramsOfOneAndOfAllQueuesMeetInOrderOfAttachment,
               settings.nic.rx_queues = 2) {
  const Handle one = acting(1, XDP_PROGRAM_ACTION_DROP);
  const Handle all =
      program_of({.rules = {rule_port(1, XDP_PROGRAM_ACTION_PASS), rule_port(2, XDP_PROGRAM_ACTION_DROP)},
                  .flags = kGeneric | kAllQueues});
  for (const UINT32 queue : {0u, 1u}) {
    machine().wire({WireFrame{.bytes = udp_frame(64, 1, 1), .queue = queue},
                    WireFrame{.bytes = udp_frame(64, 1, 2), .queue = queue}});
  }
  machine().settle();
  EXPECT_EQ(machine().passed(), 1u);  // port 1 on queue 1
}

// P-036, Q-05: a closed target takes its frames with it.
CONFORMANCE(ProgramSharing, FramesForAClosedSocketAreLost) {
  ReadySocket socket(SocketShape().in(kModes[1], kRxOnly));
  const Handle program = program_of({.rules = {redirected(rule_port(7, XDP_PROGRAM_ACTION_DROP), socket),
                                               rule_port(7, XDP_PROGRAM_ACTION_PASS)}});
  socket.post_chunks(0, 16);
  socket.close();
  EXPECT_EQ(passed_of({7, 8}), 1u);
  EXPECT_EQ(machine().platform().rx_counters(1, true, true, 0).inspect_frames_redirected, 1u);
}

// P-037: what becomes of the handle later is nothing to the program.
CONFORMANCE(ProgramSharing, AProgramMeansTheSocketThatItsHandleNamed) {
  ReadySocket first(SocketShape().in(kModes[1], kRxOnly));
  const Handle program = program_of({.rules = {redirected(rule_all(XDP_PROGRAM_ACTION_DROP), first)}});
  first.post_chunks(0, 16);
  first.close();
  ReadySocket second(SocketShape().in(kModes[1], kRxOnly));
  second.post_chunks(0, 16);
  EXPECT_EQ(passed_of({7}), 0u);
  EXPECT_TRUE(second.received().empty());
}

// P-038, I-023: programs come and go beside a stream of frames that they do not match.
CONFORMANCE(ProgramSharing, ASwapOfProgramsLosesNothingOfOthers) {
  constexpr UINT32 kFrames = 48;
  SocketShape shape;
  shape.ring_size = 64;
  ReadySocket socket(shape.in(kModes[1], kRxOnly));
  socket.post_chunks(0, 64);
  const Handle program = program_of({.rules = {redirected(rule_port(7, XDP_PROGRAM_ACTION_DROP), socket)}});
  std::vector<Bytes> frames;
  for (UINT32 i = 0; i < kFrames; ++i) frames.push_back(udp_frame(64 + i, 1, 7));
  machine().wire(frames);
  for (UINT16 i = 0; i < 20; ++i) {
    const Handle other = acting(static_cast<UINT16>(100 + i), XDP_PROGRAM_ACTION_DROP);
    machine().sleep_us(1);
  }
  machine().settle();
  std::vector<UINT32> expected;
  for (UINT32 i = 0; i < kFrames; ++i) expected.push_back(64 + i);
  EXPECT_EQ(lengths(socket), expected);
}

// P-039, I-031
CONFORMANCE(ProgramSharing, AProgramDoesNotComeBackWithItsInterface) {
  Handle program = program_of({.rules = {rule_all(XDP_PROGRAM_ACTION_DROP)}});
  EXPECT_EQ(passed_of({1}), 0u);
  machine().platform().remove_adapter(1);
  EXPECT_EQ(passed_of({1}), 1u);
  EXPECT_EQ(try_create({.rules = {rule_all(XDP_PROGRAM_ACTION_DROP)}}), kNotFound);
  machine().platform().add_adapter(1);
  EXPECT_EQ(passed_of({1}), 1u);
  const Handle anew = program_of({.rules = {rule_all(XDP_PROGRAM_ACTION_DROP)}});
  EXPECT_EQ(passed_of({1}), 0u);
  program.close();
  EXPECT_EQ(passed_of({1}), 0u);
}

}  // namespace
}  // namespace ringproof::test

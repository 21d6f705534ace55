// XdpCreateProgram: what it refuses, in which order, and what a refusal leaves behind. P-001 … P-025.

#include <sys/mman.h>

#include <memory>
#include <utility>

#include "testbench/conformance/machine.h"
#include "testbench/conformance/memory_pages.h"
#include "testbench/conformance/programs.h"

namespace ringproof::test {
namespace {

using ProgramCreate = Conformance;

const XDP_RULE kDropAll = rule_all(XDP_PROGRAM_ACTION_DROP);

XDP_RULE broken_rule() {
  XDP_RULE rule = kDropAll;
  rule.Match = static_cast<XDP_MATCH_TYPE>(23);
  return rule;
}

XDP_RULE quic_rule(XDP_MATCH_TYPE match, UINT8 offset, UINT8 length) {
  XDP_RULE rule = kDropAll;
  rule.Match = match;
  rule.Pattern.QuicFlow.CidOffset = offset;
  rule.Pattern.QuicFlow.CidLength = length;
  return rule;
}

// P-001, P-002, I-017
CONFORMANCE(ProgramCreate, UnknownFlagsAndBothModesAreRefused) {
  EXPECT_EQ(try_create({.rules = {kDropAll}, .flags = 0x8}), kBadParameter);
  EXPECT_EQ(try_create({.rules = {kDropAll}, .flags = kGeneric | kNative}), kBadParameter);
  EXPECT_EQ(try_create({.rules = {kDropAll}, .flags = kGeneric | kNative | kAllQueues}), kBadParameter);
}

// P-003; and flags are looked at before it is looked for.
CONFORMANCE(ProgramCreate, UnknownInterfaceIsSaidBeforeARule) {
  EXPECT_EQ(try_create({.rules = {broken_rule()}, .flags = 0x8, .interface = 7}), kBadParameter);
  EXPECT_EQ(try_create({.rules = {broken_rule()}, .interface = 7}), kNotFound);
}

// P-004, I-005
CONFORMANCE_ON(ProgramCreate, NativeIsNotFoundWhereOnlyGenericIs, settings.interface.native = false) {
  EXPECT_EQ(try_create({.rules = {kDropAll}, .flags = kNative}), kNotFound);
  EXPECT_EQ(try_create({.rules = {kDropAll}, .flags = 0}), kOk);
}

// P-005, I-018: a rule is judged first.
CONFORMANCE(ProgramCreate, InjectHooksTakeNoPrograms) {
  for (const XDP_HOOK_ID& hook : {kRxInject, kTxInject}) {
    EXPECT_EQ(try_create({.rules = {kDropAll}, .hook = hook}), kNotSupported);
    EXPECT_EQ(try_create({.rules = {broken_rule()}, .hook = hook}), kBadParameter);
    EXPECT_EQ(try_create({.rules = {kDropAll}, .flags = 0, .hook = hook}), kNotSupported);
  }
  EXPECT_EQ(try_create({.rules = {kDropAll}, .flags = kNative, .hook = kRxInject}), kNotFound);
  EXPECT_EQ(try_create({.rules = {kDropAll}, .flags = kNative, .hook = kTxInject}), kNotSupported);
}

// P-006, I-004
CONFORMANCE(ProgramCreate, FramesOfTheHostAreInspectedInGenericModeOnly) {
  EXPECT_EQ(try_create({.rules = {kDropAll}, .hook = kTxInspect}), kOk);
  EXPECT_EQ(try_create({.rules = {kDropAll}, .flags = 0, .hook = kTxInspect}), kOk);
  EXPECT_EQ(try_create({.rules = {kDropAll}, .flags = kNative, .hook = kTxInspect}), kNotFound);
}

// P-007
CONFORMANCE(ProgramCreate, HooksThatThereAreNotAreNotFound) {
  for (const int field : {0, 1, 2}) {
    XDP_HOOK_ID hook = kRxInspect;
    if (field == 0) hook.Layer = static_cast<XDP_HOOK_LAYER>(1);
    if (field == 1) hook.Direction = static_cast<XDP_HOOK_DATAPATH_DIRECTION>(2);
    if (field == 2) hook.SubLayer = static_cast<XDP_HOOK_SUBLAYER>(2);
    for (const UINT32 mode : {0u, kGeneric, kNative}) {
      EXPECT_EQ(try_create({.rules = {kDropAll}, .flags = mode, .hook = hook}), kNotFound) << field;
    }
  }
}

// P-008
CONFORMANCE(ProgramCreate, MatchTypesThatThereAreNotAreRefused) {
  for (const UINT32 match : {23u, 0xFFFFFFFFu}) {
    XDP_RULE rule = kDropAll;
    rule.Match = static_cast<XDP_MATCH_TYPE>(match);
    EXPECT_EQ(try_create({.rules = {rule}}), kBadParameter) << match;
  }
}

CONFORMANCE(ProgramCreate, EveryMatchTypeGoesWithEveryAction) {
  const ReadySocket socket(SocketShape().in(kModes[1], kRxOnly));
  const std::vector<unsigned char> bits(XDP_PORT_SET_BUFFER_SIZE);
  for (UINT32 match = 0; match <= 22; ++match) {
    XDP_RULE rule = kDropAll;
    rule.Match = static_cast<XDP_MATCH_TYPE>(match);
    if (match == XDP_MATCH_UDP_PORT_SET) rule.Pattern.PortSet.PortSet = bits.data();
    if (match > XDP_MATCH_UDP_PORT_SET && match <= XDP_MATCH_IPV6_TCP_PORT_SET) {
      rule.Pattern.IpPortSet.PortSet.PortSet = bits.data();
    }
    for (const XDP_RULE_ACTION action :
         {XDP_PROGRAM_ACTION_DROP, XDP_PROGRAM_ACTION_PASS, XDP_PROGRAM_ACTION_L2FWD}) {
      rule.Action = action;
      EXPECT_EQ(try_create({.rules = {rule}}), kOk) << "match " << match << ", action " << action;
    }
    EXPECT_EQ(try_create({.rules = {redirected(rule, socket)}}), kOk) << "match " << match;
  }
}

// P-009
CONFORMANCE(ProgramCreate, ActionsThatAnApplicationMayNotTakeAreRefused) {
  for (const UINT32 action : {4u, 5u, 0xFFFFFFFFu}) {
    EXPECT_EQ(try_create({.rules = {rule_all(static_cast<XDP_RULE_ACTION>(action))}}), kBadParameter)
        << action;
  }
}

// P-010
CONFORMANCE(ProgramCreate, RedirectTargetsOfAnUnknownTypeAreRefused) {
  const ReadySocket socket;
  XDP_RULE rule = redirected(kDropAll, socket);
  rule.Redirect.TargetType = static_cast<XDP_REDIRECT_TARGET_TYPE>(2);
  EXPECT_EQ(try_create({.rules = {rule}}), kBadParameter);
}

// P-011
CONFORMANCE(ProgramCreate, ConnectionIdsEndWithinTheirTwentyBytes) {
  for (const XDP_MATCH_TYPE match : {XDP_MATCH_QUIC_FLOW_SRC_CID, XDP_MATCH_QUIC_FLOW_DST_CID,
                                     XDP_MATCH_TCP_QUIC_FLOW_SRC_CID, XDP_MATCH_TCP_QUIC_FLOW_DST_CID}) {
    SCOPED_TRACE(match);
    for (const auto& [offset, length] : {std::pair<UINT8, UINT8>{10, 11}, {0, 21}, {21, 0}, {255, 255}}) {
      EXPECT_EQ(try_create({.rules = {quic_rule(match, offset, length)}}), kBadParameter) << int{offset};
    }
    for (const auto& [offset, length] : {std::pair<UINT8, UINT8>{10, 10}, {20, 0}, {0, 20}, {0, 0}}) {
      EXPECT_EQ(try_create({.rules = {quic_rule(match, offset, length)}}), kOk) << int{offset};
    }
  }
  // Other rules have something else there.
  EXPECT_EQ(try_create({.rules = {quic_rule(XDP_MATCH_UDP, 255, 255)}}), kOk);
}

// P-012: each of the five types; a bitmap is readable to its last byte.
CONFORMANCE(ProgramCreate, PortSetsMustBeReadableAndTheirReservedFieldNull) {
  MemoryPages pages(4);
  pages.forbid(3);
  pages.make_read_only(2);
  unsigned char* const last = pages.at(3) - XDP_PORT_SET_BUFFER_SIZE;
  unsigned char reserved = 0;
  for (UINT32 match = XDP_MATCH_UDP_PORT_SET; match <= XDP_MATCH_IPV6_TCP_PORT_SET; ++match) {
    SCOPED_TRACE(match);
    XDP_RULE rule = kDropAll;
    rule.Match = static_cast<XDP_MATCH_TYPE>(match);
    XDP_PORT_SET& ports =
        match == XDP_MATCH_UDP_PORT_SET ? rule.Pattern.PortSet : rule.Pattern.IpPortSet.PortSet;
    for (unsigned char* const nowhere : {static_cast<unsigned char*>(nullptr), pages.at(3), last + 1}) {
      ports.PortSet = nowhere;
      EXPECT_EQ(try_create({.rules = {rule}}), kNoAccess);
    }
    for (unsigned char* const good : {last, last - 1, last - 4}) {  // only documented as 8-byte aligned
      ports.PortSet = good;
      EXPECT_EQ(try_create({.rules = {rule}}), kOk);
    }
    ports.Reserved = &reserved;
    EXPECT_EQ(try_create({.rules = {rule}}), kBadParameter);
    ports.PortSet = nullptr;
    EXPECT_EQ(try_create({.rules = {rule}}), kBadParameter) << "it is looked at first";
  }
}

// P-013, U-06
CONFORMANCE(ProgramCreate, RulesMustBeReadable) {
  Handle program;
  const auto create_from = [&](const void* rules, UINT32 count) {
    return number(XdpCreateProgram(1, &kRxInspect, 0, XDP_CREATE_PROGRAM_FLAG_GENERIC,
                                   static_cast<const XDP_RULE*>(rules), count, program.out()));
  };
  void* pages = mmap(nullptr, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  mprotect(static_cast<unsigned char*>(pages) + 4096, 4096, PROT_NONE);
  unsigned char* end = static_cast<unsigned char*>(pages) + 4096;
  EXPECT_EQ(create_from(nullptr, 1), kNoAccess);
  EXPECT_EQ(create_from(end - sizeof(XDP_RULE) + 4, 1), kNoAccess);
  EXPECT_EQ(create_from(end - sizeof(XDP_RULE), 0xFFFFFFFF), kNoAccess);
  EXPECT_EQ(create_from(end - sizeof(XDP_RULE) - 2, 1), kNoAccess);  // misaligned
  EXPECT_EQ(create_from(end - sizeof(XDP_RULE) - 4, 1), kOk);        // four bytes are enough
  program.close();
  munmap(pages, 8192);
}

// P-014
CONFORMANCE(ProgramCreate, TargetsMustBeWhatTheRuleSays) {
  const ReadySocket socket;
  const TestMap map;
  const Handle other = program_of({.rules = {kDropAll}});
  HANDLE event = CreateEvent(nullptr, TRUE, FALSE, nullptr);
  XDP_RULE to_socket = redirected(kDropAll, socket);
  for (const HANDLE handle :
       {HANDLE{}, reinterpret_cast<HANDLE>(UINT_PTR{0x7770}), other.get(), map.handle(), event}) {
    to_socket.Redirect.Target = handle;
    EXPECT_EQ(try_create({.rules = {to_socket}}), kInvalidHandle);
  }
  XDP_RULE to_map = redirected(kDropAll, map);
  for (const HANDLE handle : {HANDLE{}, other.get(), socket.handle(), event}) {
    to_map.Redirect.Target = handle;
    EXPECT_EQ(try_create({.rules = {to_map}}), kInvalidHandle);
  }
  EXPECT_TRUE(CloseHandle(event));
}

// P-015, I-025
CONFORMANCE(ProgramCreate, TargetSocketsMustBeBoundForReceive) {
  const RawSocket socket;
  EXPECT_EQ(try_create({.rules = {redirected(kDropAll, socket)}}), kBadState);
  EXPECT_EQ(socket.bind(1, 0, kTxOnly | XSK_BIND_FLAG_GENERIC), kOk);
  EXPECT_EQ(try_create({.rules = {redirected(kDropAll, socket)}}), kNotSupported);
}

// P-015, 1.6: a socket whose interface left is bound for nothing; the first target that is wrong decides.
CONFORMANCE(ProgramCreate, TheFirstTargetThatIsWrongDecides) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    const RawSocket unbound;
    const ReadySocket detached(SocketShape().in(mode, kRxOnly));
    machine().platform().remove_adapter(1);
    machine().platform().add_adapter(1);
    const RawSocket sender;
    EXPECT_EQ(sender.bind(1, 0, kTxOnly | mode.bind_flag), kOk);
    const auto answer = [&](const RawSocket& first, const RawSocket& second) {
      return try_create(
          {.rules = {redirected(kDropAll, first), redirected(kDropAll, second)}, .flags = mode.program_flag});
    };
    EXPECT_EQ(answer(detached, unbound), kNotSupported);
    EXPECT_EQ(answer(sender, unbound), kNotSupported);
    EXPECT_EQ(answer(unbound, detached), kBadState);
    EXPECT_EQ(answer(unbound, sender), kBadState);
  }
}

// 1.6: one that lost its transmit side alone still receives.
CONFORMANCE(ProgramCreate, ATargetThatLostItsTransmitSideIsTaken) {
  ReadySocket socket(SocketShape().in(kModes[1]));
  machine().platform().set_mtu(1, 1400);
  EXPECT_EQ(socket.get<XSK_ERROR>(XSK_SOCKOPT_TX_ERROR), XSK_ERROR_INTERFACE_DETACH);
  const Handle program = program_of({.rules = {redirected(kDropAll, socket)}});
  socket.post_chunks(0, 1);
  machine().wire({udp_frame(64, 1)});
  machine().settle();
  EXPECT_EQ(socket.received().size(), 1u);
}

// P-016, P-089: delivery begins with the activation.
CONFORMANCE(ProgramCreate, ATargetMayBecomeActiveLater) {
  SocketShape shape;
  shape.activated = false;
  ReadySocket socket(shape.in(kModes[1], kRxOnly));
  const Handle program = program_of({.rules = {redirected(kDropAll, socket)}});
  socket.post_chunks(0, 4);
  machine().wire({udp_frame(64, 1)});
  machine().settle();
  EXPECT_EQ(index_in(socket.rx_ring.SharedProducer), 0u);
  // 3.2: what the fast path cannot deliver goes the normal way, and is counted there.
  const auto redirected_frames = [this] {
    return machine().platform().rx_counters(1, true, true, 0).inspect_frames_redirected;
  };
  EXPECT_EQ(redirected_frames(), 1u);
  EXPECT_EQ(socket.activate(), kOk);
  machine().wire({udp_frame(64, 2)});
  machine().settle();
  EXPECT_EQ(redirected_frames(), 1u);
  const auto received = socket.received();
  ASSERT_EQ(received.size(), 1u);
  EXPECT_EQ(socket.bytes_of(received[0]), udp_frame(64, 2));
}

// P-017, I-027
CONFORMANCE_ON(ProgramCreate, ATargetElsewhereIsTakenAndGetsNothing, settings.nic.rx_queues = 2) {
  SocketShape elsewhere;
  elsewhere.queue = 1;
  ReadySocket other_queue(elsewhere.in(kModes[1], kRxOnly));
  ReadySocket other_mode(SocketShape().in(kModes[0], kRxOnly));
  for (ReadySocket* socket : {&other_queue, &other_mode}) {
    const Handle program = program_of({.rules = {redirected(kDropAll, *socket)}});
    socket->post_chunks(0, 4);
    machine().wire({WireFrame{.bytes = udp_frame(64, 1), .queue = 0}});
    machine().settle();
    EXPECT_TRUE(socket->received().empty());
    EXPECT_EQ(socket->statistics().RxDropped, 0u);
    EXPECT_EQ(machine().platform().rx_counters(1, true, true, 0).inspect_frames_redirected, 1u);
  }
  EXPECT_EQ(machine().passed(), 0u);
}

// P-018, I-008: after everything that is wrong with rules and sockets.
CONFORMANCE_ON(ProgramCreate, QueueIdsAreJudgedLast, settings.nic.rx_queues = 2) {
  const RawSocket unbound;
  for (const Mode& mode : kModes) {
    const UINT32 refused = mode.program_flag == kGeneric ? kBadParameter : kNotFound;
    EXPECT_EQ(try_create({.rules = {kDropAll}, .flags = mode.program_flag, .queue = 1}), kOk);
    EXPECT_EQ(try_create({.rules = {kDropAll}, .flags = mode.program_flag, .queue = 2}), refused);
    EXPECT_EQ(try_create({.rules = {redirected(kDropAll, unbound)}, .flags = mode.program_flag, .queue = 2}),
              kBadState);
  }
}

// P-019
CONFORMANCE(ProgramCreate, TheFirstRuleThatIsWrongDecides) {
  XDP_RULE nowhere = redirected(kDropAll, RawSocket());
  nowhere.Redirect.Target = nullptr;
  EXPECT_EQ(try_create({.rules = {kDropAll, nowhere, broken_rule()}}), kInvalidHandle);
  EXPECT_EQ(try_create({.rules = {kDropAll, broken_rule(), nowhere}}), kBadParameter);
}

// P-020, P-034: what was attached on the way to the failure is gone.
CONFORMANCE_ON(ProgramCreate, AFailedCallLeavesNothingBehind, settings.nic.rx_queues = 2) {
  const RawSocket unbound;
  const XDP_RULE drop = rule_port(7, XDP_PROGRAM_ACTION_DROP);
  EXPECT_EQ(try_create({.rules = {drop, redirected(rule_port(8, XDP_PROGRAM_ACTION_DROP), unbound)},
                        .flags = kGeneric | kAllQueues}),
            kBadState);
  EXPECT_EQ(try_create({.rules = {drop}, .queue = 9}), kBadParameter);
  for (const UINT32 queue : {0u, 1u}) {
    machine().wire({WireFrame{.bytes = udp_frame(64, 1, 7), .queue = queue}});
    machine().settle();
    EXPECT_EQ(machine().platform().rx_counters(1, true, true, queue), xdp::RxQueueCounters());
  }
  EXPECT_EQ(machine().passed(), 2u);
}

// P-034: the second queue has no memory for the rules, so the first one loses them again.
FaultRecord no_memory_on_queue(std::uint32_t queue) {
  FaultRecord record = fault_record(FaultId::kAlc01, {.rate = 1});
  record.kind = fault_kind::kProgram;
  record.target.queue = queue;
  return record;
}

CONFORMANCE_ON(ProgramCreate, AQueueThatFailsLeavesNoneAttached, settings.nic.rx_queues = 2;
               settings.faults.records = {no_memory_on_queue(1)}) {
  EXPECT_EQ(try_create({.rules = {kDropAll}, .flags = kGeneric | kAllQueues}), kNoMemory);
  machine().wire({WireFrame{.bytes = udp_frame(64, 1), .queue = 0}});
  machine().settle();
  EXPECT_EQ(machine().passed(), 1u);
  EXPECT_EQ(machine().platform().rx_counters(1, true, true, 0), xdp::RxQueueCounters());
}

// P-021
CONFORMANCE(ProgramCreate, AFailedCallKeepsNoSocketAlive) {
  ReadySocket socket(SocketShape().in(kModes[1], kRxOnly));
  std::shared_ptr<xdp::Socket> object;
  ASSERT_FALSE(xdp::failed(machine().platform().find_socket(socket.handle(), &object)));
  const std::weak_ptr<xdp::Socket> alive = std::exchange(object, nullptr);
  EXPECT_EQ(try_create({.rules = {redirected(kDropAll, socket), broken_rule()}}), kBadParameter);
  socket.close();
  EXPECT_TRUE(alive.expired());
}

// P-022, I-024
CONFORMANCE(ProgramCreate, AProgramWithoutRulesAddsNothing) {
  Handle program;
  EXPECT_EQ(number(XdpCreateProgram(1, &kRxInspect, 12345, XDP_CREATE_PROGRAM_FLAG_GENERIC, nullptr, 0,
                                    program.out())),
            kOk);
  Handle on_queue = program_of({});
  machine().wire({udp_frame(64, 1)});
  machine().settle();
  EXPECT_EQ(machine().passed(), 1u);
  EXPECT_EQ(machine().platform().rx_counters(1, true, true, 0), xdp::RxQueueCounters());
  program.close();
  on_queue.close();
  machine().wire({udp_frame(64, 1)});
  machine().settle();
  EXPECT_EQ(machine().passed(), 2u);
}

// several of them, and one of them closes.
CONFORMANCE(ProgramCreate, ProgramsWithoutRulesMayMeetOnAQueue) {
  Handle first = program_of({});
  const Handle second = program_of({});
  first.close();
  EXPECT_EQ(try_create({.rules = {broken_rule()}}), kBadParameter);
  machine().wire({udp_frame(64, 1)});
  machine().settle();
  EXPECT_EQ(machine().passed(), 1u);
}

// 1.3: the queue stays active for one that was attached while it was.
CONFORMANCE(ProgramCreate, AProgramWithoutRulesKeepsAnActiveQueueActive) {
  Handle drops = program_of({.rules = {kDropAll}});
  const Handle empty = program_of({});
  drops.close();
  machine().wire({udp_frame(64, 1)});
  machine().settle();
  EXPECT_EQ(machine().passed(), 1u);
  EXPECT_EQ(machine().platform().rx_counters(1, true, true, 0).inspect_frames_passed, 1u);
}

// P-023, I-026
CONFORMANCE_ON(ProgramCreate, ForwardingNeedsAQueueThatCanSend,
               settings.interface.native_forwarding = false) {
  const XDP_RULE forward = rule_all(XDP_PROGRAM_ACTION_L2FWD);
  EXPECT_EQ(try_create({.rules = {forward}, .flags = kNative}), kNotSupported);
  EXPECT_EQ(try_create({.rules = {forward}, .flags = kGeneric}), kOk);
  const Handle program = program_of({.rules = {forward}, .flags = 0});
  machine().wire({udp_frame(64, 1)});
  machine().settle();
  EXPECT_EQ(machine().platform().rx_counters(1, true, true, 0).inspect_frames_forwarded, 1u);
  // 1.1: a target that is wrong is said first, and so is a queue that there is not.
  const RawSocket unbound;
  EXPECT_EQ(try_create({.rules = {forward, redirected(kDropAll, unbound)}, .flags = kNative}), kBadState);
  EXPECT_EQ(try_create({.rules = {forward}, .flags = kNative, .queue = 9}), kNotFound);
}

// P-024, I-019, I-020: on a port with both modes the queue ids are the same, so a socket that is not there
// makes the native attachment fail, and the generic one as well.
CONFORMANCE(ProgramCreate, WithoutAModeTheAnswerIsThatOfTheGenericInterface) {
  EXPECT_EQ(try_create({.rules = {kDropAll}, .flags = kNative, .queue = 3}), kNotFound);
  EXPECT_EQ(try_create({.rules = {kDropAll}, .flags = 0, .queue = 3}), kBadParameter);
}

CONFORMANCE_ON(ProgramCreate, WithoutAGenericInterfaceThereIsNothingToFallBackTo,
               settings.interface.generic = false) {
  EXPECT_EQ(try_create({.rules = {kDropAll}, .flags = 0, .queue = 3}), kNotFound);
}

// I-003
CONFORMANCE(ProgramCreate, WithoutAModeNativeIsUsed) {
  SocketShape shape;
  shape.bind_flags = XSK_BIND_FLAG_RX | XSK_BIND_FLAG_TX;
  ReadySocket socket(shape);
  socket.post_chunks(0, 4);
  const Handle program =
      program_of({.rules = {redirected(rule_port(7, XDP_PROGRAM_ACTION_DROP), socket)}, .flags = 0});
  machine().wire({udp_frame(64, 1, 7), udp_frame(64, 1, 8)});
  machine().settle();
  EXPECT_EQ(socket.received().size(), 1u);
  EXPECT_EQ(machine().platform().rx_counters(1, false, true, 0).inspect_frames_passed, 1u);
  EXPECT_EQ(machine().platform().rx_counters(1, true, true, 0), xdp::RxQueueCounters());
  socket.send(5, udp_frame(kModes[0].frame_bytes_max, 2));  // more than generic takes
  machine().settle();
  EXPECT_EQ(machine().sent().size(), 1u);
}

// I-028
CONFORMANCE(ProgramCreate, SocketsAloneHaveNothingInspected) {
  const ReadySocket socket(SocketShape().in(kModes[1], kRxOnly));
  machine().wire({udp_frame(64, 1)});
  machine().settle();
  EXPECT_EQ(machine().passed(), 1u);
  EXPECT_EQ(machine().platform().rx_counters(1, true, true, 0), xdp::RxQueueCounters());
}

// P-025
CONFORMANCE(ProgramCreate, FieldsThatAnActionDoesNotUseMayBeAnything) {
  XDP_RULE rule = kDropAll;
  rule.Redirect.TargetType = static_cast<XDP_REDIRECT_TARGET_TYPE>(77);
  rule.Redirect.Target = reinterpret_cast<HANDLE>(UINT_PTR{0x1234567});
  EXPECT_EQ(try_create({.rules = {rule}}), kOk);
}

// P-040
CONFORMANCE(ProgramCreate, ControlCallsOnAProgramAreNotSupported) {
  const Handle program = program_of({.rules = {kDropAll}});
  EXPECT_EQ(number(XskActivate(program.get(), XSK_ACTIVATE_FLAG_NONE)), kNotSupported);
  EXPECT_EQ(number(XskBind(program.get(), 1, 0, XSK_BIND_FLAG_RX)), kNotSupported);
}

}  // namespace
}  // namespace ringproof::test

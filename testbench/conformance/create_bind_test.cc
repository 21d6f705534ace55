// Creation and binding: S-001 to S-011, S-018, S-019.

#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"

namespace ringproof::test {
namespace {

using CreateAndBind = Conformance;

constexpr UINT32 kRx = XSK_BIND_FLAG_RX;
constexpr UINT32 kTx = XSK_BIND_FLAG_TX;
constexpr UINT32 kNoSuchQueue = 99;

constexpr XDP_HOOK_ID kRxInspect = {XDP_HOOK_L2, XDP_HOOK_RX, XDP_HOOK_INSPECT};
constexpr XDP_HOOK_ID kRxInject = {XDP_HOOK_L2, XDP_HOOK_RX, XDP_HOOK_INJECT};
constexpr XDP_HOOK_ID kTxInspect = {XDP_HOOK_L2, XDP_HOOK_TX, XDP_HOOK_INSPECT};

// What is said of a queue that there is not: U-01.
UINT32 unknown_queue(const Mode& mode) {
  return mode.bind_flag == XSK_BIND_FLAG_GENERIC ? kBadParameter : kNotFound;
}

// The socket can be bound, so a bind that failed before left nothing behind.
void expect_unbound(const RawSocket& socket) {
  EXPECT_EQ(socket.activate(), kBadState);
  EXPECT_EQ(socket.set(XSK_SOCKOPT_RX_HOOK_ID, kRxInspect), kOk);
  EXPECT_EQ(socket.bind(1, 0, kRx), kOk);
}

// S-001
CONFORMANCE(CreateAndBind, NewSocketHasDefaults) {
  const RawSocket socket;
  const XDP_HOOK_ID rx = socket.get<XDP_HOOK_ID>(XSK_SOCKOPT_RX_HOOK_ID);
  EXPECT_EQ(rx.Layer, XDP_HOOK_L2);
  EXPECT_EQ(rx.Direction, XDP_HOOK_RX);
  EXPECT_EQ(rx.SubLayer, XDP_HOOK_INSPECT);
  const XDP_HOOK_ID tx = socket.get<XDP_HOOK_ID>(XSK_SOCKOPT_TX_HOOK_ID);
  EXPECT_EQ(tx.Layer, XDP_HOOK_L2);
  EXPECT_EQ(tx.Direction, XDP_HOOK_TX);
  EXPECT_EQ(tx.SubLayer, XDP_HOOK_INJECT);
  const auto info = socket.get<std::array<unsigned char, sizeof(XSK_RING_INFO_SET)>>(XSK_SOCKOPT_RING_INFO);
  EXPECT_EQ(info, (std::array<unsigned char, sizeof(XSK_RING_INFO_SET)>{}));
  const XSK_STATISTICS statistics = socket.statistics();
  EXPECT_EQ(statistics.RxDropped + statistics.RxTruncated + statistics.RxInvalidDescriptors +
                statistics.TxInvalidDescriptors,
            0u);
  for (const UINT32 option : {XSK_SOCKOPT_RX_ERROR, XSK_SOCKOPT_RX_FILL_ERROR, XSK_SOCKOPT_TX_ERROR,
                              XSK_SOCKOPT_TX_COMPLETION_ERROR}) {
    EXPECT_EQ(socket.get<XSK_ERROR>(option), XSK_NO_ERROR) << option;
  }
}

// S-002
CONFORMANCE(CreateAndBind, BadBindFlagsLeaveTheSocketUnbound) {
  const RawSocket socket;
  for (const UINT32 flags : {0u, 0x4u, 0x8u, 0x1u | 0x4u | 0x8u, 0x1u | 0x10u, 0x80000001u}) {
    EXPECT_EQ(socket.bind(1, 0, flags), kBadParameter) << flags;
  }
  expect_unbound(socket);
}

// S-003
CONFORMANCE(CreateAndBind, UnknownInterfaceIsNotFound) {
  const RawSocket socket;
  for (const UINT32 interface : {0u, 2u, 0xFFFFFFFFu}) {
    for (const UINT32 flags : {kRx, kTx, kRx | kTx, kRx | XSK_BIND_FLAG_GENERIC}) {
      EXPECT_EQ(socket.bind(interface, 0, flags), kNotFound) << interface << ", " << flags;
    }
  }
  expect_unbound(socket);
}

// S-004
CONFORMANCE_ON(CreateAndBind, ModeThatTheInterfaceLacksIsNotFound, settings.interface.native = false) {
  const RawSocket socket;
  EXPECT_EQ(socket.bind(1, 0, kRx | XSK_BIND_FLAG_NATIVE), kNotFound);
  EXPECT_EQ(socket.bind(1, 0, kTx | XSK_BIND_FLAG_NATIVE), kNotFound);
  expect_unbound(socket);  // without a mode flag generic will do
  const RawSocket generic;
  EXPECT_EQ(generic.bind(1, 0, kRx | kTx | XSK_BIND_FLAG_GENERIC), kOk);
}

// S-004, the other way round
CONFORMANCE_ON(CreateAndBind, GenericIsNotFoundOnAnInterfaceThatIsOnlyNative,
               settings.interface.generic = false) {
  const RawSocket socket;
  EXPECT_EQ(socket.bind(1, 0, kRx | XSK_BIND_FLAG_GENERIC), kNotFound);
  EXPECT_EQ(socket.bind(1, 0, kRx | XSK_BIND_FLAG_NATIVE), kOk);
}

// S-005, S-006
CONFORMANCE(CreateAndBind, BoundSocketIsNotBoundAgain) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    const RawSocket socket;
    EXPECT_EQ(socket.bind(1, 0, kRx | mode.bind_flag), kOk);
    EXPECT_EQ(socket.bind(1, 0, kRx | mode.bind_flag), kBadState);
    EXPECT_EQ(socket.bind(1, 0, kTx | mode.bind_flag), kBadState);  // a direction that is still free
    EXPECT_EQ(socket.bind(2, 0, kRx), kBadState);                   // nothing is looked up
    EXPECT_EQ(socket.bind(1, 0, 0), kBadParameter);
    EXPECT_EQ(socket.bind(1, 0, kRx | 0x10), kBadParameter);
  }
}

// S-007: the adapter's removal reaches every socket that is bound to one of its queues.
CONFORMANCE(CreateAndBind, FailedTransmitBindUndoesReceive) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    const RawSocket socket;
    EXPECT_EQ(socket.bind(1, kNoSuchQueue, kRx | kTx | mode.bind_flag), unknown_queue(mode));
    HANDLE program = nullptr;
    EXPECT_EQ(TestProgram::create({TestProgram::redirect(socket)}, 0, mode.program_flag, &program),
              kBadState);
    EXPECT_EQ(program, nullptr);
    machine().platform().remove_adapter(1);
    machine().platform().add_adapter(1);
    EXPECT_EQ(socket.get<XSK_ERROR>(XSK_SOCKOPT_RX_ERROR), XSK_NO_ERROR);
    EXPECT_EQ(socket.bind(1, 0, kRx | mode.bind_flag), kOk);
  }
}

// S-007: a socket that failed to bind works as any other one afterwards.
CONFORMANCE(CreateAndBind, FailedBindLeavesAWorkingSocket) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    std::vector<unsigned char> memory(4 * 2048);
    const RawSocket socket;
    EXPECT_EQ(socket.bind(1, kNoSuchQueue, kRx | kTx | mode.bind_flag), unknown_queue(mode));
    EXPECT_EQ(socket.bind(1, 0, kRx | mode.bind_flag), kOk);
    EXPECT_EQ(socket.set(XSK_SOCKOPT_UMEM_REG, umem_at(memory.data(), memory.size())), kOk);
    EXPECT_EQ(socket.set_number(XSK_SOCKOPT_RX_RING_SIZE, 4), kOk);
    EXPECT_EQ(socket.set_number(XSK_SOCKOPT_RX_FILL_RING_SIZE, 4), kOk);
    EXPECT_EQ(socket.activate(), kOk);  // nothing is left of the TX bind, which would want TX rings
    const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
    machine().wire({udp_frame(64, 1)});
    machine().settle();
    EXPECT_EQ(socket.statistics().RxDropped, 1u);
  }
}

// S-008
CONFORMANCE(CreateAndBind, UnknownTransmitQueueIsRefused) {
  const UINT32 queues = settings.nic.tx_queues;
  for (const UINT32 queue : {queues, kNoSuchQueue, 0xFFFFFFFFu}) {
    const RawSocket socket;
    for (const Mode& mode : kModes) {
      EXPECT_EQ(socket.bind(1, queue, kTx | mode.bind_flag), unknown_queue(mode)) << mode.name << queue;
    }
    // Without a mode native is asked, and nobody else.
    EXPECT_EQ(socket.bind(1, queue, kTx), unknown_queue(kModes[0])) << queue;
    EXPECT_EQ(socket.bind(1, queues - 1, kTx), kOk);
  }
}

// S-009
CONFORMANCE(CreateAndBind, UnknownReceiveQueueIsRefusedByTheProgramOnly) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    for (const UINT32 queue : {settings.nic.rx_queues, kNoSuchQueue, 0xFFFFu, 0xFFFFFFFFu}) {
      const RawSocket socket;
      EXPECT_EQ(socket.bind(1, queue, kRx | mode.bind_flag), kOk) << queue;
      HANDLE program = nullptr;
      EXPECT_EQ(TestProgram::create({TestProgram::redirect(socket)}, queue, mode.program_flag, &program),
                unknown_queue(mode))
          << queue;
      EXPECT_EQ(program, nullptr);
    }
  }
}

// S-010
CONFORMANCE(CreateAndBind, HookOfTheWrongSublayerIsNotSupported) {
  const RawSocket socket;
  EXPECT_EQ(socket.set(XSK_SOCKOPT_RX_HOOK_ID, kRxInject), kOk);
  EXPECT_EQ(socket.bind(1, 0, kRx | XSK_BIND_FLAG_GENERIC), kNotSupported);
  EXPECT_EQ(socket.bind(1, 0, kRx), kNotSupported);  // generic is the one that lists it
  const RawSocket sender;
  EXPECT_EQ(sender.set(XSK_SOCKOPT_TX_HOOK_ID, kTxInspect), kOk);
  EXPECT_EQ(sender.bind(1, 0, kTx | XSK_BIND_FLAG_GENERIC), kNotSupported);
  expect_unbound(socket);
}

// S-011
CONFORMANCE(CreateAndBind, HookThatTheInterfaceDoesNotListIsNotFound) {
  constexpr auto kOtherLayer = static_cast<XDP_HOOK_LAYER>(1);
  constexpr auto kOtherDirection = static_cast<XDP_HOOK_DATAPATH_DIRECTION>(2);
  constexpr auto kOtherSublayer = static_cast<XDP_HOOK_SUBLAYER>(2);
  const RawSocket socket;
  for (const XDP_HOOK_ID& hook : {XDP_HOOK_ID{kOtherLayer, XDP_HOOK_RX, XDP_HOOK_INSPECT},
                                  XDP_HOOK_ID{XDP_HOOK_L2, kOtherDirection, XDP_HOOK_INSPECT},
                                  XDP_HOOK_ID{XDP_HOOK_L2, XDP_HOOK_RX, kOtherSublayer}}) {
    EXPECT_EQ(socket.set(XSK_SOCKOPT_RX_HOOK_ID, hook), kOk);  // looked at by bind, not here
    EXPECT_EQ(socket.bind(1, 0, kRx), kNotFound);
    EXPECT_EQ(socket.bind(1, 0, kRx | XSK_BIND_FLAG_GENERIC), kNotFound);
  }
  for (const XDP_HOOK_ID& hook : {kRxInject, kTxInspect}) {
    EXPECT_EQ(socket.set(XSK_SOCKOPT_RX_HOOK_ID, hook), kOk);
    EXPECT_EQ(socket.bind(1, 0, kRx | XSK_BIND_FLAG_NATIVE), kNotFound);
  }
  expect_unbound(socket);
}

// S-011: without a mode flag, the mode that lists the hook is taken.
CONFORMANCE(CreateAndBind, HookDecidesTheModeIfNobodyElseDoes) {
  const RawSocket socket;
  EXPECT_EQ(socket.set(XSK_SOCKOPT_RX_HOOK_ID, kTxInspect), kOk);
  EXPECT_EQ(socket.bind(1, 0, kRx), kOk);
}

// S-018
CONFORMANCE(CreateAndBind, IoctlIsNotSupported) {
  const RawSocket socket;
  std::array<unsigned char, 16> input{};
  std::array<unsigned char, 16> output{};
  output.fill(0xEE);
  const auto untouched = output;
  for (const UINT32 option : {0u, 1u, 6u, 1000u, 0xFFFFFFFFu}) {
    UINT32 length = 16;
    EXPECT_EQ(number(XskIoctl(socket.handle(), option, input.data(), 16, output.data(), &length)),
              kNotSupported);
    EXPECT_EQ(length, 16u);
    EXPECT_EQ(number(XskIoctl(socket.handle(), option, nullptr, 16, nullptr, nullptr)), kNotSupported);
    EXPECT_EQ(number(XskIoctl(nullptr, option, nullptr, 0, nullptr, nullptr)), kNotSupported);
  }
  EXPECT_EQ(output, untouched);
}

// API surface, Q-5: the calls of sockets on handles of other kinds.
CONFORMANCE(CreateAndBind, HandleOfAnotherKindIsNotSupported) {
  XDP_RULE rule{};
  rule.Action = XDP_PROGRAM_ACTION_PASS;
  HANDLE program = nullptr;
  HANDLE interface = nullptr;
  HANDLE map = nullptr;
  ASSERT_EQ(TestProgram::create({rule}, 0, 0, &program), kOk);
  ASSERT_EQ(number(XdpInterfaceOpen(1, &interface)), kOk);
  ASSERT_EQ(number(XdpMapCreate(&map, XDP_MAP_TYPE_XSKMAP)), kOk);
  const HANDLE event = CreateEvent(nullptr, TRUE, FALSE, nullptr);
  for (const HANDLE handle : {program, interface, map, event}) {
    // An event is not of the device at all.
    const UINT32 refused = handle == event ? kInvalidHandle : kNotSupported;
    UINT32 value = 8;
    UINT32 length = sizeof value;
    auto result = static_cast<XSK_NOTIFY_RESULT_FLAGS>(0x55);
    XDP_OVERLAPPED overlapped{};
    EXPECT_EQ(number(XskBind(handle, 1, 0, XSK_BIND_FLAG_RX)), refused);
    EXPECT_EQ(number(XskBind(handle, 1, 0, XSK_BIND_FLAG_NONE)), refused);
    EXPECT_EQ(number(XskActivate(handle, XSK_ACTIVATE_FLAG_NONE)), refused);
    EXPECT_EQ(number(XskSetSockopt(handle, XSK_SOCKOPT_RX_RING_SIZE, &value, sizeof value)), refused);
    EXPECT_EQ(number(XskGetSockopt(handle, XSK_SOCKOPT_RX_ERROR, &value, &length)), refused);
    EXPECT_EQ(length, 0u);
    EXPECT_EQ(number(XskNotifySocket(handle, XSK_NOTIFY_FLAG_POKE_TX, 0, &result)), refused);
    EXPECT_EQ(result, 0x55);
    EXPECT_EQ(number(XskNotifyAsync(handle, XSK_NOTIFY_FLAG_WAIT_RX, &overlapped)), refused);
    EXPECT_TRUE(CloseHandle(handle));
  }
}

// S-019
CONFORMANCE(CreateAndBind, HandleThatIsNotOpenIsInvalid) {
  RawSocket closed;
  HANDLE once = closed.handle();
  closed.close();
  for (HANDLE handle : {once, HANDLE{nullptr}, reinterpret_cast<HANDLE>(std::uintptr_t{0xDEAD})}) {
    UINT32 value = 8;
    UINT32 length = sizeof value;
    auto result = static_cast<XSK_NOTIFY_RESULT_FLAGS>(0x55);
    EXPECT_EQ(number(XskBind(handle, 1, 0, XSK_BIND_FLAG_RX)), kInvalidHandle);
    EXPECT_EQ(number(XskBind(handle, 1, 0, XSK_BIND_FLAG_NONE)), kInvalidHandle);
    EXPECT_EQ(number(XskActivate(handle, XSK_ACTIVATE_FLAG_NONE)), kInvalidHandle);
    for (const UINT32 option : {XSK_SOCKOPT_RX_RING_SIZE, XSK_SOCKOPT_RX_ERROR, XSK_SOCKOPT_POLL_MODE, 77}) {
      EXPECT_EQ(number(XskSetSockopt(handle, option, &value, sizeof value)), kInvalidHandle) << option;
      length = sizeof value;
      EXPECT_EQ(number(XskGetSockopt(handle, option, &value, &length)), kInvalidHandle) << option;
      EXPECT_EQ(length, 0u);
    }
    EXPECT_EQ(number(XskNotifySocket(handle, XSK_NOTIFY_FLAG_POKE_TX, 0, &result)), kInvalidHandle);
    EXPECT_EQ(result, 0x55);
    XDP_OVERLAPPED overlapped{};
    EXPECT_EQ(number(XskNotifyAsync(handle, XSK_NOTIFY_FLAG_WAIT_RX, &overlapped)), kInvalidHandle);
    EXPECT_FALSE(CloseHandle(handle));
  }
}

}  // namespace
}  // namespace ringproof::test

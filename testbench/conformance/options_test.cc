// Lengths, directions and access of socket options: S-040 to S-043, S-053, section 3.1.

#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"
#include "testbench/conformance/table_versions.h"

namespace ringproof::test {
namespace {

using Options = Conformance;

enum Way : std::uint8_t { kNo, kSet, kGet, kBoth };

// The table of section 3.1. Lengths are minimums; `too_short` is the answer below them.
struct Option {
  UINT32 number;
  Way way;
  UINT32 set_length, set_too_short;
  UINT32 get_length, get_too_short;
};
constexpr std::array<Option, 30> kOptions = {{
    {1, kSet, 24, kBadParameter, 0, 0},
    {2, kSet, 4, kBadParameter, 0, 0},
    {3, kSet, 4, kBadParameter, 0, 0},
    {4, kSet, 4, kBadParameter, 0, 0},
    {5, kSet, 4, kBadParameter, 0, 0},
    {6, kGet, 0, 0, 160, kBadParameter},
    {7, kGet, 0, 0, 32, kBadParameter},
    {8, kBoth, 12, kTooSmall, 12, kBadParameter},
    {9, kBoth, 12, kTooSmall, 12, kBadParameter},
    {10, kGet, 0, 0, 4, kBadParameter},
    {11, kGet, 0, 0, 4, kBadParameter},
    {12, kGet, 0, 0, 4, kBadParameter},
    {13, kGet, 0, 0, 4, kBadParameter},
    {14, kBoth, 4, kTooSmall, 4, kTooSmall},
    {15, kBoth, 4, kTooSmall, 4, kTooSmall},
    {1000, kSet, 4, kBadParameter, 0, 0},
    {1001, kGet, 0, 0, 2, kBadParameter},
    {1002, kGet, 0, 0, 2, kBadParameter},
    {1003, kSet, 4, kTooSmall, 0, 0},
    {1004, kGet, 0, 0, 10, kTooSmall},
    {1005, kGet, 0, 0, 2, kBadParameter},
    {1006, kGet, 0, 0, 2, kBadParameter},
    {1007, kSet, 4, kTooSmall, 0, 0},
    {1008, kSet, 4, kTooSmall, 0, 0},
    {1009, kGet, 0, 0, 2, kBadParameter},
    {1010, kGet, 0, 0, 10, kTooSmall},
    {1011, kSet, 4, kTooSmall, 0, 0},
    {1012, kGet, 0, 0, 2, kBadParameter},
    {1013, kSet, 4, kTooSmall, 0, 0},
    {1014, kGet, 0, 0, 2, kBadParameter},
}};
constexpr std::array<UINT32, 6> kUnknown = {0, 16, 999, 1015, 5000, 0xFFFFFFFF};

// S-040
CONFORMANCE(Options, TheWrongDirectionIsNotSupported) {
  const ReadySocket socket;
  alignas(8) const std::array<unsigned char, 256> value{};
  for (const Option& option : kOptions) {
    UINT32 length = 256;
    if (option.way == kSet) {
      EXPECT_EQ(socket.try_get(option.number, &length), kNotSupported) << option.number;
    }
    if (option.way == kGet) {
      EXPECT_EQ(socket.set(option.number, value), kNotSupported) << option.number;
    }
  }
  for (const UINT32 option : kUnknown) {
    UINT32 length = 256;
    EXPECT_EQ(socket.try_get(option, &length), kNotSupported) << option;
    EXPECT_EQ(socket.set(option, value), kNotSupported) << option;
  }
}

// S-022, S-041, S-051, 3.1: two different answers to a value that is too short, before any other check.
CONFORMANCE(Options, AShortValueHasTheErrorOfItsOption) {
  SocketShape shape;
  shape.offloads = {XSK_SOCKOPT_TX_OFFLOAD_CHECKSUM, XSK_SOCKOPT_RX_OFFLOAD_CHECKSUM,
                    XSK_SOCKOPT_RX_ORIGINAL_LENGTH, XSK_SOCKOPT_RX_OFFLOAD_TIMESTAMP,
                    XSK_SOCKOPT_TX_OFFLOAD_TIMESTAMP};
  const ReadySocket socket(shape);
  alignas(8) const std::array<unsigned char, 256> value{};
  for (const Option& option : kOptions) {
    if (option.way == kSet || option.way == kBoth) {
      EXPECT_EQ(socket.set(option.number, value, option.set_length - 1), option.set_too_short)
          << option.number;
    }
    if (option.way == kGet || option.way == kBoth) {
      UINT32 length = option.get_length - 1;
      EXPECT_EQ(socket.try_get(option.number, &length), option.get_too_short) << option.number;
      EXPECT_EQ(length, 0u) << option.number;
    }
  }
}

// A longer buffer is taken, and the length tells what was written.
CONFORMANCE(Options, MoreRoomThanNeededIsTaken) {
  SocketShape shape;
  shape.offloads = {XSK_SOCKOPT_TX_OFFLOAD_CHECKSUM, XSK_SOCKOPT_RX_OFFLOAD_CHECKSUM,
                    XSK_SOCKOPT_RX_ORIGINAL_LENGTH, XSK_SOCKOPT_RX_OFFLOAD_TIMESTAMP,
                    XSK_SOCKOPT_TX_OFFLOAD_TIMESTAMP};
  const ReadySocket socket(shape);
  for (const Option& option : kOptions) {
    if (option.way == kSet || option.number == 14 || option.number == 15) continue;
    UINT32 length = 250;
    EXPECT_EQ(socket.try_get(option.number, &length), kOk) << option.number;
    EXPECT_EQ(length, option.get_length) << option.number;
  }
  const RawSocket unbound;
  struct {
    XDP_HOOK_ID hook;
    UINT32 more;
  } const hook = {{XDP_HOOK_L2, XDP_HOOK_TX, XDP_HOOK_INSPECT}, 7};
  EXPECT_EQ(unbound.set(XSK_SOCKOPT_RX_HOOK_ID, hook), kOk);
  EXPECT_EQ(unbound.get<XDP_HOOK_ID>(XSK_SOCKOPT_RX_HOOK_ID).Direction, XDP_HOOK_TX);
  EXPECT_EQ(unbound.set(XSK_SOCKOPT_RX_RING_SIZE, std::array<UINT32, 9>{8}), kOk);
}

// S-041
CONFORMANCE(Options, HookIdsAreSetWhileUnboundAndNotLookedAt) {
  const RawSocket socket;
  for (const UINT32 option : {XSK_SOCKOPT_RX_HOOK_ID, XSK_SOCKOPT_TX_HOOK_ID}) {
    const XDP_HOOK_ID nonsense = {static_cast<XDP_HOOK_LAYER>(9), static_cast<XDP_HOOK_DATAPATH_DIRECTION>(8),
                                  static_cast<XDP_HOOK_SUBLAYER>(7)};
    const XDP_HOOK_ID before = socket.get<XDP_HOOK_ID>(option);
    EXPECT_EQ(socket.set(option, nonsense), kOk);
    EXPECT_EQ(socket.get<XDP_HOOK_ID>(option).SubLayer, static_cast<XDP_HOOK_SUBLAYER>(7));
    EXPECT_EQ(socket.set(option, before), kOk);
  }
  const XDP_HOOK_ID hook = socket.get<XDP_HOOK_ID>(XSK_SOCKOPT_RX_HOOK_ID);
  EXPECT_EQ(socket.bind(1, 0, XSK_BIND_FLAG_RX), kOk);
  EXPECT_EQ(socket.set(XSK_SOCKOPT_RX_HOOK_ID, hook), kBadState);
  EXPECT_EQ(socket.set(XSK_SOCKOPT_TX_HOOK_ID, hook), kBadState);
  EXPECT_EQ(socket.set(XSK_SOCKOPT_RX_HOOK_ID, hook, 11), kTooSmall) << "the length comes first";
}

// S-042
CONFORMANCE(Options, AnUnreadableValueIsNoAccess) {
  const ReadySocket socket;
  alignas(8) const std::array<unsigned char, 64> value{};
  for (const Option& option : kOptions) {
    if (option.way == kGet) continue;
    EXPECT_EQ(number(XskSetSockopt(socket.handle(), option.number, nullptr, option.set_length)), kNoAccess)
        << option.number;
    EXPECT_EQ(number(XskSetSockopt(socket.handle(), option.number, value.data() + 1, option.set_length)),
              kNoAccess)
        << option.number << " misaligned";
    EXPECT_EQ(number(XskSetSockopt(socket.handle(), option.number, nullptr, option.set_length - 1)),
              option.set_too_short)
        << option.number << " the length comes first";
  }
}

// S-043: versions 1 and 2 leave the length alone when a call fails; version 3 makes it 0.
CONFORMANCE(Options, AFailedGetTellsNoLength) {
  const RawSocket socket;
  for (const Option& option : kOptions) {
    if (option.number == 14 || option.number == 15) continue;  // not specified
    UINT32 length = 1;
    const UINT32 status = socket.try_get(option.number, &length);
    EXPECT_NE(status, kOk) << option.number;
    EXPECT_EQ(length, 0u) << option.number;
  }
  for (const unsigned version : {1u, 2u}) {
    UINT32 length = 159;
    EXPECT_EQ(get_by_table(version, socket.handle(), XSK_SOCKOPT_RING_INFO, &length), kBadParameter);
    EXPECT_EQ(length, 159u) << version;
    length = 200;
    EXPECT_EQ(get_by_table(version, socket.handle(), XSK_SOCKOPT_RING_INFO, &length), kOk);
    EXPECT_EQ(length, 160u) << version;
  }
  UINT32 length = 200;
  EXPECT_EQ(number(XskGetSockopt(reinterpret_cast<HANDLE>(0x7FFC), XSK_SOCKOPT_RING_INFO, nullptr, &length)),
            kInvalidHandle);
  EXPECT_EQ(length, 0u);
}

// 2.1, 11.1: version 1 has affinity profiling on from the start.
CONFORMANCE(Options, VersionOneTellsTheProcessorFromTheStart) {
  for (const unsigned version : {1u, 2u}) {
    ReadySocket socket({}, create_by_table(version));
    const auto program = TestProgram::redirect_all(socket);
    socket.post_chunks(0, 1);
    machine().wire({udp_frame(64, 1)});
    machine().settle();
    EXPECT_EQ(XskRingAffinityChanged(&socket.rx_ring) != 0, version == 1) << version;
  }
}

// S-053
CONFORMANCE(Options, PollModesOtherThanDefaultNeedAnActiveSocket) {
  const RawSocket unbound;
  EXPECT_EQ(unbound.set_number(XSK_SOCKOPT_POLL_MODE, XSK_POLL_MODE_DEFAULT), kOk);
  for (const UINT32 mode : {XSK_POLL_MODE_BUSY, XSK_POLL_MODE_SOCKET}) {
    EXPECT_EQ(unbound.set_number(XSK_SOCKOPT_POLL_MODE, mode), kBadState);
  }
  EXPECT_EQ(unbound.set_number(XSK_SOCKOPT_POLL_MODE, 3), kBadState) << "the state comes before the value";
  const ReadySocket socket;
  for (const UINT32 mode : {XSK_POLL_MODE_BUSY, XSK_POLL_MODE_SOCKET, XSK_POLL_MODE_DEFAULT}) {
    EXPECT_EQ(socket.set_number(XSK_SOCKOPT_POLL_MODE, mode), kOk);
  }
  EXPECT_EQ(socket.set_number(XSK_SOCKOPT_POLL_MODE, 3), kBadParameter);
}

// S-053: the mode is gone although the value was refused.
CONFORMANCE_ON(Options, ABadPollModeLeavesDefault, settings.driver.polling = true) {
  ReadySocket socket;
  EXPECT_EQ(socket.set_number(XSK_SOCKOPT_POLL_MODE, XSK_POLL_MODE_SOCKET), kOk);
  EXPECT_TRUE(XskRingProducerNeedPoke(&socket.fill));
  EXPECT_EQ(socket.set_number(XSK_SOCKOPT_POLL_MODE, 3), kBadParameter);
  EXPECT_FALSE(XskRingProducerNeedPoke(&socket.fill));
  const auto program = TestProgram::redirect_all(socket);
  socket.post_chunks(0, 1);
  machine().wire({udp_frame(64, 1)});
  machine().settle();
  EXPECT_EQ(socket.received().size(), 1u) << "interrupts drive the queue again";
}

}  // namespace
}  // namespace ringproof::test

// Enabling offloads, the extensions that they bring, and the current configuration: S-044 to S-052.

#include <bit>

#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"

namespace ringproof::test {
namespace {

using OffloadOptions = Conformance;

constexpr std::array<UINT32, 3> kRxOffloads = {
    XSK_SOCKOPT_RX_OFFLOAD_CHECKSUM, XSK_SOCKOPT_RX_ORIGINAL_LENGTH, XSK_SOCKOPT_RX_OFFLOAD_TIMESTAMP};
constexpr std::array<UINT32, 2> kTxOffloads = {XSK_SOCKOPT_TX_OFFLOAD_CHECKSUM,
                                               XSK_SOCKOPT_TX_OFFLOAD_TIMESTAMP};
constexpr std::array<UINT32, 5> kOffloads = {kRxOffloads[0], kRxOffloads[1], kRxOffloads[2], kTxOffloads[0],
                                             kTxOffloads[1]};

bool is_rx(UINT32 offload) {
  return std::find(kRxOffloads.begin(), kRxOffloads.end(), offload) != kRxOffloads.end();
}

// An extension: the getter of its offset, the offload that brings it, and its size and alignment.
struct Extension {
  UINT32 getter, offload, bytes, alignment;
};
constexpr std::array<Extension, 7> kExtensions = {{
    {XSK_SOCKOPT_RX_FRAME_CHECKSUM_EXTENSION, XSK_SOCKOPT_RX_OFFLOAD_CHECKSUM, 1, 1},
    {XSK_SOCKOPT_RX_FRAME_LAYOUT_EXTENSION, XSK_SOCKOPT_RX_OFFLOAD_CHECKSUM, 5, 1},
    {XSK_SOCKOPT_RX_FRAME_ORIGINAL_LENGTH_EXTENSION, XSK_SOCKOPT_RX_ORIGINAL_LENGTH, 4, 4},
    {XSK_SOCKOPT_RX_FRAME_TIMESTAMP_EXTENSION, XSK_SOCKOPT_RX_OFFLOAD_TIMESTAMP, 8, 8},
    {XSK_SOCKOPT_TX_FRAME_CHECKSUM_EXTENSION, XSK_SOCKOPT_TX_OFFLOAD_CHECKSUM, 1, 1},
    {XSK_SOCKOPT_TX_FRAME_LAYOUT_EXTENSION, XSK_SOCKOPT_TX_OFFLOAD_CHECKSUM, 5, 1},
    {XSK_SOCKOPT_TX_FRAME_TIMESTAMP_EXTENSION, XSK_SOCKOPT_TX_OFFLOAD_TIMESTAMP, 8, 8},
}};

UINT32 extension_status(const RawSocket& socket, UINT32 getter) {
  UINT32 length = 2;
  return socket.try_get(getter, &length);
}

constexpr UINT32 kBothDirections = XSK_BIND_FLAG_RX | XSK_BIND_FLAG_TX;

// S-044
CONFORMANCE(OffloadOptions, AreEnabledBetweenBindAndTheRings) {
  for (const UINT32 offload : kOffloads) {
    SCOPED_TRACE(offload);
    const RawSocket unbound;
    EXPECT_EQ(unbound.set_number(offload, 1), kBadState);
    EXPECT_EQ(unbound.set_number(offload, 0), kBadState);
    const RawSocket other_way;
    EXPECT_EQ(other_way.bind(1, 0, is_rx(offload) ? XSK_BIND_FLAG_TX : XSK_BIND_FLAG_RX), kOk);
    EXPECT_EQ(other_way.set_number(offload, 1), kBadState);
    const std::array<UINT32, 2> rings =
        is_rx(offload) ? std::array<UINT32, 2>{XSK_SOCKOPT_RX_RING_SIZE, XSK_SOCKOPT_RX_FILL_RING_SIZE}
                       : std::array<UINT32, 2>{XSK_SOCKOPT_TX_RING_SIZE, XSK_SOCKOPT_TX_COMPLETION_RING_SIZE};
    for (const UINT32 ring : rings) {
      const RawSocket sized;
      EXPECT_EQ(sized.bind(1, 0, kBothDirections), kOk);
      EXPECT_EQ(sized.set_number(ring, 8), kOk);
      EXPECT_EQ(sized.set_number(offload, 1), kBadState);
      EXPECT_EQ(sized.set_number(offload, 0), kBadState);
    }
    // The rings of the other direction do not matter.
    const RawSocket good;
    EXPECT_EQ(good.bind(1, 0, kBothDirections), kOk);
    EXPECT_EQ(good.set_number(is_rx(offload) ? XSK_SOCKOPT_TX_RING_SIZE : XSK_SOCKOPT_RX_RING_SIZE, 8), kOk);
    EXPECT_EQ(good.set_number(offload, 1), kOk);
  }
  const ReadySocket active;
  for (const UINT32 offload : kOffloads) EXPECT_EQ(active.set_number(offload, 1), kBadState);
}

// S-045
CONFORMANCE(OffloadOptions, AreEnabledOnceAndZeroDoesNothing) {
  for (const UINT32 offload : kOffloads) {
    SCOPED_TRACE(offload);
    const RawSocket socket;
    EXPECT_EQ(socket.bind(1, 0, kBothDirections), kOk);
    EXPECT_EQ(socket.set_number(offload, 0), kOk);
    EXPECT_EQ(socket.set_number(offload, 0), kOk);
    EXPECT_EQ(socket.set_number(offload, 0xFFFF0000), kOk) << "any other value is on";
    EXPECT_EQ(socket.set_number(offload, 1), kBadState);
    EXPECT_EQ(socket.set_number(offload, 0), kBadState) << "it cannot be taken back";
  }
}

// S-046
CONFORMANCE(OffloadOptions, AnOffsetIsThereOnceEnabledAndSized) {
  for (const Extension& extension : kExtensions) {
    SCOPED_TRACE(extension.getter);
    const UINT32 ring = is_rx(extension.offload) ? XSK_SOCKOPT_RX_RING_SIZE
                        : extension.offload == XSK_SOCKOPT_TX_OFFLOAD_CHECKSUM
                            ? XSK_SOCKOPT_TX_RING_SIZE
                            : XSK_SOCKOPT_TX_COMPLETION_RING_SIZE;
    const RawSocket socket;
    EXPECT_EQ(extension_status(socket, extension.getter), kNotFound);
    EXPECT_EQ(socket.bind(1, 0, kBothDirections), kOk);
    EXPECT_EQ(extension_status(socket, extension.getter), kNotFound);
    EXPECT_EQ(socket.set_number(extension.offload, 1), kOk);
    EXPECT_EQ(extension_status(socket, extension.getter), kNotFound);
    EXPECT_EQ(socket.set_number(ring, 8), kOk);
    EXPECT_EQ(extension_status(socket, extension.getter), kOk);
    const RawSocket without;
    EXPECT_EQ(without.set_number(ring, 8), kOk);
    EXPECT_EQ(extension_status(without, extension.getter), kNotFound);
  }
}

// S-047: every set of receive extensions, and what the table of 3.5 says of the stride.
CONFORMANCE(OffloadOptions, ExtensionsLieInTheirElementWithoutOverlap) {
  const std::array<UINT32, 8> rx_strides = {16, 24, 24, 32, 24, 32, 32, 40};  // bits: checksum, length, time
  for (UINT32 set = 0; set < 32; ++set) {
    SCOPED_TRACE(set);
    const RawSocket socket;
    EXPECT_EQ(socket.bind(1, 0, kBothDirections), kOk);
    for (UINT32 i = 0; i < kOffloads.size(); ++i) {
      if ((set >> i & 1) != 0) {
        EXPECT_EQ(socket.set_number(kOffloads[i], 1), kOk);
      }
    }
    for (const UINT32 option : {XSK_SOCKOPT_RX_RING_SIZE, XSK_SOCKOPT_RX_FILL_RING_SIZE,
                                XSK_SOCKOPT_TX_RING_SIZE, XSK_SOCKOPT_TX_COMPLETION_RING_SIZE}) {
      EXPECT_EQ(socket.set_number(option, 4), kOk);
    }
    const auto info = socket.get<XSK_RING_INFO_SET>(XSK_SOCKOPT_RING_INFO);
    EXPECT_EQ(info.Rx.ElementStride, rx_strides[set & 7]);
    EXPECT_EQ(info.Tx.ElementStride, (set & 8) != 0 ? 24u : 16u);
    EXPECT_EQ(info.Completion.ElementStride, (set & 16) != 0 ? 16u : 8u);
    EXPECT_EQ(info.Fill.ElementStride, 8u);

    // One bit per byte of an element.
    UINT64 rx = 0xFFFF;
    UINT64 tx = 0xFFFF;
    UINT64 completion = 0xFF;
    for (const Extension& extension : kExtensions) {
      const auto number_of =
          std::find(kOffloads.begin(), kOffloads.end(), extension.offload) - kOffloads.begin();
      if ((set >> number_of & 1) == 0) {
        EXPECT_EQ(extension_status(socket, extension.getter), kNotFound);
        continue;
      }
      const UINT32 offset = socket.get<UINT16>(extension.getter);
      const bool to_tx = extension.offload == XSK_SOCKOPT_TX_OFFLOAD_CHECKSUM;
      UINT64& used = is_rx(extension.offload) ? rx : to_tx ? tx : completion;
      const UINT64 bytes = ((UINT64{1} << extension.bytes) - 1) << offset;
      EXPECT_EQ(offset % extension.alignment, 0u) << extension.getter;
      EXPECT_EQ(used & bytes, 0u) << extension.getter;
      used |= bytes;
    }
    EXPECT_LE(static_cast<UINT32>(std::bit_width(rx)), info.Rx.ElementStride);
    EXPECT_LE(static_cast<UINT32>(std::bit_width(tx)), info.Tx.ElementStride);
    EXPECT_LE(static_cast<UINT32>(std::bit_width(completion)), info.Completion.ElementStride);
  }
}

// S-047: the offsets of the table, where it names them.
CONFORMANCE(OffloadOptions, AlignedExtensionsComeFirst) {
  SocketShape shape;
  shape.offloads = {kOffloads.begin(), kOffloads.end()};
  const ReadySocket socket(shape);
  EXPECT_EQ(socket.get<UINT16>(XSK_SOCKOPT_RX_FRAME_TIMESTAMP_EXTENSION), 16u);
  EXPECT_EQ(socket.get<UINT16>(XSK_SOCKOPT_RX_FRAME_ORIGINAL_LENGTH_EXTENSION), 24u);
  EXPECT_EQ(socket.get<UINT16>(XSK_SOCKOPT_TX_FRAME_TIMESTAMP_EXTENSION), 8u);
}

// S-048: a TX queue is active from the first activation on it until its last socket is gone.
CONFORMANCE(OffloadOptions, ATxQueueThatIsActiveTakesNoNewOffload) {
  for (const Mode& mode : kModes) {
    for (const UINT32 offload : kTxOffloads) {
      SCOPED_TRACE(mode.name);
      SCOPED_TRACE(offload);
      const UINT32 flags = XSK_BIND_FLAG_TX | mode.bind_flag;
      {
        const ReadySocket without(SocketShape{}.in(mode));
        const RawSocket late;
        EXPECT_EQ(late.bind(1, 0, flags), kOk);
        EXPECT_EQ(late.set_number(offload, 1), kBadState);
        EXPECT_EQ(late.set_number(offload, 0), kOk);
      }
      SocketShape shape;
      shape.offloads = {offload};
      const ReadySocket with(shape.in(mode));
      const RawSocket late;
      EXPECT_EQ(late.bind(1, 0, flags), kOk);
      EXPECT_EQ(late.set_number(offload, 1), kOk);
    }
  }
}

// S-049: an RX queue is active while a program is attached; what was enabled outlasts the program.
CONFORMANCE(OffloadOptions, AnRxQueueWithAProgramTakesNoNewOffload) {
  for (const Mode& mode : kModes) {
    for (const UINT32 offload : {XSK_SOCKOPT_RX_OFFLOAD_CHECKSUM, XSK_SOCKOPT_RX_OFFLOAD_TIMESTAMP}) {
      SCOPED_TRACE(mode.name);
      SCOPED_TRACE(offload);
      const UINT32 flags = XSK_BIND_FLAG_RX | mode.bind_flag;
      const ReadySocket receiver(SocketShape{}.in(mode));
      {
        const auto program = TestProgram::redirect_all(receiver, 0, mode.program_flag);
        const RawSocket late;
        EXPECT_EQ(late.bind(1, 0, flags), kOk);
        EXPECT_EQ(late.set_number(offload, 1), kBadState);
        EXPECT_EQ(late.set_number(XSK_SOCKOPT_RX_ORIGINAL_LENGTH, 1), kOk) << "needs nothing of the queue";
      }
      const RawSocket first;
      EXPECT_EQ(first.bind(1, 0, flags), kOk);
      EXPECT_EQ(first.set_number(offload, 1), kOk) << "no program";
      const auto program = TestProgram::redirect_all(receiver, 0, mode.program_flag);
      const RawSocket second;
      EXPECT_EQ(second.bind(1, 0, flags), kOk);
      EXPECT_EQ(second.set_number(offload, 1), kOk) << "the queue has it";
    }
  }
}

// The setting of a queue goes with its last user.
CONFORMANCE(OffloadOptions, AQueueThatNobodyUsesStartsAnew) {
  {
    const RawSocket socket;
    EXPECT_EQ(socket.bind(1, 0, kBothDirections), kOk);
    EXPECT_EQ(socket.set_number(XSK_SOCKOPT_RX_OFFLOAD_CHECKSUM, 1), kOk);
  }
  const ReadySocket receiver;
  const auto program = TestProgram::redirect_all(receiver);
  const RawSocket late;
  EXPECT_EQ(late.bind(1, 0, XSK_BIND_FLAG_RX), kOk);
  EXPECT_EQ(late.set_number(XSK_SOCKOPT_RX_OFFLOAD_CHECKSUM, 1), kBadState);
}

// S-050
CONFORMANCE_ON(OffloadOptions, WhatTheHardwareLacksIsNotSupported,
               (settings.nic.offloads = {false, false, false, false})) {
  const RawSocket native;
  EXPECT_EQ(native.bind(1, 0, kBothDirections | XSK_BIND_FLAG_NATIVE), kOk);
  const RawSocket generic;
  EXPECT_EQ(generic.bind(1, 0, kBothDirections | XSK_BIND_FLAG_GENERIC), kOk);
  for (const UINT32 offload : kOffloads) {
    const bool nothing_needed = offload == XSK_SOCKOPT_RX_ORIGINAL_LENGTH;
    EXPECT_EQ(native.set_number(offload, 1), nothing_needed ? kOk : kNotSupported) << offload;
    // The software path reports "not checked" and 0; checksums to send need hardware.
    const bool needs_hardware = offload == XSK_SOCKOPT_TX_OFFLOAD_CHECKSUM;
    EXPECT_EQ(generic.set_number(offload, 1), needs_hardware ? kNotSupported : kOk) << offload;
  }
}

// S-051, S-052
CONFORMANCE(OffloadOptions, TheCurrentConfigurationHasTenBytes) {
  for (const UINT32 option :
       {XSK_SOCKOPT_RX_OFFLOAD_CURRENT_CONFIG_CHECKSUM, XSK_SOCKOPT_TX_OFFLOAD_CURRENT_CONFIG_CHECKSUM}) {
    SCOPED_TRACE(option);
    const bool rx = option == XSK_SOCKOPT_RX_OFFLOAD_CURRENT_CONFIG_CHECKSUM;
    const RawSocket unbound;
    UINT32 length = 12;
    EXPECT_EQ(unbound.try_get(option, &length), kBadState);
    EXPECT_EQ(length, 0u);
    const RawSocket other_way;
    EXPECT_EQ(other_way.bind(1, 0, rx ? XSK_BIND_FLAG_TX : XSK_BIND_FLAG_RX), kOk);
    length = 0;
    EXPECT_EQ(other_way.try_get(option, &length), kBadState) << "before the size";

    const RawSocket socket;  // neither rings nor the offload are needed
    EXPECT_EQ(socket.bind(1, 0, rx ? XSK_BIND_FLAG_RX : XSK_BIND_FLAG_TX), kOk);
    length = 0;
    EXPECT_EQ(socket.try_get(option, &length), kMoreData);
    EXPECT_EQ(length, 10u);
    for (const UINT32 room : {1u, 9u}) {
      length = room;
      EXPECT_EQ(socket.try_get(option, &length), kTooSmall);
      EXPECT_EQ(length, 0u);
    }
    XDP_CHECKSUM_CONFIGURATION config{};
    std::memset(&config, 0xA5, sizeof config);
    length = sizeof config;
    EXPECT_EQ(number(XskGetSockopt(socket.handle(), option, &config, &length)), kOk);
    EXPECT_EQ(length, 10u);
    EXPECT_EQ(config.Header.Revision, 1u);
    EXPECT_EQ(config.Header.Size, 10u);
    EXPECT_EQ(config.Enabled, TRUE);
    EXPECT_EQ(reinterpret_cast<const unsigned char*>(&config)[10], 0xA5) << "no more than ten are written";
  }
}

}  // namespace
}  // namespace ringproof::test

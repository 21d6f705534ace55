// Timestamps and checksums of frames that go out: S-081, S-082.

#include <vector>

#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"
#include "testbench/conformance/transports.h"

namespace ringproof::test {
namespace {

using TransmitOffload = Conformance;

constexpr std::uint64_t kLongUs = 100;
constexpr std::size_t kIpChecksumAt = 24;
constexpr std::size_t kUdpChecksumAt = 40;

bool every_frame(Tap::Bytes) { return true; }

UINT64 timestamp(const ReadySocket& socket, UINT32 index) {
  const auto offset = socket.get<UINT16>(XSK_SOCKOPT_TX_FRAME_TIMESTAMP_EXTENSION);
  XDP_FRAME_TIMESTAMP value{};
  const auto* element = static_cast<const unsigned char*>(XskRingGetElement(&socket.completion, index));
  std::memcpy(&value, element + offset, sizeof value);
  return value.Timestamp;
}

// S-081: what the interface reports, for each frame, in the order of completion.
CONFORMANCE(TransmitOffload, CompletionHoldsTheTimestampOfItsFrame) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape;
    shape.offloads = {XSK_SOCKOPT_TX_OFFLOAD_TIMESTAMP};
    ReadySocket socket(shape.in(mode, kTxOnly));
    machine().driver().hold_tx(every_frame);
    socket.send(0, udp_frame(100, 0));
    socket.send(1, udp_frame(100, 1));
    socket.poke();
    machine().sleep_us(kLongUs);
    ASSERT_EQ(machine().driver().held_tx().size(), 2u);
    machine().driver().hold_tx(nullptr);
    machine().driver().release_tx(1, {0x1122334455667788, true});
    machine().driver().release_tx(0, {42, true});
    machine().settle();
    EXPECT_EQ(socket.completed(true), (std::vector<std::uint64_t>{socket.chunk(1), socket.chunk(0)}));
    EXPECT_EQ(timestamp(socket, 0), 0x1122334455667788u);
    EXPECT_EQ(timestamp(socket, 1), 42u);
  }
}

// S-081: the device's own timestamps grow with each frame, and lie between the submit and the completion.
CONFORMANCE(TransmitOffload, TimestampIsTheTimeOnTheWire) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape;
    shape.offloads = {XSK_SOCKOPT_TX_OFFLOAD_TIMESTAMP};
    ReadySocket socket(shape.in(mode, kTxOnly));
    for (UINT32 k = 0; k < 8; ++k) {
      const std::uint64_t before_us = machine().now_us();
      socket.send(k, udp_frame(500, 1));
      machine().settle();
      EXPECT_GE(timestamp(socket, k), before_us * 1000);
      EXPECT_LE(timestamp(socket, k), machine().now_us() * 1000);
    }
    EXPECT_EQ(socket.completed().size(), 8u);
  }
}

// What an application asks of a UDP frame over IPv4.
struct Request {
  XDP_FRAME_LAYOUT layout{};
  XDP_FRAME_CHECKSUM checksum{};
  Request() {
    layout.Layer2HeaderLength = 14;
    layout.Layer3HeaderLength = 20;
    layout.Layer4HeaderLength = 8;
    layout.Layer2Type = XdpFrameLayer2TypeEthernet;
    layout.Layer3Type = XdpFrameLayer3TypeIPv4NoOptions;
    layout.Layer4Type = XdpFrameLayer4TypeUdp;
    checksum.Layer3 = XdpFrameTxChecksumActionRequired;
    checksum.Layer4 = XdpFrameTxChecksumActionRequired;
  }
};

Bytes without_checksums(Bytes frame) {
  for (const std::size_t at : {kIpChecksumAt, kUdpChecksumAt}) frame[at] = frame[at + 1] = 0;
  return frame;
}

SocketShape with_checksums(const Mode& mode) {
  SocketShape shape;
  shape.offloads = {XSK_SOCKOPT_TX_OFFLOAD_CHECKSUM};
  return shape.in(mode, kTxOnly);
}

// S-082
CONFORMANCE(TransmitOffload, RequiredChecksumsAreInTheFrameOnTheWire) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(with_checksums(mode));
    const Bytes right = udp_frame(201, 7);
    const Bytes blank = without_checksums(right);
    for (UINT32 layers = 0; layers < 4; ++layers) {
      SCOPED_TRACE(layers);
      Request request;
      request.checksum.Layer3 = layers & 1;
      request.checksum.Layer4 = layers >> 1 & 1;
      Bytes expected = blank;
      for (std::size_t i = 0; i < 2; ++i) {
        if ((layers & 1) != 0) expected[kIpChecksumAt + i] = right[kIpChecksumAt + i];
        if ((layers & 2) != 0) expected[kUdpChecksumAt + i] = right[kUdpChecksumAt + i];
      }
      socket.send_with(layers, blank, request.layout, request.checksum);
      machine().settle();
      EXPECT_EQ(machine().sent().back(), expected);
      EXPECT_EQ(socket.completed(), (std::vector<std::uint64_t>{socket.chunk(layers)}));
    }
  }
}

// S-082: for each transport; what is not asked for stays as the application left it.
CONFORMANCE(TransmitOffload, EveryTransportHasItsChecksumInserted) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(with_checksums(mode));
    RandomStream random(7, "transports");
    UINT32 k = 0;
    for (const nic::FrameShape& transport : transports()) {
      SCOPED_TRACE(name_of(transport));
      const Bytes blank = nic::unsummed_frame(transport, random);
      for (const bool layer3 : {false, true}) {
        if (layer3 && transport.v6) continue;  // IPv6 has no such checksum
        Request request;
        request.layout = layout_of(transport);
        request.checksum.Layer3 =
            layer3 ? XdpFrameTxChecksumActionRequired : XdpFrameTxChecksumActionPassthrough;
        Bytes expected = blank;
        nic::put16(expected, transport.checksum_at(), nic::right_layer4_checksum(transport, blank));
        if (layer3) nic::put16(expected, transport.ip_at() + 10, nic::right_ip_checksum(transport, blank));
        socket.send_with(k, blank, request.layout, request.checksum);
        machine().settle();
        EXPECT_EQ(machine().sent().back(), expected);
        EXPECT_EQ(socket.completed(), (std::vector<std::uint64_t>{socket.chunk(k)}));
        ++k;
      }
    }
  }
}

// S-082
CONFORMANCE(TransmitOffload, InconsistentRequestIsIgnoredAndTheFrameSent) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket socket(with_checksums(mode));
    std::vector<Request> requests(7);
    requests[0].layout.Layer2Type = XdpFrameLayer2TypeNull;
    requests[1].layout.Layer2HeaderLength = 16;
    requests[2].layout.Layer3Type = XdpFrameLayer3TypeIPv6NoExtensions;
    requests[3].layout.Layer3HeaderLength = 24;
    requests[4].layout.Layer4Type = XdpFrameLayer4TypeTcp;
    requests[5].layout.Layer3Type = XdpFrameLayer3TypeUnspecified;
    requests[6].layout.Layer4Type = XdpFrameLayer4TypeUnspecified;
    for (UINT32 i = 0; i < requests.size(); ++i) {
      SCOPED_TRACE(i);
      const Bytes blank = without_checksums(udp_frame(200, static_cast<unsigned char>(i)));
      socket.send_with(i, blank, requests[i].layout, requests[i].checksum);
      machine().settle();
      EXPECT_EQ(machine().sent().back(), blank);
      EXPECT_EQ(socket.completed(), (std::vector<std::uint64_t>{socket.chunk(i)}));
      EXPECT_EQ(socket.statistics().TxInvalidDescriptors, 0u);
    }
  }
}

// S-082, section 6.6: a neighbour that asks for nothing has its frames sent as they are.
CONFORMANCE(TransmitOffload, SocketWithoutTheOffloadIsLeftAlone) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    ReadySocket asking(with_checksums(mode));
    ReadySocket silent(SocketShape().in(mode, kTxOnly));
    const Bytes right = udp_frame(200, 1);
    const Bytes blank = without_checksums(right);
    for (UINT32 k = 0; k < 4; ++k) {
      asking.send_with(k, blank, Request().layout, Request().checksum);
      machine().settle();
      EXPECT_EQ(machine().sent().back(), right);
      silent.send(k, blank);
      machine().settle();
      EXPECT_EQ(machine().sent().back(), blank);
    }
  }
}

}  // namespace
}  // namespace ringproof::test

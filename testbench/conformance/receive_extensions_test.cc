// What comes with a received frame in the RX element: section 5.6, checksum, layout and timestamp.

#include <vector>

#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"
#include "testbench/conformance/transports.h"

namespace ringproof::test {
namespace {

using ReceiveExtensions = Conformance;

template <typename Value>
Value extension(const ReadySocket& socket, UINT32 option, UINT32 index) {
  const auto offset = socket.get<UINT16>(option);
  Value value{};
  const auto* element = static_cast<const unsigned char*>(XskRingGetElement(&socket.rx_ring, index));
  std::memcpy(&value, element + offset, sizeof value);
  return value;
}

Bytes with_byte(Bytes frame, std::size_t at, unsigned char value) {
  frame[at] = value;
  return frame;
}

// A frame, and what the device says of it.
struct Case {
  const char* name;
  Bytes frame;
  UINT32 layer3;
  UINT32 layer4;
};

std::vector<Case> cases() {
  const Bytes good = udp_frame(100, 1);
  Bytes without = good;
  without[40] = without[41] = 0;  // the sender made no UDP checksum
  return {
      {"good", good, XdpFrameRxChecksumEvaluationSucceeded, XdpFrameRxChecksumEvaluationSucceeded},
      {"IP header changed", with_byte(good, 22, 63), XdpFrameRxChecksumEvaluationFailed,
       XdpFrameRxChecksumEvaluationSucceeded},
      {"payload changed", with_byte(good, 60, 2), XdpFrameRxChecksumEvaluationSucceeded,
       XdpFrameRxChecksumEvaluationFailed},
      {"no UDP checksum", without, XdpFrameRxChecksumEvaluationSucceeded,
       XdpFrameRxChecksumEvaluationNotChecked},
      {"not IP", with_byte(good, 12, 9), XdpFrameRxChecksumEvaluationNotChecked,
       XdpFrameRxChecksumEvaluationNotChecked},
  };
}

// Section 5.6
CONFORMANCE(ReceiveExtensions, ChecksumVerdictsAreThoseOfTheDevice) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape;
    shape.offloads = {XSK_SOCKOPT_RX_OFFLOAD_CHECKSUM};
    ReadySocket socket(shape.in(mode, kRxOnly));
    const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
    const std::vector<Case> all = cases();
    std::vector<Bytes> frames;
    frames.reserve(all.size());
    for (const Case& each : all) frames.push_back(each.frame);
    ASSERT_EQ(socket.post_chunks(0, static_cast<UINT32>(all.size())), all.size());
    machine().wire(frames);
    machine().settle();
    ASSERT_EQ(socket.received(true).size(), all.size());
    for (UINT32 i = 0; i < all.size(); ++i) {
      SCOPED_TRACE(all[i].name);
      const auto checksum = extension<XDP_FRAME_CHECKSUM>(socket, XSK_SOCKOPT_RX_FRAME_CHECKSUM_EXTENSION, i);
      EXPECT_EQ(checksum.Layer3, all[i].layer3);
      EXPECT_EQ(checksum.Layer4, all[i].layer4);
      if (all[i].layer4 == XdpFrameRxChecksumEvaluationNotChecked) continue;
      const auto layout = extension<XDP_FRAME_LAYOUT>(socket, XSK_SOCKOPT_RX_FRAME_LAYOUT_EXTENSION, i);
      EXPECT_EQ(layout.Layer4Type, XdpFrameLayer4TypeUdp);
    }
  }
}

// Section 5.6: for each transport, right and with its checksum wrong. Generic tells nothing of the layout but
// the transport.
CONFORMANCE(ReceiveExtensions, EveryTransportHasItsVerdictAndLayout) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape;
    shape.offloads = {XSK_SOCKOPT_RX_OFFLOAD_CHECKSUM};
    ReadySocket socket(shape.in(mode, kRxOnly));
    const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
    const bool native = mode.program_flag == kModes[0].program_flag;
    RandomStream random(7, "transports");
    UINT32 index = 0;
    for (const nic::FrameShape& transport : transports()) {
      SCOPED_TRACE(name_of(transport));
      Bytes right = nic::summed_frame(transport, random);
      for (const bool failed : {false, true}) {
        if (failed) right[transport.packet_end() - 1] ^= 1;
        ASSERT_EQ(socket.post_chunks(index, 1), 1u);
        machine().wire({right});
        machine().settle();
        ASSERT_EQ(socket.received(true).size(), 1u);
        const auto verdict =
            extension<XDP_FRAME_CHECKSUM>(socket, XSK_SOCKOPT_RX_FRAME_CHECKSUM_EXTENSION, index);
        EXPECT_EQ(verdict.Layer3, transport.v6 ? XdpFrameRxChecksumEvaluationNotChecked
                                               : XdpFrameRxChecksumEvaluationSucceeded);
        EXPECT_EQ(verdict.Layer4,
                  failed ? XdpFrameRxChecksumEvaluationFailed : XdpFrameRxChecksumEvaluationSucceeded);
        const auto layout = extension<XDP_FRAME_LAYOUT>(socket, XSK_SOCKOPT_RX_FRAME_LAYOUT_EXTENSION, index);
        EXPECT_EQ(layout.Layer4Type, layout_of(transport).Layer4Type);
        if (native) {
          EXPECT_TRUE(same_layout(layout, layout_of(transport)));
        } else if (transport.v6) {
          EXPECT_EQ(layout.Layer3Type, XdpFrameLayer3TypeUnspecified);
        }
        socket.received();
        ++index;
      }
    }
  }
}

// Section 5.6: native tells the whole layout.
CONFORMANCE(ReceiveExtensions, NativeLayoutNamesTheHeaders) {
  SocketShape shape;
  shape.offloads = {XSK_SOCKOPT_RX_OFFLOAD_CHECKSUM};
  ReadySocket socket(shape.in(kModes[0], kRxOnly));
  const auto program = TestProgram::redirect_all(socket);
  ASSERT_EQ(socket.post_chunks(0, 1), 1u);
  machine().wire({udp_frame(100, 1)});
  machine().settle();
  ASSERT_EQ(socket.received(true).size(), 1u);
  const auto layout = extension<XDP_FRAME_LAYOUT>(socket, XSK_SOCKOPT_RX_FRAME_LAYOUT_EXTENSION, 0);
  EXPECT_EQ(layout.Layer2HeaderLength, 14);
  EXPECT_EQ(layout.Layer3HeaderLength, 20);
  EXPECT_EQ(layout.Layer4HeaderLength, 8);
  EXPECT_EQ(layout.Layer2Type, XdpFrameLayer2TypeEthernet);
  EXPECT_EQ(layout.Layer3Type, XdpFrameLayer3TypeIPv4NoOptions);
  EXPECT_EQ(layout.Layer4Type, XdpFrameLayer4TypeUdp);
}

// Section 5.6: the timestamp is the time of arrival.
CONFORMANCE(ReceiveExtensions, TimestampIsTheTimeOfArrival) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape;
    shape.offloads = {XSK_SOCKOPT_RX_OFFLOAD_TIMESTAMP, XSK_SOCKOPT_RX_ORIGINAL_LENGTH};
    ReadySocket socket(shape.in(mode, kRxOnly));
    const auto program = TestProgram::redirect_all(socket, 0, mode.program_flag);
    ASSERT_EQ(socket.post_chunks(0, 8), 8u);
    for (UINT32 i = 0; i < 8; ++i) {
      const std::uint64_t before_us = machine().now_us();
      machine().wire({udp_frame(100, 1)});
      machine().settle();
      const auto timestamp =
          extension<XDP_FRAME_TIMESTAMP>(socket, XSK_SOCKOPT_RX_FRAME_TIMESTAMP_EXTENSION, i);
      EXPECT_GE(timestamp.Timestamp, before_us * 1000);
      EXPECT_LE(timestamp.Timestamp, machine().now_us() * 1000);
    }
    EXPECT_EQ(socket.received().size(), 8u);
  }
}

}  // namespace
}  // namespace ringproof::test

// The words that travel with a frame, packed, unpacked, and as the frame extensions of the API.

#include "model/nic/frame_offload.h"

#include <gtest/gtest.h>

#include "model/base/random.h"
#include "model/nic/engine_layout.h"

namespace ringproof::nic {
namespace {

XDP_FRAME_LAYOUT layout_of(unsigned layer3, unsigned layer4) {
  XDP_FRAME_LAYOUT layout{};
  layout.Layer2Type = XdpFrameLayer2TypeEthernet;
  layout.Layer2HeaderLength = 14;
  layout.Layer3Type = layer3 & 0xF;
  layout.Layer3HeaderLength = 40;
  layout.Layer4Type = layer4 & 0xF;
  layout.Layer4HeaderLength = 20;
  return layout;
}

XDP_FRAME_CHECKSUM checksum_of(unsigned layer3, unsigned layer4) {
  XDP_FRAME_CHECKSUM checksum{};
  checksum.Layer3 = layer3 & 3;
  checksum.Layer4 = layer4 & 3;
  return checksum;
}

constexpr unsigned kRequired = XdpFrameTxChecksumActionRequired;

TEST(OffloadWords, EveryWordIsUnpackedAndPackedAgain) {
  RandomStream random(3, "offload words");
  for (int i = 0; i < 1000; ++i) {
    const auto word = static_cast<std::uint32_t>(random.next());
    EXPECT_EQ(pack_rx_meta(unpack_rx_meta(word)), word);
    const std::uint32_t request = word & 0x01FF7F3F;  // the others mean nothing
    EXPECT_EQ(pack_tx_request(unpack_tx_request(request)), request);
    EXPECT_EQ(unpack_tx_request(word), unpack_tx_request(request));
  }
}

TEST(OffloadWords, AVerdictBecomesLayoutAndChecksum) {
  const std::uint32_t meta = pack_rx_meta({.layer3_verdict = Verdict::kFailed,
                                           .layer4_verdict = Verdict::kSucceeded,
                                           .layer3 = Layer3::kIpv4WithOptions,
                                           .layer4 = Layer4::kTcp,
                                           .layer2_bytes = 18,
                                           .layer3_bytes = 60,
                                           .layer4_bytes = 60});
  const XDP_FRAME_LAYOUT layout = rx_layout(meta);
  EXPECT_EQ(layout.Layer2Type, XdpFrameLayer2TypeEthernet);
  EXPECT_EQ(layout.Layer3Type, XdpFrameLayer3TypeIPv4WithOptions);
  EXPECT_EQ(layout.Layer4Type, XdpFrameLayer4TypeTcp);
  EXPECT_EQ(layout.Layer2HeaderLength, 18);
  EXPECT_EQ(layout.Layer3HeaderLength, 60);
  EXPECT_EQ(layout.Layer4HeaderLength, 60);
  EXPECT_EQ(rx_checksum(meta).Layer3, XdpFrameRxChecksumEvaluationFailed);
  EXPECT_EQ(rx_checksum(meta).Layer4, XdpFrameRxChecksumEvaluationSucceeded);
}

TEST(OffloadWords, WithoutTheOffloadNothingIsKnown) {
  EXPECT_EQ(rx_layout(0).Layer2Type, XdpFrameLayer2TypeUnspecified);
  EXPECT_EQ(rx_layout(0).Layer3Type, XdpFrameLayer3TypeUnspecified);
  EXPECT_EQ(rx_checksum(0).Layer4, XdpFrameRxChecksumEvaluationNotChecked);
}

TEST(OffloadWords, PassthroughAsksForNothing) {
  const auto layout = layout_of(XdpFrameLayer3TypeIPv4NoOptions, XdpFrameLayer4TypeTcp);
  EXPECT_EQ(tx_offload_request(layout, checksum_of(0, 0)), 0u);
  EXPECT_EQ(tx_offload_request(layout, checksum_of(2, 3)), 0u);  // no action of the API
}

TEST(OffloadWords, RequiredLayersAreAskedFor) {
  for (const unsigned layer3 : {XdpFrameLayer3TypeIPv4UnspecifiedOptions, XdpFrameLayer3TypeIPv4WithOptions,
                                XdpFrameLayer3TypeIPv4NoOptions}) {
    const auto layout = layout_of(layer3, XdpFrameLayer4TypeUdp);
    EXPECT_EQ(unpack_tx_request(tx_offload_request(layout, checksum_of(kRequired, 0))),
              (TxRequest{true, false, RequestLayer3::kIpv4, RequestLayer4::kUdp, 14, 40}));
  }
  const auto layout = layout_of(XdpFrameLayer3TypeIPv6NoExtensions, XdpFrameLayer4TypeTcp);
  EXPECT_EQ(unpack_tx_request(tx_offload_request(layout, checksum_of(0, kRequired))),
            (TxRequest{false, true, RequestLayer3::kIpv6, RequestLayer4::kTcp, 14, 40}));
}

// The MAC refuses these, because no frame fits them.
TEST(OffloadWords, TypesThatCannotBeSummedAreNone) {
  for (const unsigned layer3 : {XdpFrameLayer3TypeUnspecified, XdpFrameLayer3TypeIPv6UnspecifiedExtensions,
                                XdpFrameLayer3TypeIPv6WithExtensions}) {
    const auto layout = layout_of(layer3, XdpFrameLayer4TypeTcp);
    EXPECT_EQ(unpack_tx_request(tx_offload_request(layout, checksum_of(0, kRequired))).layer3,
              RequestLayer3::kNone);
  }
  for (const unsigned layer4 :
       {XdpFrameLayer4TypeUnspecified, XdpFrameLayer4TypeIPFragment, XdpFrameLayer4TypeIPNotFragment}) {
    const auto layout = layout_of(XdpFrameLayer3TypeIPv4NoOptions, layer4);
    EXPECT_EQ(unpack_tx_request(tx_offload_request(layout, checksum_of(0, kRequired))).layer4,
              RequestLayer4::kNone);
  }
  auto layout = layout_of(XdpFrameLayer3TypeIPv4NoOptions, XdpFrameLayer4TypeTcp);
  layout.Layer2Type = XdpFrameLayer2TypeNull;
  EXPECT_EQ(unpack_tx_request(tx_offload_request(layout, checksum_of(0, kRequired))).layer2_bytes, 0u);
}

}  // namespace
}  // namespace ringproof::nic

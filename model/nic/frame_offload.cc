#include "model/nic/frame_offload.h"

#include "model/nic/engine_layout.h"

namespace ringproof::nic {
namespace {

// The hardware codes verdicts and types as the API does.
static_assert(static_cast<int>(Verdict::kNotChecked) == XdpFrameRxChecksumEvaluationNotChecked);
static_assert(static_cast<int>(Verdict::kSucceeded) == XdpFrameRxChecksumEvaluationSucceeded);
static_assert(static_cast<int>(Verdict::kFailed) == XdpFrameRxChecksumEvaluationFailed);
static_assert(static_cast<int>(Layer3::kIpv4WithOptions) == XdpFrameLayer3TypeIPv4WithOptions);
static_assert(static_cast<int>(Layer3::kIpv4NoOptions) == XdpFrameLayer3TypeIPv4NoOptions);
static_assert(static_cast<int>(Layer3::kIpv6WithExtensions) == XdpFrameLayer3TypeIPv6WithExtensions);
static_assert(static_cast<int>(Layer3::kIpv6NoExtensions) == XdpFrameLayer3TypeIPv6NoExtensions);
static_assert(static_cast<int>(Layer4::kTcp) == XdpFrameLayer4TypeTcp);
static_assert(static_cast<int>(Layer4::kUdp) == XdpFrameLayer4TypeUdp);
static_assert(static_cast<int>(Layer4::kIpFragment) == XdpFrameLayer4TypeIPFragment);
static_assert(static_cast<int>(Layer4::kIpNotFragment) == XdpFrameLayer4TypeIPNotFragment);

RequestLayer3 layer3_of(const XDP_FRAME_LAYOUT& layout) {
  switch (layout.Layer3Type) {
    case XdpFrameLayer3TypeIPv4UnspecifiedOptions:
    case XdpFrameLayer3TypeIPv4WithOptions:
    case XdpFrameLayer3TypeIPv4NoOptions:
      return RequestLayer3::kIpv4;
    case XdpFrameLayer3TypeIPv6NoExtensions:
      return RequestLayer3::kIpv6;
    default:
      return RequestLayer3::kNone;
  }
}

RequestLayer4 layer4_of(const XDP_FRAME_LAYOUT& layout) {
  switch (layout.Layer4Type) {
    case XdpFrameLayer4TypeTcp:
      return RequestLayer4::kTcp;
    case XdpFrameLayer4TypeUdp:
      return RequestLayer4::kUdp;
    default:
      return RequestLayer4::kNone;
  }
}

}  // namespace

XDP_FRAME_LAYOUT rx_layout(std::uint32_t meta) {
  const RxMeta found = unpack_rx_meta(meta);
  XDP_FRAME_LAYOUT layout{};
  layout.Layer2HeaderLength = found.layer2_bytes & 0x7F;
  layout.Layer3HeaderLength = found.layer3_bytes & 0x1FF;
  layout.Layer4HeaderLength = found.layer4_bytes & 0xFF;
  if (found.layer2_bytes != 0) layout.Layer2Type = XdpFrameLayer2TypeEthernet & 0xF;
  layout.Layer3Type = static_cast<UINT8>(found.layer3) & 0xF;
  layout.Layer4Type = static_cast<UINT8>(found.layer4) & 0xF;
  return layout;
}

XDP_FRAME_CHECKSUM rx_checksum(std::uint32_t meta) {
  const RxMeta found = unpack_rx_meta(meta);
  XDP_FRAME_CHECKSUM checksum{};
  checksum.Layer3 = static_cast<UINT8>(found.layer3_verdict) & 3;
  checksum.Layer4 = static_cast<UINT8>(found.layer4_verdict) & 3;
  return checksum;
}

std::uint32_t tx_offload_request(const XDP_FRAME_LAYOUT& layout, const XDP_FRAME_CHECKSUM& checksum) {
  TxRequest request;
  request.insert_layer3 = checksum.Layer3 == XdpFrameTxChecksumActionRequired;
  request.insert_layer4 = checksum.Layer4 == XdpFrameTxChecksumActionRequired;
  if (request.nothing()) return 0;
  request.layer3 = layer3_of(layout);
  request.layer4 = layer4_of(layout);
  // Other links than Ethernet get a length that no frame of ours has.
  if (layout.Layer2Type == XdpFrameLayer2TypeEthernet) request.layer2_bytes = layout.Layer2HeaderLength;
  request.layer3_bytes = layout.Layer3HeaderLength;
  return pack_tx_request(request);
}

}  // namespace ringproof::nic

#include "model/xdp/frame_parser.h"

#include <algorithm>

namespace ringproof::xdp {
namespace {

constexpr std::size_t kEthernetBytes = 14;
constexpr std::size_t kIpv4Bytes = 20;
constexpr std::size_t kIpv6Bytes = 40;
constexpr std::size_t kUdpBytes = 8;
constexpr std::size_t kTcpBytes = 20;
constexpr std::size_t kIcmpBytes = 4;

constexpr std::uint8_t kProtocolIcmp = 1;
constexpr std::uint8_t kProtocolIpv4 = 4;
constexpr std::uint8_t kProtocolTcp = 6;
constexpr std::uint8_t kProtocolUdp = 17;
constexpr std::uint8_t kProtocolIpv6 = 41;
constexpr std::uint8_t kProtocolIcmpv6 = 58;

constexpr std::size_t kQuicCidBytesMax = 20;
// Of a long header that is spread over buffers: Q-10.
constexpr std::size_t kQuicGatheredBytes = 6 + 1 + 2 * kQuicCidBytesMax;

QuicHeader long_header(Tap::Bytes payload) {
  constexpr std::size_t kFixedBytes = 6;  // flags, version, length of the destination id
  if (payload.size() < kFixedBytes) return {};
  const std::size_t source = kFixedBytes + payload[kFixedBytes - 1] + 1;
  if (payload.size() < source) return {};
  const std::size_t source_bytes = payload[source - 1];
  if (payload.size() < source + source_bytes) return {};
  return {QuicHeader::Form::kLong, payload.subspan(source, source_bytes)};
}

class Parser {
 public:
  Parser(const InspectedFrame& frame, const InspectorQuirks& quirks)
      : bytes_(frame.bytes), buffers_(frame.buffers), quirks_(quirks) {}

  FrameHeaders parse() {
    ethernet();
    return found_;
  }

 private:
  const unsigned char* header(std::size_t at, std::size_t bytes) const {
    return bytes_.size() - at >= bytes ? bytes_.data() + at : nullptr;
  }

  // The end of the buffer that holds byte `at`. REQUIRES: the frame has that byte.
  std::size_t end_of_buffer(std::size_t at) const {
    std::size_t end = 0;
    for (const std::uint32_t length : buffers_) {
      end += length;
      if (end > at) return std::min(end, bytes_.size());
    }
    return bytes_.size();
  }

  std::size_t first_buffer_bytes() const {
    return buffers_.empty() ? bytes_.size() : std::min<std::size_t>(buffers_[0], bytes_.size());
  }

  // A tag is no type that is known, and hides what follows.
  void ethernet() {
    const unsigned char* ethernet = header(0, kEthernetBytes);
    if (ethernet == nullptr) return;
    const unsigned type = ethernet[12] * 256u + ethernet[13];
    if (type == 0x0800) ipv4(kEthernetBytes);
    if (type == 0x86DD) ipv6(kEthernetBytes);
  }

  // Options are not skipped, and the version is not looked at.
  void ipv4(std::size_t at) {
    const unsigned char* ip = header(at, kIpv4Bytes);
    if (ip == nullptr || (ip[0] & 0x0F) != 5) return;
    found_.ipv4 = ip;
    behind_ip(ip[9], at + kIpv4Bytes);
  }

  void ipv6(std::size_t at) {
    found_.ipv6 = header(at, kIpv6Bytes);
    if (found_.ipv6 != nullptr) behind_ip(found_.ipv6[6], at + kIpv6Bytes);
  }

  void behind_ip(std::uint8_t protocol, std::size_t at) {
    found_.protocol = protocol;
    switch (protocol) {
      case kProtocolUdp:
        found_.udp = header(at, kUdpBytes);
        if (found_.udp != nullptr) quic(at + kUdpBytes);
        return;
      case kProtocolTcp:
        tcp(at);
        return;
      case kProtocolIpv4:
        found_.inner_ipv4 = header(at, kIpv4Bytes);
        break;
      case kProtocolIpv6:
        found_.inner_ipv6 = header(at, kIpv6Bytes);
        break;
      default:
        break;
    }
    icmp(protocol, at);
  }

  void tcp(std::size_t at) {
    const unsigned char* tcp = header(at, kTcpBytes);
    if (tcp == nullptr) return;
    const std::size_t bytes = (tcp[12] >> 4) * std::size_t{4};
    if (bytes < kTcpBytes) {
      if (!quirks_.tcp_short_offset || at + kTcpBytes > first_buffer_bytes()) return;
    } else if (header(at, bytes) == nullptr) {
      return;
    }
    found_.tcp = tcp;
    quic(at + bytes);
  }

  void quic(std::size_t at) {
    const Tap::Bytes payload = bytes_.subspan(at);
    if (payload.empty()) return;
    if ((payload[0] & 0x80) == 0) {
      found_.quic = {QuicHeader::Form::kShort,
                     payload.subspan(1, std::min(payload.size() - 1, kQuicCidBytesMax))};
      return;
    }
    found_.quic = long_header(payload.first(end_of_buffer(at) - at));
    if (found_.quic.form == QuicHeader::Form::kNone) {
      found_.quic = long_header(payload.first(std::min(payload.size(), kQuicGatheredBytes)));
    }
  }

  void icmp(std::uint8_t protocol, std::size_t at) {
    const bool v4 = found_.ipv4 != nullptr;
    if (!quirks_.icmp_any_protocol && protocol != (v4 ? kProtocolIcmp : kProtocolIcmpv6)) return;
    const unsigned char* icmp = header(at, kIcmpBytes);
    if (icmp == nullptr) return;
    // What looks for a header inside of IP has gathered these bytes already.
    const bool gathered = protocol == (v4 ? kProtocolIpv4 : kProtocolIpv6);
    const std::size_t end = end_of_buffer(at - 1);
    if (quirks_.icmp_in_one_buffer && !gathered && end < at + kIcmpBytes) return;
    found_.icmp = icmp;
  }

  const Tap::Bytes bytes_;
  const std::span<const std::uint32_t> buffers_;
  const InspectorQuirks& quirks_;
  FrameHeaders found_;
};

}  // namespace

InspectedFrame seen_by_rules(const InspectedFrame& frame, std::uint32_t fragment_limit) {
  if (frame.buffers.size() <= 1) return {frame.bytes};
  if (fragment_limit == 0) {
    return {frame.bytes.first(std::min<std::size_t>(frame.buffers[0], frame.bytes.size()))};
  }
  if (frame.buffers.size() - 1 > fragment_limit) return {frame.bytes};
  return frame;
}

FrameHeaders parse_frame(const InspectedFrame& frame, const InspectorQuirks& quirks) {
  return Parser(frame, quirks).parse();
}

}  // namespace ringproof::xdp

#include "model/xdp/inspector.h"

#include <cstdint>
#include <cstring>

namespace ringproof::xdp {
namespace {

constexpr std::size_t kIpv4AddressBytes = 4;
constexpr std::size_t kIpv6AddressBytes = 16;

constexpr unsigned char kProtocolUdp = 17;

constexpr unsigned char kTcpFin = 0x01;
constexpr unsigned char kTcpSyn = 0x02;
constexpr unsigned char kTcpReset = 0x04;

constexpr unsigned char kIcmpv4EchoReply = 0;
constexpr unsigned char kIcmpv6EchoReply = 129;

// Fields, by their header.
const unsigned char* source_of_v4(const unsigned char* ip) { return ip + 12; }
const unsigned char* destination_of_v4(const unsigned char* ip) { return ip + 16; }
const unsigned char* source_of_v6(const unsigned char* ip) { return ip + 8; }
const unsigned char* destination_of_v6(const unsigned char* ip) { return ip + 24; }
const unsigned char* destination_port(const unsigned char* udp_or_tcp) { return udp_or_tcp + 2; }

template <std::size_t kBytes>
bool equal(const unsigned char* field, const void* wanted) {
  return std::memcmp(field, wanted, kBytes) == 0;
}

std::uint32_t word(const void* bytes) {
  std::uint32_t value = 0;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

template <std::size_t kBytes>
bool equal_under_mask(const unsigned char* field, const XDP_IP_ADDRESS_MASK& wanted) {
  const auto* mask = reinterpret_cast<const unsigned char*>(&wanted.Mask);
  const auto* address = reinterpret_cast<const unsigned char*>(&wanted.Address);
  std::uint32_t differing = 0;
  for (std::size_t i = 0; i < kBytes; i += sizeof differing) {
    differing |= (word(field + i) & word(mask + i)) ^ word(address + i);
  }
  return differing == 0;
}

bool goes_to(const unsigned char* udp_or_tcp, UINT16 port) {
  return udp_or_tcp != nullptr && equal<2>(destination_port(udp_or_tcp), &port);
}

// The bit index is the port as it lies in the header, read with the first byte as the low one.
bool goes_into(const unsigned char* udp_or_tcp, const XDP_PORT_SET& ports) {
  if (udp_or_tcp == nullptr) return false;
  const unsigned char* port = destination_port(udp_or_tcp);
  const unsigned index = port[0] | port[1] * 256u;
  return (ports.PortSet[index >> 3] >> (index & 7) & 1) != 0;
}

bool matches_v4(const FrameHeaders& frame, const unsigned char* udp_or_tcp, const XDP_IP_PORT_SET& wanted) {
  return frame.ipv4 != nullptr && equal<kIpv4AddressBytes>(destination_of_v4(frame.ipv4), &wanted.Address) &&
         goes_into(udp_or_tcp, wanted.PortSet);
}

bool matches_v6(const FrameHeaders& frame, const unsigned char* udp_or_tcp, const XDP_IP_PORT_SET& wanted) {
  return frame.ipv6 != nullptr && equal<kIpv6AddressBytes>(destination_of_v6(frame.ipv6), &wanted.Address) &&
         goes_into(udp_or_tcp, wanted.PortSet);
}

bool matches_ports(const unsigned char* udp, const XDP_TUPLE& wanted) {
  return udp != nullptr && equal<2>(udp, &wanted.SourcePort) && goes_to(udp, wanted.DestinationPort);
}

bool matches_v4(const FrameHeaders& frame, const XDP_TUPLE& wanted) {
  return frame.ipv4 != nullptr && matches_ports(frame.udp, wanted) &&
         equal<kIpv4AddressBytes>(source_of_v4(frame.ipv4), &wanted.SourceAddress) &&
         equal<kIpv4AddressBytes>(destination_of_v4(frame.ipv4), &wanted.DestinationAddress);
}

bool matches_v6(const FrameHeaders& frame, const XDP_TUPLE& wanted) {
  return frame.ipv6 != nullptr && matches_ports(frame.udp, wanted) &&
         equal<kIpv6AddressBytes>(source_of_v6(frame.ipv6), &wanted.SourceAddress) &&
         equal<kIpv6AddressBytes>(destination_of_v6(frame.ipv6), &wanted.DestinationAddress);
}

// CidOffset counts in the id of the frame, not in CidData.
bool matches_quic(const FrameHeaders& frame, const unsigned char* udp_or_tcp, QuicHeader::Form form,
                  const XDP_QUIC_FLOW& wanted) {
  const Tap::Bytes id = frame.quic.connection_id;
  return goes_to(udp_or_tcp, wanted.UdpPort) && frame.quic.form == form &&
         id.size() >= std::size_t{wanted.CidOffset} + wanted.CidLength &&
         (wanted.CidLength == 0 ||
          std::memcmp(id.data() + wanted.CidOffset, wanted.CidData, wanted.CidLength) == 0);
}

bool has_next_header(const FrameHeaders& frame, UINT8 wanted) {
  return (frame.ipv4 != nullptr || frame.ipv6 != nullptr) && frame.protocol == wanted;
}

bool controls_connection(const unsigned char* tcp) {
  return (tcp[13] & (kTcpFin | kTcpSyn | kTcpReset)) != 0;
}

bool matches_inner_v4(const unsigned char* ip, const XDP_IP_ADDRESS_MASK& wanted) {
  return ip != nullptr && ip[0] == 0x45 && ip[9] == kProtocolUdp &&
         equal_under_mask<kIpv4AddressBytes>(destination_of_v4(ip), wanted);
}

bool matches_inner_v6(const unsigned char* ip, const XDP_IP_ADDRESS_MASK& wanted) {
  return ip != nullptr && (ip[0] & 0xF0) == 0x60 && ip[6] == kProtocolUdp &&
         equal_under_mask<kIpv6AddressBytes>(destination_of_v6(ip), wanted);
}

bool is_echo_reply(const unsigned char* icmp, unsigned char type) {
  return icmp != nullptr && icmp[0] == type && icmp[1] == 0;
}

bool matches(const FrameHeaders& frame, const XDP_RULE& rule) {
  using Form = QuicHeader::Form;
  const XDP_MATCH_PATTERN& pattern = rule.Pattern;
  switch (rule.Match) {
    case XDP_MATCH_ALL:
      return true;
    case XDP_MATCH_UDP:
      return frame.udp != nullptr;
    case XDP_MATCH_UDP_DST:
      return goes_to(frame.udp, pattern.Port);
    case XDP_MATCH_IPV4_DST_MASK:
      return frame.ipv4 != nullptr &&
             equal_under_mask<kIpv4AddressBytes>(destination_of_v4(frame.ipv4), pattern.IpMask);
    case XDP_MATCH_IPV6_DST_MASK:
      return frame.ipv6 != nullptr &&
             equal_under_mask<kIpv6AddressBytes>(destination_of_v6(frame.ipv6), pattern.IpMask);
    case XDP_MATCH_QUIC_FLOW_SRC_CID:
      return matches_quic(frame, frame.udp, Form::kLong, pattern.QuicFlow);
    case XDP_MATCH_QUIC_FLOW_DST_CID:
      return matches_quic(frame, frame.udp, Form::kShort, pattern.QuicFlow);
    case XDP_MATCH_IPV4_UDP_TUPLE:
      return matches_v4(frame, pattern.Tuple);
    case XDP_MATCH_IPV6_UDP_TUPLE:
      return matches_v6(frame, pattern.Tuple);
    case XDP_MATCH_UDP_PORT_SET:
      return goes_into(frame.udp, pattern.PortSet);
    case XDP_MATCH_IPV4_UDP_PORT_SET:
      return matches_v4(frame, frame.udp, pattern.IpPortSet);
    case XDP_MATCH_IPV6_UDP_PORT_SET:
      return matches_v6(frame, frame.udp, pattern.IpPortSet);
    case XDP_MATCH_IPV4_TCP_PORT_SET:
      return matches_v4(frame, frame.tcp, pattern.IpPortSet);
    case XDP_MATCH_IPV6_TCP_PORT_SET:
      return matches_v6(frame, frame.tcp, pattern.IpPortSet);
    case XDP_MATCH_TCP_DST:
      return goes_to(frame.tcp, pattern.Port);
    case XDP_MATCH_TCP_QUIC_FLOW_SRC_CID:
      return matches_quic(frame, frame.tcp, Form::kLong, pattern.QuicFlow);
    case XDP_MATCH_TCP_QUIC_FLOW_DST_CID:
      return matches_quic(frame, frame.tcp, Form::kShort, pattern.QuicFlow);
    case XDP_MATCH_TCP_CONTROL_DST:
      return goes_to(frame.tcp, pattern.Port) && controls_connection(frame.tcp);
    case XDP_MATCH_IP_NEXT_HEADER:
      return has_next_header(frame, pattern.NextHeader);
    case XDP_MATCH_INNER_IPV4_DST_MASK_UDP:
      return matches_inner_v4(frame.inner_ipv4, pattern.IpMask);
    case XDP_MATCH_INNER_IPV6_DST_MASK_UDP:
      return matches_inner_v6(frame.inner_ipv6, pattern.IpMask);
    case XDP_MATCH_ICMPV4_ECHO_REPLY_IP_DST:
      return frame.ipv4 != nullptr && is_echo_reply(frame.icmp, kIcmpv4EchoReply) &&
             equal<kIpv4AddressBytes>(destination_of_v4(frame.ipv4), &pattern.IpMask.Address);
    case XDP_MATCH_ICMPV6_ECHO_REPLY_IP_DST:
      return frame.ipv6 != nullptr && is_echo_reply(frame.icmp, kIcmpv6EchoReply) &&
             equal<kIpv6AddressBytes>(destination_of_v6(frame.ipv6), &pattern.IpMask.Address);
  }
  return false;  // no such type is accepted
}

}  // namespace

const Rule* first_match(std::span<const Rule> rules, const InspectedFrame& frame,
                        const InspectorQuirks& quirks) {
  if (rules.empty()) return nullptr;
  // Only this rule needs no headers, and where it comes first the others are not asked.
  if (rules[0].given.Match == XDP_MATCH_ALL) return rules.data();
  const FrameHeaders headers = parse_frame(frame, quirks);
  for (const Rule& rule : rules) {
    if (matches(headers, rule.given)) return &rule;
  }
  return nullptr;
}

}  // namespace ringproof::xdp

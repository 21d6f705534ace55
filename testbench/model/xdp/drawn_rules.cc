#include "testbench/model/xdp/drawn_rules.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>

namespace ringproof::xdp {
namespace {

constexpr std::array<unsigned, 5> kPorts = {kPort, 0x3412, 53, 80, 0xFFFF};
// The byte of which most connection ids consist.
constexpr unsigned char kIdByte = 7;

// Where headers end in frames without oddities, and a byte on either side.
constexpr std::array<std::uint32_t, 12> kSeams = {0, 14, 34, 38, 42, 48, 54, 58, 62, 74, 80, 94};

bool is_tcp(XDP_MATCH_TYPE match) {
  return match == XDP_MATCH_TCP_QUIC_FLOW_SRC_CID || match == XDP_MATCH_TCP_QUIC_FLOW_DST_CID;
}

}  // namespace

RuleDrawer::RuleDrawer(Choices& choices) : choices_(choices) {
  for (PortSet& set : port_sets_) {
    for (const unsigned port : kPorts) {
      if (choices_.one_in(2)) set.set(port);
    }
  }
}

Bytes RuleDrawer::address4() {
  return choices_.one_of(std::array{kDestination4, kDestination4, kDestination4, kSource4, Bytes(4)});
}
Bytes RuleDrawer::address6() {
  return choices_.one_of(std::array{kDestination6, kDestination6, kDestination6, kSource6, Bytes(16)});
}

Bytes RuleDrawer::noise(std::uint32_t bytes_max) {
  Bytes bytes(choices_.below(bytes_max + 1));
  for (unsigned char& byte : bytes) byte = choices_.byte();
  return bytes;
}

XDP_RULE RuleDrawer::rule() {
  const auto match = static_cast<XDP_MATCH_TYPE>(choices_.below(XDP_MATCH_ICMPV6_ECHO_REPLY_IP_DST + 1));
  const bool v6 = choices_.one_in(2);
  const Bytes wanted = v6 ? address6() : address4();
  switch (match) {
    case XDP_MATCH_UDP_DST:
    case XDP_MATCH_TCP_DST:
    case XDP_MATCH_TCP_CONTROL_DST:
      return port_rule(match, choices_.one_of(kPorts));
    case XDP_MATCH_IPV4_DST_MASK:
    case XDP_MATCH_IPV6_DST_MASK:
    case XDP_MATCH_INNER_IPV4_DST_MASK_UDP:
    case XDP_MATCH_INNER_IPV6_DST_MASK_UDP:
    case XDP_MATCH_ICMPV4_ECHO_REPLY_IP_DST:
    case XDP_MATCH_ICMPV6_ECHO_REPLY_IP_DST: {
      Bytes masked = wanted;
      Bytes mask(wanted.size());
      for (std::size_t i = 0; i < mask.size(); ++i) {
        mask[i] = choices_.one_of(std::array<unsigned char, 5>{0, 0xFF, 0xFF, 0xFE, 0xC0});
        // Now and then a bit outside of the mask.
        if (!choices_.one_in(40)) masked[i] &= mask[i];
      }
      return mask_rule(match, choices_.one_in(3) ? wanted : masked, mask);
    }
    case XDP_MATCH_QUIC_FLOW_SRC_CID:
    case XDP_MATCH_QUIC_FLOW_DST_CID:
    case XDP_MATCH_TCP_QUIC_FLOW_SRC_CID:
    case XDP_MATCH_TCP_QUIC_FLOW_DST_CID: {
      const std::uint32_t offset = choices_.below(choices_.one_in(4) ? 21 : 4);
      const std::uint32_t room = XDP_QUIC_MAX_CID_LENGTH - offset;
      Bytes id(choices_.below(1 + (choices_.one_in(4) ? room : std::min(room, 4U))), kIdByte);
      if (!id.empty() && choices_.one_in(8)) id.back() = 0;
      XDP_RULE rule = quic_rule(match, id, offset);
      rule.Pattern.QuicFlow.UdpPort = network_order(choices_.one_of(kPorts));
      return rule;
    }
    case XDP_MATCH_IPV4_UDP_TUPLE:
    case XDP_MATCH_IPV6_UDP_TUPLE: {
      XDP_RULE rule = rule_of(match);
      rule.Pattern.Tuple.SourceAddress = address(v6 ? address6() : address4());
      rule.Pattern.Tuple.DestinationAddress = address(wanted);
      rule.Pattern.Tuple.SourcePort = network_order(kSourcePort);
      rule.Pattern.Tuple.DestinationPort = network_order(choices_.one_of(kPorts));
      return rule;
    }
    case XDP_MATCH_UDP_PORT_SET:
      return choices_.one_of(port_sets_).rule();
    case XDP_MATCH_IPV4_UDP_PORT_SET:
    case XDP_MATCH_IPV6_UDP_PORT_SET:
    case XDP_MATCH_IPV4_TCP_PORT_SET:
    case XDP_MATCH_IPV6_TCP_PORT_SET:
      return choices_.one_of(port_sets_).rule(match, wanted);
    case XDP_MATCH_IP_NEXT_HEADER: {
      XDP_RULE rule = rule_of(match);
      rule.Pattern.NextHeader = choices_.one_of(std::array<UINT8, 7>{0, kIcmp, kIpInIp, kTcp, kUdp, 44, 253});
      return rule;
    }
    default:
      return rule_of(match);
  }
}

XDP_RULE RuleDrawer::rule_for(const Bytes& frame) {
  XDP_RULE rule = this->rule();
  const bool v6 = frame.size() >= 14 && frame[12] == 0x86;
  const std::size_t source = v6 ? 22 : 26;
  const std::size_t address_bytes = v6 ? 16 : 4;
  const std::size_t ports = v6 ? 54 : 34;
  if (frame.size() < ports + 20 || choices_.one_in(8)) return rule;
  const unsigned char* at = frame.data();
  XDP_MATCH_PATTERN& pattern = rule.Pattern;
  switch (rule.Match) {
    case XDP_MATCH_UDP_DST:
    case XDP_MATCH_TCP_DST:
    case XDP_MATCH_TCP_CONTROL_DST:
      std::memcpy(&pattern.Port, at + ports + 2, 2);
      break;
    case XDP_MATCH_IPV4_DST_MASK:
    case XDP_MATCH_IPV6_DST_MASK:
    case XDP_MATCH_ICMPV4_ECHO_REPLY_IP_DST:
    case XDP_MATCH_ICMPV6_ECHO_REPLY_IP_DST: {
      const Bytes ones(address_bytes, 0xFF);
      rule = mask_rule(rule.Match, Bytes(at + source + address_bytes, at + source + 2 * address_bytes), ones);
      break;
    }
    case XDP_MATCH_QUIC_FLOW_SRC_CID:
    case XDP_MATCH_QUIC_FLOW_DST_CID:
    case XDP_MATCH_TCP_QUIC_FLOW_SRC_CID:
    case XDP_MATCH_TCP_QUIC_FLOW_DST_CID: {
      const std::size_t payload = ports + (is_tcp(rule.Match) ? (at[ports + 12] >> 4) * 4u : 8u);
      std::memcpy(&pattern.QuicFlow.UdpPort, at + ports + 2, 2);
      if (frame.size() < payload + 21) break;
      std::memcpy(pattern.QuicFlow.CidData, at + payload + 1 + pattern.QuicFlow.CidOffset,
                  pattern.QuicFlow.CidLength);
      break;
    }
    case XDP_MATCH_IPV4_UDP_TUPLE:
    case XDP_MATCH_IPV6_UDP_TUPLE:
      std::memcpy(&pattern.Tuple.SourceAddress, at + source, address_bytes);
      std::memcpy(&pattern.Tuple.DestinationAddress, at + source + address_bytes, address_bytes);
      std::memcpy(&pattern.Tuple.SourcePort, at + ports, 2);
      std::memcpy(&pattern.Tuple.DestinationPort, at + ports + 2, 2);
      break;
    case XDP_MATCH_UDP_PORT_SET:
    case XDP_MATCH_IPV4_UDP_PORT_SET:
    case XDP_MATCH_IPV6_UDP_PORT_SET:
    case XDP_MATCH_IPV4_TCP_PORT_SET:
    case XDP_MATCH_IPV6_TCP_PORT_SET: {
      // Sets are live: this changes other rules too.
      PortSet& set = port_sets_[choices_.below(static_cast<std::uint32_t>(port_sets_.size()))];
      const unsigned port = at[ports + 2] * 256u + at[ports + 3];
      if (choices_.one_in(4)) {
        set.clear(port);
      } else {
        set.set(port);
      }
      rule = rule.Match == XDP_MATCH_UDP_PORT_SET
                 ? set.rule()
                 : set.rule(rule.Match, Bytes(at + source + address_bytes, at + source + 2 * address_bytes));
      break;
    }
    default:
      break;
  }
  return rule;
}

std::vector<XDP_RULE> RuleDrawer::rules(std::uint32_t count_max) {
  std::vector<XDP_RULE> result(1 + choices_.below(count_max));
  for (XDP_RULE& each : result) {
    each = rule();
    // One that takes everything hides the others, and is rarely wanted.
    if (each.Match == XDP_MATCH_ALL) each = rule();
  }
  return result;
}

Bytes RuleDrawer::drawn_id() {
  Bytes id(choices_.below(choices_.one_in(6) ? 256 : 22), kIdByte);
  if (!id.empty() && choices_.one_in(4)) id[choices_.below(static_cast<std::uint32_t>(id.size()))] = 0;
  return id;
}

// What UDP and TCP carry.
Bytes RuleDrawer::datagram() {
  switch (choices_.below(6)) {
    case 0:
      return noise(30);
    case 1:
    case 2:
      return quic_short(drawn_id());
    default: {
      const Bytes destination = drawn_id();
      return joined({quic_long(destination, drawn_id()), noise(5)});
    }
  }
}

Bytes RuleDrawer::ip_payload(unsigned char protocol) {
  static constexpr std::array<unsigned char, 4> kIcmpTypes = {0, 129, 8, 128};
  // Now and then the header of another protocol.
  if (choices_.one_in(16)) protocol = choices_.byte();
  switch (protocol) {
    case kUdp:
      return joined({udp(choices_.one_of(kPorts)), datagram()});
    case kTcp: {
      static constexpr std::array<unsigned char, 8> kOffsets = {5, 5, 5, 6, 8, 15, 4, 0};
      const std::size_t offset = choices_.one_in(4) ? choices_.below(16) : choices_.one_of(kOffsets);
      return joined({tcp(choices_.one_of(kPorts), offset, choices_.byte()), datagram()});
    }
    case kIpInIp:
      if (choices_.one_in(4)) break;
      return ipv4(choices_.one_in(4) ? kTcp : kUdp, address4(), address4());
    case kIpv6InIp:
      if (choices_.one_in(4)) break;
      return ipv6(choices_.one_in(4) ? kTcp : kUdp, address6(), address6());
    default:
      break;
  }
  const unsigned char type = choices_.one_of(kIcmpTypes);
  return joined({icmp(type, choices_.one_in(8) ? 1 : 0), noise(8)});
}

Bytes RuleDrawer::packet() {
  static constexpr std::array<unsigned char, 14> kProtocols = {
      kUdp, kUdp, kUdp, kTcp, kTcp, kTcp, kIpInIp, kIpInIp, kIpv6InIp, kIpv6InIp, kIcmp, kIcmpv6, 44, 253};
  const unsigned char protocol = choices_.one_in(20) ? choices_.byte() : choices_.one_of(kProtocols);
  const bool v6 = choices_.one_in(2);
  Bytes header = ethernet(v6 ? kTypeIpv6 : kTypeIpv4);
  if (choices_.one_in(40)) header = joined({ethernet(0x8100), {0, 5}, {header[12], header[13]}});
  Bytes ip = v6 ? ipv6(protocol, address6(), address6()) : ipv4(protocol, address4(), address4());
  if (choices_.one_in(16)) ip[0] = choices_.byte();
  return joined({header, ip, ip_payload(protocol)});
}

DrawnFrame RuleDrawer::frame() { return disturbed(choices_.one_in(100) ? noise(80) : packet()); }

void RuleDrawer::mutate(Bytes& bytes) {
  if (bytes.empty()) return;
  const std::uint32_t headers = std::min<std::uint32_t>(static_cast<std::uint32_t>(bytes.size()), 100);
  for (std::uint32_t left = 1 + choices_.below(3); left > 0; --left) {
    unsigned char& byte = bytes[choices_.below(headers)];
    byte = choices_.one_in(2) ? choices_.byte() : static_cast<unsigned char>(byte ^ 1U << choices_.below(8));
  }
}

DrawnFrame RuleDrawer::disturbed(Bytes frame) {
  static constexpr std::array<std::uint32_t, 6> kLimits = {64, 64, 64, 0, 1, 5};
  DrawnFrame result;
  if (choices_.one_in(4)) mutate(frame);
  if (choices_.one_in(4)) frame.resize(choices_.below(static_cast<std::uint32_t>(frame.size()) + 1));
  if (choices_.one_in(8)) frame.resize(std::max<std::size_t>(frame.size(), 60));
  result.buffers = buffers(frame.size());
  result.fragment_limit = choices_.one_of(kLimits);
  if (choices_.one_in(4)) {
    result.quirks = {choices_.one_in(2), choices_.one_in(2), choices_.one_in(2)};
  }
  result.bytes = std::move(frame);
  return result;
}

std::vector<std::uint32_t> RuleDrawer::buffers(std::size_t bytes) {
  const auto size = static_cast<std::uint32_t>(bytes);
  std::vector<std::uint32_t> ends;
  switch (choices_.below(4)) {
    case 0:
      return {};
    case 1: {
      const std::uint32_t room = 1 + choices_.below(24);
      for (std::uint32_t end = room; end < size; end += room) ends.push_back(end);
      break;
    }
    default:
      for (std::uint32_t left = 1 + choices_.below(4); left > 0; --left) {
        const std::uint32_t seam = choices_.one_of(kSeams) + choices_.below(3);
        ends.push_back(std::min(size, choices_.one_in(3) ? choices_.below(size + 1) : seam));
      }
      std::sort(ends.begin(), ends.end());
      break;
  }
  ends.push_back(size);
  std::vector<std::uint32_t> lengths;
  std::uint32_t begin = 0;
  for (const std::uint32_t end : ends) {
    lengths.push_back(end - begin);
    if (choices_.one_in(10)) lengths.push_back(0);
    begin = end;
  }
  return lengths;
}

std::string described(const std::vector<XDP_RULE>& rules, const DrawnFrame& frame) {
  std::string text = "rules";
  for (const XDP_RULE& rule : rules) {
    const auto* pattern = reinterpret_cast<const unsigned char*>(&rule.Pattern);
    text += fmt::format("\n  type {:2}: {:02x}", static_cast<int>(rule.Match),
                        fmt::join(pattern, pattern + sizeof rule.Pattern, ""));
  }
  return text + fmt::format("\nframe {:02x}\nbuffers {}, limit {}, quirks {} {} {}",
                            fmt::join(frame.bytes, ""), fmt::join(frame.buffers, " "), frame.fragment_limit,
                            frame.quirks.tcp_short_offset, frame.quirks.icmp_any_protocol,
                            frame.quirks.icmp_in_one_buffer);
}

}  // namespace ringproof::xdp

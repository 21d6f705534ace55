// packets.h: frames header by header, and rules for them, for the tests of rules.
// Role     each function returns the bytes of one header; joined() puts them one behind the other. Lengths
//          and checksums in them are 0: no rule looks at them
// Shapes   every packet goes from source to destination, port 4660 (0x1234), unless a test says otherwise
// Source   RFC 791, 768, 792, 4443, 8200, 8999, 9293
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "model/xdp/public_api.h"

namespace ringproof::xdp {

using Bytes = std::vector<unsigned char>;

constexpr unsigned kTypeIpv4 = 0x0800;
constexpr unsigned kTypeIpv6 = 0x86DD;
constexpr unsigned char kIcmp = 1, kIpInIp = 4, kTcp = 6, kUdp = 17, kIpv6InIp = 41, kIcmpv6 = 58;
constexpr unsigned kPort = 0x1234;
constexpr unsigned kSourcePort = 0x5678;

inline const Bytes kSource4 = {10, 0, 0, 1};
inline const Bytes kDestination4 = {10, 1, 2, 3};
inline const Bytes kSource6 = {0xFD, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
inline const Bytes kDestination6 = {0xFC, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16};

inline Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes result;
  for (const Bytes& part : parts) result.insert(result.end(), part.begin(), part.end());
  return result;
}

inline void put16(Bytes& bytes, std::size_t at, unsigned value) {
  bytes.at(at) = static_cast<unsigned char>(value >> 8);
  bytes.at(at + 1) = static_cast<unsigned char>(value);
}

inline Bytes ethernet(unsigned type) {
  Bytes header = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0, 0};
  put16(header, 12, type);
  return header;
}

inline Bytes ipv4(unsigned char protocol, const Bytes& destination = kDestination4,
                  const Bytes& source = kSource4) {
  return joined({{0x45, 0, 0, 0, 0, 0, 0, 0, 64, protocol, 0, 0}, source, destination});
}

inline Bytes ipv6(unsigned char next_header, const Bytes& destination = kDestination6,
                  const Bytes& source = kSource6) {
  return joined({{0x60, 0, 0, 0, 0, 0, next_header, 64}, source, destination});
}

inline Bytes udp(unsigned port = kPort, unsigned source_port = kSourcePort) {
  Bytes header(8);
  put16(header, 0, source_port);
  put16(header, 2, port);
  return header;
}

// With options of zeros, as far as the offset reaches beyond the header.
inline Bytes tcp(unsigned port = kPort, std::size_t data_offset = 5, unsigned char flags = 0x10) {
  Bytes header(data_offset > 5 ? data_offset * 4 : 20);
  put16(header, 0, kSourcePort);
  put16(header, 2, port);
  header[12] = static_cast<unsigned char>(data_offset << 4);
  header[13] = flags;
  return header;
}

// An id of that many bytes: first, first + 1, …
inline Bytes connection_id(std::size_t bytes, unsigned char first) {
  Bytes id(bytes);
  for (std::size_t i = 0; i < bytes; ++i) id[i] = static_cast<unsigned char>(first + i);
  return id;
}

inline Bytes quic_long(const Bytes& destination_id, const Bytes& source_id) {
  return joined({{0xC0, 0, 0, 0, 1, static_cast<unsigned char>(destination_id.size())},
                 destination_id,
                 {static_cast<unsigned char>(source_id.size())},
                 source_id});
}
inline Bytes quic_short(const Bytes& destination_id) { return joined({{0x40}, destination_id}); }

inline Bytes icmp(unsigned char type, unsigned char code = 0) { return {type, code, 0, 0}; }

inline Bytes over_v4(unsigned char protocol, const Bytes& payload) {
  return joined({ethernet(kTypeIpv4), ipv4(protocol), payload});
}
inline Bytes over_v6(unsigned char protocol, const Bytes& payload) {
  return joined({ethernet(kTypeIpv6), ipv6(protocol), payload});
}
// Of the version 4 or 6.
inline Bytes over(int version, unsigned char protocol, const Bytes& payload) {
  return version == 4 ? over_v4(protocol, payload) : over_v6(protocol, payload);
}

// ---- Rules ----

inline UINT16 network_order(unsigned port) { return static_cast<UINT16>(port >> 8 | port << 8); }

inline XDP_INET_ADDR address(const Bytes& bytes) {
  XDP_INET_ADDR result{};
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<unsigned char*>(&result));
  return result;
}

inline XDP_RULE rule_of(XDP_MATCH_TYPE match) {
  XDP_RULE rule{};
  rule.Match = match;
  rule.Action = XDP_PROGRAM_ACTION_DROP;
  return rule;
}

inline XDP_RULE port_rule(XDP_MATCH_TYPE match, unsigned port = kPort) {
  XDP_RULE rule = rule_of(match);
  rule.Pattern.Port = network_order(port);
  return rule;
}

inline XDP_RULE mask_rule(XDP_MATCH_TYPE match, const Bytes& wanted, const Bytes& mask) {
  XDP_RULE rule = rule_of(match);
  rule.Pattern.IpMask.Address = address(wanted);
  rule.Pattern.IpMask.Mask = address(mask);
  return rule;
}

inline XDP_RULE tuple_rule(int version) {
  XDP_RULE rule = rule_of(version == 4 ? XDP_MATCH_IPV4_UDP_TUPLE : XDP_MATCH_IPV6_UDP_TUPLE);
  rule.Pattern.Tuple.SourceAddress = address(version == 4 ? kSource4 : kSource6);
  rule.Pattern.Tuple.DestinationAddress = address(version == 4 ? kDestination4 : kDestination6);
  rule.Pattern.Tuple.SourcePort = network_order(kSourcePort);
  rule.Pattern.Tuple.DestinationPort = network_order(kPort);
  return rule;
}

// Compares these bytes from `offset` on in the connection id of the frame.
inline XDP_RULE quic_rule(XDP_MATCH_TYPE match, const Bytes& id, std::size_t offset = 0) {
  XDP_RULE rule = rule_of(match);
  rule.Pattern.QuicFlow.UdpPort = network_order(kPort);
  rule.Pattern.QuicFlow.CidLength = static_cast<UCHAR>(id.size());
  rule.Pattern.QuicFlow.CidOffset = static_cast<UCHAR>(offset);
  std::copy(id.begin(), id.end(), rule.Pattern.QuicFlow.CidData);
  return rule;
}

// A set of ports, as an application has it. The bit of a port is that of its two bytes, low one first, as
// they lie in the frame.
class PortSet {
 public:
  PortSet() : bits_(XDP_PORT_SET_BUFFER_SIZE) {}
  void set(unsigned port) { bits_[byte_of(port)] |= bit_of(port); }
  void clear(unsigned port) { bits_[byte_of(port)] &= static_cast<UINT8>(~bit_of(port)); }
  const UINT8* bits() const { return bits_.data(); }

  XDP_RULE rule() const {
    XDP_RULE rule = rule_of(XDP_MATCH_UDP_PORT_SET);
    rule.Pattern.PortSet.PortSet = bits();
    return rule;
  }
  XDP_RULE rule(XDP_MATCH_TYPE match, const Bytes& wanted) const {
    XDP_RULE rule = rule_of(match);
    rule.Pattern.IpPortSet.Address = address(wanted);
    rule.Pattern.IpPortSet.PortSet.PortSet = bits();
    return rule;
  }

 private:
  static std::size_t byte_of(unsigned port) { return (port & 0xFF) << 5 | port >> 11; }
  static UINT8 bit_of(unsigned port) { return static_cast<UINT8>(1U << (port >> 8 & 7)); }

  std::vector<UINT8> bits_;
};

}  // namespace ringproof::xdp

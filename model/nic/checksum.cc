#include "model/nic/checksum.h"

#include <algorithm>
#include <optional>

namespace ringproof::nic {
namespace {

using Bytes = std::span<const unsigned char>;

constexpr std::size_t kEthernetBytes = 14;
constexpr std::size_t kTagBytes = 4;
constexpr std::size_t kIpv4Bytes = 20;
constexpr std::size_t kIpv6Bytes = 40;
constexpr std::size_t kTcpBytes = 20;
constexpr std::size_t kUdpBytes = 8;
constexpr std::size_t kIpv4ChecksumAt = 10;
constexpr std::size_t kTcpChecksumAt = 16;
constexpr std::size_t kUdpChecksumAt = 6;
constexpr unsigned kTypeIpv4 = 0x0800;
constexpr unsigned kTypeIpv6 = 0x86DD;
constexpr unsigned kTypeVlan = 0x8100;
constexpr unsigned kFragmentBits = 0x3FFF;  // more fragments, and the offset
constexpr unsigned kTcp = 6;
constexpr unsigned kUdp = 17;
constexpr unsigned kFragmentHeader = 44;

unsigned be16(Bytes bytes, std::size_t at) { return bytes[at] * 256u + bytes[at + 1]; }

void put_be16(std::span<unsigned char> bytes, std::size_t at, unsigned value) {
  bytes[at] = static_cast<unsigned char>(value >> 8);
  bytes[at + 1] = static_cast<unsigned char>(value);
}

// Hop-by-hop options, routing, fragment, ESP, authentication, destination options, mobility.
bool is_extension(unsigned next_header) {
  for (const unsigned extension : {0u, 43u, kFragmentHeader, 50u, 51u, 60u, 135u}) {
    if (next_header == extension) return true;
  }
  return false;
}

// An IP header that lies in the frame.
struct Ip {
  bool v6;
  std::size_t at;
  std::size_t bytes;
  unsigned protocol;
  bool fragment;
  std::size_t end;  // of the payload, as the header says; may be beyond the frame, or before its own start
};

std::optional<Ip> ipv4_at(Bytes frame, std::size_t at) {
  if (frame.size() < at + kIpv4Bytes || frame[at] >> 4 != 4) return {};
  const std::size_t bytes = (frame[at] & 0x0Fu) * 4u;
  if (bytes < kIpv4Bytes || frame.size() < at + bytes) return {};
  return Ip{
      false, at, bytes, frame[at + 9], (be16(frame, at + 6) & kFragmentBits) != 0, at + be16(frame, at + 2)};
}

std::optional<Ip> ipv6_at(Bytes frame, std::size_t at) {
  if (frame.size() < at + kIpv6Bytes || frame[at] >> 4 != 6) return {};
  const unsigned next_header = frame[at + 6];
  return Ip{true,
            at,
            kIpv6Bytes,
            next_header,
            next_header == kFragmentHeader,
            at + kIpv6Bytes + be16(frame, at + 4)};
}

// A TCP or UDP packet that lies in the frame.
struct Packet {
  std::size_t at;
  std::size_t header_bytes;
  std::size_t bytes;  // that its checksum covers
  std::size_t checksum_at;
};

std::optional<Packet> tcp_in(Bytes frame, std::size_t at, std::size_t end) {
  if (end > frame.size() || end < at + kTcpBytes) return {};
  const std::size_t header_bytes = (frame[at + 12] >> 4) * 4u;
  if (header_bytes < kTcpBytes || end < at + header_bytes) return {};
  return Packet{at, header_bytes, end - at, at + kTcpChecksumAt};
}

std::optional<Packet> udp_in(Bytes frame, std::size_t at, std::size_t end) {
  if (end > frame.size() || end < at + kUdpBytes) return {};
  const std::size_t bytes = be16(frame, at + 4);
  if (bytes < kUdpBytes || end < at + bytes) return {};
  return Packet{at, kUdpBytes, bytes, at + kUdpChecksumAt};
}

// The sum over pseudo header and packet, the checksum field included.
std::uint16_t packet_sum(Bytes frame, const Ip& ip, const Packet& packet) {
  const Bytes addresses = ip.v6 ? frame.subspan(ip.at + 8, 32) : frame.subspan(ip.at + 12, 8);
  const auto length = static_cast<std::uint32_t>(packet.bytes);
  const std::uint32_t pseudo = internet_sum(addresses) + ip.protocol + length;
  return internet_sum(frame.subspan(packet.at, packet.bytes), pseudo);
}

Verdict verdict_of(std::uint16_t sum) { return sum == 0xFFFF ? Verdict::kSucceeded : Verdict::kFailed; }

void judge_layer4(Bytes frame, const Ip& ip, RxMeta& meta) {
  const bool udp = ip.protocol == kUdp;
  if (!udp && ip.protocol != kTcp) {
    meta.layer4 = Layer4::kIpNotFragment;
    return;
  }
  meta.layer4 = udp ? Layer4::kUdp : Layer4::kTcp;
  const std::size_t at = ip.at + ip.bytes;
  const std::optional<Packet> packet = udp ? udp_in(frame, at, ip.end) : tcp_in(frame, at, ip.end);
  if (!packet) return;
  meta.layer4_bytes = static_cast<std::uint32_t>(packet->header_bytes);
  if (udp && be16(frame, packet->checksum_at) == 0) {
    // "No checksum": allowed over IPv4 only.
    meta.layer4_verdict = ip.v6 ? Verdict::kFailed : Verdict::kNotChecked;
  } else {
    meta.layer4_verdict = verdict_of(packet_sum(frame, ip, *packet));
  }
}

std::optional<Ip> requested_ip(const TxRequest& request, Bytes frame) {
  const std::size_t at = request.layer2_bytes;
  const bool tagged =
      at == kEthernetBytes + kTagBytes && frame.size() >= at && be16(frame, kEthernetBytes - 2) == kTypeVlan;
  if (at != kEthernetBytes && !tagged) return {};
  std::optional<Ip> ip;
  if (request.layer3 == RequestLayer3::kIpv4) ip = ipv4_at(frame, at);
  if (request.layer3 == RequestLayer3::kIpv6) ip = ipv6_at(frame, at);
  if (!ip || ip->bytes != request.layer3_bytes || (request.insert_layer3 && ip->v6)) return {};
  return ip;
}

std::optional<Packet> requested_packet(const TxRequest& request, Bytes frame, const Ip& ip) {
  const std::size_t at = ip.at + ip.bytes;
  if (ip.fragment) return {};
  if (request.layer4 == RequestLayer4::kTcp && ip.protocol == kTcp) return tcp_in(frame, at, ip.end);
  // A UDP packet has a length of its own, and it counts.
  if (request.layer4 == RequestLayer4::kUdp && ip.protocol == kUdp) return udp_in(frame, at, frame.size());
  return {};
}

}  // namespace

std::uint16_t internet_sum(Bytes bytes, std::uint32_t sum) {
  std::uint64_t total = sum;
  std::size_t i = 0;
  for (; i + 1 < bytes.size(); i += 2) total += be16(bytes, i);
  if (i < bytes.size()) total += bytes[i] * 256u;
  while (total > 0xFFFF) total = (total & 0xFFFF) + (total >> 16);
  return static_cast<std::uint16_t>(total);
}

RxMeta judge_checksums(Bytes frame) {
  RxMeta meta;
  std::size_t at = kEthernetBytes;
  if (frame.size() < at) return meta;
  unsigned type = be16(frame, at - 2);
  if (type == kTypeVlan && frame.size() >= at + kTagBytes) {
    at += kTagBytes;
    type = be16(frame, at - 2);
  }
  meta.layer2_bytes = static_cast<std::uint32_t>(at);
  std::optional<Ip> ip;
  if (type == kTypeIpv4) ip = ipv4_at(frame, at);
  if (type == kTypeIpv6) ip = ipv6_at(frame, at);
  if (!ip) return meta;
  if (ip->v6 && is_extension(ip->protocol)) {
    meta.layer3 = Layer3::kIpv6WithExtensions;
    if (ip->fragment) meta.layer4 = Layer4::kIpFragment;
    return meta;
  }
  meta.layer3_bytes = static_cast<std::uint32_t>(ip->bytes);
  if (ip->v6) {
    meta.layer3 = Layer3::kIpv6NoExtensions;
  } else {
    meta.layer3 = ip->bytes > kIpv4Bytes ? Layer3::kIpv4WithOptions : Layer3::kIpv4NoOptions;
    meta.layer3_verdict = verdict_of(internet_sum(frame.subspan(at, ip->bytes)));
  }
  if (ip->fragment) {
    meta.layer4 = Layer4::kIpFragment;
  } else {
    judge_layer4(frame, *ip, meta);
  }
  return meta;
}

Insertion insert_checksums(const TxRequest& request, std::span<unsigned char> frame) {
  const std::optional<Ip> ip = requested_ip(request, frame);
  if (!ip) return {};
  std::optional<Packet> packet;
  if (request.insert_layer4) {
    packet = requested_packet(request, frame, *ip);
    if (!packet) return {};
  }
  Insertion inserted;
  if (request.insert_layer3) {
    inserted.layer3_at = ip->at + kIpv4ChecksumAt;
    put_be16(frame, inserted.layer3_at, 0);
    put_be16(frame, inserted.layer3_at, 0xFFFFu - internet_sum(frame.subspan(ip->at, ip->bytes)));
  }
  if (packet) {
    inserted.layer4_at = packet->checksum_at;
    put_be16(frame, inserted.layer4_at, 0);
    const unsigned checksum = 0xFFFFu - packet_sum(frame, *ip, *packet);
    // 0 would say that a UDP packet has no checksum.
    put_be16(frame, inserted.layer4_at, checksum == 0 && ip->protocol == kUdp ? 0xFFFFu : checksum);
  }
  return inserted;
}

}  // namespace ringproof::nic

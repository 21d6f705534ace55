#include "sim/monitor/reference_metadata.h"

namespace ringproof::reference {
namespace {

using Bytes = Tap::Bytes;

unsigned word(Bytes frame, std::size_t at) { return frame[at] << 8 | frame[at + 1]; }

// The ones' complement sum of 16-bit words, an odd last byte padded with zero.
std::uint64_t sum(Bytes bytes) {
  std::uint64_t total = 0;
  std::size_t i = 0;
  for (; i + 1 < bytes.size(); i += 2) total += word(bytes, i);
  if (i < bytes.size()) total += std::uint64_t{bytes[i]} << 8;
  return total;
}

bool adds_up(std::uint64_t total) {
  while (total > 0xFFFF) total = (total & 0xFFFF) + (total >> 16);
  return total == 0xFFFF;
}

UINT8 verdict(bool good) {
  return static_cast<UINT8>(good ? XdpFrameRxChecksumEvaluationSucceeded
                                 : XdpFrameRxChecksumEvaluationFailed);
}

bool extension_header(unsigned protocol) {
  return protocol == 0 || protocol == 43 || protocol == 44 || protocol == 50 || protocol == 51 ||
         protocol == 60 || protocol == 135;
}

struct Packet {
  Bytes frame;
  std::size_t at;   // of the layer 4 header
  std::size_t end;  // of the IP payload, as the header says
  unsigned protocol;
  std::uint64_t addresses;  // their sum
  bool v6;
};

void judge_udp(const Packet& packet, Metadata& result) {
  if (packet.end > packet.frame.size() || packet.end < packet.at + 8) return;
  const std::size_t bytes = word(packet.frame, packet.at + 4);
  if (bytes < 8 || packet.at + bytes > packet.end) return;
  result.layout.Layer4HeaderLength = 8;
  if (word(packet.frame, packet.at + 6) == 0) {
    if (packet.v6) result.checksum.Layer4 = verdict(false) & 3;
    return;
  }
  const std::uint64_t pseudo = packet.addresses + packet.protocol + bytes;
  result.checksum.Layer4 = verdict(adds_up(pseudo + sum(packet.frame.subspan(packet.at, bytes)))) & 3;
}

void judge_tcp(const Packet& packet, Metadata& result) {
  if (packet.end > packet.frame.size() || packet.end < packet.at + 20) return;
  const std::size_t header = std::size_t{packet.frame[packet.at + 12]} / 16 * 4;
  if (header < 20 || packet.at + header > packet.end) return;
  result.layout.Layer4HeaderLength = static_cast<UINT8>(header);
  const std::size_t bytes = packet.end - packet.at;
  const std::uint64_t pseudo = packet.addresses + packet.protocol + bytes;
  result.checksum.Layer4 = verdict(adds_up(pseudo + sum(packet.frame.subspan(packet.at, bytes)))) & 3;
}

void judge_layer4(const Packet& packet, bool fragment, Metadata& result) {
  if (fragment) {
    result.layout.Layer4Type = XdpFrameLayer4TypeIPFragment & 0xF;
  } else if (packet.protocol == 17) {
    result.layout.Layer4Type = XdpFrameLayer4TypeUdp & 0xF;
    judge_udp(packet, result);
  } else if (packet.protocol == 6) {
    result.layout.Layer4Type = XdpFrameLayer4TypeTcp & 0xF;
    judge_tcp(packet, result);
  } else {
    result.layout.Layer4Type = XdpFrameLayer4TypeIPNotFragment & 0xF;
  }
}

void judge_ipv4(Bytes frame, std::size_t ip, Metadata& result) {
  if (frame.size() < ip + 20 || frame[ip] / 16 != 4) return;
  const std::size_t header = frame[ip] % 16u * 4u;
  if (header < 20 || frame.size() < ip + header) return;
  result.layout.Layer3Type =
      (header == 20 ? XdpFrameLayer3TypeIPv4NoOptions : XdpFrameLayer3TypeIPv4WithOptions) & 0xF;
  result.layout.Layer3HeaderLength = header & 0x1FF;
  result.checksum.Layer3 = verdict(adds_up(sum(frame.subspan(ip, header)))) & 3;
  const bool fragment = (word(frame, ip + 6) & 0x3FFF) != 0;
  judge_layer4(
      {frame, ip + header, ip + word(frame, ip + 2), frame[ip + 9], sum(frame.subspan(ip + 12, 8)), false},
      fragment, result);
}

void judge_ipv6(Bytes frame, std::size_t ip, Metadata& result) {
  if (frame.size() < ip + 40 || frame[ip] / 16 != 6) return;
  const unsigned next = frame[ip + 6];
  if (extension_header(next)) {
    result.layout.Layer3Type = XdpFrameLayer3TypeIPv6WithExtensions & 0xF;
    if (next == 44) result.layout.Layer4Type = XdpFrameLayer4TypeIPFragment & 0xF;
    return;
  }
  result.layout.Layer3Type = XdpFrameLayer3TypeIPv6NoExtensions & 0xF;
  result.layout.Layer3HeaderLength = 40;
  judge_layer4({frame, ip + 40, ip + 40 + word(frame, ip + 4), next, sum(frame.subspan(ip + 8, 32)), true},
               false, result);
}

}  // namespace

Metadata metadata_of(Bytes frame) {
  Metadata result;
  if (frame.size() < 14) return result;
  const bool tagged = word(frame, 12) == 0x8100 && frame.size() >= 18;
  const std::size_t ip = tagged ? 18 : 14;
  result.layout.Layer2Type = XdpFrameLayer2TypeEthernet & 0xF;
  result.layout.Layer2HeaderLength = ip & 0x7F;
  const unsigned type = word(frame, ip - 2);
  if (type == 0x0800) judge_ipv4(frame, ip, result);
  if (type == 0x86DD) judge_ipv6(frame, ip, result);
  return result;
}

Metadata reduced_to_generic(const Metadata& native) {
  Metadata result;
  result.checksum = native.checksum;
  if (native.checksum.Layer4 != XdpFrameRxChecksumEvaluationNotChecked) {
    result.layout.Layer4Type = native.layout.Layer4Type;
  }
  return result;
}

}  // namespace ringproof::reference

// frames.h: frames with IP headers for the tests of the offloads.
// Role     builds a frame field by field; its checksums are worked out here on their own, byte by byte
// Units    [bytes]
// Source   RFC 791, 768, 8200, 9293
#pragma once

#include <cstdint>
#include <vector>

#include "model/base/random.h"

namespace ringproof::nic {

struct FrameShape {
  bool v6 = false;
  bool tcp = false;
  bool tagged = false;
  std::size_t ip_options = 0;   // IPv4, a multiple of 4 up to 40
  std::size_t tcp_options = 0;  // a multiple of 4 up to 40
  std::size_t payload = 20;
  std::size_t padding = 0;  // behind the packet

  std::size_t ip_at() const { return tagged ? 18 : 14; }
  std::size_t ip_bytes() const { return v6 ? 40 : 20 + ip_options; }
  std::size_t layer4_at() const { return ip_at() + ip_bytes(); }
  std::size_t layer4_bytes() const { return tcp ? 20 + tcp_options : 8; }
  std::size_t packet_end() const { return layer4_at() + layer4_bytes() + payload; }
  std::size_t checksum_at() const { return layer4_at() + (tcp ? 16 : 6); }
};

inline void put16(std::vector<unsigned char>& bytes, std::size_t at, std::size_t value) {
  bytes.at(at) = static_cast<unsigned char>(value >> 8);
  bytes.at(at + 1) = static_cast<unsigned char>(value);
}

// The slowest way: one carry at a time.
inline unsigned plain_checksum(const std::vector<unsigned char>& bytes) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    sum += i % 2 == 0 ? bytes[i] * 256u : bytes[i];
    if (sum > 0xFFFF) sum -= 0xFFFF;
  }
  return 0xFFFF - sum;
}

// Random addresses, ports and payload; both checksums are still zero.
inline std::vector<unsigned char> unsummed_frame(const FrameShape& shape, RandomStream& random) {
  std::vector<unsigned char> frame(shape.packet_end() + shape.padding);
  for (auto& byte : frame) byte = static_cast<unsigned char>(random.below(256));
  if (shape.tagged) put16(frame, 12, 0x8100);
  const std::size_t ip = shape.ip_at();
  put16(frame, ip - 2, shape.v6 ? 0x86DD : 0x0800);
  const std::size_t layer4 = shape.packet_end() - shape.layer4_at();
  const unsigned char protocol = shape.tcp ? 6 : 17;
  if (shape.v6) {
    frame[ip] = 0x60;
    put16(frame, ip + 4, layer4);
    frame[ip + 6] = protocol;
  } else {
    frame[ip] = static_cast<unsigned char>(0x40 + shape.ip_bytes() / 4);
    put16(frame, ip + 2, shape.ip_bytes() + layer4);
    put16(frame, ip + 6, 0x4000);
    frame[ip + 9] = protocol;
    put16(frame, ip + 10, 0);
  }
  if (shape.tcp) {
    frame[shape.layer4_at() + 12] = static_cast<unsigned char>(shape.layer4_bytes() / 4 * 16);
  } else {
    put16(frame, shape.layer4_at() + 4, layer4);
  }
  put16(frame, shape.checksum_at(), 0);
  return frame;
}

// The checksums that belong into an unsummed frame.
inline unsigned right_ip_checksum(const FrameShape& shape, const std::vector<unsigned char>& frame) {
  const auto begin = frame.begin() + static_cast<std::ptrdiff_t>(shape.ip_at());
  return plain_checksum({begin, begin + static_cast<std::ptrdiff_t>(shape.ip_bytes())});
}

inline unsigned right_layer4_checksum(const FrameShape& shape, const std::vector<unsigned char>& frame) {
  const auto at = [&](std::size_t offset) { return frame.begin() + static_cast<std::ptrdiff_t>(offset); };
  const std::size_t addresses = shape.v6 ? 8 : 12;
  std::vector<unsigned char> covered(at(shape.ip_at() + addresses), at(shape.ip_at() + (shape.v6 ? 40 : 20)));
  const std::size_t bytes = shape.packet_end() - shape.layer4_at();
  covered.insert(covered.end(), {0, static_cast<unsigned char>(shape.tcp ? 6 : 17)});
  covered.insert(covered.end(),
                 {static_cast<unsigned char>(bytes >> 8), static_cast<unsigned char>(bytes & 0xFF)});
  covered.insert(covered.end(), at(shape.layer4_at()), at(shape.packet_end()));
  const unsigned checksum = plain_checksum(covered);
  return checksum == 0 && !shape.tcp ? 0xFFFF : checksum;
}

inline std::vector<unsigned char> summed_frame(const FrameShape& shape, RandomStream& random) {
  std::vector<unsigned char> frame = unsummed_frame(shape, random);
  const unsigned layer4 = right_layer4_checksum(shape, frame);
  if (!shape.v6) put16(frame, shape.ip_at() + 10, right_ip_checksum(shape, frame));
  put16(frame, shape.checksum_at(), layer4);
  return frame;
}

}  // namespace ringproof::nic

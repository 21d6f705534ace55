#include "sim/testbench/frames.h"

#include <algorithm>
#include <span>

#include "model/nic/checksum.h"

namespace ringproof {
namespace {

constexpr std::size_t kIp = 14;
constexpr std::size_t kUdp = 34;
constexpr std::size_t kPayload = 42;
constexpr std::uint32_t kProtocolUdp = 17;

void put16(std::vector<unsigned char>& frame, std::size_t at, std::uint32_t value) {
  frame[at] = static_cast<unsigned char>(value >> 8);
  frame[at + 1] = static_cast<unsigned char>(value);
}

}  // namespace

std::vector<unsigned char> make_udp_frame(std::size_t bytes, unsigned char mark,
                                          std::uint16_t destination_port, std::uint16_t source_port) {
  std::vector<unsigned char> frame(std::max(bytes, kPayload), mark);
  const std::vector<unsigned char> head = {2, 0, 0, 0, 0,  2,  2, 0, 0,  0, 0, 1, 8,  0, 0x45, 0, 0, 0,
                                           0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0,    2, 0, 0};
  std::copy(head.begin(), head.end(), frame.begin());
  const std::span<unsigned char> all(frame);
  const auto udp_bytes = static_cast<std::uint32_t>(frame.size() - kUdp);
  put16(frame, kIp + 2, static_cast<std::uint32_t>(frame.size() - kIp));
  put16(frame, kIp + 10, 0xFFFFu ^ nic::internet_sum(all.subspan(kIp, kUdp - kIp)));
  put16(frame, kUdp, source_port);
  put16(frame, kUdp + 2, destination_port);
  put16(frame, kUdp + 4, udp_bytes);
  put16(frame, kUdp + 6, 0);
  const std::uint32_t pseudo = nic::internet_sum(all.subspan(kIp + 12, 8), kProtocolUdp + udp_bytes);
  const std::uint32_t checksum = 0xFFFFu ^ nic::internet_sum(all.subspan(kUdp), pseudo);
  put16(frame, kUdp + 6, checksum == 0 ? 0xFFFF : checksum);
  return frame;
}

}  // namespace ringproof

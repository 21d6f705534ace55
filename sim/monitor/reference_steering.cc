#include "sim/monitor/reference_steering.h"

#include <algorithm>

namespace ringproof::reference {
namespace {

using Bytes = Tap::Bytes;

bool has(Bytes frame, std::size_t at, std::size_t bytes) { return frame.size() >= at + bytes; }
unsigned word(Bytes frame, std::size_t at) { return frame[at] << 8 | frame[at + 1]; }

void append(FlowKey& key, Bytes more) {
  std::copy(more.begin(), more.end(), key.bytes.begin() + static_cast<std::ptrdiff_t>(key.size));
  key.size += more.size();
}

}  // namespace

// RSS looks behind one tag and at IPv4 options; a fragment has no ports for it.
FlowKey flow_of(Bytes frame, std::uint32_t hash_types) {
  FlowKey key;
  if (!has(frame, 0, 14)) return key;
  std::size_t ip = 14;
  if (word(frame, 12) == 0x8100 && has(frame, 14, 4)) ip = 18;
  const unsigned type = word(frame, ip - 2);
  std::size_t ports = 0;
  unsigned protocol = 0;
  if (type == 0x0800 && has(frame, ip, 20)) {
    append(key, frame.subspan(ip + 12, 8));
    protocol = frame[ip + 9];
    const bool fragment = (word(frame, ip + 6) & 0x3FFF) != 0;
    if (!fragment) ports = ip + (frame[ip] & 0xFu) * 4;
  } else if (type == 0x86DD && has(frame, ip, 40)) {
    append(key, frame.subspan(ip + 8, 32));
    protocol = frame[ip + 6];
    ports = ip + 40;
  }
  // The type with the ports comes first; the type of the addresses alone takes what is left.
  const unsigned of_ip = type == 0x0800 ? 0 : 3;  // bits: addresses, TCP, UDP of IPv4, then of IPv6
  const auto asked = [&](unsigned bit) { return (hash_types >> (of_ip + bit) & 1) != 0; };
  const bool wanted = (protocol == 6 && asked(1)) || (protocol == 17 && asked(2));
  if (wanted && ports != 0 && has(frame, ports, 4)) {
    append(key, frame.subspan(ports, 4));
  } else if (!asked(0)) {
    key.size = 0;
  }
  return key;
}

std::uint32_t toeplitz(std::span<const std::uint8_t, 40> key, const FlowKey& flow) {
  std::uint32_t window =
      std::uint32_t{key[0]} << 24 | std::uint32_t{key[1]} << 16 | std::uint32_t{key[2]} << 8 | key[3];
  std::uint32_t hash = 0;
  for (std::size_t i = 0; i < flow.size; ++i) {
    const std::uint8_t next = i + 4 < key.size() ? key[i + 4] : 0;
    for (unsigned bit = 0; bit < 8; ++bit) {
      if ((flow.bytes[i] >> (7 - bit) & 1) != 0) hash ^= window;
      window = window << 1 | (next >> (7 - bit) & 1u);
    }
  }
  return hash;
}

std::uint32_t rss_queue(std::uint32_t hash, std::uint32_t queues) { return hash % 128 % queues; }

}  // namespace ringproof::reference

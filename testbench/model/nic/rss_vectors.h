// rss_vectors.h: the published verification vectors of receive-side scaling, and frames of them.
// Role     what hash a frame must have with the published key, nic::kDefaultRssKey
// Units    addresses in network byte order, ports as numbers
// Source   RSS verification vectors of the NDIS documentation
#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

namespace ringproof::nic {

struct RssVector {
  std::vector<unsigned char> source, destination;
  unsigned source_port, destination_port;
  std::uint32_t with_ports, addresses_only;
};

inline std::vector<unsigned char> address6(std::initializer_list<unsigned> groups) {
  std::vector<unsigned char> bytes;
  for (const unsigned group : groups) {
    bytes.push_back(static_cast<unsigned char>(group >> 8));
    bytes.push_back(static_cast<unsigned char>(group));
  }
  return bytes;
}

// The published verification vectors, source to destination.
inline std::vector<RssVector> rss_vectors() {
  return {
      {{66, 9, 149, 187}, {161, 142, 100, 80}, 2794, 1766, 0x51ccc178, 0x323e8fc2},
      {{199, 92, 111, 2}, {65, 69, 140, 83}, 14230, 4739, 0xc626b0ea, 0xd718262a},
      {{24, 19, 198, 95}, {12, 22, 207, 184}, 12898, 38024, 0x5c2b394a, 0xd2d0a5de},
      {{38, 27, 205, 30}, {209, 142, 163, 6}, 48228, 2217, 0xafc7327f, 0x82989176},
      {{153, 39, 163, 191}, {202, 188, 127, 2}, 44251, 1303, 0x10e828a2, 0x5d1809c5},
      {address6({0x3ffe, 0x2501, 0x200, 0x1fff, 0, 0, 0, 7}),
       address6({0x3ffe, 0x2501, 0x200, 3, 0, 0, 0, 1}), 2794, 1766, 0x40207d3d, 0x2cc18cd5},
      {address6({0x3ffe, 0x501, 8, 0, 0x260, 0x97ff, 0xfe40, 0xefab}),
       address6({0xff02, 0, 0, 0, 0, 0, 0, 1}), 14230, 4739, 0xdde51bbf, 0x0f0c461c},
      {address6({0x3ffe, 0x1900, 0x4545, 3, 0x200, 0xf8ff, 0xfe21, 0x67cf}),
       address6({0xfe80, 0, 0, 0, 0x200, 0xf8ff, 0xfe21, 0x67cf}), 44251, 38024, 0x02d1feef, 0x4b61e985},
  };
}

inline void append(std::vector<unsigned char>& to, const std::vector<unsigned char>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

// A frame of this protocol number with what the vector says.
inline std::vector<unsigned char> rss_frame(const RssVector& vector, unsigned char protocol,
                                            bool vlan = false, bool fragment = false) {
  std::vector<unsigned char> frame(12, 0x02);
  if (vlan) append(frame, {0x81, 0x00, 0x00, 0x05});
  if (vector.source.size() == 4) {
    append(frame, {0x08, 0x00, 0x45, 0, 0, 40, 0, 0, static_cast<unsigned char>(fragment ? 0x20 : 0), 0, 64,
                   protocol, 0, 0});
  } else {
    append(frame, {0x86, 0xDD, 0x60, 0, 0, 0, 0, 20, protocol, 64});
  }
  append(frame, vector.source);
  append(frame, vector.destination);
  for (const unsigned port : {vector.source_port, vector.destination_port}) {
    append(frame, {static_cast<unsigned char>(port >> 8), static_cast<unsigned char>(port)});
  }
  frame.resize(frame.size() + 16);
  return frame;
}

}  // namespace ringproof::nic

// checksum.h: internet checksums of a frame: judging them, and putting them in.
// Role     what the receiving MAC says of a frame, and what the transmitting MAC does to one
// Shapes   Ethernet with at most one 802.1Q tag; IPv4, and IPv6 without extension headers; TCP and UDP
// Units    frames without FCS [bytes]
// Errors   what cannot be judged is kNotChecked: no IP, a fragment, an extension header, a header or a length
//          that reaches beyond the frame, UDP over IPv4 with checksum 0. A request that does not fit its
//          frame changes nothing
// Source   RFC 791, 768, 1071, 8200, 9293; docs/design/queue-engine.md, "Offloads"
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "model/nic/engine_layout.h"

namespace ringproof::nic {

// The ones' complement sum of the bytes as 16-bit words, most significant byte first, and of `sum`.
std::uint16_t internet_sum(std::span<const unsigned char> bytes, std::uint32_t sum = 0);

// Layer 3 and layer 4 are judged apart: a bad IPv4 header does not hide a good TCP checksum.
RxMeta judge_checksums(std::span<const unsigned char> frame);

// Where checksums were put; 0: none.
struct Insertion {
  std::size_t layer3_at = 0;
  std::size_t layer4_at = 0;
  bool done() const { return layer3_at != 0 || layer4_at != 0; }
};

// REQUIRES: the request asks for something.
Insertion insert_checksums(const TxRequest& request, std::span<unsigned char> frame);

}  // namespace ringproof::nic

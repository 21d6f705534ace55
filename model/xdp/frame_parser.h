// frame_parser.h: finds the headers of a received frame that rules look at.
// Role     one pass over a frame, without allocation; what it finds points into the frame
// Shapes   a frame is contiguous bytes and the lengths of the buffers it came in. Ethernet without tags, IPv4
//          without options, IPv6 without extensions, UDP, TCP, QUIC, ICMP, an IP header inside of IP
// Units    header fields in network byte order
// Errors   a header that is not there as a whole, or not as rules want it, is null; nothing is read beyond
//          the end of the frame, whatever its own length fields and its buffers claim
// Source   XDP for Windows: parsing model, split frames, QUIC; docs/rules.md has the odd cases
#pragma once

#include <cstdint>
#include <span>

#include "model/base/inspector_quirks.h"
#include "model/base/tap.h"

namespace ringproof::xdp {

struct InspectedFrame {
  Tap::Bytes bytes;                             // of all buffers
  std::span<const std::uint32_t> buffers = {};  // their lengths, some may be 0; none: one buffer
};

// What rules see of a frame on an interface that takes `fragment_limit` buffers beyond the first. A frame of
// more is copied into one buffer before; where the limit is 0 there is nothing behind the first.
InspectedFrame seen_by_rules(const InspectedFrame& frame, std::uint32_t fragment_limit);

struct QuicHeader {
  enum class Form : std::uint8_t { kNone, kLong, kShort };
  Form form = Form::kNone;
  // Of a long header the source one. A short one does not say how long it is: up to 20 bytes.
  Tap::Bytes connection_id;
};

// Headers that are there as a whole, or null.
struct FrameHeaders {
  const unsigned char* ipv4 = nullptr;  // at most one of the two
  const unsigned char* ipv6 = nullptr;
  std::uint8_t protocol = 0;                  // as the IP header says
  const unsigned char* udp = nullptr;         // at most one of the two
  const unsigned char* tcp = nullptr;         // with its options
  QuicHeader quic;                            // behind UDP or TCP
  const unsigned char* icmp = nullptr;        // for IPv4 and IPv6 alike: type, code
  const unsigned char* inner_ipv4 = nullptr;  // behind an outer header of protocol 4
  const unsigned char* inner_ipv6 = nullptr;  // of protocol 41
};

FrameHeaders parse_frame(const InspectedFrame& frame, const InspectorQuirks& quirks);

}  // namespace ringproof::xdp

// inspector_quirks.h: oddities of upstream's inspection that can be switched off, each by itself.
// Role     settings of an interface, told with every judgement for those who judge a second time
// Shapes   true: as upstream
// Source   XDP for Windows: parsing model, Q-07 to Q-09; docs/rules.md
#pragma once

namespace ringproof {

struct InspectorQuirks {
  // a TCP header with a data offset below 5 is one if it and all headers before it lie in the first
  // buffer, and its payload begins inside it. Off: it never is one.
  bool tcp_short_offset = true;
  // the ICMP rules take the payload of every protocol but TCP and UDP for ICMP. Off: of ICMP alone.
  bool icmp_any_protocol = true;
  // an ICMP header counts only in the buffer in which the IP header ended. Off: wherever it lies.
  bool icmp_in_one_buffer = true;

  bool operator==(const InspectorQuirks&) const = default;
};

}  // namespace ringproof

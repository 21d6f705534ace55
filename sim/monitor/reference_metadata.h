// reference_metadata.h: what a NIC has to say about a received frame, worked out a second time.
// Role     header layout and checksum verdicts, written from the specification alone; shares no code with
//          model/
// Shapes   Ethernet with at most one 802.1Q tag, IPv4, IPv6, TCP, UDP
// Errors   none: what cannot be judged is NotChecked, what was not found has length 0
// Source   docs/design/queue-engine.md, "Offloads"; afxdp-sockets.md 5.6 for the generic mode
#pragma once

#include "model/base/tap.h"
#include "model/xdp/public_api.h"

namespace ringproof::reference {

struct Metadata {
  XDP_FRAME_LAYOUT layout{};
  XDP_FRAME_CHECKSUM checksum{};
};

Metadata metadata_of(Tap::Bytes frame);
// What the software path leaves of it.
Metadata reduced_to_generic(const Metadata& native);

}  // namespace ringproof::reference

// frame_offload.h: the words that travel with a frame, as the frame extensions of the API.
// Role     what a driver makes of a completion's `meta`, and of the request that goes with a frame to send
// Errors   layout and checksum of a frame to send are not validated: the MAC does that with the frame at hand
// Source   docs/design/queue-engine.md, "Offloads"; include/xdp/framelayout.h, include/xdp/framechecksum.h
#pragma once

#include <cstdint>

#include "xdp/framechecksum.h"
#include "xdp/framelayout.h"

namespace ringproof::nic {

XDP_FRAME_LAYOUT rx_layout(std::uint32_t meta);
XDP_FRAME_CHECKSUM rx_checksum(std::uint32_t meta);

// The cookie of a TX post entry; 0 when no layer is Required.
std::uint32_t tx_offload_request(const XDP_FRAME_LAYOUT& layout, const XDP_FRAME_CHECKSUM& checksum);

}  // namespace ringproof::nic

// transports.h: a frame of each kind that checksums are worked out for, and the layout that names its
// headers.
// Role     UDP and TCP over both IPs, plain, with options and behind a VLAN tag
// Shapes   no frame has more than 256 bytes
// Errors   none
// Source   docs/sockets.md; testbench/model/nic/frames.h works out what the checksums are
#pragma once

#include <string>
#include <vector>

#include "testbench/conformance/socket.h"
#include "testbench/model/nic/frames.h"

namespace ringproof::test {

inline std::vector<nic::FrameShape> transports() {
  std::vector<nic::FrameShape> all;
  for (const bool v6 : {false, true}) {
    for (const bool tcp : {false, true}) {
      for (const bool tagged : {false, true}) {
        for (const std::size_t options : {0u, 8u}) {
          all.push_back({.v6 = v6,
                         .tcp = tcp,
                         .tagged = tagged,
                         .ip_options = v6 ? 0 : options,
                         .tcp_options = tcp ? options : 0,
                         .payload = 61});
        }
      }
    }
  }
  return all;
}

inline std::string name_of(const nic::FrameShape& shape) {
  return std::string(shape.tcp ? "TCP" : "UDP") + (shape.v6 ? "/IPv6" : "/IPv4") +
         (shape.tagged ? " tagged" : "") + (shape.ip_options + shape.tcp_options > 0 ? " with options" : "");
}

inline XDP_FRAME_LAYOUT layout_of(const nic::FrameShape& shape) {
  XDP_FRAME_LAYOUT layout{};
  layout.Layer2HeaderLength = static_cast<UINT16>(shape.ip_at());
  layout.Layer3HeaderLength = static_cast<UINT16>(shape.ip_bytes());
  layout.Layer4HeaderLength = static_cast<UINT8>(shape.layer4_bytes());
  layout.Layer2Type = XdpFrameLayer2TypeEthernet;
  layout.Layer3Type = shape.v6               ? XdpFrameLayer3TypeIPv6NoExtensions
                      : shape.ip_options > 0 ? XdpFrameLayer3TypeIPv4WithOptions
                                             : XdpFrameLayer3TypeIPv4NoOptions;
  layout.Layer4Type = shape.tcp ? XdpFrameLayer4TypeTcp : XdpFrameLayer4TypeUdp;
  return layout;
}

inline bool same_layout(const XDP_FRAME_LAYOUT& a, const XDP_FRAME_LAYOUT& b) {
  return a.Layer2HeaderLength == b.Layer2HeaderLength && a.Layer3HeaderLength == b.Layer3HeaderLength &&
         a.Layer4HeaderLength == b.Layer4HeaderLength && a.Layer2Type == b.Layer2Type &&
         a.Layer3Type == b.Layer3Type && a.Layer4Type == b.Layer4Type;
}

}  // namespace ringproof::test

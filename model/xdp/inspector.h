// inspector.h: finds the rule that decides about a frame.
// Role     parses a frame once, on the first rule that needs it, and tries rules in order
// Shapes   frames in one buffer; headers: Ethernet, IPv4 without options, IPv6 without extensions, UDP
// Units    header fields in network byte order, compared as bytes
// Errors   a frame too short for a header simply does not match what needs it; nothing is read beyond its end
// Source   XDP for Windows: rule matching, parsing model
#pragma once

#include <span>

#include "model/base/tap.h"
#include "model/xdp/program.h"

namespace ringproof::xdp {

// The first rule that matches, or null.
const Rule* first_match(std::span<const Rule> rules, Tap::Bytes frame);

}  // namespace ringproof::xdp

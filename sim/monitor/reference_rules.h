// reference_rules.h: which rule of a program takes a frame, worked out a second time.
// Role     every match type, written from the specification alone; shares no code with model/, so that a
//          mistake there is not repeated here. The words of the specification matter, speed does not
// Shapes   rules are tried in order; a frame is walked buffer by buffer, as it came
// Units    header fields in network byte order
// Errors   none: a frame that is too short for a header does not match what needs it
// Source   xdp-programs.md 2 (sections are named in the code)
#pragma once

#include <cstdint>
#include <span>

#include "model/base/inspector_quirks.h"
#include "model/base/tap.h"
#include "model/xdp/public_api.h"

namespace ringproof::reference {

// A frame as it comes to an interface.
struct Arrival {
  Tap::Bytes bytes;
  std::span<const std::uint32_t> buffers = {};  // none: one buffer
  std::uint32_t fragment_limit = 64;            // that the interface takes beyond the first
  InspectorQuirks quirks{};
};

// The position of the rule that decides, or kNone.
constexpr std::uint32_t kNone = 0xFFFFFFFF;
std::uint32_t first_match(std::span<const XDP_RULE> rules, const Arrival& frame);

}  // namespace ringproof::reference

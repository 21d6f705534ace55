// inspector.h: finds the rule that decides about a frame.
// Role     tries rules in order; parses the frame once, on the first rule that needs it
// Shapes   every match type; a rule is read through `given`, its port set through the pointer in there: a bit
//          that the application changes holds from the next frame on
// Units    header fields in network byte order, compared as bytes
// Errors   a frame that is too short for a header simply does not match what needs it
// Source   XDP for Windows: rule matching; docs/rules.md
#pragma once

#include <span>

#include "model/xdp/frame_parser.h"
#include "model/xdp/program.h"

namespace ringproof::xdp {

// The first rule that matches, or null. REQUIRES: rules that were accepted; a QUIC rule with CidOffset +
// CidLength <= 20, a port set of 8192 readable bytes.
const Rule* first_match(std::span<const Rule> rules, const InspectedFrame& frame,
                        const InspectorQuirks& quirks);

}  // namespace ringproof::xdp

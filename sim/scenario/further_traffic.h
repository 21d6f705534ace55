// further_traffic.h: traffic of a port beyond the first that has some.
// Role     plain values from a scenario file
// Source   docs/scenario-file.md, "Traffic"
#pragma once

#include <cstdint>

#include "sim/cli/replay_options.h"
#include "sim/replay/capture.h"

namespace ringproof {

struct FurtherTraffic {
  std::uint32_t port = 0;  // from 0
  Capture capture{};
  ReplayOptions run{};  // pace, loops and start delay
};

}  // namespace ringproof

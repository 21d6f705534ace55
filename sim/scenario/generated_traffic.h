// generated_traffic.h: frames that a scenario file describes instead of a capture.
// Role     a shape and a few numbers -> frames with times, as if they had been captured
// Shapes   steady: one frame every `gap`; burst: `burst` frames at once every `gap`; random: gaps from 0 to
//          twice `gap`. UDP over IPv4; what differs from frame to frame is drawn from one stream
// Units    in the names
// Errors   none
// Source   docs/scenario-file.md, "Traffic"
#pragma once

#include <cstdint>
#include <vector>

#include "sim/replay/capture.h"

namespace ringproof {

enum class TrafficShape : std::uint8_t { kSteady, kBurst, kRandom };

struct TrafficPlan {
  TrafficShape shape = TrafficShape::kSteady;
  std::uint32_t frames = 100;
  std::uint32_t frame_bytes_least = 64;
  std::uint32_t frame_bytes_most = 64;
  std::vector<std::uint16_t> ports = {1234};  // destinations, in turn
  std::uint32_t flows = 1;                    // sources, in turn
  std::uint32_t burst = 32;
  std::uint64_t gap_ns = 1000;
};

Capture generate(const TrafficPlan& plan, std::uint64_t seed);

}  // namespace ringproof

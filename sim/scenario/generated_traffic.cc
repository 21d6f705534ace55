#include "sim/scenario/generated_traffic.h"

#include "model/base/random.h"
#include "sim/testbench/frames.h"

namespace ringproof {
namespace {

constexpr std::uint16_t kFirstSource = 20'000;

std::uint64_t gap_before(const TrafficPlan& plan, std::uint32_t frame, RandomStream& random) {
  switch (plan.shape) {
    case TrafficShape::kSteady:
      return plan.gap_ns;
    case TrafficShape::kBurst:
      return frame % plan.burst == 0 ? plan.gap_ns : 0;
    default:
      return random.below(2 * plan.gap_ns + 1);
  }
}

}  // namespace

Capture generate(const TrafficPlan& plan, std::uint64_t seed) {
  RandomStream random(seed, "traffic");
  Capture capture;
  std::uint64_t time_ns = 0;
  for (std::uint32_t i = 0; i < plan.frames; ++i) {
    if (i > 0) time_ns += gap_before(plan, i, random);
    const std::uint32_t span = plan.frame_bytes_most - plan.frame_bytes_least + 1;
    const auto bytes = plan.frame_bytes_least + static_cast<std::uint32_t>(random.below(span));
    const auto source = static_cast<std::uint16_t>(kFirstSource + i % plan.flows);
    const std::vector<unsigned char> frame =
        make_udp_frame(bytes, static_cast<unsigned char>(i), plan.ports[i % plan.ports.size()], source);
    const auto length = static_cast<std::uint32_t>(frame.size());
    capture.frames.push_back({time_ns, capture.arena.size(), length, length});
    capture.arena.insert(capture.arena.end(), frame.begin(), frame.end());
  }
  return capture;
}

}  // namespace ringproof

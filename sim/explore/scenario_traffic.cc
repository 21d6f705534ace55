#include "sim/explore/scenario_traffic.h"

namespace ringproof {

ScenarioTraffic::ScenarioTraffic(const Scenario& scenario) {
  if (scenario.traffic_port.has_value()) add(*scenario.traffic_port, scenario.capture, scenario.run);
  for (const FurtherTraffic& further : scenario.further_traffic) {
    add(further.port, further.capture, further.run);
  }
}

void ScenarioTraffic::add(std::uint32_t port, const Capture& capture, const ReplayOptions& run) {
  sources_.push_back(std::make_unique<ReplayTraffic>(capture, run));
  ports_.push_back({port, sources_.back().get(), run.start_delay_ps});
}

std::uint64_t captured_frames(const Scenario& scenario) {
  std::uint64_t frames = scenario.capture.frames.size();
  for (const FurtherTraffic& further : scenario.further_traffic) frames += further.capture.frames.size();
  return frames;
}

}  // namespace ringproof

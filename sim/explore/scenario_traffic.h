// scenario_traffic.h: what comes to the ports of a scenario from outside.
// Role     a frame source for each capture, and the port that it comes to
// Errors   none: the captures are read already
// Source   docs/scenario-file.md, "Traffic"
#pragma once

#include <memory>
#include <vector>

#include "sim/explore/scenario.h"
#include "sim/replay/traffic.h"
#include "sim/run/run.h"

namespace ringproof {

class ScenarioTraffic {
 public:
  // REQUIRES: the scenario stays.
  explicit ScenarioTraffic(const Scenario& scenario);
  const std::vector<PortTraffic>& ports() const { return ports_; }

 private:
  void add(std::uint32_t port, const Capture& capture, const ReplayOptions& run);

  std::vector<std::unique_ptr<ReplayTraffic>> sources_;
  std::vector<PortTraffic> ports_;
};

// Frames in the captures of all ports.
std::uint64_t captured_frames(const Scenario& scenario);

}  // namespace ringproof

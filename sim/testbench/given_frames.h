// given_frames.h: tells the monitors what a test put in place of what the device would find.
// Role     a frame on a queue of the test's choosing, or with verdicts that are not those of its bytes, is no
//          fault of the device
// Shapes   the frame that arrives is the one that the MAC drew last
// Source   docs/testbench-api.md
#pragma once

#include <memory>
#include <vector>

#include "sim/monitor/monitors.h"
#include "sim/run/wire_feed.h"

namespace ringproof {

class GivenFrames final : public Tap {
 public:
  GivenFrames(Monitors& monitors, const std::vector<std::unique_ptr<WireFeed>>& feeds)
      : monitors_(monitors), feeds_(feeds) {}

  // Heard after the monitors have begun with the frame.
  void wire_in(std::uint32_t port, std::uint64_t timestamp_ns, Bytes) override {
    const WireFrame& frame = feeds_[port]->drawn();
    if (frame.queue.has_value()) monitors_.steering().given(port, timestamp_ns, *frame.queue);
    if (frame.layer3.has_value() || frame.layer4.has_value()) {
      monitors_.metadata().given(port, timestamp_ns);
    }
  }

 private:
  Monitors& monitors_;
  const std::vector<std::unique_ptr<WireFeed>>& feeds_;
};

}  // namespace ringproof

// wire_feed.h: frames that a test or another port puts on the wire of a port, as the MAC fetches them.
// Role     a source that can be added to while it is being drawn from
// Shapes   frames in the order in which they were added
// Units    [ps]
// Errors   none
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "model/nic/frame_source.h"

namespace ringproof {

struct WireFrame {
  std::vector<unsigned char> bytes;
  // As in nic::SourceFrame.
  std::optional<std::uint32_t> queue{};
  std::optional<nic::Verdict> layer3{};
  std::optional<nic::Verdict> layer4{};
  std::optional<std::uint64_t> timestamp_ns{};
  std::vector<std::uint32_t> buffers{};
};

class WireFeed final : public nic::FrameSource {
 public:
  // REQUIRES: not due before the frame that was added last.
  void add(WireFrame frame, std::uint64_t due_ps) { frames_.push_back({std::move(frame), due_ps}); }
  // The MAC begins to draw anew. Returns the time from which offsets count.
  std::uint64_t begin(std::uint64_t now_ps) { return start_ps_ = now_ps; }

  // The latest that the MAC drew. REQUIRES: there is one.
  const WireFrame& drawn() const { return frames_[next_ - 1].frame; }
  bool next(nic::SourceFrame& frame) override;

 private:
  struct Due {
    WireFrame frame;
    std::uint64_t due_ps;
  };
  std::deque<Due> frames_;  // those that were drawn stay, because the device looks at their bytes
  std::size_t next_ = 0;
  std::uint64_t start_ps_ = 0;
};

}  // namespace ringproof

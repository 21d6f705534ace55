// traffic.h: a capture as a stream of frames with due times.
// Role     what the MAC of the first port pulls: pace, repetition
// Units    offsets from the start of the traffic [ps]; they never go back
// Errors   traffic that would last longer than simulated time reaches -> InputError
// Source   docs/command-line.md, "Pace"
#pragma once

#include <cstdint>
#include <vector>

#include "model/nic/frame_source.h"
#include "sim/cli/replay_options.h"
#include "sim/replay/capture.h"

namespace ringproof {

// original   the gaps of the capture; a frame older than the one before it follows at once
// factor     the same, that many times as fast
// line rate  every frame is due at once; the wire spaces them
// rate       frame i is due after i / rate, rounded down to 1 ps, so nothing drifts
// A further loop begins one average gap after the last frame of the one before.
class ReplayTraffic final : public nic::FrameSource {
 public:
  // REQUIRES: the capture has a frame and stays where it is.
  ReplayTraffic(const Capture& capture, const ReplayOptions& options);

  bool next(nic::SourceFrame& frame) override;
  std::uint64_t total_frames() const { return total_frames_; }
  std::uint64_t last_offset_ps() const { return offset_ps(total_frames_ - 1); }

 private:
  std::uint64_t offset_ps(std::uint64_t number) const;

  const Capture& capture_;
  const PaceKind pace_;
  const std::uint64_t total_frames_;
  std::vector<std::uint64_t> gaps_ns_;  // from the first frame of a loop to each of its frames
  std::uint64_t loop_ns_ = 0;           // from one loop's first frame to the next one's
  std::uint64_t speed_millionths_ = 1'000'000;
  std::uint64_t rate_thousandths_ = 0;  // frames per 1000 s
  std::uint64_t next_ = 0;
};

}  // namespace ringproof

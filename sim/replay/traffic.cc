#include "sim/replay/traffic.h"

#include <fmt/format.h>

#include <cmath>

#include "model/base/check.h"
#include "sim/replay/input_error.h"

namespace ringproof {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::uint64_t kPicosecondsPerSecond = 1'000'000'000'000;
// A million seconds; simulated time in 64 bits reaches eighteen times as far.
constexpr std::uint64_t kLongestPs = 1'000'000 * kPicosecondsPerSecond;
// Between the loops of a capture that has one frame, and so no gap to take the average of.
constexpr std::uint64_t kLoneFrameGapNs = 1000;

}  // namespace

ReplayTraffic::ReplayTraffic(const Capture& capture, const ReplayOptions& options)
    : capture_(capture),
      pace_(options.pace),
      total_frames_(std::uint64_t{options.loops} * capture.frames.size()) {
  SIM_CHECK(total_frames_ > 0, "traffic without a frame");
  // The command line allows as many decimals as these keep.
  if (pace_ == PaceKind::kFactor) {
    speed_millionths_ = static_cast<std::uint64_t>(std::llround(options.pace_value * 1e6));
    SIM_CHECK(speed_millionths_ > 0, "pace factor of zero");
  }
  if (pace_ == PaceKind::kFramesPerSecond) {
    rate_thousandths_ = static_cast<std::uint64_t>(std::llround(options.pace_value * 1e3));
    SIM_CHECK(rate_thousandths_ > 0, "pace of no frames per second");
  }

  const std::vector<CapturedFrame>& frames = capture.frames;
  gaps_ns_.reserve(frames.size());
  std::uint64_t at_ns = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (i > 0 && frames[i].time_ns > frames[i - 1].time_ns)
      at_ns += frames[i].time_ns - frames[i - 1].time_ns;
    gaps_ns_.push_back(at_ns);
  }
  loop_ns_ = at_ns + (frames.size() > 1 ? at_ns / (frames.size() - 1) : kLoneFrameGapNs);

  Wide last_ps = 0;
  if (pace_ == PaceKind::kFramesPerSecond) {
    last_ps = Wide{total_frames_ - 1} * 1000 * kPicosecondsPerSecond / rate_thousandths_;
  } else if (pace_ != PaceKind::kLineRate) {
    last_ps = (Wide{options.loops - 1} * loop_ns_ + at_ns) * 1'000'000'000 / speed_millionths_;
  }
  if (last_ps > kLongestPs) {
    throw InputError(
        fmt::format("{}: expected traffic of at most 1000000 s at this --pace and --loop, got {} s",
                    options.capture_path, static_cast<std::uint64_t>(last_ps / kPicosecondsPerSecond)));
  }
}

std::uint64_t ReplayTraffic::offset_ps(std::uint64_t number) const {
  if (pace_ == PaceKind::kLineRate) return 0;
  if (pace_ == PaceKind::kFramesPerSecond) {
    return static_cast<std::uint64_t>(Wide{number} * 1000 * kPicosecondsPerSecond / rate_thousandths_);
  }
  const std::uint64_t loop = number / gaps_ns_.size();
  const Wide at_ns = Wide{loop} * loop_ns_ + gaps_ns_[number % gaps_ns_.size()];
  // 1000 ps per ns, and the speed in millionths.
  return static_cast<std::uint64_t>(at_ns * 1'000'000'000 / speed_millionths_);
}

bool ReplayTraffic::next(nic::SourceFrame& frame) {
  if (next_ == total_frames_) return false;
  frame.offset_ps = offset_ps(next_);
  frame.bytes = capture_.bytes(next_ % capture_.frames.size());
  ++next_;
  return true;
}

}  // namespace ringproof

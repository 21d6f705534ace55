#include "sim/monitor/replay_monitor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace ringproof {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::uint64_t kLoneFrameGapNs = 1000;  // docs/command-line.md, Pace

}  // namespace

ReplayMonitor::ReplayMonitor(InvariantLog& log, const Capture& capture, const ReplayOptions& options,
                             double gbps)
    : log_(log),
      capture_(capture),
      pace_(options.pace),
      pace_value_(options.pace_value),
      total_frames_(options.loops * capture.frames.size()),
      delay_ps_(options.start_delay_ps),
      wire_(gbps) {
  check_shortened();
}

void ReplayMonitor::check_shortened() {
  const auto shortened =
      std::count_if(capture_.frames.begin(), capture_.frames.end(),
                    [](const CapturedFrame& frame) { return frame.original_length > frame.length; });
  if (shortened == 0 && capture_.shortened == 0) return;
  log_.checked(Invariant::k52);
  if (static_cast<std::uint64_t>(shortened) == capture_.shortened) return;
  violated(0, [&] {
    return fmt::format("the capture has {} shortened frames, and {} are flagged", shortened,
                       capture_.shortened);
  });
}

void ReplayMonitor::link_changed(std::uint32_t port, bool) {
  if (port == 0) link_changed_ = true;
}

void ReplayMonitor::program_attached(std::uint32_t, std::uint64_t time_ps) {
  if (started_) return;
  started_ = true;
  start_ps_ = time_ps + delay_ps_;
}

void ReplayMonitor::wire_in(std::uint32_t port, std::uint64_t timestamp_ns, Bytes bytes) {
  if (port != 0 || link_changed_) return;
  log_.checked(Invariant::k52);
  const std::uint64_t number = ++arrived_;
  if (number > total_frames_) {
    violated(timestamp_ns * 1000,
             [&] { return fmt::format("frame {} arrived; the plan has {}", number, total_frames_); });
    return;
  }
  const CapturedFrame& captured = capture_.frames[(number - 1) % capture_.frames.size()];
  const Bytes wanted(capture_.arena.data() + captured.offset, captured.length);
  const std::uint64_t end_ps = wire_.send(start_ps_ + next_offset_ps(number - 1), wanted.size());
  const std::uint64_t due_ns = std::max(end_ps / 1000, last_ns_ + 1);
  last_ns_ = due_ns;
  trail_.add("frame {0} of {1} bytes arrived", number, bytes.size(), timestamp_ns * 1000);
  const bool same =
      bytes.size() == wanted.size() &&
      (bytes.data() == wanted.data() || std::memcmp(bytes.data(), wanted.data(), bytes.size()) == 0);
  if (!same) {
    violated(timestamp_ns * 1000, [&] {
      return fmt::format("frame {} arrived with {} bytes that are not the {} of the capture", number,
                         bytes.size(), wanted.size());
    });
  } else if (timestamp_ns != due_ns) {
    violated(timestamp_ns * 1000, [&] {
      return fmt::format("frame {} arrived at {} ns, due at {} ns", number, timestamp_ns, due_ns);
    });
  }
}

std::uint64_t ReplayMonitor::next_offset_ps(std::uint64_t number) {
  const std::vector<CapturedFrame>& frames = capture_.frames;
  const std::size_t i = number % frames.size();
  if (i > 0) {
    const std::uint64_t now_ns = frames[i].time_ns;
    const std::uint64_t before_ns = frames[i - 1].time_ns;
    at_ns_ += now_ns > before_ns ? now_ns - before_ns : 0;
  } else if (number > 0) {  // a repetition begins an average gap after the end of the one before
    at_ns_ += frames.size() > 1 ? (at_ns_ - loop_began_) / (frames.size() - 1) : kLoneFrameGapNs;
    loop_began_ = at_ns_;
  }
  switch (pace_) {
    case PaceKind::kLineRate:
      return 0;
    case PaceKind::kOriginal:
      return at_ns_ * 1000;
    case PaceKind::kFactor:  // six decimals
      return static_cast<std::uint64_t>(Wide{at_ns_} * 1'000'000'000 /
                                        static_cast<std::uint64_t>(std::llround(pace_value_ * 1e6)));
    case PaceKind::kFramesPerSecond:  // three
      break;
  }
  return static_cast<std::uint64_t>(Wide{number} * 1'000'000'000'000'000 /
                                    static_cast<std::uint64_t>(std::llround(pace_value_ * 1e3)));
}

void ReplayMonitor::finish(std::uint64_t end_ps, std::uint64_t begun, bool drained) {
  if (!drained || link_changed_ || arrived_ == begun) return;
  violated(end_ps, [&] { return fmt::format("{} frames were begun, {} arrived", begun, arrived_); });
}

}  // namespace ringproof

#include "sim/monitor/replay_monitor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace ringproof {

ReplayMonitor::ReplayMonitor(InvariantLog& log, const Capture& capture, const ReplayOptions& options,
                             double gbps)
    : log_(log), capture_(capture), plan_(capture, options), delay_ps_(options.start_delay_ps), wire_(gbps) {
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
  nic::SourceFrame frame;
  if (!plan_.next(frame)) {
    violated(timestamp_ns * 1000,
             [&] { return fmt::format("frame {} arrived; the plan has {}", number, plan_.total_frames()); });
    return;
  }
  const std::uint64_t end_ps = wire_.send(start_ps_ + frame.offset_ps, frame.bytes.size());
  const std::uint64_t due_ns = std::max(end_ps / 1000, last_ns_ + 1);
  last_ns_ = due_ns;
  trail_.add("frame {0} of {1} bytes arrived", number, bytes.size(), timestamp_ns * 1000);
  const bool same = bytes.size() == frame.bytes.size() &&
                    (bytes.data() == frame.bytes.data() ||
                     std::memcmp(bytes.data(), frame.bytes.data(), bytes.size()) == 0);
  if (!same) {
    violated(timestamp_ns * 1000, [&] {
      return fmt::format("frame {} arrived with {} bytes that are not the {} of the capture", number,
                         bytes.size(), frame.bytes.size());
    });
  } else if (timestamp_ns != due_ns) {
    violated(timestamp_ns * 1000, [&] {
      return fmt::format("frame {} arrived at {} ns, due at {} ns", number, timestamp_ns, due_ns);
    });
  }
}

void ReplayMonitor::finish(std::uint64_t end_ps, std::uint64_t begun, bool drained) {
  if (!drained || link_changed_ || arrived_ == begun) return;
  violated(end_ps, [&] { return fmt::format("{} frames were begun, {} arrived", begun, arrived_); });
}

}  // namespace ringproof

#include "sim/testbench/frame_log.h"

namespace ringproof {

void FrameLog::wire_out(std::uint32_t port, std::uint32_t queue, std::uint64_t end_ps, Bytes bytes) {
  left_.push_back({port, queue, end_ps});
  bytes_.emplace_back(bytes.begin(), bytes.end());
}

void FrameLog::hw_rx_completed(std::uint32_t port, std::uint32_t queue, std::uint32_t,
                               std::uint64_t timestamp_ns, Bytes bytes) {
  if (!listener_) return;
  undecided_[{port, timestamp_ns}] = {port, queue, 0, timestamp_ns, {bytes.begin(), bytes.end()}};
}

void FrameLog::frame_passed(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) {
  ++passed_;
  const auto found = undecided_.find({port, timestamp_ns});
  if (found == undecided_.end()) return;
  StackFrame frame = std::move(found->second);
  undecided_.erase(found);
  frame.time_ps = time_ps;
  if (listener_) listener_(std::move(frame));
}

void FrameLog::frame_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason) {
  undecided_.erase({port, timestamp_ns});
}

void FrameLog::frame_forwarded(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t) {
  undecided_.erase({port, timestamp_ns});
}

void FrameLog::frame_delivered(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t, std::uint64_t,
                               Bytes, std::uint64_t) {
  undecided_.erase({port, timestamp_ns});
}

}  // namespace ringproof

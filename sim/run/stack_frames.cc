#include "sim/run/stack_frames.h"

namespace ringproof {

void StackFrames::hw_rx_completed(std::uint32_t port, std::uint32_t queue, std::uint32_t,
                                  std::uint64_t timestamp_ns, Bytes bytes) {
  if (!listener_) return;
  undecided_[{port, timestamp_ns}] = {port, queue, 0, timestamp_ns, {bytes.begin(), bytes.end()}};
}

void StackFrames::frame_passed(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) {
  if (is_local_frame(timestamp_ns)) return;  // to the port
  ++count_;
  const auto found = undecided_.find({port, timestamp_ns});
  if (found == undecided_.end()) return;
  StackFrame frame = std::move(found->second);
  undecided_.erase(found);
  frame.time_ps = time_ps;
  if (listener_) listener_(frame);
}

void StackFrames::frame_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason) {
  undecided_.erase({port, timestamp_ns});
}

void StackFrames::frame_forwarded(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t) {
  undecided_.erase({port, timestamp_ns});
}

void StackFrames::frame_delivered(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t,
                                  std::uint64_t, Bytes, std::uint64_t) {
  undecided_.erase({port, timestamp_ns});
}

void StackFrames::stack_received(std::uint32_t port, std::uint32_t queue, std::uint64_t time_ps,
                                 Bytes bytes) {
  ++count_;
  if (listener_) listener_({port, queue, time_ps, 0, {bytes.begin(), bytes.end()}});
}

}  // namespace ringproof

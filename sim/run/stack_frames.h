// stack_frames.h: the frames that the host's own stack receives.
// Role     what programs passed, sent back or injected, with its bytes, for whoever wants it
// Shapes   in order of time
// Units    time_ps [ps]; timestamp_ns [ns], 0: the frame did not come from the wire
// Errors   none
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "model/base/tap.h"

namespace ringproof {

struct StackFrame {
  std::uint32_t port = 0;
  std::uint32_t queue = 0;
  std::uint64_t time_ps = 0;
  std::uint64_t timestamp_ns = 0;
  std::vector<unsigned char> bytes;
};

class StackFrames final : public Tap {
 public:
  std::size_t count() const { return count_; }
  // From now on hears of every frame. Null: no longer.
  void on_received(std::function<void(const StackFrame&)> listener) { listener_ = std::move(listener); }

  void hw_rx_completed(std::uint32_t port, std::uint32_t queue, std::uint32_t index,
                       std::uint64_t timestamp_ns, Bytes bytes) override;
  void frame_passed(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) override;
  void frame_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) override;
  void frame_forwarded(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) override;
  void frame_delivered(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t socket,
                       std::uint64_t address, Bytes bytes, std::uint64_t time_ps) override;
  void stack_received(std::uint32_t port, std::uint32_t queue, std::uint64_t time_ps, Bytes bytes) override;

 private:
  std::size_t count_ = 0;
  std::function<void(const StackFrame&)> listener_;
  std::map<std::pair<std::uint32_t, std::uint64_t>, StackFrame> undecided_;  // by port and timestamp
};

}  // namespace ringproof

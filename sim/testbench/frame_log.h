// frame_log.h: the frames that left the ports, and those that programs passed to the host stack.
// Role     keeps them for a test that looks at them
// Shapes   in order of time
// Units    [ps]
// Errors   none
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "model/base/tap.h"

namespace ringproof {

struct LeftFrame {
  std::uint32_t port = 0;
  std::uint32_t queue = 0;
  std::uint64_t end_ps = 0;
};

struct StackFrame {
  std::uint32_t port = 0;
  std::uint32_t queue = 0;
  std::uint64_t time_ps = 0;
  std::uint64_t timestamp_ns = 0;
  std::vector<unsigned char> bytes;
};

class FrameLog final : public Tap {
 public:
  const std::vector<LeftFrame>& left() const { return left_; }
  // Those of left(), by the same numbers.
  const std::vector<std::vector<unsigned char>>& bytes() const { return bytes_; }
  std::size_t passed() const { return passed_; }
  // From now on hears of every frame that is passed, with its bytes. Null: no longer.
  void on_passed(std::function<void(StackFrame)> listener) { listener_ = std::move(listener); }

  void wire_out(std::uint32_t port, std::uint32_t queue, std::uint64_t end_ps, Bytes bytes) override;
  void hw_rx_completed(std::uint32_t port, std::uint32_t queue, std::uint32_t index,
                       std::uint64_t timestamp_ns, Bytes bytes) override;
  void frame_passed(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) override;
  void frame_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) override;
  void frame_forwarded(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) override;
  void frame_delivered(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t socket,
                       std::uint64_t address, Bytes bytes, std::uint64_t time_ps) override;

 private:
  std::vector<LeftFrame> left_;
  std::vector<std::vector<unsigned char>> bytes_;
  std::size_t passed_ = 0;
  std::function<void(StackFrame)> listener_;
  std::map<std::pair<std::uint32_t, std::uint64_t>, StackFrame> undecided_;  // by port and timestamp
};

}  // namespace ringproof

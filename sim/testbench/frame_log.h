// frame_log.h: the frames that left the ports.
// Role     keeps them for a test that looks at them
// Shapes   in order of time
// Units    [ps]
// Errors   none
#pragma once

#include <cstdint>
#include <vector>

#include "model/base/tap.h"

namespace ringproof {

struct LeftFrame {
  std::uint32_t port = 0;
  std::uint32_t queue = 0;
  std::uint64_t end_ps = 0;
};

class FrameLog final : public Tap {
 public:
  const std::vector<LeftFrame>& left() const { return left_; }
  // Those of left(), by the same numbers.
  const std::vector<std::vector<unsigned char>>& bytes() const { return bytes_; }

  void wire_out(std::uint32_t port, std::uint32_t queue, std::uint64_t end_ps, Bytes bytes) override {
    left_.push_back({port, queue, end_ps});
    bytes_.emplace_back(bytes.begin(), bytes.end());
  }

 private:
  std::vector<LeftFrame> left_;
  std::vector<std::vector<unsigned char>> bytes_;
};

}  // namespace ringproof

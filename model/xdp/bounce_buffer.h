// bounce_buffer.h: the platform's own copy of the chunks that a socket sends from.
// Role     what the device reads cannot change after the platform looked at it
// Shapes   as large as the UMEM; a chunk is copied when the first of its frames is handed over, and kept as
//          long as one of them is with the device
// Errors   no memory: ok() is false
// Source   XDP for Windows: TX descriptor validation, bounce buffer
#pragma once

#include <cstdint>
#include <vector>

#include "model/base/tap.h"

namespace ringproof::xdp {

class BounceBuffer {
 public:
  explicit BounceBuffer(const UmemShape& umem);
  ~BounceBuffer();
  BounceBuffer(const BounceBuffer&) = delete;
  BounceBuffer& operator=(const BounceBuffer&) = delete;

  bool ok() const { return memory_ != nullptr; }
  unsigned char* memory() const { return memory_; }
  // Copies the frame, which lies in one chunk, unless another frame of that chunk is with the device: then
  // the bytes stay those that were copied first, as upstream does it.
  void take(std::uint64_t base_address, std::uint64_t begin, std::uint32_t length);
  // One frame of the chunk came back.
  void give_back(std::uint64_t base_address);

 private:
  const UmemShape umem_;
  unsigned char* memory_ = nullptr;
  std::vector<std::uint32_t> uses_;  // by chunk
};

}  // namespace ringproof::xdp

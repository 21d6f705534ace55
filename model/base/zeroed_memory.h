// zeroed_memory.h: blocks of zeros that many worlds use one after the other.
// Role     memory of simulated devices: large, zero at first, and hardly written in a short run
// Shapes   the owner says which bytes it may have written; those are zeroed when the block goes back
// Units    bytes
// Threads  a block is given back in the thread that took it, or its memory is simply freed later
// Errors   no memory -> std::bad_alloc
// Source   docs/design/many-worlds.md
#pragma once

#include <cstddef>
#include <utility>

namespace ringproof {

class ZeroedMemory {
 public:
  ZeroedMemory() = default;
  explicit ZeroedMemory(std::size_t bytes);
  ~ZeroedMemory();
  ZeroedMemory(ZeroedMemory&& other) noexcept { swap(other); }
  ZeroedMemory& operator=(ZeroedMemory&& other) noexcept {
    swap(other);
    return *this;
  }

  unsigned char* data() const { return data_; }
  std::size_t size() const { return size_; }
  // Somebody may write [begin, end) from now on. REQUIRES: it lies inside the block.
  void touch(std::size_t begin, std::size_t end) const {
    if (begin < dirty_begin_) dirty_begin_ = begin;
    if (end > dirty_end_) dirty_end_ = end;
  }

 private:
  bool take_from_pool();
  void swap(ZeroedMemory& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(dirty_begin_, other.dirty_begin_);
    std::swap(dirty_end_, other.dirty_end_);
  }

  unsigned char* data_ = nullptr;
  std::size_t size_ = 0;
  mutable std::size_t dirty_begin_ = ~std::size_t{0};
  mutable std::size_t dirty_end_ = 0;
};

}  // namespace ringproof

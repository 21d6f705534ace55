// reorder_buffer.h: nic_reorder_buffer, in C++.
// Role     places are reserved before the data is asked for; it comes in any order and goes out in that of
//          the places
// Shapes   Depth is a power of two
// Timing   fits(), place(), valid() and front() are of the registers as long as reserve(), put() and pop()
//          come after every question of the cycle
// Errors   what is put into a place that nobody reserved, or twice, breaks a rule
// Source   rtl/nic_reorder_buffer.sv
#pragma once

#include <array>
#include <cstdint>

#include "model/nic/cycle/rules.h"

namespace ringproof::nic::cycle {

template <class T, std::uint32_t Depth>
class ReorderBuffer {
  static_assert((Depth & (Depth - 1)) == 0);

 public:
  bool fits(std::uint32_t count) const { return tail_ - head_ + count <= Depth; }
  std::uint32_t place() const { return tail_ % Depth; }  // the next to be reserved
  bool valid() const { return here_[head_ % Depth]; }
  const T& front() const { return words_[head_ % Depth]; }

  void reserve(std::uint32_t count) { tail_ += count; }
  // The word of a place, to be filled; `place` counts on behind the end.
  T& put(std::uint32_t place, Rules& rules) {
    place %= Depth;
    rules.require((place - head_) % Depth < tail_ - head_, "nic_reorder_buffer", "place_is_reserved");
    rules.require(!here_[place], "nic_reorder_buffer", "each_comes_once");
    here_[place] = true;
    return words_[place];
  }
  // REQUIRES: valid()
  void pop() { here_[head_++ % Depth] = false; }

  void clear() {
    head_ = tail_ = 0;
    here_.fill(false);
  }

 private:
  std::array<T, Depth> words_{};
  std::array<bool, Depth> here_{};
  std::uint32_t head_ = 0;
  std::uint32_t tail_ = 0;
};

}  // namespace ringproof::nic::cycle

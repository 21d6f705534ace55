// fifo.h: nic_fifo and nic_beat_fifo, in C++.
// Role     a queue of Depth words in place, first in, first out
// Shapes   Depth is a power of two
// Timing   what is pushed in a cycle is at the front in the next. ready() and valid() are those of the
//          registers as long as pushes and pops come after every question of the cycle
// Errors   a pop of an empty one is ignored, as in hardware; its front is some earlier word
// Source   rtl/nic_fifo.sv, rtl/nic_beat_fifo.sv
#pragma once

#include <array>
#include <cstdint>

namespace ringproof::nic::cycle {

template <class T, std::uint32_t Depth>
class Fifo {
  static_assert((Depth & (Depth - 1)) == 0);

 public:
  bool ready() const { return written_ - read_ != Depth; }
  bool valid() const { return written_ != read_; }
  const T& front() const { return words_[read_ % Depth]; }

  // REQUIRES: ready() at the beginning of the cycle.
  T& push() { return words_[written_++ % Depth]; }
  void push(const T& word) { push() = word; }
  void pop() {
    if (valid()) ++read_;
  }
  void clear() { written_ = read_ = 0; }

 private:
  std::array<T, Depth> words_{};
  std::uint32_t written_ = 0;
  std::uint32_t read_ = 0;
};

}  // namespace ringproof::nic::cycle

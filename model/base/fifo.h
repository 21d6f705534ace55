// fifo.h: a queue that keeps its memory.
// Role     things in flight: no heap traffic once it has grown to its working size
// Shapes   capacity: a power of two; elements are recycled, so a vector inside one keeps its capacity
// Errors   an index beyond size() is a bug of the caller and is not looked at
// Source   assumed: the working size is that of the rings around it
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace ringproof {

template <typename T>
class Fifo {
 public:
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  T& operator[](std::size_t i) { return slots_[(head_ + i) & (slots_.size() - 1)]; }
  const T& operator[](std::size_t i) const { return slots_[(head_ + i) & (slots_.size() - 1)]; }
  T& front() { return (*this)[0]; }

  // A recycled element at the end: the caller sets every field of it.
  T& push() {
    if (size_ == slots_.size()) grow();
    ++size_;
    return (*this)[size_ - 1];
  }
  void push(const T& value) { push() = value; }

  void pop() {
    ++head_;
    --size_;
  }
  // Removes element `i`; those before it keep their order.
  void erase(std::size_t i) {
    for (; i > 0; --i) std::swap((*this)[i], (*this)[i - 1]);
    pop();
  }
  // Those behind go away.
  void cut(std::size_t size) { size_ = size; }
  void clear() { size_ = 0; }

 private:
  void grow() {
    std::vector<T> larger(slots_.empty() ? 16 : slots_.size() * 2);
    for (std::size_t i = 0; i < size_; ++i) larger[i] = std::move((*this)[i]);
    slots_ = std::move(larger);
    head_ = 0;
  }

  std::vector<T> slots_;
  std::size_t head_ = 0;
  std::size_t size_ = 0;
};

}  // namespace ringproof

// zeroed_array.h: an array of zeros that takes memory only where it is written.
// Role     shadows of rings and UMEMs, which an application may make far larger than it uses
// Shapes   elements are plain values for which all bytes zero is the initial state
// Errors   no memory -> std::bad_alloc
// Source   calloc takes large blocks from the system as untouched zero pages
#pragma once

#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>

namespace ringproof {

template <typename T>
class ZeroedArray {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  ZeroedArray() = default;
  explicit ZeroedArray(std::size_t size)
      : data_(static_cast<T*>(std::calloc(size == 0 ? 1 : size, sizeof(T)))) {
    if (data_ == nullptr) throw std::bad_alloc();
  }

  T& operator[](std::size_t i) { return data_.get()[i]; }
  const T& operator[](std::size_t i) const { return data_.get()[i]; }

 private:
  struct Free {
    void operator()(T* data) const { std::free(data); }
  };
  std::unique_ptr<T, Free> data_;
};

}  // namespace ringproof

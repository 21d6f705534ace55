// by_address.h: values by the address at which each begins.
// Role     tells a monitor which ring a shared word belongs to
// Shapes   sorted; there are few, and the same words of them are looked up again and again
// Errors   none
// Source   docs/code-map.md
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

namespace ringproof {

template <typename Value>
class ByAddress {
 public:
  struct Place {
    const unsigned char* begin;
    Value value;
  };

  void set(const unsigned char* begin, Value value) {
    erase(begin);
    places_.insert(after(begin), {begin, std::move(value)});
    found_ = {};
  }
  void erase(const unsigned char* begin) {
    std::erase_if(places_, [begin](const Place& place) { return place.begin == begin; });
    found_ = {};
  }
  // The last one that begins at the address or before; null: there is none.
  const Place* find(const unsigned char* address) const {
    Found& found = found_[slot_of(address)];
    if (found.address != address) [[unlikely]]
      found = {address, search(address)};
    return found.place;
  }

 private:
  static constexpr unsigned kFoundBits = 7;
  struct Found {
    const unsigned char* address = nullptr;
    const Place* place = nullptr;
  };
  // Rings begin at pages, and their words at lines: only what is multiplied tells them apart.
  static std::size_t slot_of(const unsigned char* address) {
    const std::uint64_t line = reinterpret_cast<std::uintptr_t>(address) / 64;
    return line * 0x9E37'79B9'7F4A'7C15 >> (64 - kFoundBits);
  }

  [[gnu::noinline]] const Place* search(const unsigned char* address) const {
    const auto behind = after(address);
    return behind == places_.begin() ? nullptr : &*std::prev(behind);
  }
  auto after(const unsigned char* address) const {
    return std::upper_bound(
        places_.begin(), places_.end(), address,
        [](const unsigned char* wanted, const Place& place) { return wanted < place.begin; });
  }

  std::vector<Place> places_;
  mutable std::array<Found, std::size_t{1} << kFoundBits> found_;  // of late
};

}  // namespace ringproof

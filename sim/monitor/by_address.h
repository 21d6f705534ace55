// by_address.h: values by the address at which each begins.
// Role     tells a monitor which ring a shared word belongs to
// Shapes   sorted; there are few, and they are looked up at each access
// Errors   none
// Source   docs/code-map.md
#pragma once

#include <algorithm>
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
  }
  void erase(const unsigned char* begin) {
    std::erase_if(places_, [begin](const Place& place) { return place.begin == begin; });
  }
  // The last one that begins at the address or before; null: there is none.
  const Place* find(const unsigned char* address) const {
    const auto behind = after(address);
    return behind == places_.begin() ? nullptr : &*std::prev(behind);
  }

 private:
  auto after(const unsigned char* address) const {
    return std::upper_bound(
        places_.begin(), places_.end(), address,
        [](const unsigned char* wanted, const Place& place) { return wanted < place.begin; });
  }

  std::vector<Place> places_;
};

}  // namespace ringproof

// posted_buffers.h: where a driver posted its buffers, and as which.
// Role     finds the earlier index of an address, in a table that keeps its memory: a driver uses the same buffers again
// Shapes   open addressing; a power of two of places, at most half of them taken; an address stays until clear()
// Errors   none
// Source   INV-24
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace ringproof {

class PostedBuffers {
 public:
  // Notes that the buffer at `address` is posted as `index`. As which it was posted before, or `index`
  // itself.
  std::uint32_t post(std::uint64_t address, std::uint32_t index) {
    if (2 * taken_ >= places_.size()) grow();
    Place& place = find(address);
    if (!place.taken) {
      ++taken_;
      place = {address, index, true};
    }
    return std::exchange(place.index, index);
  }
  void clear() {
    places_.assign(places_.size(), {});
    taken_ = 0;
  }

 private:
  struct Place {
    std::uint64_t address = 0;
    std::uint32_t index = 0;
    bool taken = false;
  };
  static constexpr std::size_t kFewest = 32;

  Place& find(std::uint64_t address) {
    constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15;  // buffers lie at like distances
    std::size_t i = static_cast<std::size_t>((address * kGolden) >> 32) & (places_.size() - 1);
    while (places_[i].taken && places_[i].address != address) i = (i + 1) & (places_.size() - 1);
    return places_[i];
  }
  void grow() {
    std::vector<Place> old(places_.empty() ? kFewest : 2 * places_.size());
    old.swap(places_);
    for (const Place& place : old) {
      if (place.taken) find(place.address) = place;
    }
  }

  std::vector<Place> places_;
  std::size_t taken_ = 0;
};

}  // namespace ringproof

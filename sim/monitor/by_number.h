// by_number.h: values by the number of a socket, or of one of its rings.
// Role     what the monitors note about each socket; looked up at nearly every event
// Shapes   sorted; there are few, numbers count up, and the one that was found last is mostly meant again.
//          A value stays where it is as long as it is kept
// Errors   none
// Source   docs/code-map.md
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace ringproof {

template <typename Value>
class ByNumber {
 public:
  struct Place {
    std::uint64_t number;
    std::unique_ptr<Value> value;
  };

  // Null: there is none.
  Value* find(std::uint64_t number) {
    if (last_ < places_.size() && places_[last_].number == number) [[likely]]
      return places_[last_].value.get();
    return search(number);
  }
  const Value* find(std::uint64_t number) const {
    const std::size_t i = after(number);
    return is_at(i, number) ? places_[i].value.get() : nullptr;
  }
  // Makes one if there is none.
  Value& operator[](std::uint64_t number) {
    Value* found = find(number);
    return found != nullptr ? *found : add(number, Value());
  }
  // In place of the one that there may be.
  Value& set(std::uint64_t number, Value value) {
    Value* found = find(number);
    if (found == nullptr) return add(number, std::move(value));
    return *found = std::move(value);
  }
  void erase(std::uint64_t number) {
    const std::size_t i = after(number);
    if (is_at(i, number)) places_.erase(places_.begin() + static_cast<std::ptrdiff_t>(i));
  }

  // In the order of their numbers.
  auto begin() const { return places_.begin(); }
  auto end() const { return places_.end(); }

 private:
  // The first place that is not before the number's.
  std::size_t after(std::uint64_t number) const {
    const auto found =
        std::lower_bound(places_.begin(), places_.end(), number,
                         [](const Place& place, std::uint64_t wanted) { return place.number < wanted; });
    return static_cast<std::size_t>(found - places_.begin());
  }
  bool is_at(std::size_t i, std::uint64_t number) const {
    return i < places_.size() && places_[i].number == number;
  }
  [[gnu::noinline]] Value* search(std::uint64_t number) {
    const std::size_t i = after(number);
    if (!is_at(i, number)) return nullptr;
    last_ = i;
    return places_[i].value.get();
  }
  Value& add(std::uint64_t number, Value value) {
    last_ = after(number);
    const auto place = places_.begin() + static_cast<std::ptrdiff_t>(last_);
    return *places_.insert(place, {number, std::make_unique<Value>(std::move(value))})->value;
  }

  std::vector<Place> places_;
  std::size_t last_ = 0;  // found last
};

}  // namespace ringproof

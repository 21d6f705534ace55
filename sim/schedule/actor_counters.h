// actor_counters.h: a counter for each actor.
// Role     numbers the decisions about an actor
// Shapes   dense: task numbers and source numbers both count up from 0, and take turns
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/schedule/chooser.h"

namespace ringproof {

class ActorCounters {
 public:
  std::uint32_t& operator[](ActorId actor) {
    const std::size_t i = place(actor);
    if (i >= counters_.size()) [[unlikely]]
      grow(i);
    return counters_[i];
  }
  std::uint32_t at(ActorId actor) const {
    const std::size_t i = place(actor);
    return i < counters_.size() ? counters_[i] : 0;
  }
  // Those that were counted.
  std::size_t actors() const {
    return static_cast<std::size_t>(
        std::count_if(counters_.begin(), counters_.end(), [](std::uint32_t each) { return each > 0; }));
  }

 private:
  static std::size_t place(ActorId actor) {
    return 2 * std::size_t{actor % kFirstSource} + (actor >= kFirstSource ? 1 : 0);
  }
  [[gnu::noinline]] void grow(std::size_t i) {
    counters_.resize(std::max({i + 1, 2 * counters_.size(), kFewest}));
  }

  static constexpr std::size_t kFewest = 32;  // that there is room for, once there is any

  std::vector<std::uint32_t> counters_;
};

}  // namespace ringproof

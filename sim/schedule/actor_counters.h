// actor_counters.h: a counter for each actor.
// Role     numbers the decisions about an actor
// Shapes   dense: task numbers and source numbers both count up from 0
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "sim/schedule/chooser.h"

namespace ringproof {

class ActorCounters {
 public:
  std::uint32_t& operator[](ActorId actor) {
    std::vector<std::uint32_t>& counters = actor < kFirstSource ? tasks_ : sources_;
    const std::size_t i = actor < kFirstSource ? actor : actor - kFirstSource;
    if (i >= counters.size()) counters.resize(i + 1);
    return counters[i];
  }
  std::uint32_t at(ActorId actor) const {
    const std::vector<std::uint32_t>& counters = actor < kFirstSource ? tasks_ : sources_;
    const std::size_t i = actor < kFirstSource ? actor : actor - kFirstSource;
    return i < counters.size() ? counters[i] : 0;
  }
  // Those that were counted.
  std::size_t actors() const { return counted(tasks_) + counted(sources_); }

 private:
  static std::size_t counted(const std::vector<std::uint32_t>& counters) {
    return static_cast<std::size_t>(
        std::count_if(counters.begin(), counters.end(), [](std::uint32_t each) { return each > 0; }));
  }
  std::vector<std::uint32_t> tasks_;
  std::vector<std::uint32_t> sources_;
};

}  // namespace ringproof

// access_observer.h: hears what actors share, as they touch it.
// Role     lets a search know which steps of a run could change places without a difference
// Shapes   an object is compared with others, never shown, and never put into a result
// Threads  simulation thread
// Source   docs/decisions/0005-bounded-search.md
#pragma once

#include "sim/schedule/chooser.h"

namespace ringproof {

class AccessObserver {
 public:
  virtual ~AccessObserver() = default;
  virtual void accessed(ActorId actor, const volatile void* object, bool write) = 0;
};

}  // namespace ringproof

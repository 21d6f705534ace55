// by_vector.h: what a monitor notes about each queue of a port, by the vector that names it.
// Role     transmit queues have vectors from 64 on, and no port has that many receive queues: two short lists
// Shapes   each as long as the largest number asked for
// Errors   none
// Source   docs/design/queue-engine.md
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/nic/engine_layout.h"
#include "sim/monitor/grown.h"
#include "sim/monitor/vector_place.h"

namespace ringproof {

template <typename Queue>
class ByVector {
 public:
  Queue& operator[](std::uint32_t vector) {
    return receives(vector) ? grown(receive_, vector) : grown(transmit_, vector - nic::kTxVectorBase);
  }
  // Null: nobody has asked for it.
  const Queue* find(std::uint32_t vector) const {
    const std::vector<Queue>& queues = receives(vector) ? receive_ : transmit_;
    const std::size_t i = receives(vector) ? vector : vector - nic::kTxVectorBase;
    return i < queues.size() ? &queues[i] : nullptr;
  }
  // In the order of their vectors: visit(vector, queue).
  template <typename Visit>
  void for_each(Visit visit) {
    for (std::uint32_t i = 0; i < receive_.size(); ++i) visit(i, receive_[i]);
    for (std::uint32_t i = 0; i < transmit_.size(); ++i) visit(nic::kTxVectorBase + i, transmit_[i]);
  }

 private:
  std::vector<Queue> receive_;
  std::vector<Queue> transmit_;
};

}  // namespace ringproof

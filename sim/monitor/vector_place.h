// vector_place.h: where a queue that the device names by its vector is.
// Role     receive queue q is vector q, transmit queue q is vector 64 + q
// Errors   none
// Source   docs/design/queue-engine.md
#pragma once

#include <cstdint>

#include "model/nic/engine_layout.h"
#include "sim/monitor/invariant_log.h"

namespace ringproof {

inline bool receives(std::uint32_t vector) { return vector < nic::kTxVectorBase; }

inline Place place_of_vector(std::uint32_t port, std::uint32_t vector) {
  return receives(vector) ? Place::rx_queue(port, vector)
                          : Place::tx_queue(port, vector - nic::kTxVectorBase);
}

// `a` is behind `b` on a free-running index.
inline bool behind(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(a - b) < 0; }

}  // namespace ringproof

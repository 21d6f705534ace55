// bus_watcher.h: who looks at the pins of the queue engine.
// Role     hears of every clock edge that was worked out, with what both sides drove before it
// Shapes   edges that nobody worked out changed nothing; without a watcher a cycle costs one branch more
// Units    [ps]
// Threads  simulation thread
// Source   docs/design/queue-engine.md
#pragma once

#include <cstdint>
#include <string>

#include "model/nic/queue_engine.h"

namespace ringproof::nic {

class BusWatcher {
 public:
  virtual ~BusWatcher() = default;
  virtual void cycle(std::uint32_t port, std::uint64_t edge_ps, const EngineInputs& in,
                     const EngineOutputs& out) = 0;
  // A rule that the engine checks of itself did not hold. It goes on, without checking itself any more.
  virtual void assertion_failed(std::uint32_t port, const std::string& module, std::uint32_t line,
                                std::uint64_t edge_ps) = 0;
};

}  // namespace ringproof::nic

// lockstep_traffic.h: a random neighbour of a queue engine: memory, driver, MAC, interrupt sink and reset.
// Role     makes the inputs of an engine from a seed and from what the engine put out. It keeps the rules
//          of the port and is otherwise as unreasonable as a neighbour can be; it judges nothing
// Units    [cycles]
// Threads  none
// Errors   none signalled
// Source   docs/design/queue-engine.md; the REQUIREs of rtl/nic_*.sv
#pragma once

#include <cstdint>

#include "model/nic/queue_engine.h"
#include "testbench/rtl/lockstep_mac.h"
#include "testbench/rtl/lockstep_memory.h"
#include "testbench/rtl/lockstep_phase.h"
#include "testbench/rtl/lockstep_registers.h"

namespace ringproof::nic {

class RandomNeighbour {
 public:
  explicit RandomNeighbour(std::uint64_t seed, std::uint32_t queues = kLockstepQueues);
  // Inputs of the next cycle.
  const EngineInputs& drive();
  // What the engine put out for them.
  void observe(const EngineOutputs& out);
  const LockstepCoverage& coverage() const { return around_.coverage; }

 private:
  void next_phase();
  void forget();

  Surroundings around_;
  MemorySide memory_;
  RegisterSide registers_;
  MacSide mac_;
  EngineInputs in_;
  std::uint32_t jam_id_ = 0;  // takes its turn
  std::uint64_t phase_end_ = 0, jam_at_ = 0, pause_until_ = 0, reset_until_ = 0;
  bool in_reset_ = false;  // since the last cycle
};

}  // namespace ringproof::nic

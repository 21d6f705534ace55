// lockstep.h: two queue engines with the same inputs, compared pin by pin in every cycle.
// Role     drives both with one random neighbour that listens to the first; stops at the first difference
// Units    cycles count from 0 for the first step
// Threads  none
// Errors   a difference names seed, cycle, pin, both values and the command that repeats it, and shows the
//          cycles before; so does an engine that finds one of its own rules broken
// Source   docs/design/queue-engine.md, "Two engines"
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "model/nic/queue_engine.h"
#include "testbench/rtl/lockstep_pins.h"
#include "testbench/rtl/lockstep_traffic.h"

namespace ringproof::nic {

struct Difference {
  std::uint64_t seed = 0, cycle = 0;
  std::string pin;  // or the rule that an engine found broken
  std::array<std::string, 2> values;
};

struct LockstepEngines {
  std::array<std::unique_ptr<QueueEngine>, 2> engines;
  std::array<std::string, 2> names;
  std::string options;  // with which rtl_lockstep makes these
};

class Lockstep {
 public:
  Lockstep(std::uint64_t seed, LockstepEngines engines);

  // False at a difference, after which nothing runs any more.
  bool run(std::uint64_t cycles);
  const std::optional<Difference>& difference() const { return difference_; }
  // The difference, with what led to it.
  std::string report() const;
  std::uint64_t cycles() const { return cycle_; }
  const LockstepCoverage& coverage() const { return neighbour_.coverage(); }

 private:
  static constexpr std::uint64_t kCyclesShown = 20;
  struct Cycle {
    EngineInputs in;
    std::array<EngineOutputs, 2> out;
  };

  bool compare(const Cycle& shown);

  std::uint64_t seed_;
  LockstepEngines pair_;
  RandomNeighbour neighbour_;
  std::array<Cycle, kCyclesShown> last_;  // by cycle modulo their number
  std::uint64_t cycle_ = 0;
  std::optional<Difference> difference_;
};

// The two engines that are compared, for a seed.
LockstepEngines lockstep_engines(std::uint64_t seed, const std::string& wave_path = "");
// The RTL twice, with different values in the registers that reset does not touch: none may show.
LockstepEngines twice_the_rtl(std::uint64_t seed, const std::string& wave_path = "");

}  // namespace ringproof::nic

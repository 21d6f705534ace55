// mutation_player.cc: plays what random traffic does to the engine to its mutants, and says which it kills.
// Role     the engine meets the random neighbour of lockstep once for each seed; its mutants get the same
//          inputs, which the neighbour draws from what the engine put out, and die at the first pin that
//          differs
// Shapes   mutation_player LIBRARY SEEDS CYCLES MUTANT…   seeds from 1 on, so many cycles each
//          one line for each mutant killed: its number, seed, cycle, pin
// Units    [cycles]
// Errors   exit code 2 for wrong arguments or a library that cannot be loaded
// Source   docs/design/mutation.md

#include <dlfcn.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "testbench/mutation/mutant_engine.h"
#include "testbench/rtl/lockstep_pins.h"
#include "testbench/rtl/lockstep_traffic.h"

namespace ringproof::nic {
namespace {

struct Cycle {
  EngineInputs in;
  EngineOutputs out;
};

std::vector<Cycle> record(QueueEngine& engine, std::uint64_t seed, std::uint64_t cycles) {
  RandomNeighbour neighbour(seed);
  std::vector<Cycle> recorded(cycles);
  for (Cycle& cycle : recorded) {
    cycle.in = neighbour.drive();
    engine.step(cycle.in, cycle.out);
    neighbour.observe(cycle.out);
  }
  return recorded;
}

// Whether the mutant lives; says otherwise.
bool lives(QueueEngine& engine, const std::vector<Cycle>& recorded, std::uint32_t mutant,
           std::uint64_t seed) {
  EngineOutputs out;
  for (std::size_t cycle = 0; cycle < recorded.size(); ++cycle) {
    const Cycle& expected = recorded[cycle];
    engine.step(expected.in, out);
    if (same_pins(expected.out, out)) continue;
    const std::string pin = first_difference(expected.out, out).pin;
    std::printf("%u %llu %zu %s\n", mutant, static_cast<unsigned long long>(seed), cycle, pin.c_str());
    std::fflush(stdout);
    return false;
  }
  return true;
}

int play(MakeMutant make, std::uint64_t seeds, std::uint64_t cycles, std::vector<std::uint32_t> mutants) {
  for (std::uint64_t seed = 1; seed <= seeds && !mutants.empty(); ++seed) {
    const std::unique_ptr<QueueEngine> engine(make(0, seed));
    const auto recorded = record(*engine, seed, cycles);
    std::vector<std::uint32_t> living;
    for (const std::uint32_t mutant : mutants) {
      const std::unique_ptr<QueueEngine> mutated(make(mutant, seed));
      if (lives(*mutated, recorded, mutant, seed)) living.push_back(mutant);
    }
    mutants = std::move(living);
  }
  return 0;
}

}  // namespace
}  // namespace ringproof::nic

// The packaged SystemC library, which the NIC's library brings along, asks for this name.
extern "C" __attribute__((visibility("default"))) int sc_main(int argc, char* argv[]) {
  using ringproof::nic::MakeMutant;
  if (argc < 5) {
    std::fprintf(stderr, "usage: mutation_player LIBRARY SEEDS CYCLES MUTANT...\n");
    return 2;
  }
  void* library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  const auto make = library == nullptr
                        ? nullptr
                        : reinterpret_cast<MakeMutant>(dlsym(library, ringproof::nic::kMakeMutant));
  if (make == nullptr) {
    std::fprintf(stderr, "mutation_player: %s\n", dlerror());
    return 2;
  }
  std::vector<std::uint32_t> mutants;
  for (int i = 4; i < argc; ++i)
    mutants.push_back(static_cast<std::uint32_t>(std::strtoul(argv[i], nullptr, 10)));
  return ringproof::nic::play(make, std::strtoull(argv[2], nullptr, 10), std::strtoull(argv[3], nullptr, 10),
                              std::move(mutants));
}

int main(int argc, char* argv[]) { return sc_main(argc, argv); }

// mutation_player.cc: plays what random traffic does to the engine to its mutants, and says which it kills.
// Role     the engine meets the random neighbour of lockstep once for each seed; its mutants get the same
//          inputs, which the neighbour draws from what the engine put out, and die at the first pin that
//          differs
// Shapes   mutation_player LIBRARY FIRST LAST CYCLES MUTANT…   seeds from FIRST to LAST, so many cycles each
//          one line for each mutant and seed: its number, seed, cycle, and the pin or "lives"
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
  RandomNeighbour neighbour(seed, engine.max_queues());
  std::vector<Cycle> recorded(cycles);
  for (Cycle& cycle : recorded) {
    cycle.in = neighbour.drive();
    engine.step(cycle.in, cycle.out);
    neighbour.observe(cycle.out);
  }
  return recorded;
}

void say(std::uint32_t mutant, std::uint64_t seed, std::size_t cycle, const std::string& what) {
  std::printf("%u %llu %zu %s\n", mutant, static_cast<unsigned long long>(seed), cycle, what.c_str());
  std::fflush(stdout);
}

// Whether the mutant lives.
bool lives(QueueEngine& engine, const std::vector<Cycle>& recorded, std::uint32_t mutant,
           std::uint64_t seed) {
  EngineOutputs out;
  for (std::size_t cycle = 0; cycle < recorded.size(); ++cycle) {
    const Cycle& expected = recorded[cycle];
    engine.step(expected.in, out);
    if (same_pins(expected.out, out)) continue;
    say(mutant, seed, cycle, first_difference(expected.out, out).pin);
    return false;
  }
  say(mutant, seed, recorded.size(), "lives");
  return true;
}

struct Seeds {
  std::uint64_t first, last;
};

int play(MakeMutant make, const Seeds& seeds, std::uint64_t cycles, std::vector<std::uint32_t> mutants) {
  for (std::uint64_t seed = seeds.first; seed <= seeds.last && !mutants.empty(); ++seed) {
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
  const auto number = [argv](int i) { return std::strtoull(argv[i], nullptr, 10); };
  if (argc < 6) {
    std::fprintf(stderr, "usage: mutation_player LIBRARY FIRST LAST CYCLES MUTANT...\n");
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
  for (int i = 5; i < argc; ++i) mutants.push_back(static_cast<std::uint32_t>(number(i)));
  return ringproof::nic::play(make, {number(2), number(3)}, number(4), std::move(mutants));
}

int main(int argc, char* argv[]) { return sc_main(argc, argv); }

// coverage_main.cc: the RTL under the random traffic of the lockstep, with Verilator's counters in it.
// Role     writes FILE.dat, of which coverage.py makes the summary; says what the traffic reached
// Shapes   coverage_rtl CYCLES FILE.dat
// Units    [cycles]; seeds from 1 on, kCyclesOfSeed each
// Errors   exit code 2 for wrong arguments
// Source   docs/design/queue-engine.md, "How it is verified"

#include <verilated.h>
#include <verilated_cov.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "Vqueue_engine_coverage.h"
#include "model/nic/verilated_engine.h"
#include "testbench/rtl/lockstep_traffic.h"

namespace ringproof::nic {
namespace {

constexpr std::uint64_t kCyclesOfSeed = 100'000;

constexpr int kResetCycles = 2;

int run(std::uint64_t cycles, const char* path) {
  VerilatedEngine<Vqueue_engine_coverage, NoTrace> engine("", 1);
  LockstepCoverage reached;
  EngineOutputs out;
  std::uint64_t done = 0;
  for (std::uint64_t seed = 1; done < cycles; ++seed) {
    // Every neighbour begins with an engine after its reset.
    EngineInputs reset;
    reset.rst_n = false;
    for (int i = 0; i < kResetCycles; ++i) engine.step(reset, out);
    RandomNeighbour neighbour(seed);
    const std::uint64_t count = std::min(kCyclesOfSeed, cycles - done);
    for (std::uint64_t i = 0; i < count; ++i) {
      engine.step(neighbour.drive(), out);
      neighbour.observe(out);
    }
    reached.add(neighbour.coverage());
    done += count;
  }
  Verilated::threadContextp()->coveragep()->write(path);
  std::printf("%s", reached.table().c_str());
  for (const auto& name : reached.missing()) std::printf("not reached: %s\n", name.c_str());
  return 0;
}

}  // namespace
}  // namespace ringproof::nic

// The packaged SystemC library, which the NIC's library brings along, asks for this name.
extern "C" __attribute__((visibility("default"))) int sc_main(int argc, char* argv[]) {
  char* end = nullptr;
  const std::uint64_t cycles = argc == 3 ? std::strtoull(argv[1], &end, 0) : 0;
  if (cycles == 0 || *end != '\0') {
    std::fprintf(stderr, "usage: coverage_rtl CYCLES FILE.dat\n");
    return 2;
  }
  return ringproof::nic::run(cycles, argv[2]);
}

int main(int argc, char* argv[]) { return sc_main(argc, argv); }

// lockstep_main.cc: a long comparison of two engines, and the repetition of a failed one.
// Role     `cmake --build build --target lockstep` runs it; a report names the command that repeats it
// Shapes   --cycles N     all in all, 10,000,000 unless given
//          --seed S       that seed alone, for N cycles; otherwise seeds from 1 on, kCyclesOfSeed each
//          --twice-rtl    the RTL with itself
//          --wave FILE    of the first engine; .fst or .vcd, with --seed
//          --table        what the traffic has reached
// Errors   exit code 1 after a difference, or when a run of kCyclesCovered or more has not reached all there
//          is; 2 for wrong arguments
// Source   docs/design/queue-engine.md, "How it is verified"

#include <algorithm>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <string>

#include "testbench/rtl/lockstep.h"

namespace ringproof::nic {
namespace {

constexpr std::uint64_t kCyclesOfSeed = 100'000;
constexpr std::uint64_t kCyclesCovered = 1'000'000;

struct Options {
  std::uint64_t cycles = 10'000'000;
  std::optional<std::uint64_t> seed;
  std::string wave;
  bool twice_rtl = false;
  bool table = false;
};

std::optional<std::uint64_t> number(const char* text) {
  char* end = nullptr;
  const std::uint64_t value = std::strtoull(text, &end, 0);
  if (end == text || *end != '\0') return std::nullopt;
  return value;
}

std::optional<Options> parse(int argc, char* argv[]) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    if (name == "--table" || name == "--twice-rtl") {
      (name == "--table" ? options.table : options.twice_rtl) = true;
      continue;
    }
    if (++i == argc) return std::nullopt;
    const auto value = number(argv[i]);
    if (name == "--wave") {
      options.wave = argv[i];
    } else if (name == "--seed" && value) {
      options.seed = *value;
    } else if (name == "--cycles" && value) {
      options.cycles = *value;
    } else {
      return std::nullopt;
    }
  }
  if (!options.wave.empty() && !options.seed) return std::nullopt;
  return options;
}

std::string with_commas(std::uint64_t value) {
  std::string text = std::to_string(value);
  for (std::size_t i = text.size(); i > 3;) text.insert(i -= 3, ",");
  return text;
}

int compare(const Options& options) {
  std::uint64_t done = 0;
  LockstepCoverage coverage;
  for (std::uint64_t seed = options.seed.value_or(1); done < options.cycles; ++seed) {
    Lockstep lockstep(
        seed, options.twice_rtl ? twice_the_rtl(seed, options.wave) : lockstep_engines(seed, options.wave));
    const std::uint64_t left = options.cycles - done;
    const bool same = lockstep.run(options.seed ? left : std::min(left, kCyclesOfSeed));
    done += lockstep.cycles();
    coverage.add(lockstep.coverage());
    if (same) continue;
    std::printf("%slockstep: %s cycles compared, 1 difference\n", lockstep.report().c_str(),
                with_commas(done).c_str());
    return 1;
  }
  if (options.table) std::printf("%s", coverage.table().c_str());
  const auto missing = coverage.missing();
  const bool covered = missing.empty() || options.seed || done < kCyclesCovered;
  if (!covered) {
    for (const auto& name : missing) std::printf("not reached: %s\n", name.c_str());
  }
  std::printf("lockstep: %s cycles compared, 0 differences%s\n", with_commas(done).c_str(),
              covered ? "" : ", not everything reached");
  return covered ? 0 : 1;
}

}  // namespace
}  // namespace ringproof::nic

// The packaged SystemC library, which the NIC's library brings along, asks for this name.
extern "C" __attribute__((visibility("default"))) int sc_main(int argc, char* argv[]) {
  const auto options = ringproof::nic::parse(argc, argv);
  if (!options) {
    std::fprintf(stderr,
                 "usage: rtl_lockstep [--twice-rtl] [--cycles N] [--seed S [--wave FILE]] [--table]\n");
    return 2;
  }
  try {
    return ringproof::nic::compare(*options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rtl_lockstep: %s\n", error.what());
    return 2;
  }
}

int main(int argc, char* argv[]) { return sc_main(argc, argv); }

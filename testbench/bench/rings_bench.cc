// rings_bench.cc: what the ring helpers cost without a simulator that listens, next to those of libxdp.
// Role     the same loop with both, in turns; the last line has the ratios of the medians
// Units    wall time [ns/element]; above 1 ours are slower
// Errors   loops that do not hand over the same -> exit status 1; --smoke runs all once
// Source   decision 1 of the design: a schedule point costs one predictable branch in free-running mode

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <string_view>
#include <vector>

#include "testbench/bench/ring_loops.h"

namespace ringproof::bench {
namespace {

constexpr std::array<std::uint32_t, 4> kBatches = {1, 8, 32, 64};
constexpr std::uint32_t kElementsPerTurn = 400'000;

using Loop = std::uint64_t (*)(std::uint32_t batch, std::uint32_t batches);

// Of one turn [ns/element]; negative when the loop stopped.
double time_of(Loop loop, std::uint32_t batch) {
  const std::uint32_t batches = kElementsPerTurn / batch;
  const auto begin = std::chrono::steady_clock::now();
  const std::uint64_t sum = loop(batch, batches);
  const auto span = std::chrono::steady_clock::now() - begin;
  if (sum == 0) return -1;
  return std::chrono::duration<double, std::nano>(span).count() / (double(batches) * batch);
}

double median(std::vector<double>& values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

int run(std::size_t turns) {
  std::string line = "rings: ours/libxdp";
  for (const std::uint32_t batch : kBatches) {
    std::vector<double> ours;
    std::vector<double> theirs;
    for (std::size_t turn = 0; turn < turns; ++turn) {
      ours.push_back(time_of(move_with_ours, batch));
      theirs.push_back(time_of(move_with_libxdp, batch));
      if (ours.back() < 0 || theirs.back() < 0) {
        fmt::print(stderr, "rings_bench: batch {}: expected every element to come out, a loop stopped\n",
                   batch);
        return 1;
      }
    }
    const double own = median(ours);
    const double other = median(theirs);
    fmt::print("batch {:2}: {:6.3f} ns an element, libxdp {:6.3f} ns\n", batch, own, other);
    line += fmt::format("  {} at {}", fmt::format("{:.3f}", own / other), batch);
  }
  fmt::print("{}\n", line);
  return 0;
}

}  // namespace
}  // namespace ringproof::bench

int main(int argc, char** argv) {
  const bool smoke = argc > 1 && std::string_view(argv[1]) == "--smoke";
  return ringproof::bench::run(smoke ? 1 : 201);
}

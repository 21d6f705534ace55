// rings_bench.cc: what the ring helpers cost without a simulator that listens, next to those of libxdp.
// Role     the same loop with both, in turns, in several processes; the last line has the median ratio of
//          each batch
// Units    wall time [ns/element]; above 1 ours are slower
// Errors   loops that do not hand over the same -> exit status 1; --smoke runs all once
// Source   decision 1 of the design: a schedule point costs one predictable branch in free-running mode

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <string>
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

// Medians of one process, ours and theirs for each batch [ns/element]. How memory and code happen to lie in a
// process makes more of a difference than the helpers do.
struct Figures {
  std::array<double, kBatches.size()> ours{};
  std::array<double, kBatches.size()> theirs{};
};

// False: a loop stopped, which is told.
bool measure(std::size_t turns, Figures& figures) {
  for (std::size_t i = 0; i < kBatches.size(); ++i) {
    std::vector<double> ours;
    std::vector<double> theirs;
    for (std::size_t turn = 0; turn < turns; ++turn) {
      ours.push_back(time_of(move_with_ours, kBatches[i]));
      theirs.push_back(time_of(move_with_libxdp, kBatches[i]));
      if (ours.back() >= 0 && theirs.back() >= 0) continue;
      fmt::print(stderr, "rings_bench: batch {}: expected every element to come out, a loop stopped\n",
                 kBatches[i]);
      return false;
    }
    figures.ours[i] = median(ours);
    figures.theirs[i] = median(theirs);
  }
  return true;
}

int measure_once(std::size_t turns) {
  Figures figures;
  if (!measure(turns, figures)) return 1;
  for (std::size_t i = 0; i < kBatches.size(); ++i) {
    fmt::print("{} {}\n", figures.ours[i], figures.theirs[i]);
  }
  return 0;
}

// A process of its own. False: it did not answer.
bool ask_process(const std::string& program, Figures& figures) {
  std::FILE* answer = popen((program + " --once").c_str(), "r");
  if (answer == nullptr) return false;
  bool whole = true;
  for (std::size_t i = 0; i < kBatches.size(); ++i) {
    whole = whole && std::fscanf(answer, "%lf %lf", &figures.ours[i], &figures.theirs[i]) == 2;
  }
  return pclose(answer) == 0 && whole;
}

int run(const std::string& program, std::size_t processes) {
  std::vector<Figures> all(processes);
  for (Figures& figures : all) {
    if (!ask_process(program, figures)) return 1;
  }
  std::string line = "rings: ours/libxdp";
  for (std::size_t i = 0; i < kBatches.size(); ++i) {
    std::vector<double> ours;
    std::vector<double> ratios;
    for (const Figures& figures : all) {
      ours.push_back(figures.ours[i]);
      ratios.push_back(figures.ours[i] / figures.theirs[i]);
    }
    const double ratio = median(ratios);
    const auto [least, most] = std::minmax_element(ratios.begin(), ratios.end());
    fmt::print("batch {:2}: {:6.3f} ns an element, {:.3f} to {:.3f} of libxdp's\n", kBatches[i], median(ours),
               *least, *most);
    line += fmt::format("  {:.3f} at {}", ratio, kBatches[i]);
  }
  fmt::print("{}\n", line);
  return 0;
}

}  // namespace
}  // namespace ringproof::bench

int main(int argc, char** argv) {
  const std::string_view word = argc > 1 ? argv[1] : "";
  if (word == "--smoke") return ringproof::bench::measure_once(1);
  if (word == "--once") return ringproof::bench::measure_once(21);
  return ringproof::bench::run(argv[0], 25);
}

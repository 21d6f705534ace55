// line_rate.h: how many cycles a queue engine takes for a frame.
// Role     posts everything, lets the wire and the engine run, and counts
// Shapes   frames of one size, in turn for each of some queues; buffers at one offset in their bus beat
// Units    [cycles] a frame; 100 Gb/s of 64-byte frames is kLineRateCycles at 250 MHz
// Errors   an engine that is four times too slow is not waited for: its figure is that of what it did
// Source   docs/design/queue-engine.md, "How it is verified"
#pragma once

#include <cstddef>
#include <cstdint>

#include "sim/conform/bench.h"
#include "sim/conform/requirement.h"

namespace ringproof::conform {

constexpr double kRateClockMhz = 250.0;
// 148.8 million frames of 64 bytes a second.
constexpr double kLineRateCycles = kRateClockMhz / 148.8;

struct RateLoad {
  bool receive = true;
  bool transmit = true;
  std::uint32_t queues = 4;  // of each direction, or as many as there are
  std::size_t bytes = 64;
  std::uint32_t offset = 0;
};

struct RateFigures {
  double rx_cycles = 0;  // 0: not asked for
  double tx_cycles = 0;
  std::uint64_t lost = 0;  // frames discarded
  double slower() const { return rx_cycles > tx_cycles ? rx_cycles : tx_cycles; }
};

// With a bench of default latencies: 300 ns.
RateFigures measure_rate(Bench& bench, const EngineShape& shape, const RateLoad& load);

}  // namespace ringproof::conform

// ring_loops.h: the same work on a ring, with the helpers of this project and with those of libxdp.
// Role     each moves elements through a ring of its own, as producer and consumer on one thread
// Shapes   kRingSize elements of 16 bytes; `batch` at a time
// Source   testbench/bench/rings_bench.cc
#pragma once

#include <cstdint>

namespace ringproof::bench {

constexpr std::uint32_t kRingSize = 2048;

// Both hand `batches` times `batch` elements over; the sum of what came out.
std::uint64_t move_with_ours(std::uint32_t batch, std::uint32_t batches);
std::uint64_t move_with_libxdp(std::uint32_t batch, std::uint32_t batches);

}  // namespace ringproof::bench

#include "sim/monitor/patience.h"

#include <algorithm>

namespace ringproof {
namespace {

constexpr std::uint64_t kBasePs = 20'000'000'000;
constexpr std::uint64_t kWays = 64;

std::uint64_t bound_of(const nic::NicConfig& port) {
  const std::uint64_t way_ns = std::uint64_t{port.interrupt_latency_ns} + port.interrupt_gap_ns +
                               2 * std::uint64_t{port.register_latency_ns} + port.dma_read_latency_ns +
                               port.dma_write_latency_ns + 2 * std::uint64_t{port.dma_jitter_ns} +
                               port.coalesce.ns + port.moderation.ns;
  const auto bits =
      8.0 * (2.0 * (port.rx_ring_entries + port.tx_ring_entries) * (port.max_frame_bytes() + 24) +
             port.rx_fifo_bytes);
  // Frames share the wire; in 1 ps of 1 Gbit/s there is a thousandth of a bit.
  return kBasePs + kWays * way_ns * 1000 + static_cast<std::uint64_t>(bits * 1000.0 / port.gbps);
}

}  // namespace

Patience::Patience(const std::vector<nic::NicConfig>& ports) : bound_ps_(kBasePs) {
  for (const nic::NicConfig& port : ports) bound_ps_ = std::max(bound_ps_, bound_of(port));
}

void Patience::faults_active(bool on, std::uint64_t time_ps) {
  faults_ = on;
  if (!on) healed_ps_ = std::max(healed_ps_, time_ps);
}

std::uint64_t Patience::lasted_ps(std::uint64_t since_ps, std::uint64_t time_ps) const {
  const std::uint64_t begin_ps = std::max(since_ps, healed_ps_);
  return faults_ || time_ps < begin_ps ? 0 : time_ps - begin_ps;
}

}  // namespace ringproof

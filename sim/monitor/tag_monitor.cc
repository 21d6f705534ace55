#include "sim/monitor/tag_monitor.h"

#include <fmt/format.h>

#include "sim/monitor/grown.h"

namespace ringproof {
namespace {

constexpr std::uint8_t kBeatLog2 = 6;       // AxSIZE of 64 bytes
constexpr std::uint8_t kIncrementing = 1;   // AxBURST
constexpr std::uint64_t kBlockBytes = 512;  // that no burst leaves

}  // namespace

template <typename Describe>
void TagMonitor::violated(std::uint32_t port, const Port& state, Describe describe) {
  log_.violated(Invariant::k30, Party::kDevice, Place::port(port), state.trail, now_ps_, describe);
}

void TagMonitor::cycle(std::uint32_t port, std::uint64_t edge_ps, const nic::EngineInputs& in,
                       const nic::EngineOutputs& out) {
  Port& state = grown(ports_, port);
  if (!in.rst_n) {
    state = Port{};
    return;
  }
  now_ps_ = edge_ps;
  // What is asked for in this cycle cannot be answered before the next one.
  if (in.axi_rvalid && out.axi_rready) read_beat(port, state, in);
  if (in.axi_bvalid && out.axi_bready) write_answer(port, state, in.axi_bid);
  if (out.axi_wvalid && in.axi_wready) write_beat(port, state, out.axi_wlast);
  if (out.axi_arvalid && in.axi_arready) {
    judge_request(port, state, "read",
                  {out.axi_araddr, out.axi_arlen + 1u, out.axi_arid, out.axi_arsize, out.axi_arburst});
    state.reads[out.axi_arid % kIds].push(out.axi_arlen + 1u);
    state.trail.add("read of id {0} asked for {1} beats", out.axi_arid, out.axi_arlen + 1u, edge_ps);
  }
  if (out.axi_awvalid && in.axi_awready) {
    judge_request(port, state, "write",
                  {out.axi_awaddr, out.axi_awlen + 1u, out.axi_awid, out.axi_awsize, out.axi_awburst});
    state.writes.push({out.axi_awid, out.axi_awlen + 1u});
    state.trail.add("write of id {0} announced {1} beats", out.axi_awid, out.axi_awlen + 1u, edge_ps);
  }
}

// Memory answers with whole beats, so whoever asks for others gets bytes that it takes for something else.
void TagMonitor::judge_request(std::uint32_t port, const Port& state, const char* what,
                               const Request& request) {
  log_.checked(Invariant::k30);
  const bool whole_beats = request.size == kBeatLog2 && request.type == kIncrementing;
  const std::uint64_t end = request.address % kBlockBytes + std::uint64_t{request.beats} * nic::kBeatBytes;
  if (whole_beats && end <= kBlockBytes) [[likely]]
    return;
  violated(port, state, [&] {
    if (!whole_beats) {
      return fmt::format(
          "a {} of id {} asks for beats of {} bytes in a burst of type {}; 64 in one of type {} come", what,
          request.id, 1u << (request.size & 7), request.type, kIncrementing);
    }
    return fmt::format("a {} of id {} has {} beats from {:#x} on, beyond its block of 512 bytes", what,
                       request.id, request.beats, request.address);
  });
}

void TagMonitor::read_beat(std::uint32_t port, Port& state, const nic::EngineInputs& in) {
  log_.checked(Invariant::k30);
  Fifo<std::uint32_t>& waiting = state.reads[in.axi_rid % kIds];
  if (waiting.empty()) {
    violated(port, state,
             [&] { return fmt::format("read data of id {} came, for which no read waits", in.axi_rid); });
    return;
  }
  const std::uint32_t left = --waiting.front();
  if (in.axi_rlast != (left == 0)) {
    violated(port, state, [&] {
      return fmt::format("read data of id {} {} with {} beats to come", in.axi_rid,
                         in.axi_rlast ? "ended" : "went on", left);
    });
  }
  if (left == 0 || in.axi_rlast) waiting.pop();
}

void TagMonitor::write_beat(std::uint32_t port, Port& state, bool last) {
  log_.checked(Invariant::k30);
  if (state.writes.empty()) {
    violated(port, state, [] { return std::string("write data came before its address"); });
    return;
  }
  Burst& burst = state.writes.front();
  const std::uint32_t left = --burst.beats;
  if (last != (left == 0)) {
    violated(port, state, [&] {
      return fmt::format("write data of id {} {} with {} beats to come", burst.id, last ? "ended" : "went on",
                         left);
    });
  }
  if (left != 0 && !last) return;
  ++state.complete[burst.id % kIds];
  state.writes.pop();
}

void TagMonitor::write_answer(std::uint32_t port, Port& state, std::uint8_t id) {
  log_.checked(Invariant::k30);
  std::uint32_t& waiting = state.complete[id % kIds];
  if (waiting > 0) {
    --waiting;
    return;
  }
  violated(port, state,
           [&] { return fmt::format("a write of id {} was answered, but none is complete", id); });
}

void TagMonitor::finish(std::uint64_t end_ps, bool drained) {
  if (!drained) return;
  now_ps_ = end_ps;
  for (std::uint32_t port = 0; port < ports_.size(); ++port) {
    Port& state = ports_[port];
    std::size_t open = state.writes.size();
    for (std::size_t id = 0; id < kIds; ++id) open += state.reads[id].size() + state.complete[id];
    if (open == 0) continue;
    violated(port, state, [&] { return fmt::format("{} requests to memory were never answered", open); });
  }
}

}  // namespace ringproof

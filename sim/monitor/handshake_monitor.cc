#include "sim/monitor/handshake_monitor.h"

#include <fmt/format.h>

#include "model/nic/handshakes.h"
#include "sim/monitor/grown.h"

namespace ringproof {

template <typename Describe>
void HandshakeMonitor::violated(const Cycle& at, Describe describe) {
  log_.violated(Invariant::k31, Party::kDevice, Place::port(at.port), at.state.trail, at.edge_ps, describe);
}

template <typename Channel, typename Word>
void HandshakeMonitor::look(const Cycle& at, Channel& channel, const char* name, bool valid, bool ready,
                            Word word) {
  const bool waits = valid && !ready;
  if (channel.held) {
    log_.checked(Invariant::k31);
    if (!valid) {
      violated(at, [&] { return fmt::format("{}: valid fell before the word was taken", name); });
    } else if (word() != channel.word) {
      violated(at, [&] { return fmt::format("{}: the word changed while it waited to be taken", name); });
      channel.word = word();
    }
  }
  // One that waits on is equal to the one kept.
  if (waits && !channel.held) channel.word = word();
  channel.held = waits;
}

void HandshakeMonitor::look_at_beat(const Cycle& at, const char* name, bool last, std::uint64_t keep) {
  log_.checked(Invariant::k31);
  at.state.trail.add("a beat was taken, last {0}, keep {1:#x}", last ? 1 : 0, keep, at.edge_ps);
  const bool full = keep == ~std::uint64_t{0};
  const bool no_holes = (keep & (keep + 1)) == 0;
  if (no_holes && (full || last)) return;
  violated(at, [&] {
    return fmt::format("{}: a beat {} has the bytes {:#x}", name, last ? "with holes" : "inside a frame",
                       keep);
  });
}

void HandshakeMonitor::cycle(std::uint32_t port, std::uint64_t edge_ps, const nic::EngineInputs& in,
                             const nic::EngineOutputs& out) {
  Port& p = grown(ports_, port);
  if (!in.rst_n) {
    p = Port{};
    return;
  }
  const Cycle at{port, edge_ps, p};
  const bool waits = nic::Handshakes(in, out).any_waits();
  if (waits || p.waits) look_at_channels(at, in, out);
  p.waits = waits;
  if (in.rx_tvalid && out.rx_tready) {
    look_at_beat(at, "stream of received frames", in.rx_tlast, in.rx_tkeep);
  }
  if (out.tx_tvalid && in.tx_tready) {
    look_at_beat(at, "stream of frames to send", out.tx_tlast, out.tx_tkeep);
  }
}

void HandshakeMonitor::look_at_channels(const Cycle& at, const nic::EngineInputs& in,
                                        const nic::EngineOutputs& out) {
  Port& p = at.state;
  look(at, p.ar, "AXI read address", out.axi_arvalid, in.axi_arready,
       [&] { return std::tuple(out.axi_arid, out.axi_arlen, out.axi_aruser, out.axi_araddr); });
  look(at, p.aw, "AXI write address", out.axi_awvalid, in.axi_awready,
       [&] { return std::tuple(out.axi_awid, out.axi_awlen, out.axi_awuser, out.axi_awaddr); });
  look(at, p.w, "AXI write data", out.axi_wvalid, in.axi_wready,
       [&] { return std::tuple(out.axi_wlast, out.axi_wstrb, out.axi_wdata); });
  look(at, p.r, "AXI read data", in.axi_rvalid, out.axi_rready,
       [&] { return std::tuple(in.axi_rid, in.axi_rresp, in.axi_rlast, in.axi_rdata); });
  look(at, p.b, "AXI write response", in.axi_bvalid, out.axi_bready,
       [&] { return std::tuple(in.axi_bid, in.axi_bresp); });
  look(at, p.rx, "stream of received frames", in.rx_tvalid, out.rx_tready, [&] {
    return std::tuple(in.rx_tlast, in.rx_tdest, in.rx_length, in.rx_hash, in.rx_timestamp_ns, in.rx_meta,
                      in.rx_tkeep, in.rx_tdata);
  });
  look(at, p.tx, "stream of frames to send", out.tx_tvalid, in.tx_tready, [&] {
    return std::tuple(out.tx_tlast, out.tx_error, out.tx_request, out.tx_index, out.tx_tid, out.tx_tkeep,
                      out.tx_tdata);
  });
  look(at, p.axil_aw, "AXI-Lite write address", in.axil_awvalid, out.axil_awready,
       [&] { return std::tuple(in.axil_awaddr); });
  look(at, p.axil_w, "AXI-Lite write data", in.axil_wvalid, out.axil_wready,
       [&] { return std::tuple(in.axil_wdata); });
  look(at, p.axil_ar, "AXI-Lite read address", in.axil_arvalid, out.axil_arready,
       [&] { return std::tuple(in.axil_araddr); });
  look(at, p.axil_r, "AXI-Lite read data", out.axil_rvalid, in.axil_rready,
       [&] { return std::tuple(out.axil_rdata); });
  look(at, p.axil_b, "AXI-Lite write response", out.axil_bvalid, in.axil_bready,
       [] { return std::tuple<>(); });
  look(at, p.irq, "interrupt request", out.irq_valid, in.irq_ready,
       [&] { return std::tuple(out.irq_vector); });
}

}  // namespace ringproof

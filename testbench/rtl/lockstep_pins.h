// lockstep_pins.h: whether two engines put out the same.
// Role     one list of the output pins, for whoever compares or spoils them
// Shapes   payload counts while its valid is set, and of wide data the bytes that strobes or tkeep name
// Threads  none
// Errors   none
// Source   docs/design/queue-engine.md, "Ports"
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "model/nic/queue_engine.h"

namespace ringproof::nic {

// Calls visit(name, counts, value) for every output, valid before payload. Whoever adds a pin to the port is
// told here by the compiler.
template <class Outputs, class Visit>
void visit_pins(Outputs& out, Visit&& visit) {
  auto& [axi_arvalid, axi_awvalid, axi_wvalid, tx_tvalid, axil_rvalid, axil_bvalid, irq_valid, idle,
         axi_rready, axi_bready, rx_tready, axil_awready, axil_wready, axil_arready, axi_wlast, tx_tlast,
         axil_rdata, axil_bresp, axil_rresp, axi_awid, axi_awlen, axi_awsize, axi_awburst, axi_awuser,
         axi_arid, axi_arlen, axi_arsize, axi_arburst, axi_aruser, axi_awaddr, axi_araddr, axi_wstrb,
         axi_wdata, ev_rx_done, ev_rx_drop, ev_rx_queue, tx_error, tx_request, tx_index, tx_tid, tx_tkeep,
         tx_tdata, irq_vector] = out;
  visit("axil_awready", true, axil_awready);
  visit("axil_wready", true, axil_wready);
  visit("axil_bvalid", true, axil_bvalid);
  visit("axil_arready", true, axil_arready);
  visit("axil_rvalid", true, axil_rvalid);
  visit("axil_rdata", axil_rvalid, axil_rdata);
  visit("axil_bresp", axil_bvalid, axil_bresp);
  visit("axil_rresp", axil_rvalid, axil_rresp);
  visit("axi_awvalid", true, axi_awvalid);
  visit("axi_awid", axi_awvalid, axi_awid);
  visit("axi_awlen", axi_awvalid, axi_awlen);
  visit("axi_awsize", axi_awvalid, axi_awsize);
  visit("axi_awburst", axi_awvalid, axi_awburst);
  visit("axi_awuser", axi_awvalid, axi_awuser);
  visit("axi_awaddr", axi_awvalid, axi_awaddr);
  visit("axi_wvalid", true, axi_wvalid);
  visit("axi_wlast", axi_wvalid, axi_wlast);
  visit("axi_wstrb", axi_wvalid, axi_wstrb);
  visit("axi_wdata", axi_wvalid, axi_wdata);
  visit("axi_bready", true, axi_bready);
  visit("axi_arvalid", true, axi_arvalid);
  visit("axi_arid", axi_arvalid, axi_arid);
  visit("axi_arlen", axi_arvalid, axi_arlen);
  visit("axi_arsize", axi_arvalid, axi_arsize);
  visit("axi_arburst", axi_arvalid, axi_arburst);
  visit("axi_aruser", axi_arvalid, axi_aruser);
  visit("axi_araddr", axi_arvalid, axi_araddr);
  visit("axi_rready", true, axi_rready);
  visit("rx_tready", true, rx_tready);
  visit("ev_rx_done", true, ev_rx_done);
  visit("ev_rx_drop", true, ev_rx_drop);
  visit("ev_rx_queue", ev_rx_done, ev_rx_queue);
  visit("tx_tvalid", true, tx_tvalid);
  visit("tx_tlast", tx_tvalid, tx_tlast);
  visit("tx_error", tx_tvalid, tx_error);
  visit("tx_request", tx_tvalid, tx_request);
  visit("tx_index", tx_tvalid, tx_index);
  visit("tx_tid", tx_tvalid, tx_tid);
  visit("tx_tkeep", tx_tvalid, tx_tkeep);
  visit("tx_tdata", tx_tvalid, tx_tdata);
  visit("irq_valid", true, irq_valid);
  visit("irq_vector", irq_valid, irq_vector);
  visit("idle", true, idle);
}

struct PinDifference {
  std::string pin;
  std::array<std::string, 2> values;
};

std::string hex(std::uint64_t value);
// Whether nothing that counts differs. This is asked in every cycle; the other says what it is.
bool same_pins(const EngineOutputs& a, const EngineOutputs& b);
PinDifference first_difference(const EngineOutputs& first, const EngineOutputs& second);

}  // namespace ringproof::nic

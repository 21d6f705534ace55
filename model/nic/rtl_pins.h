// rtl_pins.h: from the members of a Verilated model to the port, and back.
// Role     the only code that knows the RTL's pins by name; for any model that has them
// Shapes   beats are 16 words of 32 bits; tuser is packed as docs/design/queue-engine.md says
// Errors   none
// Source   docs/design/queue-engine.md, "Ports"
#pragma once

#include <verilated.h>

#include <algorithm>
#include <cstdint>

#include "model/nic/queue_engine.h"

namespace ringproof::nic {

template <class Wide>
void copy_beat(const BeatData& from, Wide& to) {
  std::copy(from.begin(), from.end(), &to[0]);
}

template <class Wide>
void copy_beat_out(const Wide& from, BeatData& to) {
  const EData* first = &from[0];
  std::copy(first, first + to.size(), to.begin());
}

// Payload without its valid is left alone on both sides.
template <class Model>
void drive_pins(Model& m, const EngineInputs& in) {
  m.rst_ni = in.rst_n;
  m.s_axil_awvalid = in.axil_awvalid;
  m.s_axil_wvalid = in.axil_wvalid;
  m.s_axil_bready = in.axil_bready;
  m.s_axil_arvalid = in.axil_arvalid;
  m.s_axil_rready = in.axil_rready;
  if (in.axil_awvalid) m.s_axil_awaddr = in.axil_awaddr;
  if (in.axil_wvalid) {
    m.s_axil_wdata = in.axil_wdata;
    m.s_axil_wstrb = in.axil_wstrb;
  }
  if (in.axil_arvalid) m.s_axil_araddr = in.axil_araddr;

  m.m_axi_awready = in.axi_awready;
  m.m_axi_wready = in.axi_wready;
  m.m_axi_arready = in.axi_arready;
  m.m_axi_bvalid = in.axi_bvalid;
  if (in.axi_bvalid) {
    m.m_axi_bid = in.axi_bid;
    m.m_axi_bresp = in.axi_bresp;
  }
  m.m_axi_rvalid = in.axi_rvalid;
  if (in.axi_rvalid) {
    m.m_axi_rid = in.axi_rid;
    m.m_axi_rresp = in.axi_rresp;
    m.m_axi_rlast = in.axi_rlast;
    copy_beat(in.axi_rdata, m.m_axi_rdata);
  }

  m.s_axis_rx_tvalid = in.rx_tvalid;
  if (in.rx_tvalid) {
    m.s_axis_rx_tlast = in.rx_tlast;
    m.s_axis_rx_tdest = in.rx_tdest;
    if constexpr (requires { m.s_axis_rx_tsteered; }) m.s_axis_rx_tsteered = in.rx_steered;
    m.s_axis_rx_tkeep = in.rx_tkeep;
    const std::uint64_t low = std::uint64_t{in.rx_hash} << 16 | in.rx_length;
    m.s_axis_rx_tuser[0] = static_cast<EData>(low);
    m.s_axis_rx_tuser[1] = static_cast<EData>(low >> 32 | (in.rx_timestamp_ns & 0xFFFF) << 16);
    m.s_axis_rx_tuser[2] = static_cast<EData>(in.rx_timestamp_ns >> 16);
    m.s_axis_rx_tuser[3] = static_cast<EData>(in.rx_timestamp_ns >> 48 | in.rx_meta << 16);
    m.s_axis_rx_tuser[4] = static_cast<EData>(in.rx_meta >> 16);
    copy_beat(in.rx_tdata, m.s_axis_rx_tdata);
  }
  m.m_axis_tx_tready = in.tx_tready;
  m.irq_ready_i = in.irq_ready;
}

template <class Model>
void sample_pins(const Model& m, EngineOutputs& out) {
  out.axil_awready = m.s_axil_awready;
  out.axil_wready = m.s_axil_wready;
  out.axil_bvalid = m.s_axil_bvalid;
  out.axil_arready = m.s_axil_arready;
  out.axil_rvalid = m.s_axil_rvalid;
  if (out.axil_bvalid) out.axil_bresp = m.s_axil_bresp;
  if (out.axil_rvalid) {
    out.axil_rdata = m.s_axil_rdata;
    out.axil_rresp = m.s_axil_rresp;
  }

  out.axi_awvalid = m.m_axi_awvalid;
  if (out.axi_awvalid) {
    out.axi_awid = m.m_axi_awid;
    out.axi_awlen = m.m_axi_awlen;
    out.axi_awsize = m.m_axi_awsize;
    out.axi_awburst = m.m_axi_awburst;
    out.axi_awuser = m.m_axi_awuser;
    out.axi_awaddr = m.m_axi_awaddr;
  }
  out.axi_wvalid = m.m_axi_wvalid;
  if (out.axi_wvalid) {
    out.axi_wlast = m.m_axi_wlast;
    out.axi_wstrb = m.m_axi_wstrb;
    copy_beat_out(m.m_axi_wdata, out.axi_wdata);
  }
  out.axi_bready = m.m_axi_bready;
  out.axi_arvalid = m.m_axi_arvalid;
  if (out.axi_arvalid) {
    out.axi_arid = m.m_axi_arid;
    out.axi_arlen = m.m_axi_arlen;
    out.axi_arsize = m.m_axi_arsize;
    out.axi_arburst = m.m_axi_arburst;
    out.axi_aruser = m.m_axi_aruser;
    out.axi_araddr = m.m_axi_araddr;
  }
  out.axi_rready = m.m_axi_rready;

  out.rx_tready = m.s_axis_rx_tready;
  out.ev_rx_drop = m.ev_rx_drop_o;
  if constexpr (requires { m.ev_rx_done_o; }) {
    out.ev_rx_done = m.ev_rx_done_o;
    out.ev_rx_queue = m.ev_rx_queue_o;
  } else {
    // Without receive-side scaling, a frame is decided with its last beat, and its queue is the MAC's.
    out.ev_rx_done = m.s_axis_rx_tvalid && m.s_axis_rx_tready && m.s_axis_rx_tlast;
    out.ev_rx_queue = m.s_axis_rx_tdest;
  }

  out.tx_tvalid = m.m_axis_tx_tvalid;
  if (out.tx_tvalid) {
    out.tx_tlast = m.m_axis_tx_tlast;
    out.tx_error = (m.m_axis_tx_tuser[0] & 1) != 0;
    out.tx_request = m.m_axis_tx_tuser[0] >> 1 | m.m_axis_tx_tuser[1] << 31;
    out.tx_index = m.m_axis_tx_tuser[1] >> 1 | m.m_axis_tx_tuser[2] << 31;
    out.tx_tid = m.m_axis_tx_tid;
    out.tx_tkeep = m.m_axis_tx_tkeep;
    copy_beat_out(m.m_axis_tx_tdata, out.tx_tdata);
  }

  out.irq_valid = m.irq_valid_o;
  if (out.irq_valid) out.irq_vector = m.irq_vector_o;
  out.idle = m.idle_o;
}

}  // namespace ringproof::nic

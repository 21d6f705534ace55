// verilated_engine.h: any Verilated queue engine behind the port.
// Role     pins of the Verilated model <-> EngineInputs, EngineOutputs; ours and others are made of it, each
//          in a file of a few lines (rtl_engine.cc, engine_module.cc.in)
// Shapes   Model: the class that Verilator made of a module with the ports of docs/design/queue-engine.md;
//          Trace: its writer of waveforms, or NoTrace
// Units    waveform time [ps]; clock periods between steps whose time nobody sets are 4,000 ps
// Threads  one engine belongs to one thread; engines share nothing
// Errors   std::runtime_error when the waveform cannot be written; a failed RTL assertion prints file, line
//          and rule and aborts the process, unless somebody asked to be told (QueueEngine::on_assertion):
//          then the model goes on with its assertions off
// Source   docs/design/queue-engine.md
#pragma once

#include <verilated.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "model/nic/queue_engine.h"

namespace ringproof::nic {

constexpr std::uint64_t kDefaultPeriodPs = 4000;  // 250 MHz
constexpr int kRegisterReadCyclesMax = 100;       // an engine that has not answered by then has no queues

using AssertionTold = std::function<void(const std::string&, std::uint32_t)>;

// Who is told of a failed assertion: the engine that this thread steps. The runtime's call cannot tell.
const AssertionTold*& assertion_told();

template <class Wide>
void copy_beat(const BeatData& from, Wide& to) {
  std::copy(from.begin(), from.end(), &to[0]);
}

template <class Wide>
void copy_beat_out(const Wide& from, BeatData& to) {
  const EData* first = &from[0];
  std::copy(first, first + to.size(), to.begin());
}

// As the whole name of a file, an ending names no format.
inline bool has_ending(const std::string& text, const std::string& end) {
  return text.size() > end.size() && text.ends_with(end);
}

// Stands in for a waveform writer where there is none.
struct NoTrace {};

template <class Model, class Trace>
class VerilatedEngine final : public QueueEngine {
 public:
  static constexpr bool kTraced = !std::is_same_v<Trace, NoTrace>;

  VerilatedEngine(const std::string& wave_path, std::uint64_t x_seed) {
    context_.debug(0);
    // Verilator takes 31 bits, of which 0 would mean "choose one".
    context_.randSeed(static_cast<int>((x_seed ^ (x_seed >> 31)) % 0x7FFFFFFE + 1));
    context_.randReset(2);
    context_.assertOn(false);
    context_.traceEverOn(kTraced);
    model_ = std::make_unique<Model>(&context_, "queue_engine");
    if constexpr (kTraced) {
      // The writers do not report a path that cannot be written.
      if (!std::ofstream(wave_path, std::ios::binary)) {
        throw std::runtime_error("cannot write the waveform " + wave_path);
      }
      trace_ = std::make_unique<Trace>();
      trace_->set_time_unit("1ps");
      trace_->set_time_resolution("1ps");
      model_->trace(trace_.get(), 99);
      trace_->open(wave_path.c_str());
      if (!trace_->isOpen()) throw std::runtime_error("cannot write the waveform " + wave_path);
    }
    drive(EngineInputs{});
    reset();
    const std::uint32_t queues = read_queues();
    max_queues_ = std::min(queues & 0xFFFF, queues >> 16);
    drive(EngineInputs{});
    reset();
    context_.assertOn(true);
  }

  ~VerilatedEngine() override {
    if (assertion_told() == &assertion_told_) assertion_told() = nullptr;
    if constexpr (kTraced) {
      if (trace_) trace_->close();
    }
    model_->final();
    // The model unregisters from the thread's current context, which is that of the engine made last and may
    // be gone.
    Verilated::threadContextp(&context_);
    model_.reset();
  }

  void step(const EngineInputs& in, EngineOutputs& out) override {
    assertion_told() = &assertion_told_;
    drive(in);
    model_->clk_i = 0;
    model_->eval();
    // In reset, registers may still hold what they held when the power came.
    if (in.rst_n) {
      sample(out);
    } else {
      out = EngineOutputs{};
    }
    dump_before_edge();
    model_->clk_i = 1;
    model_->eval();
    dump_after_edge();
  }

  void on_assertion(AssertionTold told) override { assertion_told_ = std::move(told); }

  void set_wave_time_ps(std::uint64_t now_ps) override { edge_ps_ = now_ps; }

  void set_wave_start_ps(std::uint64_t start_ps) override { wave_start_ps_ = start_ps; }

  std::uint32_t max_queues() const override { return max_queues_; }

 private:
  void reset() {
    model_->rst_ni = 0;
    for (int edge = 0; edge < 2; ++edge) {
      clock();
    }
  }

  void clock() {
    model_->clk_i = 0;
    model_->eval();
    model_->clk_i = 1;
    model_->eval();
  }

  // How many queues there are is a parameter of the module, and a register says it.
  std::uint32_t read_queues() {
    EngineInputs in;
    in.axil_arvalid = true;
    in.axil_araddr = kRegisterQueues;
    for (int cycle = 0; cycle < kRegisterReadCyclesMax; ++cycle) {
      drive(in);
      model_->clk_i = 0;
      model_->eval();
      const bool taken = model_->s_axil_arready;
      if (model_->s_axil_rvalid) return model_->s_axil_rdata;
      model_->clk_i = 1;
      model_->eval();
      if (taken) in.axil_arvalid = false;
    }
    return 0;
  }

  void drive(const EngineInputs& in) {
    Model& m = *model_;
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

  void sample(EngineOutputs& out) const {
    const Model& m = *model_;
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

  // The clock falls, and inputs change, halfway between two edges.
  void dump_before_edge() {
    if constexpr (kTraced) {
      if (edge_ps_ <= last_ps_) edge_ps_ = last_ps_ + kDefaultPeriodPs;
      const std::uint64_t half_ps = std::min(edge_ps_ - last_ps_, kDefaultPeriodPs) / 2;
      if (edge_ps_ >= wave_start_ps_) trace_->dump(edge_ps_ - half_ps);
    }
  }

  void dump_after_edge() {
    if constexpr (kTraced) {
      if (edge_ps_ >= wave_start_ps_) trace_->dump(edge_ps_);
      last_ps_ = edge_ps_;
      edge_ps_ += kDefaultPeriodPs;
    }
  }

  std::uint32_t max_queues_ = 0;
  VerilatedContext context_;
  AssertionTold assertion_told_;
  std::unique_ptr<Model> model_;
  std::unique_ptr<Trace> trace_;
  std::uint64_t edge_ps_ = kDefaultPeriodPs;
  std::uint64_t last_ps_ = 0;
  std::uint64_t wave_start_ps_ = 0;
};

}  // namespace ringproof::nic

// netlist_engine.cc: the Verilated netlist of one part of the list; mutation.py compiles it once for each.
// Role     the library's only way in is ringproof_make_mutant()
// Shapes   registers are written with some strobes clear now and then, which the port cannot say
// Errors   none signalled
// Source   docs/design/queue-engine.md, "Ports"

#include <verilated.h>

#include <memory>

#include "Vmutants.h"
#include "model/nic/rtl_pins.h"
#include "testbench/mutation/mutant_engine.h"

namespace ringproof::nic {
namespace {

constexpr std::uint32_t kQueues = 64;  // as in mutation.py

// Stands still while a write waits, because it comes from what is written.
std::uint8_t strobes_of(std::uint32_t wdata) {
  const std::uint32_t dice = wdata * 0x9E3779B1u;
  return dice >> 26 == 0 ? static_cast<std::uint8_t>(dice >> 20 & 15) : std::uint8_t{15};
}

class NetlistEngine final : public MutantEngine {
 public:
  NetlistEngine(std::uint32_t mutant, std::uint64_t x_seed) {
    context_.debug(0);
    context_.randSeed(static_cast<int>(x_seed % 0x7FFFFFFE + 1));
    context_.randReset(2);
    model_ = std::make_unique<Vmutants>(&context_, "mutants");
    model_->mutsel = mutant;
    model_->rst_ni = 0;
    for (int edge = 0; edge < 2; ++edge) clock();
  }

  ~NetlistEngine() override {
    model_->final();
    Verilated::threadContextp(&context_);
    model_.reset();
  }

  void step(const EngineInputs& in, EngineOutputs& out) override {
    drive_pins(*model_, in);
    if (in.axil_wvalid) model_->s_axil_wstrb = strobes_of(in.axil_wdata);
    model_->clk_i = 0;
    model_->eval();
    if (in.rst_n) {
      sample_pins(*model_, out);
      sample_others();
    } else {
      out = EngineOutputs{};
      other_pins_ = 0;
    }
    model_->clk_i = 1;
    model_->eval();
  }

  void set_wave_time_ps(std::uint64_t /*now_ps*/) override {}
  std::uint32_t max_queues() const override { return kQueues; }
  std::uint32_t other_pins() const override { return other_pins_; }

 private:
  void clock() {
    model_->clk_i = 0;
    model_->eval();
    model_->clk_i = 1;
    model_->eval();
  }

  void sample_others() {
    const Vmutants& m = *model_;
    std::uint32_t pins = 0;
    const auto add = [&pins](std::uint32_t value, int bits) { pins = pins << bits | value; };
    add(m.s_axil_bvalid ? m.s_axil_bresp : 0, 2);
    add(m.s_axil_rvalid ? m.s_axil_rresp : 0, 2);
    add(m.m_axi_awvalid ? m.m_axi_awsize : 0, 3);
    add(m.m_axi_awvalid ? m.m_axi_awburst : 0, 2);
    add(m.m_axi_arvalid ? m.m_axi_arsize : 0, 3);
    add(m.m_axi_arvalid ? m.m_axi_arburst : 0, 2);
    other_pins_ = pins;
  }

  VerilatedContext context_;
  std::unique_ptr<Vmutants> model_;
  std::uint32_t other_pins_ = 0;
};

}  // namespace
}  // namespace ringproof::nic

extern "C" __attribute__((visibility("default"))) ringproof::nic::MutantEngine* ringproof_make_mutant(
    std::uint32_t mutant, std::uint64_t x_seed) {
  return new ringproof::nic::NetlistEngine(mutant, x_seed);
}

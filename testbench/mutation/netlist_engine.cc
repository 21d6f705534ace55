// netlist_engine.cc: the Verilated netlist of one part of the list; mutation.py compiles it once for each.
// Role     the library's only way in is ringproof_make_mutant()
// Shapes   mutants count from 1; 0 is the engine as it should be; RINGPROOF_NETLIST_QUEUES queues each way
// Errors   none signalled
// Source   docs/design/queue-engine.md, "Ports"

#include <verilated.h>

#include <memory>

#include "Vmutants.h"
#include "model/nic/rtl_pins.h"
#include "testbench/mutation/mutant_engine.h"

namespace ringproof::nic {
namespace {

class NetlistEngine final : public QueueEngine {
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
    model_->clk_i = 0;
    model_->eval();
    if (in.rst_n) {
      sample_pins(*model_, out);
    } else {
      out = EngineOutputs{};
    }
    model_->clk_i = 1;
    model_->eval();
  }

  void set_wave_time_ps(std::uint64_t /*now_ps*/) override {}
  EngineLimits limits() const override {
    return {RINGPROOF_NETLIST_QUEUES, RINGPROOF_NETLIST_QUEUES, 1U << kRingLog2Max};
  }

 private:
  void clock() {
    model_->clk_i = 0;
    model_->eval();
    model_->clk_i = 1;
    model_->eval();
  }

  VerilatedContext context_;
  std::unique_ptr<Vmutants> model_;
};

}  // namespace
}  // namespace ringproof::nic

extern "C" __attribute__((visibility("default"))) ringproof::nic::QueueEngine* ringproof_make_mutant(
    std::uint32_t mutant, std::uint64_t x_seed) {
  return new ringproof::nic::NetlistEngine(mutant, x_seed);
}

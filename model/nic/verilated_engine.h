// verilated_engine.h: any Verilated queue engine behind the port.
// Role     pins of the Verilated model <-> EngineInputs, EngineOutputs; ours and others are made of it, each
//          in a file of a few lines (rtl_engine.cc, engine_module.cc.in)
// Shapes   Model: the class that Verilator made of a module with the ports of docs/design/queue-engine.md;
//          Trace: a writer of waveforms from waves.h, or NoTrace
// Units    waveform time [ps]; clock periods between steps whose time nobody sets are 4,000 ps
// Threads  one engine belongs to one thread; engines share nothing
// Errors   WaveError when the waveform cannot be written; a failed RTL assertion prints file, line
//          and rule and aborts the process, unless somebody asked to be told (QueueEngine::on_assertion):
//          then the model goes on with its assertions off
// Source   docs/design/queue-engine.md
#pragma once

#include <verilated.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "model/nic/queue_engine.h"
#include "model/nic/rtl_pins.h"
#include "model/nic/waves.h"

namespace ringproof::nic {

constexpr std::uint64_t kDefaultPeriodPs = 4000;  // 250 MHz
constexpr int kRegisterReadCyclesMax = 100;       // an engine that has not answered by then has no queues

using AssertionTold = std::function<void(const std::string&, std::uint32_t)>;

// Who is told of a failed assertion: the engine that this thread steps. The runtime's call cannot tell.
const AssertionTold*& assertion_told();

// As the whole name of a file, an ending names no format.
inline bool has_ending(const std::string& text, const std::string& end) {
  return text.size() > end.size() && text.ends_with(end);
}

// Stands in for a waveform writer where there is none.
struct NoTrace {};

// While it lives, what the runtime finds wrong with a model is an exception.
class ToldWhileMaking {
 public:
  ToldWhileMaking() { assertion_told() = &nobody_; }
  ~ToldWhileMaking() { assertion_told() = nullptr; }
  ToldWhileMaking(const ToldWhileMaking&) = delete;
  ToldWhileMaking& operator=(const ToldWhileMaking&) = delete;

 private:
  const AssertionTold nobody_ = [](const std::string& module, std::uint32_t line) {
    throw std::runtime_error(module + ":" + std::to_string(line) + ": the model stops while it is made");
  };
};

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
    if constexpr (kTraced) open_wave(wave_path);
    // A model that cannot go on must not end the process.
    const ToldWhileMaking told;
    drive_pins(*model_, EngineInputs{});
    reset();
    const std::uint32_t queues = read_register(kRegisterQueues);
    const std::uint32_t log2 = std::min(read_register(kRegisterLimits) & kLimitsRingLog2Max, kRingLog2Max);
    limits_ = {queues & 0xFFFF, queues >> 16, std::uint32_t{1} << log2};
    drive_pins(*model_, EngineInputs{});
    reset();
    context_.assertOn(true);
  }

  ~VerilatedEngine() override {
    if (assertion_told() == &assertion_told_) assertion_told() = nullptr;
    // Who has not asked for it by now does not want to be told.
    try {
      finish_wave();
    } catch (const WaveError&) {
    }
    model_->final();
    // The model unregisters from the thread's current context, which is that of the engine made last and may
    // be gone.
    Verilated::threadContextp(&context_);
    model_.reset();
  }

  void step(const EngineInputs& in, EngineOutputs& out) override {
    assertion_told() = &assertion_told_;
    drive_pins(*model_, in);
    model_->clk_i = 0;
    model_->eval();
    // In reset, registers may still hold what they held when the power came.
    if (in.rst_n) {
      sample_pins(*model_, out);
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

  void finish_wave() override {
    if constexpr (kTraced) {
      if (std::exchange(wave_open_, false)) or_lose_wave([this] { trace_->close(); });
    }
  }

  EngineLimits limits() const override { return limits_; }

 private:
  void open_wave(const std::string& path) {
    wave_path_ = path;
    trace_ = std::make_unique<Trace>();
    trace_->set_time_unit("1ps");
    trace_->set_time_resolution("1ps");
    model_->trace(trace_.get(), 99);
    try {
      trace_->open(path.c_str());
    } catch (const WaveProblem& problem) {
      trace_->isOpen() ? remove_wave(path) : remove_empty_wave(path);
      throw WaveError(path, problem.what());
    }
    wave_open_ = true;
  }

  template <class Action>
  void or_lose_wave(Action action) {
    try {
      action();
    } catch (const WaveProblem& problem) {
      wave_open_ = false;
      remove_wave(wave_path_);
      throw WaveError(wave_path_, problem.what());
    }
  }

  void dump(std::uint64_t time_ps) {
    if (wave_open_ && edge_ps_ >= wave_start_ps_) or_lose_wave([&] { trace_->dump(time_ps); });
  }

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
  std::uint32_t read_register(std::uint16_t address) {
    EngineInputs in;
    in.axil_arvalid = true;
    in.axil_araddr = address;
    for (int cycle = 0; cycle < kRegisterReadCyclesMax; ++cycle) {
      drive_pins(*model_, in);
      model_->clk_i = 0;
      model_->eval();
      const bool taken = model_->s_axil_arready;
      const bool answered = model_->s_axil_rvalid;
      const std::uint32_t data = model_->s_axil_rdata;
      model_->clk_i = 1;
      model_->eval();
      if (answered) return data;
      if (taken) in.axil_arvalid = false;
    }
    return 0;
  }

  // The clock falls, and inputs change, halfway between two edges.
  void dump_before_edge() {
    if constexpr (kTraced) {
      if (edge_ps_ <= last_ps_) edge_ps_ = last_ps_ + kDefaultPeriodPs;
      const std::uint64_t half_ps = std::min(edge_ps_ - last_ps_, kDefaultPeriodPs) / 2;
      dump(edge_ps_ - half_ps);
    }
  }

  void dump_after_edge() {
    if constexpr (kTraced) {
      dump(edge_ps_);
      last_ps_ = edge_ps_;
      edge_ps_ += kDefaultPeriodPs;
    }
  }

  EngineLimits limits_;
  VerilatedContext context_;
  AssertionTold assertion_told_;
  std::unique_ptr<Model> model_;
  std::unique_ptr<Trace> trace_;
  std::string wave_path_;
  bool wave_open_ = false;
  std::uint64_t edge_ps_ = kDefaultPeriodPs;
  std::uint64_t last_ps_ = 0;
  std::uint64_t wave_start_ps_ = 0;
};

}  // namespace ringproof::nic

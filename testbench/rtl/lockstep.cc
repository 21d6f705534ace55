#include "testbench/rtl/lockstep.h"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace ringproof::nic {
namespace {

// A channel with something on it: its name, its payload, and a mark for what waits.
void channel(std::string& text, bool valid, bool ready, const std::string& what) {
  if (valid) text += " | " + what + (ready ? "" : " (waits)");
}

std::string describe(const EngineInputs& in, const EngineOutputs& out) {
  if (!in.rst_n) return " | reset";
  std::string text;
  channel(text, in.axil_awvalid, out.axil_awready, "write to " + hex(in.axil_awaddr));
  channel(text, in.axil_wvalid, out.axil_wready, "of " + hex(in.axil_wdata));
  channel(text, out.axil_bvalid, in.axil_bready, "written");
  channel(text, in.axil_arvalid, out.axil_arready, "read of " + hex(in.axil_araddr));
  channel(text, out.axil_rvalid, in.axil_rready, "is " + hex(out.axil_rdata));
  channel(text, out.axi_awvalid, in.axi_awready,
          "AW id " + std::to_string(out.axi_awid) + " user " + std::to_string(out.axi_awuser) + " " +
              hex(out.axi_awaddr) + " beats " + std::to_string(out.axi_awlen + 1));
  channel(text, out.axi_wvalid, in.axi_wready, "W " + hex(out.axi_wstrb) + (out.axi_wlast ? " last" : ""));
  channel(text, in.axi_bvalid, out.axi_bready,
          "B id " + std::to_string(in.axi_bid) + " resp " + std::to_string(in.axi_bresp));
  channel(text, out.axi_arvalid, in.axi_arready,
          "AR id " + std::to_string(out.axi_arid) + " user " + std::to_string(out.axi_aruser) + " " +
              hex(out.axi_araddr) + " beats " + std::to_string(out.axi_arlen + 1));
  channel(text, in.axi_rvalid, out.axi_rready,
          "R id " + std::to_string(in.axi_rid) + " resp " + std::to_string(in.axi_rresp) +
              (in.axi_rlast ? " last" : ""));
  channel(text, in.rx_tvalid, out.rx_tready,
          "RX queue " + std::to_string(in.rx_tdest) + " length " + std::to_string(in.rx_length) +
              (in.rx_tlast ? " last" : ""));
  channel(text, out.ev_rx_done, true,
          "RX frame of queue " + std::to_string(out.ev_rx_queue) + (out.ev_rx_drop ? " dropped" : " done"));
  channel(text, out.tx_tvalid, in.tx_tready,
          "TX queue " + std::to_string(out.tx_tid) + " index " + hex(out.tx_index) +
              (out.tx_tlast ? " last" : "") + (out.tx_error ? " error" : ""));
  channel(text, out.irq_valid, in.irq_ready, "IRQ " + std::to_string(out.irq_vector));
  if (out.idle) text += " | idle";
  return text.empty() ? " |" : text;
}

}  // namespace

Lockstep::Lockstep(std::uint64_t seed, LockstepEngines engines)
    : seed_(seed), pair_(std::move(engines)), neighbour_(seed) {
  for (std::size_t i = 0; i < pair_.engines.size(); ++i) {
    pair_.engines[i]->on_assertion([this, i](const std::string& module, std::uint32_t line) {
      if (difference_) return;
      difference_ = Difference{seed_, cycle_, "rule of " + module + ", line " + std::to_string(line), {}};
      difference_->values = {i == 0 ? "broken" : "kept", i == 1 ? "broken" : "kept"};
    });
  }
}

bool Lockstep::compare(const Cycle& shown) {
  if (!difference_ && !same_pins(shown.out[0], shown.out[1])) {
    const PinDifference found = first_difference(shown.out[0], shown.out[1]);
    difference_ = Difference{seed_, cycle_, found.pin, found.values};
  }
  return !difference_;
}

bool Lockstep::run(std::uint64_t cycles) {
  if (difference_) return false;
  for (std::uint64_t i = 0; i < cycles; ++i) {
    Cycle& shown = last_[cycle_ % kCyclesShown];
    shown.in = neighbour_.drive();
    pair_.engines[0]->step(shown.in, shown.out[0]);
    pair_.engines[1]->step(shown.in, shown.out[1]);
    if (!compare(shown)) return false;
    neighbour_.observe(shown.out[0]);
    ++cycle_;
  }
  return true;
}

std::string Lockstep::report() const {
  if (!difference_) return "no difference";
  const Difference& found = *difference_;
  std::string text = "seed " + std::to_string(found.seed) + ", cycle " + std::to_string(found.cycle) + ", " +
                     found.pin + ": " + pair_.names[0] + " " + found.values[0] + ", " + pair_.names[1] + " " +
                     found.values[1] + "\n";
  const std::uint64_t before = std::min(cycle_, kCyclesShown - 1);
  for (std::uint64_t cycle = cycle_ - before; cycle <= cycle_; ++cycle) {
    const Cycle& shown = last_[cycle % kCyclesShown];
    text += "  " + std::to_string(cycle) + describe(shown.in, shown.out[0]) + "\n";
  }
  const Cycle& shown = last_[cycle_ % kCyclesShown];
  text += "  and " + pair_.names[1] + describe(shown.in, shown.out[1]) + "\n";
  return text + "repeat: build/tests/rtl_lockstep" + pair_.options + " --seed " + std::to_string(found.seed) +
         " --cycles " + std::to_string(found.cycle + 1) + "\n";
}

LockstepEngines twice_the_rtl(std::uint64_t seed, const std::string& wave_path) {
  return {{make_rtl_engine(wave_path, 2 * seed + 1), make_rtl_engine("", 2 * seed + 2)},
          {"rtl", "rtl again"},
          " --twice-rtl"};
}

LockstepEngines lockstep_engines(std::uint64_t seed, const std::string& wave_path) {
  return {{make_rtl_engine(wave_path, 2 * seed + 1), make_cycle_engine()}, {"rtl", "cycle"}, ""};
}

}  // namespace ringproof::nic

#include "testbench/rtl/lockstep.h"

#include <algorithm>
#include <cstdio>
#include <type_traits>
#include <utility>
#include <vector>

namespace ringproof::nic {
namespace {

std::string hex(std::uint64_t value) {
  char text[24];
  std::snprintf(text, sizeof text, "0x%llX", static_cast<unsigned long long>(value));
  return text;
}

// Bits of the word of a beat whose bytes are named by `bytes`, one bit each.
std::uint32_t named_bits(std::uint64_t bytes, std::size_t word) {
  std::uint32_t bits = 0;
  for (std::uint32_t byte = 0; byte < 4; ++byte) {
    if (bytes >> (4 * word + byte) & 1) bits |= 0xFFu << 8 * byte;
  }
  return bits;
}

// First word that differs in a byte that counts.
std::optional<std::size_t> differs(const BeatData& first, const BeatData& second, std::uint64_t bytes) {
  for (std::size_t word = 0; word < first.size(); ++word) {
    if (first[word] != second[word] && ((first[word] ^ second[word]) & named_bits(bytes, word)) != 0)
      return word;
  }
  return std::nullopt;
}

// Whether anything that counts differs; visit_pins() says what. This is asked in every cycle.
bool same(const EngineOutputs& a, const EngineOutputs& b) {
  if (a.axil_awready != b.axil_awready || a.axil_wready != b.axil_wready || a.axil_bvalid != b.axil_bvalid ||
      a.axil_arready != b.axil_arready || a.axil_rvalid != b.axil_rvalid || a.axi_awvalid != b.axi_awvalid ||
      a.axi_wvalid != b.axi_wvalid || a.axi_bready != b.axi_bready || a.axi_arvalid != b.axi_arvalid ||
      a.axi_rready != b.axi_rready || a.rx_tready != b.rx_tready || a.ev_rx_drop != b.ev_rx_drop ||
      a.tx_tvalid != b.tx_tvalid || a.irq_valid != b.irq_valid || a.idle != b.idle) {
    return false;
  }
  if (a.axil_rvalid && (a.axil_rdata != b.axil_rdata || a.axil_rresp != b.axil_rresp)) return false;
  if (a.axil_bvalid && a.axil_bresp != b.axil_bresp) return false;
  if (a.axi_awvalid &&
      (a.axi_awid != b.axi_awid || a.axi_awlen != b.axi_awlen || a.axi_awsize != b.axi_awsize ||
       a.axi_awburst != b.axi_awburst || a.axi_awuser != b.axi_awuser || a.axi_awaddr != b.axi_awaddr)) {
    return false;
  }
  if (a.axi_wvalid && (a.axi_wlast != b.axi_wlast || a.axi_wstrb != b.axi_wstrb)) return false;
  if (a.axi_wvalid && a.axi_wdata != b.axi_wdata && differs(a.axi_wdata, b.axi_wdata, a.axi_wstrb))
    return false;
  if (a.axi_arvalid &&
      (a.axi_arid != b.axi_arid || a.axi_arlen != b.axi_arlen || a.axi_arsize != b.axi_arsize ||
       a.axi_arburst != b.axi_arburst || a.axi_aruser != b.axi_aruser || a.axi_araddr != b.axi_araddr)) {
    return false;
  }
  if (a.tx_tvalid && (a.tx_tlast != b.tx_tlast || a.tx_error != b.tx_error || a.tx_request != b.tx_request ||
                      a.tx_index != b.tx_index || a.tx_tid != b.tx_tid || a.tx_tkeep != b.tx_tkeep)) {
    return false;
  }
  if (a.tx_tvalid && a.tx_tdata != b.tx_tdata && differs(a.tx_tdata, b.tx_tdata, a.tx_tkeep)) return false;
  return !a.irq_valid || a.irq_vector == b.irq_vector;
}

// Pointers to the values of one engine, in the order of visit_pins().
struct PinValue {
  const char* name;
  bool counts;
  std::uint64_t number;
  const BeatData* beat;
};

std::vector<PinValue> pins_of(const EngineOutputs& out) {
  std::vector<PinValue> pins;
  visit_pins(out, [&](const char* name, bool counts, const auto& value) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(value)>, BeatData>) {
      pins.push_back({name, counts, 0, &value});
    } else {
      pins.push_back({name, counts, static_cast<std::uint64_t>(value), nullptr});
    }
  });
  return pins;
}

Difference first_difference(const EngineOutputs& first, const EngineOutputs& second) {
  const auto a = pins_of(first), b = pins_of(second);
  std::uint64_t bytes = 0;  // strobes or tkeep, which come before the data
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!a[i].counts || !b[i].counts) continue;
    if (a[i].beat == nullptr) {
      bytes = a[i].number;
      if (a[i].number != b[i].number) return {0, 0, a[i].name, {hex(a[i].number), hex(b[i].number)}};
    } else if (const auto word = differs(*a[i].beat, *b[i].beat, bytes)) {
      const std::string at = "word " + std::to_string(*word) + " ";
      return {0, 0, a[i].name, {at + hex((*a[i].beat)[*word]), at + hex((*b[i].beat)[*word])}};
    }
  }
  return {0, 0, "nothing that has a name", {"", ""}};
}

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
              (in.rx_tlast ? " last" : "") + (out.ev_rx_drop ? " drop" : ""));
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
  if (!difference_ && !same(shown.out[0], shown.out[1])) {
    difference_ = first_difference(shown.out[0], shown.out[1]);
    difference_->seed = seed_;
    difference_->cycle = cycle_;
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

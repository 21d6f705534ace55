#include "testbench/rtl/lockstep_pins.h"

#include <cstddef>
#include <cstdio>
#include <optional>
#include <type_traits>
#include <vector>

namespace ringproof::nic {
namespace {

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

}  // namespace

std::string hex(std::uint64_t value) {
  char text[24];
  std::snprintf(text, sizeof text, "0x%llX", static_cast<unsigned long long>(value));
  return text;
}

bool same_pins(const EngineOutputs& a, const EngineOutputs& b) {
  if (a.axil_awready != b.axil_awready || a.axil_wready != b.axil_wready || a.axil_bvalid != b.axil_bvalid ||
      a.axil_arready != b.axil_arready || a.axil_rvalid != b.axil_rvalid || a.axi_awvalid != b.axi_awvalid ||
      a.axi_wvalid != b.axi_wvalid || a.axi_bready != b.axi_bready || a.axi_arvalid != b.axi_arvalid ||
      a.axi_rready != b.axi_rready || a.rx_tready != b.rx_tready || a.ev_rx_done != b.ev_rx_done ||
      a.ev_rx_drop != b.ev_rx_drop || a.tx_tvalid != b.tx_tvalid || a.irq_valid != b.irq_valid ||
      a.idle != b.idle) {
    return false;
  }
  if (a.ev_rx_done && a.ev_rx_queue != b.ev_rx_queue) return false;
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

PinDifference first_difference(const EngineOutputs& first, const EngineOutputs& second) {
  const auto a = pins_of(first), b = pins_of(second);
  std::uint64_t bytes = 0;  // strobes or tkeep, which come before the data
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!a[i].counts || !b[i].counts) continue;
    if (a[i].beat == nullptr) {
      bytes = a[i].number;
      if (a[i].number != b[i].number) return {a[i].name, {hex(a[i].number), hex(b[i].number)}};
    } else if (const auto word = differs(*a[i].beat, *b[i].beat, bytes)) {
      const std::string at = "word " + std::to_string(*word) + " ";
      return {a[i].name, {at + hex((*a[i].beat)[*word]), at + hex((*b[i].beat)[*word])}};
    }
  }
  return {"nothing that has a name", {"", ""}};
}

}  // namespace ringproof::nic

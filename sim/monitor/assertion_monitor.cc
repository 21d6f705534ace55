#include "sim/monitor/assertion_monitor.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace ringproof {
namespace {

// What a module is there for; fifos and arbiters keep indices in range.
constexpr std::pair<std::string_view, Invariant> kInvariantOf[] = {
    {"nic_hold_check", Invariant::k31},   {"nic_desc_fetch", Invariant::k27},
    {"nic_axi_read_arb", Invariant::k30}, {"nic_axi_write_arb", Invariant::k30},
    {"nic_tx_read", Invariant::k30},      {"nic_publish", Invariant::k26},
    {"nic_rx_complete", Invariant::k26},  {"nic_rx_write", Invariant::k24},
    {"nic_tx_send", Invariant::k23},      {"nic_irq", Invariant::k34},
    {"nic_irq_merge", Invariant::k34},    {"nic_fifo", Invariant::k01},
    {"nic_beat_fifo", Invariant::k01},    {"nic_rr_arb", Invariant::k38},
};

}  // namespace

void AssertionMonitor::assertion_failed(std::uint32_t port, const std::string& module, std::uint32_t line,
                                        std::uint64_t time_ps) {
  Invariant id = Invariant::k31;  // the rest are about the pins
  for (const auto& [name, invariant] : kInvariantOf) {
    if (module == name) id = invariant;
  }
  log_.checked(id);
  log_.violated(id, Party::kDevice, Place::port(port), EventTrail(), time_ps, [&] {
    return line == 0 ? fmt::format("a rule of {} does not hold", module)
                     : fmt::format("assertion failed at {}.sv:{}", module, line);
  });
}

}  // namespace ringproof

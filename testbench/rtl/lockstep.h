// lockstep.h: two queue engines with the same inputs, compared pin by pin in every cycle.
// Role     drives both with one random neighbour that listens to the first; stops at the first difference
// Shapes   payload counts while its valid is set, and of wide data the bytes that strobes or tkeep name
// Units    cycles count from 0 for the first step
// Threads  none
// Errors   a difference names seed, cycle, pin, both values and the command that repeats it, and shows the
//          cycles before; so does an engine that finds one of its own rules broken
// Source   docs/design/queue-engine.md, "Ports"; a single list of pins serves comparison and tests
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "model/nic/queue_engine.h"
#include "testbench/rtl/lockstep_traffic.h"

namespace ringproof::nic {

// Calls visit(name, counts, value) for every output, valid before payload. Whoever adds a pin to the port is
// told here by the compiler.
template <class Outputs, class Visit>
void visit_pins(Outputs& out, Visit&& visit) {
  auto& [axil_awready, axil_wready, axil_bvalid, axil_arready, axil_rvalid, axil_rdata, axil_bresp,
         axil_rresp, axi_awvalid, axi_wvalid, axi_wlast, axi_bready, axi_arvalid, axi_rready, axi_awid,
         axi_awlen, axi_awsize, axi_awburst, axi_awuser, axi_arid, axi_arlen, axi_arsize, axi_arburst,
         axi_aruser, axi_awaddr, axi_araddr, axi_wstrb, axi_wdata, rx_tready, ev_rx_drop, tx_tvalid, tx_tlast,
         tx_error, tx_request, tx_index, tx_tid, tx_tkeep, tx_tdata, irq_valid, irq_vector, idle] = out;
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
  visit("ev_rx_drop", true, ev_rx_drop);
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

struct Difference {
  std::uint64_t seed = 0, cycle = 0;
  std::string pin;  // or the rule that an engine found broken
  std::array<std::string, 2> values;
};

struct LockstepEngines {
  std::array<std::unique_ptr<QueueEngine>, 2> engines;
  std::array<std::string, 2> names;
  std::string options;  // with which rtl_lockstep makes these
};

class Lockstep {
 public:
  Lockstep(std::uint64_t seed, LockstepEngines engines);

  // False at a difference, after which nothing runs any more.
  bool run(std::uint64_t cycles);
  const std::optional<Difference>& difference() const { return difference_; }
  // The difference, with what led to it.
  std::string report() const;
  std::uint64_t cycles() const { return cycle_; }
  const LockstepCoverage& coverage() const { return neighbour_.coverage(); }

 private:
  static constexpr std::uint64_t kCyclesShown = 20;
  struct Cycle {
    EngineInputs in;
    std::array<EngineOutputs, 2> out;
  };

  bool compare(const Cycle& shown);

  std::uint64_t seed_;
  LockstepEngines pair_;
  RandomNeighbour neighbour_;
  std::array<Cycle, kCyclesShown> last_;  // by cycle modulo their number
  std::uint64_t cycle_ = 0;
  std::optional<Difference> difference_;
};

// The two engines that are compared, for a seed.
LockstepEngines lockstep_engines(std::uint64_t seed, const std::string& wave_path = "");
// The RTL twice, with different values in the registers that reset does not touch: none may show.
LockstepEngines twice_the_rtl(std::uint64_t seed, const std::string& wave_path = "");

}  // namespace ringproof::nic

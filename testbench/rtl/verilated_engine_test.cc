// verilated_engine_test.cc: what the wrapper of Verilated models does with a model that cannot go on.
// Role     a model of a few lines stands in for what Verilator makes, and stops in the middle of its making
// Source   model/nic/verilated_engine.h, docs/your-own-engine.md

#include "model/nic/verilated_engine.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace ringproof::nic {
namespace {

using Wide = std::array<std::uint32_t, 16>;

// After so many evaluations a model does what its author did not mean.
int evaluations_left = 0;
void (*mishap)() = nullptr;

// The pins of docs/design/queue-engine.md, and no behaviour.
struct Stub {
  Stub(VerilatedContext*, const char*) {}
  void eval() {
    if (evaluations_left-- == 0) mishap();
  }
  void final() {}

  std::uint8_t clk_i, rst_ni;
  std::uint8_t s_axil_awvalid, s_axil_awready, s_axil_wvalid, s_axil_wready, s_axil_wstrb, s_axil_bresp;
  std::uint8_t s_axil_bvalid, s_axil_bready, s_axil_arvalid, s_axil_arready, s_axil_rresp, s_axil_rvalid;
  std::uint8_t s_axil_rready;
  std::uint16_t s_axil_awaddr, s_axil_araddr;
  std::uint32_t s_axil_wdata, s_axil_rdata;
  std::uint8_t m_axi_awid, m_axi_awlen, m_axi_awsize, m_axi_awburst, m_axi_awuser, m_axi_awvalid,
      m_axi_awready;
  std::uint8_t m_axi_wlast, m_axi_wvalid, m_axi_wready, m_axi_bid, m_axi_bresp, m_axi_bvalid, m_axi_bready;
  std::uint8_t m_axi_arid, m_axi_arlen, m_axi_arsize, m_axi_arburst, m_axi_aruser, m_axi_arvalid,
      m_axi_arready;
  std::uint8_t m_axi_rid, m_axi_rresp, m_axi_rlast, m_axi_rvalid, m_axi_rready;
  std::uint64_t m_axi_awaddr, m_axi_wstrb, m_axi_araddr;
  Wide m_axi_wdata, m_axi_rdata, s_axis_rx_tdata, m_axis_tx_tdata;
  std::uint64_t s_axis_rx_tkeep, m_axis_tx_tkeep;
  std::uint8_t s_axis_rx_tlast, s_axis_rx_tdest, s_axis_rx_tvalid, s_axis_rx_tready, ev_rx_drop_o;
  std::array<std::uint32_t, 5> s_axis_rx_tuser;
  std::uint8_t m_axis_tx_tlast, m_axis_tx_tid, m_axis_tx_tvalid, m_axis_tx_tready;
  std::array<std::uint32_t, 3> m_axis_tx_tuser;
  std::uint8_t irq_valid_o, irq_vector_o, irq_ready_i, idle_o;
};

using StubEngine = VerilatedEngine<Stub, NoTrace>;

std::string words_of_making(int evaluations, void (*what)()) {
  evaluations_left = evaluations;
  mishap = what;
  try {
    const StubEngine engine("", 1);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "made";
}

TEST(VerilatedEngineMaking, AModelThatDoesNotSettleIsAnException) {
  const auto words = words_of_making(3, [] { vl_fatal("mine.sv", 7, "top", "did not converge"); });
  EXPECT_EQ(words, "mine.sv:7: did not converge");
}

TEST(VerilatedEngineMaking, SoIsOneThatStopsOrFinishes) {
  EXPECT_EQ(words_of_making(2, [] { vl_stop("mine.sv", 7, "top"); }),
            "mine:7: the model stops while it is made");
  EXPECT_EQ(words_of_making(2, [] { vl_finish("mine.sv", 9, "top"); }),
            "mine:9: the model stops while it is made");
}

TEST(VerilatedEngineMaking, NobodyIsToldAfterwards) {
  words_of_making(2, [] { vl_stop("mine.sv", 7, "top"); });
  EXPECT_EQ(assertion_told(), nullptr);
  EXPECT_EQ(words_of_making(1'000'000, nullptr), "made");
  EXPECT_EQ(assertion_told(), nullptr);
}

}  // namespace
}  // namespace ringproof::nic

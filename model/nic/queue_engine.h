// queue_engine.h: the port through which the NIC meets any implementation of the queue engine.
// Role     one clock cycle of a queue engine, as pins; the same pins as docs/design/queue-engine.md
// Shapes   data path 512 bits = 16 little-endian 32-bit words a beat; strobes one bit per byte
// Units    one step() = one rising edge of clk_i
// Threads  none: called from one process only
// Errors   none signalled; a protocol error of the neighbour is the neighbour's bug. A waveform that cannot be
//          written -> WaveError from whoever makes the engine, step() and finish_wave(); nothing of it stays
// Source   docs/design/queue-engine.md, AMBA AXI4 and AXI4-Stream
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

#include "model/nic/engine_layout.h"

namespace ringproof::nic {

constexpr std::uint32_t kBeatBytes = 64;
constexpr std::uint32_t kMaxBurstBeats = 8;

using BeatData = std::array<std::uint32_t, kBeatBytes / 4>;

// What the neighbours drive. Payload members count only while their valid is set.
struct EngineInputs {
  // The first pins of both sides face each other, so that all channels can be looked at at once:
  // handshakes.h.
  bool axi_arready = false;
  bool axi_awready = false;
  bool axi_wready = false;
  bool tx_tready = false;
  bool axil_rready = true;
  bool axil_bready = true;
  bool irq_ready = true;
  bool rst_n = true;
  bool axi_rvalid = false;
  bool axi_bvalid = false;
  bool rx_tvalid = false;
  bool axil_awvalid = false;
  bool axil_wvalid = false;
  bool axil_arvalid = false;
  bool axi_rlast = false;
  bool rx_tlast = false;

  // AXI4-Lite master side (the host's register accesses)
  std::uint16_t axil_awaddr = 0;
  std::uint16_t axil_araddr = 0;
  std::uint32_t axil_wdata = 0;
  std::uint8_t axil_wstrb = 0xF;

  // AXI4 slave side (host memory)
  std::uint8_t axi_bid = 0;
  std::uint8_t axi_bresp = 0;
  std::uint8_t axi_rid = 0;
  std::uint8_t axi_rresp = 0;
  BeatData axi_rdata{};

  // AXI4-Stream, frames from the MAC
  std::uint8_t rx_tdest = 0;
  bool rx_steered = false;            // the queue is the MAC's choice whatever the hash
  std::uint16_t rx_length = 0;        // tuser[15:0]
  std::uint32_t rx_hash = 0;          // tuser[47:16]
  std::uint64_t rx_timestamp_ns = 0;  // tuser[111:48]
  std::uint32_t rx_meta = 0;          // tuser[143:112]
  std::uint64_t rx_tkeep = 0;
  BeatData rx_tdata{};
};

// What the engine drives, settled for the inputs of the same cycle.
struct EngineOutputs {
  bool axi_arvalid = false;
  bool axi_awvalid = false;
  bool axi_wvalid = false;
  bool tx_tvalid = false;
  bool axil_rvalid = false;
  bool axil_bvalid = false;
  bool irq_valid = false;
  bool idle = false;
  bool axi_rready = false;
  bool axi_bready = false;
  bool rx_tready = false;
  bool axil_awready = false;
  bool axil_wready = false;
  bool axil_arready = false;
  bool axi_wlast = false;
  bool tx_tlast = false;

  std::uint32_t axil_rdata = 0;
  std::uint8_t axil_bresp = 0;
  std::uint8_t axil_rresp = 0;

  std::uint8_t axi_awid = 0;
  std::uint8_t axi_awlen = 0;
  std::uint8_t axi_awsize = 6;   // 64 bytes a beat
  std::uint8_t axi_awburst = 1;  // INCR
  std::uint8_t axi_awuser = 0;
  std::uint8_t axi_arid = 0;
  std::uint8_t axi_arlen = 0;
  std::uint8_t axi_arsize = 6;
  std::uint8_t axi_arburst = 1;
  std::uint8_t axi_aruser = 0;
  std::uint64_t axi_awaddr = 0;
  std::uint64_t axi_araddr = 0;
  std::uint64_t axi_wstrb = 0;
  BeatData axi_wdata{};

  bool ev_rx_done = false;       // what becomes of the oldest frame taken is decided
  bool ev_rx_drop = false;       // with it: the frame is discarded
  std::uint8_t ev_rx_queue = 0;  // with it: whose the frame is

  bool tx_error = false;         // tuser[0], on the last beat
  std::uint32_t tx_request = 0;  // tuser[32:1]
  std::uint32_t tx_index = 0;    // tuser[64:33]
  std::uint8_t tx_tid = 0;
  std::uint64_t tx_tkeep = 0;
  BeatData tx_tdata{};

  std::uint8_t irq_vector = 0;
};

// Reads as "PATH: expected a file that can be written, got: REASON".
class WaveError : public std::runtime_error {
 public:
  WaveError(const std::string& path, const std::string& reason)
      : std::runtime_error(path + ": expected a file that can be written, got: " + reason) {}
};

struct EngineLimits {
  std::uint32_t rx_queues = 0;
  std::uint32_t tx_queues = 0;
  std::uint32_t ring_entries = 0;  // of the largest ring
};

class QueueEngine {
 public:
  virtual ~QueueEngine() = default;
  // Settles the outputs for `in`, then clocks the engine once. `out` shows the values before the edge:
  // what fired on this edge is what was valid and ready in (in, out).
  virtual void step(const EngineInputs& in, EngineOutputs& out) = 0;
  // Time of the next edge in the waveform [ps]; no effect without one.
  virtual void set_wave_time_ps(std::uint64_t now_ps) = 0;
  // Nothing before this time goes into the waveform.
  virtual void set_wave_start_ps(std::uint64_t /*start_ps*/) {}
  // Closes the waveform: only then all of it is in the file, and whoever does not ask is not told that it is
  // not.
  virtual void finish_wave() {}
  // From now on the first rule that the engine checks of itself and finds broken is told, with the module and
  // the line (0 where it has none), and does not end the process. Where a model cannot go on, step() throws
  // std::runtime_error.
  // NOLINTNEXTLINE(performance-unnecessary-value-param): who overrides it keeps it
  virtual void on_assertion(std::function<void(const std::string&, std::uint32_t)> /*told*/) {}
  // As its registers QUEUES and LIMITS tell.
  virtual EngineLimits limits() const = 0;
  // So many of either direction.
  std::uint32_t max_queues() const { return std::min(limits().rx_queues, limits().tx_queues); }
};

// Makes our Verilated engine. `wave_path` is empty for none, or ends in .fst or .vcd.
// `x_seed` fills the registers that reset does not touch.
std::unique_ptr<QueueEngine> make_rtl_engine(const std::string& wave_path, std::uint64_t x_seed);

// Makes the same engine in C++, cycle for cycle equal to the other; it has no waveform.
std::unique_ptr<QueueEngine> make_cycle_engine();

}  // namespace ringproof::nic

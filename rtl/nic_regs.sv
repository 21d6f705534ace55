// The engine's AXI4-Lite slave: takes one access at a time and passes it to the queues.
// Role     address decoding and responses; the registers themselves live with those who use them
// Units    byte addresses; queue block of 0x100 bytes, words of 4
// Timing   an access is taken, done in the next cycle and answered in the one after; a write that enables a
//          queue waits until nothing of its former life is in flight
// Errors   a write of less than four bytes is answered with SLVERR and ignored; unmapped reads give 0
// Source   docs/design/queue-engine.md, "Registers"
`include "check.svh"

module nic_regs #(
  parameter int unsigned RxQueues    = 16,
  parameter int unsigned TxQueues    = 16,
  parameter int unsigned RingLog2Max = 16
) (
  input  logic        clk_i,
  input  logic        rst_ni,   // synchronous

  input  logic [15:0] s_axil_awaddr,
  input  logic        s_axil_awvalid,
  output logic        s_axil_awready,
  input  logic [31:0] s_axil_wdata,
  input  logic [3:0]  s_axil_wstrb,
  input  logic        s_axil_wvalid,
  output logic        s_axil_wready,
  output logic [1:0]  s_axil_bresp,
  output logic        s_axil_bvalid,
  input  logic        s_axil_bready,
  input  logic [15:0] s_axil_araddr,
  input  logic        s_axil_arvalid,
  output logic        s_axil_arready,
  output logic [31:0] s_axil_rdata,
  output logic [1:0]  s_axil_rresp,
  output logic        s_axil_rvalid,
  input  logic        s_axil_rready,

  // the access under way, for both directions
  output logic [5:0]  queue_o,
  output logic [5:0]  word_o,
  output logic [31:0] wdata_o,
  output logic        rx_write_o,
  output logic        tx_write_o,
  input  logic [31:0] rx_rdata_i,
  input  logic [31:0] tx_rdata_i,
  input  logic        rx_enabled_i,   // of queue_o
  input  logic        tx_enabled_i,
  input  logic        rx_in_flight_i,
  input  logic        tx_in_flight_i,

  // the same, for receive-side scaling
  output logic        rss_write_o,
  output logic [5:0]  rss_word_o,
  input  logic [31:0] rss_rdata_i,

  output logic        active_o
);
  localparam logic [1:0] Free = 2'd0, Exec = 2'd1, WriteResp = 2'd2, ReadResp = 2'd3;
  localparam logic [6:0] RxCount = 7'(RxQueues), TxCount = 7'(TxQueues);
  localparam logic [7:0] Log2Max = 8'(RingLog2Max);

  logic [1:0]  state_q;
  logic        write_q;       // also: the last access was a write, so a read goes first
  logic        partial_q;
  logic [15:2] addr_q;
  logic [31:0] wdata_q, rdata_q, rdata;

  logic take_write, take_read, write_waiting;
  assign write_waiting  = s_axil_awvalid && s_axil_wvalid;
  assign take_write     = state_q == Free && write_waiting && !(write_q && s_axil_arvalid);
  assign take_read      = state_q == Free && s_axil_arvalid && !take_write;
  assign s_axil_awready = take_write;
  assign s_axil_wready  = take_write;
  assign s_axil_arready = take_read;

  logic is_rx, is_tx, is_rss, enabling, stall;
  assign queue_o  = addr_q[13:8];
  assign word_o   = addr_q[7:2];
  assign wdata_o  = wdata_q;
  assign is_rx    = addr_q[15:14] == nic_pkg::RxBlocks && {1'b0, queue_o} < RxCount;
  assign is_tx    = addr_q[15:14] == nic_pkg::TxBlocks && {1'b0, queue_o} < TxCount;
  assign is_rss   = addr_q[15:8] == nic_pkg::RssControlAddress[15:8];
  assign enabling = word_o == nic_pkg::Control && wdata_q[nic_pkg::ControlEnableBit];
  assign stall    = write_q && enabling && ((is_rx && !rx_enabled_i && rx_in_flight_i) ||
                                            (is_tx && !tx_enabled_i && tx_in_flight_i));

  assign rx_write_o = state_q == Exec && write_q && !partial_q && is_rx && !stall;
  assign tx_write_o = state_q == Exec && write_q && !partial_q && is_tx && !stall;

  assign rss_write_o = state_q == Exec && write_q && !partial_q && is_rss;
  assign rss_word_o  = addr_q[7:2];

  always_comb begin
    rdata = '0;
    if (is_rx) rdata = rx_rdata_i;
    else if (is_tx) rdata = tx_rdata_i;
    else if (is_rss) rdata = rss_rdata_i;
    else begin
      case ({addr_q, 2'b00})
        nic_pkg::IdAddress:      rdata = nic_pkg::IdValue;
        nic_pkg::VersionAddress: rdata = nic_pkg::VersionValue;
        nic_pkg::QueuesAddress: begin
          rdata[nic_pkg::QueuesRxBit +: 7] = RxCount;
          rdata[nic_pkg::QueuesTxBit +: 7] = TxCount;
        end
        nic_pkg::LimitsAddress: rdata[nic_pkg::LimitsRingLog2MaxBit +: 8] = Log2Max;
        nic_pkg::FeaturesAddress: begin
          rdata[nic_pkg::FeaturesCoalesceBit]   = 1'b1;
          rdata[nic_pkg::FeaturesModerationBit] = 1'b1;
          rdata[nic_pkg::FeaturesWeightBit]     = 1'b1;
          rdata[nic_pkg::FeaturesCauseBit]      = 1'b1;
          rdata[nic_pkg::FeaturesCountersBit]   = 1'b1;
          rdata[nic_pkg::FeaturesZeroCopyBit]   = 1'b1;
          rdata[nic_pkg::FeaturesRssBit]        = 1'b1;
        end
        default:                rdata = '0;
      endcase
    end
  end

  assign s_axil_bvalid = state_q == WriteResp;
  assign s_axil_bresp  = {partial_q, 1'b0};
  assign s_axil_rvalid = state_q == ReadResp;
  assign s_axil_rdata  = rdata_q;
  assign s_axil_rresp  = 2'b00;
  assign active_o      = state_q != Free;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q   <= Free;
      write_q   <= 1'b0;
      partial_q <= 1'b0;
      addr_q    <= '0;
      wdata_q   <= '0;
      rdata_q   <= '0;
    end else begin
      case (state_q)
        Free: begin
          if (take_write || take_read) begin
            state_q   <= Exec;
            write_q   <= take_write;
            partial_q <= take_write && s_axil_wstrb != 4'hF;
            addr_q    <= take_write ? s_axil_awaddr[15:2] : s_axil_araddr[15:2];
            wdata_q   <= s_axil_wdata;
          end
        end
        Exec: begin
          rdata_q <= rdata;
          if (!write_q) state_q <= ReadResp;
          else if (!stall || partial_q) state_q <= WriteResp;
        end
        WriteResp: if (s_axil_bready) state_q <= Free;
        default:   if (s_axil_rready) state_q <= Free;
      endcase
    end
  end

  `COVER(enable_waits, state_q == Exec && stall)
endmodule

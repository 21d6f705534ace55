// What the host has said of zero-copy queues, for all queues of one direction.
// Role     holds the registers by which a queue works on the rings and the UMEM of a socket
// Units    word_i: register offset / 4 within the block of a queue
// Timing   lookups answer in the same cycle
// Errors   COMP_LOG2 outside 1..RingLog2Max is clamped; nothing changes while the queue is enabled
// Source   docs/design/queue-engine.md, "Zero-copy queues"
`include "check.svh"

module nic_zero_copy #(
  parameter  int unsigned Queues      = 16,
  parameter  int unsigned RingLog2Max = 16,
  localparam int unsigned QueueW      = (Queues > 1) ? $clog2(Queues) : 1
) (
  input  logic        clk_i,
  input  logic        rst_ni,   // synchronous

  // register access; queue_i is below Queues
  input  logic        write_i,
  input  logic [5:0]  queue_i,
  input  logic [5:0]  word_i,
  input  logic [31:0] wdata_i,
  input  logic        enabled_i,     // queue_i is
  output logic [31:0] rdata_o,
  output logic        on_o,          // queue_i works without copying
  output logic [31:0] comp_start_o,  // of queue_i

  // lookups
  input  logic [5:0]  fetch_queue_i,
  output logic        fetch_on_o,
  input  logic [5:0]  pop_queue_i,
  output logic        pop_on_o,
  output logic [63:0] umem_base_o,
  output logic [63:0] umem_limit_o,
  output logic [15:0] length_o,
  output logic [15:0] headroom_o,
  input  logic [5:0]  comp_queue_i,
  output logic        comp_on_o,
  output logic [4:0]  comp_log2_o,
  input  logic [5:0]  index_queue_i,
  output logic        index_on_o,
  output logic [63:2] comp_addr_o
);
  logic [Queues-1:0] on_q;
  logic [4:0]        comp_log2_q  [0:Queues-1];
  logic [31:0]       comp_start_q [0:Queues-1];
  logic [29:0]       addr_low_q   [0:Queues-1];
  logic [31:0]       addr_high_q  [0:Queues-1];
  logic [31:0]       base_low_q   [0:Queues-1];
  logic [31:0]       base_high_q  [0:Queues-1];
  logic [31:0]       limit_low_q  [0:Queues-1];
  logic [31:0]       limit_high_q [0:Queues-1];
  logic [31:0]       room_q       [0:Queues-1];   // headroom, length

  logic [QueueW-1:0] queue, fetch_queue, pop_queue, comp_queue, index_queue;
  logic              configure;
  logic [4:0]        log2_asked, log2_clamped;
  assign queue       = queue_i[QueueW-1:0];
  assign fetch_queue = fetch_queue_i[QueueW-1:0];
  assign pop_queue   = pop_queue_i[QueueW-1:0];
  assign comp_queue  = comp_queue_i[QueueW-1:0];
  assign index_queue = index_queue_i[QueueW-1:0];

  assign on_o         = on_q[queue];
  assign comp_start_o = comp_start_q[queue];
  assign fetch_on_o   = on_q[fetch_queue];
  assign pop_on_o     = on_q[pop_queue];
  assign umem_base_o  = {base_high_q[pop_queue], base_low_q[pop_queue]};
  assign umem_limit_o = {limit_high_q[pop_queue], limit_low_q[pop_queue]};
  assign length_o     = room_q[pop_queue][nic_pkg::FrameRoomLengthBit +: 16];
  assign headroom_o   = room_q[pop_queue][nic_pkg::FrameRoomHeadroomBit +: 16];
  assign comp_on_o    = on_q[comp_queue];
  assign comp_log2_o  = comp_log2_q[comp_queue];
  assign index_on_o   = on_q[index_queue];
  assign comp_addr_o  = {addr_high_q[index_queue], addr_low_q[index_queue]};

  always_comb begin
    rdata_o = '0;
    case (word_i)
      nic_pkg::ZeroCopy: begin
        rdata_o[nic_pkg::ZeroCopyEnableBit]       = on_o;
        rdata_o[nic_pkg::ZeroCopyCompLog2Bit +: 5] = comp_log2_q[queue];
      end
      nic_pkg::CompStart:     rdata_o = comp_start_o;
      nic_pkg::CompAddrLow:   rdata_o = {addr_low_q[queue], 2'd0};
      nic_pkg::CompAddrHigh:  rdata_o = addr_high_q[queue];
      nic_pkg::UmemBaseLow:   rdata_o = base_low_q[queue];
      nic_pkg::UmemBaseHigh:  rdata_o = base_high_q[queue];
      nic_pkg::UmemLimitLow:  rdata_o = limit_low_q[queue];
      nic_pkg::UmemLimitHigh: rdata_o = limit_high_q[queue];
      nic_pkg::FrameRoom:     rdata_o = room_q[queue];
      default:                rdata_o = '0;
    endcase
  end

  assign log2_asked = wdata_i[nic_pkg::ZeroCopyCompLog2Bit +: 5];
  always_comb begin
    if (log2_asked == 5'd0) log2_clamped = 5'd1;
    else if ({27'd0, log2_asked} > RingLog2Max) log2_clamped = RingLog2Max[4:0];
    else log2_clamped = log2_asked;
  end

  assign configure = write_i && !enabled_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      on_q <= '0;
      for (int i = 0; i < Queues; i++) begin
        comp_log2_q[i]  <= 5'd1;
        comp_start_q[i] <= '0;
        addr_low_q[i]   <= '0;
        addr_high_q[i]  <= '0;
        base_low_q[i]   <= '0;
        base_high_q[i]  <= '0;
        limit_low_q[i]  <= '0;
        limit_high_q[i] <= '0;
        room_q[i]       <= '0;
      end
    end else if (configure) begin
      if (word_i == nic_pkg::ZeroCopy) begin
        on_q[queue]        <= wdata_i[nic_pkg::ZeroCopyEnableBit];
        comp_log2_q[queue] <= log2_clamped;
      end
      if (word_i == nic_pkg::CompStart) comp_start_q[queue] <= wdata_i;
      if (word_i == nic_pkg::CompAddrLow) addr_low_q[queue] <= wdata_i[31:2];
      if (word_i == nic_pkg::CompAddrHigh) addr_high_q[queue] <= wdata_i;
      if (word_i == nic_pkg::UmemBaseLow) base_low_q[queue] <= wdata_i;
      if (word_i == nic_pkg::UmemBaseHigh) base_high_q[queue] <= wdata_i;
      if (word_i == nic_pkg::UmemLimitLow) limit_low_q[queue] <= wdata_i;
      if (word_i == nic_pkg::UmemLimitHigh) limit_high_q[queue] <= wdata_i;
      if (word_i == nic_pkg::FrameRoom) room_q[queue] <= wdata_i;
    end
  end

  `CHECK(log2_in_range, comp_log2_q[queue] >= 5'd1 && comp_log2_q[queue] <= RingLog2Max[4:0])
endmodule

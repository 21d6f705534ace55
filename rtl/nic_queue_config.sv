// What the host has configured, for all queues of one direction.
// Role     holds the RW registers of the queues; turns register writes into commands
// Units    write_word_i, read_word_i: register offset / 4 within the block of a queue
// Timing   commands come in the cycle of the write; lookups answer in the same cycle
// Errors   RING_LOG2 outside 1..RingLog2Max is clamped; ring size and addresses do not change while the
//          queue is enabled
// Source   docs/design/queue-engine.md, "Registers"
`include "check.svh"

module nic_queue_config #(
  parameter  int unsigned Queues      = 16,
  parameter  int unsigned RingLog2Max = 16,
  localparam int unsigned QueueW      = (Queues > 1) ? $clog2(Queues) : 1
) (
  input  logic              clk_i,
  input  logic              rst_ni,   // synchronous

  // register access; write_queue_i and read_queue_i are below Queues
  input  logic              write_i,
  input  logic [5:0]        queue_i,
  input  logic [5:0]        word_i,
  input  logic [31:0]       wdata_i,
  output logic [31:0]       rdata_o,
  output logic              queue_enabled_o,
  output logic [4:0]        queue_log2_o,

  // commands for queue_i, one cycle each
  output logic              start_o,
  output logic [31:0]       start_index_o,
  output logic              stop_o,
  output logic              doorbell_o,
  output logic              arm_o,
  output logic              clear_o,        // of causes

  output logic [Queues-1:0] enabled_o,

  // lookups
  input  logic [5:0]        fetch_queue_i,
  output logic [63:6]       fetch_base_o,
  output logic [4:0]        fetch_log2_o,
  input  logic [5:0]        comp_queue_i,
  output logic [63:6]       comp_base_o,
  output logic [4:0]        comp_log2_o,
  input  logic [5:0]        index_queue_i,
  output logic [63:2]       index_addr_o,
  output logic [7:0]        coalesce_count_o,
  output logic [15:0]       coalesce_cycles_o,
  input  logic [5:0]        irq_queue_i,
  output logic [7:0]        moderation_count_o,
  output logic [15:0]       moderation_cycles_o,
  input  logic [5:0]        turn_queue_i,
  output logic [7:0]        weight_o
);
  logic [Queues-1:0] enabled_q;
  logic [4:0]        log2_q      [0:Queues-1];
  logic [25:0]       desc_low_q  [0:Queues-1];
  logic [31:0]       desc_high_q [0:Queues-1];
  logic [25:0]       comp_low_q  [0:Queues-1];
  logic [31:0]       comp_high_q [0:Queues-1];
  logic [29:0]       addr_low_q  [0:Queues-1];
  logic [31:0]       addr_high_q [0:Queues-1];
  logic [31:0]       start_q     [0:Queues-1];
  logic [23:0]       coalesce_q   [0:Queues-1];   // cycles, count
  logic [23:0]       moderation_q [0:Queues-1];
  logic [7:0]        weight_q     [0:Queues-1];

  logic [QueueW-1:0] queue, fetch_queue, comp_queue, index_queue, irq_queue, turn_queue;
  logic              configure, control, enable;
  logic [4:0]        log2_clamped;

  assign queue       = queue_i[QueueW-1:0];
  assign fetch_queue = fetch_queue_i[QueueW-1:0];
  assign comp_queue  = comp_queue_i[QueueW-1:0];
  assign index_queue = index_queue_i[QueueW-1:0];
  assign irq_queue   = irq_queue_i[QueueW-1:0];
  assign turn_queue  = turn_queue_i[QueueW-1:0];

  assign enabled_o       = enabled_q;
  assign queue_enabled_o = enabled_q[queue];
  assign queue_log2_o    = log2_q[queue];
  assign start_index_o   = start_q[queue];

  assign control    = write_i && word_i == nic_pkg::Control;
  assign enable     = wdata_i[nic_pkg::ControlEnableBit];
  assign start_o    = control && enable && !queue_enabled_o;
  assign stop_o     = control && !enable && queue_enabled_o;
  assign doorbell_o = write_i && word_i == nic_pkg::Doorbell && queue_enabled_o;
  assign arm_o      = write_i && word_i == nic_pkg::IrqArm;
  assign clear_o    = write_i && word_i == nic_pkg::Cause;

  assign fetch_base_o = {desc_high_q[fetch_queue], desc_low_q[fetch_queue]};
  assign fetch_log2_o = log2_q[fetch_queue];
  assign comp_base_o  = {comp_high_q[comp_queue], comp_low_q[comp_queue]};
  assign comp_log2_o  = log2_q[comp_queue];
  assign index_addr_o = {addr_high_q[index_queue], addr_low_q[index_queue]};
  assign {coalesce_cycles_o, coalesce_count_o}     = coalesce_q[index_queue];
  assign {moderation_cycles_o, moderation_count_o} = moderation_q[irq_queue];
  assign weight_o = weight_q[turn_queue];

  always_comb begin
    rdata_o = '0;
    case (word_i)
      nic_pkg::Control:       rdata_o[nic_pkg::ControlEnableBit] = queue_enabled_o;
      nic_pkg::RingLog2:      rdata_o = {27'd0, queue_log2_o};
      nic_pkg::DescBaseLow:   rdata_o = {desc_low_q[queue], 6'd0};
      nic_pkg::DescBaseHigh:  rdata_o = desc_high_q[queue];
      nic_pkg::CompBaseLow:   rdata_o = {comp_low_q[queue], 6'd0};
      nic_pkg::CompBaseHigh:  rdata_o = comp_high_q[queue];
      nic_pkg::IndexAddrLow:  rdata_o = {addr_low_q[queue], 2'd0};
      nic_pkg::IndexAddrHigh: rdata_o = addr_high_q[queue];
      nic_pkg::StartIndex:    rdata_o = start_index_o;
      nic_pkg::Coalesce:      begin
        rdata_o[nic_pkg::CoalesceCountBit +: 8]   = coalesce_q[queue][7:0];
        rdata_o[nic_pkg::CoalesceCyclesBit +: 16] = coalesce_q[queue][23:8];
      end
      nic_pkg::Moderation:    begin
        rdata_o[nic_pkg::ModerationCountBit +: 8]   = moderation_q[queue][7:0];
        rdata_o[nic_pkg::ModerationCyclesBit +: 16] = moderation_q[queue][23:8];
      end
      nic_pkg::Weight:        rdata_o[nic_pkg::WeightFramesBit +: 8] = weight_q[queue];
      default:                rdata_o = '0;
    endcase
  end

  always_comb begin
    if (wdata_i == 32'd0) log2_clamped = 5'd1;
    else if (wdata_i > RingLog2Max) log2_clamped = RingLog2Max[4:0];
    else log2_clamped = wdata_i[4:0];
  end

  assign configure = write_i && !queue_enabled_o;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      enabled_q <= '0;
      for (int i = 0; i < Queues; i++) begin
        log2_q[i]      <= 5'd1;
        desc_low_q[i]  <= '0;
        desc_high_q[i] <= '0;
        comp_low_q[i]  <= '0;
        comp_high_q[i] <= '0;
        addr_low_q[i]  <= '0;
        addr_high_q[i] <= '0;
        start_q[i]     <= '0;
        coalesce_q[i]   <= '0;
        moderation_q[i] <= '0;
        weight_q[i]     <= '0;
      end
    end else begin
      if (start_o) enabled_q[queue] <= 1'b1;
      if (stop_o) enabled_q[queue] <= 1'b0;
      if (configure && word_i == nic_pkg::RingLog2) log2_q[queue] <= log2_clamped;
      if (configure && word_i == nic_pkg::DescBaseLow) desc_low_q[queue] <= wdata_i[31:6];
      if (configure && word_i == nic_pkg::DescBaseHigh) desc_high_q[queue] <= wdata_i;
      if (configure && word_i == nic_pkg::CompBaseLow) comp_low_q[queue] <= wdata_i[31:6];
      if (configure && word_i == nic_pkg::CompBaseHigh) comp_high_q[queue] <= wdata_i;
      if (configure && word_i == nic_pkg::IndexAddrLow) addr_low_q[queue] <= wdata_i[31:2];
      if (configure && word_i == nic_pkg::IndexAddrHigh) addr_high_q[queue] <= wdata_i;
      if (write_i && word_i == nic_pkg::StartIndex) start_q[queue] <= wdata_i;
      if (write_i && word_i == nic_pkg::Coalesce) begin
        coalesce_q[queue] <= {wdata_i[nic_pkg::CoalesceCyclesBit +: 16], wdata_i[nic_pkg::CoalesceCountBit +: 8]};
      end
      if (write_i && word_i == nic_pkg::Moderation) begin
        moderation_q[queue] <= {wdata_i[nic_pkg::ModerationCyclesBit +: 16],
                                wdata_i[nic_pkg::ModerationCountBit +: 8]};
      end
      if (write_i && word_i == nic_pkg::Weight) weight_q[queue] <= wdata_i[nic_pkg::WeightFramesBit +: 8];
    end
  end

  `CHECK(log2_in_range, queue_log2_o >= 5'd1 && queue_log2_o <= RingLog2Max[4:0])
endmodule

// How far the descriptors of each queue are here without a gap.
// Role     reads are answered in any order, descriptors are used in that of the ring: what comes early counts when
//          everything before it has come
// Shapes   bit i of ahead_q: the descriptor i behind the first one that is missing is here
// Units    indices run free and wrap at 2^32; Depth = descriptors kept per queue: 8, 16 or 32
// Timing   moved_o answers in the cycle of the answer; fetched indices depend on registers only
// Errors   none
// Source   docs/design/queue-engine.md, "Ports"; INV-32
`include "check.svh"

module nic_fetch_window #(
  parameter  int unsigned Queues = 16,
  parameter  int unsigned Depth  = 32,
  localparam int unsigned QueueW = (Queues > 1) ? $clog2(Queues) : 1,
  localparam int unsigned SlotW  = $clog2(Depth)
) (
  input  logic              clk_i,
  input  logic              rst_ni,   // synchronous

  // commands and register reads of one queue
  input  logic              start_i,
  input  logic [QueueW-1:0] cmd_queue_i,
  input  logic [31:0]       cmd_value_i,    // start index
  output logic [31:0]       cmd_fetched_o,

  // an answer: descriptors that follow each other
  input  logic              answer_i,
  input  logic [QueueW-1:0] answer_queue_i,
  input  logic [SlotW-1:0]  answer_slot_i,  // low bits of the first one's index
  input  logic [2:0]        answer_count_i,
  output logic              moved_o,        // there are more without a gap now

  // consumer
  input  logic [QueueW-1:0] pop_queue_i,
  output logic [31:0]       pop_fetched_o
);
  logic [31:0]      fetched_q [0:Queues-1];
  logic [Depth-1:0] ahead_q   [0:Queues-1];

  assign cmd_fetched_o = fetched_q[cmd_queue_i];
  assign pop_fetched_o = fetched_q[pop_queue_i];

  logic [31:0]      fetched;
  logic [SlotW-1:0] behind;        // places behind the first that is missing
  logic [Depth-1:0] ahead, came, here;
  logic [Depth:0]   hole;          // the first that is missing then
  logic [63:0]      one_hot;
  logic [5:0]       advance;
  assign fetched = fetched_q[answer_queue_i];
  assign ahead   = ahead_q[answer_queue_i];
  assign behind  = answer_slot_i - fetched[SlotW-1:0];
  assign came    = ((Depth'(1) << answer_count_i) - Depth'(1)) << behind;
  assign here    = ahead | came;
  assign hole    = ~{1'b0, here} & ({1'b0, here} + (Depth + 1)'(1));
  assign moved_o = answer_i && here[0];

  always_comb begin
    one_hot = '0;
    one_hot[Depth:0] = hole;
  end
  assign advance[0] = |(one_hot & 64'hAAAA_AAAA_AAAA_AAAA);
  assign advance[1] = |(one_hot & 64'hCCCC_CCCC_CCCC_CCCC);
  assign advance[2] = |(one_hot & 64'hF0F0_F0F0_F0F0_F0F0);
  assign advance[3] = |(one_hot & 64'hFF00_FF00_FF00_FF00);
  assign advance[4] = |(one_hot & 64'hFFFF_0000_FFFF_0000);
  assign advance[5] = |(one_hot & 64'hFFFF_FFFF_0000_0000);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      for (int i = 0; i < Queues; i++) begin
        fetched_q[i] <= '0;
        ahead_q[i]   <= '0;
      end
    end else begin
      if (answer_i) begin
        fetched_q[answer_queue_i] <= fetched + {26'd0, advance};
        ahead_q[answer_queue_i]   <= here >> advance;
      end
      if (start_i) fetched_q[cmd_queue_i] <= cmd_value_i;
    end
  end

  `REQUIRE(answer_is_of_a_read, !answer_i || (answer_count_i != 3'd0 && answer_count_i <= 3'd4))
  `REQUIRE(answer_inside_window, !answer_i || {1'b0, 6'(behind)} + {4'd0, answer_count_i} <= 7'(Depth))
  `REQUIRE(each_comes_once, !answer_i || (ahead & came) == '0)
  `REQUIRE(start_when_all_came, !start_i || ahead_q[cmd_queue_i] == '0)
  `CHECK(first_is_missing, !answer_i || !ahead[0])
  `COVER(comes_early, answer_i && !here[0])
  `COVER(closes_a_gap, answer_i && advance > {3'd0, answer_count_i})
endmodule

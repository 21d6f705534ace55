// Proof of nic_counter, for 4 queues: what is read is how many events the queue had since reset, modulo 2^32.
// Role     follows one queue, any, from any count on; the others do what they like
// Source   docs/design/queue-engine.md, "Registers"
`include "proof.svh"

module nic_counter_proof #(
  localparam int unsigned Queues = 4
) (
  input logic       clk_i,
  input logic       rst_ni,
  input logic       event_i,
  input logic [1:0] event_queue_i,
  input logic [1:0] cmd_queue_i
);
  `START_IN_RESET
  (* anyconst *) logic [1:0] queue;

  logic [31:0] count;
  nic_counter #(.Queues(Queues)) u_dut (
    .clk_i, .rst_ni, .event_i, .event_queue_i, .cmd_queue_i, .count_o(count)
  );

  logic [31:0] events_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) events_q <= '0;
    else if (event_i && event_queue_i == queue) events_q <= events_q + 32'd1;
  end
  `CHECK(counts_each_event_once, cmd_queue_i != queue || count == events_q)

  (* hierconn *) wire [31:0] \u_dut.count_q[0] ;
  (* hierconn *) wire [31:0] \u_dut.count_q[1] ;
  (* hierconn *) wire [31:0] \u_dut.count_q[2] ;
  (* hierconn *) wire [31:0] \u_dut.count_q[3] ;
  logic [31:0] kept;
  always_comb begin
    case (queue)
      2'd0:    kept = \u_dut.count_q[0] ;
      2'd1:    kept = \u_dut.count_q[1] ;
      2'd2:    kept = \u_dut.count_q[2] ;
      default: kept = \u_dut.count_q[3] ;
    endcase
  end
  `CHECK(invariant_kept, kept == events_q)

  logic other_q;
  always_ff @(posedge clk_i) other_q <= rst_ni && event_i && event_queue_i != queue;
  `COVER(counts_three, events_q == 32'd3 && cmd_queue_i == queue)
  `COVER(another_queue_counts, other_q && events_q == 32'd1)
endmodule

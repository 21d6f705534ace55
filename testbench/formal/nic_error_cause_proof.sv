// Proof of nic_error_cause, for 4 queues and 3 causes: a bit says that its cause came up since the queue started or the bit was
// cleared, and says nothing of any other.
// Role     follows one cause, any, of one queue, any; all the others do what they like
// Source   docs/design/queue-engine.md, "Registers", CAUSE
`include "proof.svh"

module nic_error_cause_proof #(
  localparam int unsigned Queues = 4,
  localparam int unsigned Causes = 3
) (
  input logic                clk_i,
  input logic                rst_ni,
  input logic                start_i,
  input logic                clear_i,
  input logic [5:0]          cmd_queue_i,
  input logic [Causes-1:0]   cmd_causes_i,
  input logic [Causes-1:0]   event_i,
  input logic [6*Causes-1:0] event_queue_i
);
  `START_IN_RESET
  (* anyconst *) logic [2:0] cause;
  (* anyconst *) logic [5:0] queue;
  always @* begin exists : assume (cause < Causes && queue < Queues); end

  logic [Causes-1:0] causes;
  nic_error_cause #(.Queues(Queues), .Causes(Causes)) u_dut (
    .clk_i, .rst_ni, .start_i, .clear_i, .cmd_queue_i, .cmd_causes_i, .event_i, .event_queue_i, .causes_o(causes)
  );

  logic strange;     // an event of a queue that does not exist
  always_comb begin
    strange = cmd_queue_i >= Queues;
    for (int c = 0; c < Causes; c++) if (event_queue_i[6 * c +: 6] >= Queues) strange = 1'b1;
  end
  `REQUIRE(queues_exist, !strange)

  (* hierconn *) wire [Causes*Queues-1:0] \u_dut.causes_q ;
  logic comes, cleared, came_q;
  // Written out, which solvers like better than an index.
  logic kept;
  always_comb begin
    comes = 1'b0;
    kept  = 1'b0;
    for (int c = 0; c < Causes; c++) begin
      if (cause == c && event_i[c] && event_queue_i[6 * c +: 6] == queue) comes = 1'b1;
      for (int q = 0; q < Queues; q++) if (cause == c && queue == q) kept = \u_dut.causes_q [c * Queues + q];
    end
  end
  assign cleared = cmd_queue_i == queue && (start_i || (clear_i && cmd_causes_i[cause]));
  always_ff @(posedge clk_i) came_q <= rst_ni && (comes || (came_q && !cleared));

  `CHECK(says_what_came_up, cmd_queue_i != queue || causes[cause] == came_q)

  `CHECK(invariant_bit, kept == came_q)

  logic met_q, other_q;
  always_ff @(posedge clk_i) begin
    met_q   <= rst_ni && comes && cleared;
    other_q <= rst_ni && clear_i && cmd_causes_i == 3'b111 && cmd_queue_i != queue && came_q;
  end
  `COVER(comes_while_it_is_cleared, met_q && came_q)
  `COVER(another_queue_is_cleared, other_q && came_q)
  `COVER(is_cleared, came_q && cleared && !start_i && !comes)
endmodule

// Proof of nic_fetch_window, for 2 queues of 8 descriptors: nothing that is missing is passed, and nothing that is here
// is waited for.
// Role     follows one queue, any, and one slot of its window, any: the descriptor that lies there next
// Units    indices are 32 bits
`include "proof.svh"

module nic_fetch_window_proof #(
  localparam int unsigned Queues = 2,
  localparam int unsigned Depth  = 8
) (
  input logic        clk_i,
  input logic        rst_ni,
  input logic        start_i,
  input logic        cmd_queue_i,
  input logic [31:0] cmd_value_i,
  input logic        answer_i,
  input logic        answer_queue_i,
  input logic [2:0]  answer_slot_i,
  input logic [2:0]  answer_count_i,
  input logic        pop_queue_i
);
  `START_IN_RESET
  (* anyconst *) logic queue;
  (* anyconst *) logic [2:0] slot;

  logic [31:0] cmd_fetched, pop_fetched;
  logic        moved;
  nic_fetch_window #(.Queues(Queues), .Depth(Depth)) u_dut (
    .clk_i, .rst_ni, .start_i, .cmd_queue_i, .cmd_value_i, .cmd_fetched_o(cmd_fetched),
    .answer_i, .answer_queue_i, .answer_slot_i, .answer_count_i, .moved_o(moved),
    .pop_queue_i, .pop_fetched_o(pop_fetched)
  );
  // A queue that starts has no read under way.
  `REQUIRE(no_answer_beside_start, !start_i || !answer_i || cmd_queue_i != answer_queue_i)

  (* hierconn *) wire [31:0] \u_dut.fetched_q[0] , \u_dut.fetched_q[1] ;
  (* hierconn *) wire [Depth-1:0] \u_dut.ahead_q[0] , \u_dut.ahead_q[1] ;
  logic [31:0]      fetched, before_q, start_q;
  logic [Depth-1:0] ahead;
  assign fetched = queue ? \u_dut.fetched_q[1] : \u_dut.fetched_q[0] ;
  assign ahead   = queue ? \u_dut.ahead_q[1] : \u_dut.ahead_q[0] ;

  // The descriptor of the slot
  logic       answer, start, comes, came_q, came_before_q, answered_q, moved_q, started_q, first_q;
  logic [2:0] behind_q;          // the slot behind the first missing one, before the edge
  logic [2:0] into;
  logic [31:0] step;
  assign answer = answer_i && answer_queue_i == queue;
  assign start  = start_i && cmd_queue_i == queue;
  assign into   = slot - answer_slot_i;
  assign comes  = answer && into < answer_count_i;
  assign step   = fetched - before_q;          // by how much the last edge moved it
  always_ff @(posedge clk_i) begin
    first_q       <= !rst_ni;
    before_q      <= fetched;
    behind_q      <= slot - fetched[2:0];
    answered_q    <= rst_ni && answer;
    moved_q       <= moved;
    started_q     <= rst_ni && start;
    start_q       <= cmd_value_i;
    came_before_q <= came_q || comes;
  end
  // It has come and was not passed: what is passed comes again as another one, a round later.
  logic passed;
  assign passed = answered_q && step > {29'd0, behind_q};
  assign came_q = came_before_q && !passed && !started_q && !first_q;

  `CHECK(missing_is_not_passed, !passed || came_before_q)
  `CHECK(here_is_not_waited_for, !came_q || slot != fetched[2:0])
  `CHECK(moves_with_answers_only, first_q || answered_q || started_q || step == '0)
  `CHECK(moves_within_the_window, !answered_q || step <= Depth)
  `CHECK(says_that_it_moves, !answered_q || first_q || moved_q == (step != '0))
  `CHECK(starts_where_it_is_told, !started_q || first_q || fetched == start_q)
  `CHECK(reads_as_it_is, cmd_queue_i != queue || cmd_fetched == fetched)
  `CHECK(gives_as_it_is, pop_queue_i != queue || pop_fetched == fetched)

  logic [2:0] behind;
  assign behind = slot - fetched[2:0];
  `CHECK(invariant_first_is_missing, !\u_dut.ahead_q[0] [0] && !\u_dut.ahead_q[1] [0])
  `CHECK(invariant_ahead, ahead[behind] == came_q)

  `COVER(gap_closed_by_the_last, answered_q && step == 32'd8)
  `COVER(comes_first_of_all, came_q && behind == 3'd7)
  `COVER(passes_two_to_the_32, answered_q && before_q == 32'hFFFF_FFFE && fetched == 32'd2)
endmodule

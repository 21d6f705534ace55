// What is known of the descriptors of one queue of nic_desc_fetch, from what goes in and out of it.
// Role     what is posted and used is told from finished_o on, the first entry that the host has not got back; slots are
//          those of the store of 8 descriptors. Its invariants tie all that to the registers of the module
// Shapes   bit i of way_o and here_o: the descriptor in slot i is under way, is here and was not handed over
// Units    indices run free and wrap at 2^32
`include "proof.svh"

module fetch_ledger (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        first_i,

  input  logic        start_i,
  input  logic [31:0] value_i,
  input  logic [4:0]  log2_i,
  input  logic        doorbell_i,
  input  logic [1:0]  done_i,          // entries that are finished
  input  logic        ask_i,
  input  logic [2:0]  ask_count_i,
  input  logic        answer_i,
  input  logic [7:0]  answer_slots_i,
  input  logic [5:0]  advance_i,       // by how much the window says that it moves
  input  logic        pop_i,

  input  logic [31:0] posted_i,        // registers inside, for the induction
  input  logic [31:0] requested_i,
  input  logic [31:0] used_i,
  input  logic [31:0] fetched_i,
  input  logic [7:0]  ahead_i,
  input  logic [7:0]  tag_slots_0_i,   // slots that the reads of this queue are of
  input  logic [7:0]  tag_slots_1_i,
  input  logic [7:0]  tag_slots_2_i,
  input  logic [7:0]  tag_slots_3_i,

  output logic        in_range_o,
  output logic [4:0]  log2_o,
  output logic [31:0] finished_o,
  output logic [31:0] used_o,          // handed over, and how many of them are not finished
  output logic [31:0] open_o,
  output logic [31:0] ask_o,           // the next one to be asked for
  output logic [31:0] todo_o,          // posted and not asked for
  output logic [3:0]  kept_o,          // asked for and not handed over
  output logic [2:0]  next_slot_o,     // of the next one to be handed over
  output logic [2:0]  ask_slot_o,      // of the next one to be asked for
  output logic [7:0]  ask_slots_o,
  output logic [7:0]  way_o,
  output logic [7:0]  here_o
);
  logic [4:0]  log2_q;
  logic [31:0] finished_q, used_q, posted_q;
  logic [3:0]  kept_q, gapless_q;
  logic [7:0]  way_q, here_q;

  logic [31:0] size, ahead, done;
  logic [15:0] spread;
  logic [7:0]  popped;
  assign size       = 32'd1 << log2_q;
  assign ahead      = value_i - finished_q;
  assign in_range_o = ahead <= size && ahead >= posted_q;
  assign done       = {30'd0, done_i};

  assign next_slot_o = finished_q[2:0] + used_q[2:0];
  assign ask_slot_o  = next_slot_o + kept_q[2:0];
  assign spread      = {8'd0, (8'd1 << ask_count_i) - 8'd1} << ask_slot_o;
  assign ask_slots_o = spread[15:8] | spread[7:0];
  assign popped      = 8'd1 << next_slot_o;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      log2_q     <= 5'd1;
      finished_q <= '0;
      used_q     <= '0;
      posted_q   <= '0;
      kept_q     <= '0;
      gapless_q  <= '0;
      way_q      <= '0;
      here_q     <= '0;
    end else if (start_i) begin
      log2_q     <= log2_i;
      finished_q <= value_i;
      used_q     <= '0;
      posted_q   <= '0;
      kept_q     <= '0;
      gapless_q  <= '0;
      way_q      <= '0;
      here_q     <= '0;
    end else begin
      finished_q <= finished_q + done;
      used_q     <= used_q + {31'd0, pop_i} - done;
      posted_q   <= (doorbell_i && in_range_o ? ahead : posted_q) - done;
      kept_q     <= kept_q + (ask_i ? {1'b0, ask_count_i} : 4'd0) - {3'd0, pop_i};
      gapless_q  <= gapless_q + (answer_i ? advance_i[3:0] : 4'd0) - {3'd0, pop_i};
      way_q      <= (way_q & ~(answer_i ? answer_slots_i : 8'd0)) | (ask_i ? ask_slots_o : 8'd0);
      here_q     <= (here_q | (answer_i ? answer_slots_i : 8'd0)) & ~(pop_i ? popped : 8'd0);
    end
  end
  assign log2_o     = log2_q;
  assign finished_o = finished_q;
  assign used_o     = finished_q + used_q;
  assign open_o     = used_q;
  assign ask_o      = used_o + {28'd0, kept_q};
  assign todo_o     = posted_q - used_q - {28'd0, kept_q};
  assign kept_o     = kept_q;
  assign way_o      = way_q;
  assign here_o     = here_q;

  // Sums that hold in reset as well, so that solvers put them in the place of the registers. What registers are before
  // it is of no account: nothing that is asserted later depends on them.
  always @* if (first_i) begin
    anything_before_reset : assume (used_o == used_i && finished_q + posted_q == posted_i &&
                                    ask_o == requested_i &&
                                    used_o + {28'd0, gapless_q} == fetched_i);
  end
  always @* begin
    invariant_used      : assert (used_i == used_o);
    invariant_posted    : assert (posted_i == finished_q + posted_q);
    invariant_requested : assert (requested_i == ask_o);
    invariant_fetched   : assert (fetched_i == used_o + {28'd0, gapless_q});
  end

  // What is where, from the next one to be handed over on
  logic [7:0]  here, way, ones, gapless, kept;
  logic [15:0] turned_here, turned_way, turned_ahead;
  assign turned_here  = {here_q, here_q} >> next_slot_o;
  assign turned_way   = {way_q, way_q} >> next_slot_o;
  assign here         = turned_here[7:0];
  assign way          = turned_way[7:0];
  assign gapless      = ~(8'hFF << gapless_q);
  assign kept         = ~(8'hFF << kept_q);
  assign turned_ahead = {8'd0, here & ~gapless} >> gapless_q;
  `CHECK(invariant_range, used_q <= posted_q && {28'd0, kept_q} <= posted_q - used_q && posted_q <= size)
  `CHECK(invariant_size, log2_q >= 5'd1)
  `CHECK(invariant_few, gapless_q <= kept_q && kept_q <= 4'd8)
  `CHECK(invariant_each_is_somewhere, (here ^ way) == kept && (here & way) == '0)
  `CHECK(invariant_gapless, (gapless & ~here) == '0 && (gapless_q == 4'd8 || !here[gapless_q[2:0]]))
  `CHECK(invariant_ahead, ahead_i == turned_ahead[7:0])
  `CHECK(invariant_reads, way_q == (tag_slots_0_i | tag_slots_1_i | tag_slots_2_i | tag_slots_3_i))
  `CHECK(invariant_apart, (tag_slots_0_i & tag_slots_1_i) == '0 && (tag_slots_2_i & tag_slots_3_i) == '0 &&
                          ((tag_slots_0_i | tag_slots_1_i) & (tag_slots_2_i | tag_slots_3_i)) == '0)
endmodule

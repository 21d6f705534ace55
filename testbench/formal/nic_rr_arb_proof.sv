// Proof of nic_rr_arb: whoever asks is passed by each other at most once.
// Role     follows two requesters, any: one that waits and a rival. With CHOICE_ONLY the turns are left out,
//          which solvers cannot do for 64
`include "proof.svh"

module nic_rr_arb_proof #(
  parameter int unsigned Width = 4
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic [Width-1:0] req_i,
  input logic             taken_i
);
  `START_IN_RESET
  (* anyconst *) logic [5:0] waiter;
  (* anyconst *) logic [5:0] rival;
  always @* begin two : assume (waiter < Width && rival < Width && waiter != rival); end

  logic       valid;
  logic [5:0] index;
  nic_rr_arb #(.Width(Width)) u_dut (.clk_i, .rst_ni, .req_i, .taken_i, .valid_o(valid), .index_o(index));

  logic       waits, taken;
  logic [6:0] passed_q;       // turns of others while the waiter waits
  logic       rival_had_q;    // one of them was the rival's
  logic [5:0] last_q;         // served last
  assign waits = req_i[waiter];
  assign taken = valid && taken_i;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      passed_q    <= '0;
      rival_had_q <= 1'b0;
      last_q      <= 6'(Width - 1);
    end else begin
      if (taken) last_q <= index;
      if (!waits || (taken && index == waiter)) begin
        passed_q    <= '0;
        rival_had_q <= 1'b0;
      end else if (taken) begin
        passed_q    <= passed_q + 7'd1;
        rival_had_q <= rival_had_q || index == rival;
      end
    end
  end

  `CHECK(chooses_if_asked, valid == (req_i != '0))
  `CHECK(choice_exists, !valid || index < Width)
  `CHECK(choice_asked, !valid || req_i[index])
`ifndef CHOICE_ONLY
  `CHECK(waits_for_each_other_once, passed_q <= Width - 1)
  `CHECK(last_turn_is_the_waiters, !(waits && passed_q == Width - 1) || index == waiter)
  `CHECK(rival_has_one_turn, !(waits && rival_had_q) || index != rival)

  // How many come before whom, counted from the one served last
  (* hierconn *) wire [Width-1:0] \u_dut.later_q ;
  logic [6:0] waiter_turn, rival_turn;
  logic [Width-1:0] later;
  assign waiter_turn = (waiter > last_q) ? {1'b0, waiter} - {1'b0, last_q} - 7'd1
                                         : {1'b0, waiter} + 7'(Width) - {1'b0, last_q} - 7'd1;
  assign rival_turn  = (rival > last_q) ? {1'b0, rival} - {1'b0, last_q} - 7'd1
                                        : {1'b0, rival} + 7'(Width) - {1'b0, last_q} - 7'd1;
  assign later = {Width{1'b1}} << ({1'b0, last_q} + 7'd1);
  `CHECK(invariant_last, last_q < Width)
  `CHECK(invariant_later, \u_dut.later_q == later || (last_q == Width - 1 && \u_dut.later_q == '1))
  `CHECK(invariant_turn, passed_q == '0 || passed_q + waiter_turn <= Width - 1)
  `CHECK(invariant_rival, !rival_had_q || rival_turn > waiter_turn)

  `COVER(all_others_passed, passed_q == 7'((Width > 4) ? 4 : Width - 1))
  `COVER(rival_passed, rival_had_q && waits && req_i[rival])
`endif
  `COVER(served_after_wait, passed_q != '0 && taken && index == waiter)
endmodule

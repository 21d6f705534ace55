// Round-robin choice among up to 64 requests.
// Role     the only arbiter; whoever was served last is asked last
// Timing   index_o depends on req_i in the same cycle; the turn moves on when taken_i is high
// Errors   none; index_o counts only while valid_o is high
`include "check.svh"

module nic_rr_arb #(
  parameter int unsigned Width = 4
) (
  input  logic             clk_i,
  input  logic             rst_ni,   // synchronous

  input  logic [Width-1:0] req_i,
  input  logic             taken_i,
  output logic             valid_o,
  output logic [5:0]       index_o
);
  logic [Width-1:0] later_q;          // the requests above the one served last
  logic [Width-1:0] first, choice;
  logic [63:0]      one_hot;

  assign valid_o = req_i != '0;
  assign first   = req_i & later_q;
  assign choice  = (first != '0) ? first : req_i;

  always_comb begin
    one_hot = '0;
    one_hot[Width-1:0] = choice & (~choice + 1'b1);   // lowest bit set
  end

  // A constant pattern per index bit: six reductions instead of a loop over the requests.
  assign index_o[0] = |(one_hot & 64'hAAAA_AAAA_AAAA_AAAA);
  assign index_o[1] = |(one_hot & 64'hCCCC_CCCC_CCCC_CCCC);
  assign index_o[2] = |(one_hot & 64'hF0F0_F0F0_F0F0_F0F0);
  assign index_o[3] = |(one_hot & 64'hFF00_FF00_FF00_FF00);
  assign index_o[4] = |(one_hot & 64'hFFFF_0000_FFFF_0000);
  assign index_o[5] = |(one_hot & 64'hFFFF_FFFF_0000_0000);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) later_q <= '1;
    else if (taken_i) later_q <= ~(one_hot[Width-1:0] | (one_hot[Width-1:0] - 1'b1));
  end

  `REQUIRE(taken_needs_valid, !taken_i || valid_o)
  `CHECK(choice_was_requested, !valid_o || (one_hot[Width-1:0] & req_i) != '0)
endmodule

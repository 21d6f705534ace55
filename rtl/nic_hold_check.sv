// The stream rule, written once: a valid word stays, unchanged, until it is taken.
// Role     bound to every output of the engine
// Timing   compares each cycle with the one before
// Source   AMBA AXI4 A3.2.1; INV-31
`include "check.svh"

module nic_hold_check #(
  parameter int unsigned Width = 1
) (
  input logic             clk_i,
  input logic             rst_ni,   // synchronous
  input logic             valid_i,
  input logic             ready_i,
  input logic [Width-1:0] data_i
);
  logic             held_q;
  logic [Width-1:0] data_q;

  always_ff @(posedge clk_i) begin
    held_q <= rst_ni && valid_i && !ready_i;
    if (valid_i && !ready_i) data_q <= data_i;
  end

  `CHECK(valid_holds, !held_q || valid_i)
  `CHECK(data_holds, !held_q || data_i == data_q)
  `COVER(stalled, held_q)
endmodule

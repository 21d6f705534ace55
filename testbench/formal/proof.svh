// proof.svh: what every proof begins with.
// Role     `START_IN_RESET      the first cycle is one of reset; later ones may be, whenever they like
//          (* hierconn *) wire  names a net of the instance: flattening joins the two, and prove.py refuses a
//                               name that met nothing
// Source   Yosys 0.23, passes/techmap/flatten.cc
`ifndef NIC_PROOF_SVH
`define NIC_PROOF_SVH
`include "check.svh"

`define START_IN_RESET \
  logic first = 1'b1; \
  always_ff @(posedge clk_i) first <= 1'b0; \
  always @* if (first) begin starts_in_reset : assume (!rst_ni); end

`endif

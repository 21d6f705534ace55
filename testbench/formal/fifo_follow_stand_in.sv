// Stands in for nic_fifo in the proofs of those who use it, and keeps no word but the one that is followed.
// Role     gives that word in its place, unchanged, and anything in place of the others that the ledger's sums allow:
//          all traces of nic_fifo are among its own. The harness says what is followed and what a word weighs, and
//          assumes that the ledger is lawful, which is proved of nic_fifo
// Shapes   as cheap with 128 words as with two
// Timing   as nic_fifo; a word that is not followed is another one in each cycle
`include "check.svh"

module nic_fifo #(
  parameter int unsigned Width = 8,
  parameter int unsigned Depth = 4
) (
  input  logic             clk_i,
  input  logic             rst_ni,

  input  logic             wvalid_i,
  output logic             wready_o,
  input  logic [Width-1:0] wdata_i,

  output logic             rvalid_o,
  input  logic             rready_i,
  output logic [Width-1:0] rdata_o
);
  (* anyseq *) logic [Width-1:0] another;
  // The harness says what these are
  (* anyseq *) logic       follow, flag, oldest_flag;
  (* anyseq *) logic [1:0] weight, oldest_weight;

  logic [8:0]       all, flags, front, front_flags;
  logic [9:0]       weights, front_weights;
  logic             here, lawful, write, read;
  logic [Width-1:0] word_q;
  assign wready_o = all != Depth;
  assign rvalid_o = all != '0;
  assign rdata_o  = here && front == '0 ? word_q : another;
  assign write    = wvalid_i && wready_o;
  assign read     = rvalid_o && rready_i;
  always_ff @(posedge clk_i) if (write && follow) word_q <= wdata_i;

  fifo_ledger #(.Depth(Depth)) u_ledger (
    .clk_i, .rst_ni, .write_i(write), .follow_i(follow), .flag_i(flag), .weight_i(weight), .read_i(read),
    .oldest_flag_i(oldest_flag), .oldest_weight_i(oldest_weight), .all_o(all), .flags_o(flags), .weights_o(weights),
    .here_o(here), .front_o(front), .front_flags_o(front_flags), .front_weights_o(front_weights), .lawful_o(lawful)
  );
endmodule

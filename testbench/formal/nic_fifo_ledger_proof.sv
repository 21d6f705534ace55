// Proof that nic_fifo does no more than fifo_follow_stand_in: what a ledger knows of its words holds of them.
// Role     a word is its own flag and weight; that it comes in its place is proved by nic_fifo_proof
`include "proof.svh"

module nic_fifo_ledger_proof #(
  localparam int unsigned Depth = 4
) (
  input logic       clk_i,
  input logic       rst_ni,
  input logic       watch_i,
  input logic       wvalid_i,
  input logic [2:0] wdata_i,
  input logic       rready_i
);
  `START_IN_RESET
  (* hierconn *) wire [2:0] \u_dut.wptr_q , \u_dut.rptr_q ;
  (* hierconn *) wire [2:0] \u_dut.mem_q[0] , \u_dut.mem_q[1] , \u_dut.mem_q[2] , \u_dut.mem_q[3] ;
  logic       wready, rvalid, write, read;
  logic [2:0] rdata;
  nic_fifo #(.Width(3), .Depth(Depth)) u_dut (
    .clk_i, .rst_ni, .wvalid_i, .wready_o(wready), .wdata_i, .rvalid_o(rvalid), .rready_i, .rdata_o(rdata)
  );
  assign write = wvalid_i && wready;
  assign read  = rvalid && rready_i;

  logic [8:0] all, flags, front, front_flags;
  logic [9:0] weights, front_weights;
  logic       here, lawful;
  fifo_ledger #(.Depth(Depth)) u_ledger (
    .clk_i, .rst_ni, .write_i(write), .follow_i(watch_i), .flag_i(wdata_i[2]), .weight_i(wdata_i[1:0]), .read_i(read),
    .oldest_flag_i(rdata[2]), .oldest_weight_i(rdata[1:0]), .all_o(all), .flags_o(flags), .weights_o(weights),
    .here_o(here), .front_o(front), .front_flags_o(front_flags), .front_weights_o(front_weights), .lawful_o(lawful)
  );
  `CHECK(ledger_is_lawful, lawful)

  // For the induction: the words, the oldest lowest
  (* hierconn *) wire \u_ledger.flag_q , \u_ledger.newest_flag_q ;
  (* hierconn *) wire [1:0] \u_ledger.weight_q ;
  logic [11:0] stored;
  logic [23:0] words;
  logic [2:0]  fill, newest, followed;
  logic [8:0]  flags_in, flags_before;
  logic [9:0]  weights_in, weights_before;
  assign stored = {\u_dut.mem_q[3] , \u_dut.mem_q[2] , \u_dut.mem_q[1] , \u_dut.mem_q[0] };
  assign words  = {stored, stored} >> (5'd3 * {3'd0, \u_dut.rptr_q [1:0]});
  assign fill   = \u_dut.wptr_q - \u_dut.rptr_q ;
  always_comb begin
    flags_in       = '0;
    flags_before   = '0;
    weights_in     = '0;
    weights_before = '0;
    newest         = '0;
    followed       = '0;
    for (int i = 0; i < Depth; i++) begin
      if (i < fill) begin
        flags_in   = flags_in + {8'd0, words[3*i+2]};
        weights_in = weights_in + {8'd0, words[3*i +: 2]};
        newest     = words[3*i +: 3];
      end
      if (i < front) begin
        flags_before   = flags_before + {8'd0, words[3*i+2]};
        weights_before = weights_before + {8'd0, words[3*i +: 2]};
      end
      if (i == front) followed = words[3*i +: 3];
    end
  end
  `CHECK(invariant_all, all == {6'd0, fill} && flags == flags_in && weights == weights_in)
  `CHECK(invariant_front, !here || (front < all && front_flags == flags_before && front_weights == weights_before))
  `CHECK(invariant_words, (!here || followed == {\u_ledger.flag_q , \u_ledger.weight_q }) &&
                          (all == '0 || newest[2] == \u_ledger.newest_flag_q ))

  `COVER(all_weigh, weights == 10'd12 && flags == 9'd4)
  `COVER(one_behind_the_other, here && front == 9'd1 && front_weights == 10'd3 && front_flags == '0 && flags == 9'd3)
endmodule

// Proof of nic_beat_fifo, for Depth 4 and 8 side bits: data and side stay together.
// Role     follows one bit, any, of one beat, any: whole beats take solvers minutes
`include "proof.svh"

module nic_beat_fifo_proof #(
  localparam int unsigned SideWidth = 8,
  localparam int unsigned Width     = 512 + SideWidth,
  localparam int unsigned Depth     = 4
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic             watch_i,
  input logic             wvalid_i,
  input logic [Width-1:0] word_i,
  input logic             rready_i
);
  `START_IN_RESET
  (* hierconn *) wire [2:0] \u_dut.fill , \u_dut.rptr_q ;
  (* hierconn *) wire [511:0] \u_dut.data_q[0] , \u_dut.data_q[1] , \u_dut.data_q[2] , \u_dut.data_q[3] ;
  (* hierconn *) wire [SideWidth-1:0] \u_dut.side_q[0] , \u_dut.side_q[1] , \u_dut.side_q[2] , \u_dut.side_q[3] ;
  (* anyconst *) logic [9:0] place;
  always @* begin exists : assume (place < Width); end
  logic [Width-1:0] word_0, word_1, word_2, word_3, read;
  logic [Depth-1:0] bits;
  assign word_0 = {\u_dut.side_q[0] , \u_dut.data_q[0] };
  assign word_1 = {\u_dut.side_q[1] , \u_dut.data_q[1] };
  assign word_2 = {\u_dut.side_q[2] , \u_dut.data_q[2] };
  assign word_3 = {\u_dut.side_q[3] , \u_dut.data_q[3] };
  assign bits   = {word_3[place], word_2[place], word_1[place], word_0[place]};

  logic wready, rvalid;
  logic [511:0] rdata;
  logic [SideWidth-1:0] rside;
  nic_beat_fifo #(.SideWidth(SideWidth), .Depth(Depth)) u_dut (
    .clk_i, .rst_ni, .wvalid_i, .wready_o(wready), .wdata_i(word_i[511:0]),
    .wside_i(word_i[Width-1:512]),
    .rvalid_o(rvalid), .rready_i, .rdata_o(rdata), .rside_o(rside)
  );
  assign read = {rside, rdata};
  fifo_watch #(.Width(1), .Depth(Depth)) u_watch (
    .clk_i, .rst_ni, .watch_i, .wvalid_i, .wready_i(wready), .wdata_i(word_i[place]), .rvalid_i(rvalid), .rready_i,
    .rdata_i(read[place]), .fill_i(\u_dut.fill ), .rptr_i(\u_dut.rptr_q ), .words_i(bits)
  );
endmodule

// Proof of nic_fifo, for Depth 4, and 8 with DEPTH_8.
`include "proof.svh"

module nic_fifo_proof #(
  parameter  int unsigned Depth = 4,
  localparam int unsigned Width = 8,
  localparam int unsigned PtrW  = $clog2(Depth)
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic             watch_i,
  input logic             wvalid_i,
  input logic [Width-1:0] wdata_i,
  input logic             rready_i
);
  `START_IN_RESET
  (* hierconn *) wire [PtrW:0] \u_dut.fill , \u_dut.rptr_q ;
  (* hierconn *) wire [Width-1:0] \u_dut.mem_q[0] , \u_dut.mem_q[1] , \u_dut.mem_q[2] , \u_dut.mem_q[3] ;
  logic [Width*Depth-1:0] words;
`ifdef DEPTH_8
  (* hierconn *) wire [Width-1:0] \u_dut.mem_q[4] , \u_dut.mem_q[5] , \u_dut.mem_q[6] , \u_dut.mem_q[7] ;
  assign words = {\u_dut.mem_q[7] , \u_dut.mem_q[6] , \u_dut.mem_q[5] , \u_dut.mem_q[4] ,
                  \u_dut.mem_q[3] , \u_dut.mem_q[2] , \u_dut.mem_q[1] , \u_dut.mem_q[0] };
`else
  assign words = {\u_dut.mem_q[3] , \u_dut.mem_q[2] , \u_dut.mem_q[1] , \u_dut.mem_q[0] };
`endif

  logic wready, rvalid;
  logic [Width-1:0] rdata;
  nic_fifo #(.Width(Width), .Depth(Depth)) u_dut (
    .clk_i, .rst_ni, .wvalid_i, .wready_o(wready), .wdata_i, .rvalid_o(rvalid), .rready_i, .rdata_o(rdata)
  );
  fifo_watch #(.Width(Width), .Depth(Depth)) u_watch (
    .clk_i, .rst_ni, .watch_i, .wvalid_i, .wready_i(wready), .wdata_i, .rvalid_i(rvalid), .rready_i,
    .rdata_i(rdata), .fill_i(\u_dut.fill ), .rptr_i(\u_dut.rptr_q ), .words_i(words)
  );
endmodule

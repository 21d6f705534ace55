// Stands in for nic_beat_fifo in a proof of what is put into it.
// Role     takes and gives whatever it likes, whenever it likes, which is more than nic_beat_fifo does
// Timing   none
module nic_beat_fifo #(
  parameter int unsigned SideWidth = 64,
  parameter int unsigned Depth     = 4
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,
  input  logic                 wvalid_i,
  output logic                 wready_o,
  input  logic [511:0]         wdata_i,
  input  logic [SideWidth-1:0] wside_i,
  output logic                 rvalid_o,
  input  logic                 rready_i,
  output logic [511:0]         rdata_o,
  output logic [SideWidth-1:0] rside_o
);
  (* anyseq *) logic takes, gives;
  assign wready_o = takes;
  assign rvalid_o = gives;
  assign rdata_o  = '0;
  assign rside_o  = '0;
endmodule

// Stands in for nic_reorder_buffer in a proof of who reserves its places.
// Role     there is room when it likes, and then until it is reserved; places follow one another. What comes out is
//          anything, which is more than nic_reorder_buffer does
// Timing   as nic_reorder_buffer
`include "check.svh"

module nic_reorder_buffer #(
  parameter  int unsigned Depth = 256,
  parameter  int unsigned Width = 512,
  localparam int unsigned PtrW  = $clog2(Depth)
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic [3:0]       reserve_count_i,
  output logic             fits_o,
  input  logic             reserve_i,
  output logic [PtrW-1:0]  place_o,
  input  logic             wvalid_i,
  input  logic [PtrW-1:0]  wplace_i,
  input  logic [Width-1:0] wdata_i,
  input  logic             wflag_i,
  output logic             rvalid_o,
  input  logic             rready_i,
  output logic [Width-1:0] rdata_o,
  output logic             rflag_o
);
  (* anyseq *) logic whim, gives;
  logic            fitted_q;
  logic [3:0]      count_q;
  logic [PtrW-1:0] tail_q;
  assign fits_o   = whim || (fitted_q && count_q == reserve_count_i);
  assign place_o  = tail_q;
  assign rvalid_o = gives;
  assign rdata_o  = '0;
  assign rflag_o  = 1'b0;
  always_ff @(posedge clk_i) begin
    fitted_q <= rst_ni && fits_o && !reserve_i;
    count_q  <= reserve_count_i;
    tail_q   <= rst_ni ? tail_q + (reserve_i ? PtrW'(reserve_count_i) : '0) : '0;
  end
  `REQUIRE(reserve_needs_room, !reserve_i || fits_o)
endmodule

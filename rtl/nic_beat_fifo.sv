// Queue of 512-bit beats with a few bits beside each.
// Role     nic_fifo with data and side bits in memories of their own: a joint word would have to be
//          shifted together and apart, which costs simulation time
// Units    Depth: power of two [beats]
// Timing   as nic_fifo
`include "check.svh"

module nic_beat_fifo #(
  parameter  int unsigned SideWidth = 64,
  parameter  int unsigned Depth     = 32,
  localparam int unsigned PtrW      = $clog2(Depth)
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,   // synchronous

  input  logic                 wvalid_i,
  output logic                 wready_o,
  input  logic [511:0]         wdata_i,
  input  logic [SideWidth-1:0] wside_i,

  output logic                 rvalid_o,
  input  logic                 rready_i,
  output logic [511:0]         rdata_o,
  output logic [SideWidth-1:0] rside_o
);
  logic [511:0]         data_q [0:Depth-1];
  logic [SideWidth-1:0] side_q [0:Depth-1];
  logic [PtrW:0] wptr_q, rptr_q, fill;

  assign fill     = wptr_q - rptr_q;
  assign wready_o = !fill[PtrW];
  assign rvalid_o = fill != '0;
  assign rdata_o  = data_q[rptr_q[PtrW-1:0]];
  assign rside_o  = side_q[rptr_q[PtrW-1:0]];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      wptr_q <= '0;
      rptr_q <= '0;
    end else begin
      if (wvalid_i && wready_o) begin
        data_q[wptr_q[PtrW-1:0]] <= wdata_i;
        side_q[wptr_q[PtrW-1:0]] <= wside_i;
        wptr_q <= wptr_q + 1'b1;
      end
      if (rvalid_o && rready_i) rptr_q <= rptr_q + 1'b1;
    end
  end

  `CHECK(fill_in_range, fill <= {1'b1, {PtrW{1'b0}}})
  `COVER(full, !wready_o)
endmodule

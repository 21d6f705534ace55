// Queue of Depth words, first in, first out.
// Units    Depth: power of two [words]
// Timing   a word can be read the cycle after it was written; ready and valid depend on registers only
// Errors   none signalled; wvalid_i without wready_o just waits
// Source   house style, streams
`include "check.svh"

module nic_fifo #(
  parameter  int unsigned Width = 8,
  parameter  int unsigned Depth = 4,
  localparam int unsigned PtrW  = $clog2(Depth)
) (
  input  logic             clk_i,
  input  logic             rst_ni,   // synchronous

  input  logic             wvalid_i,
  output logic             wready_o,
  input  logic [Width-1:0] wdata_i,

  output logic             rvalid_o,
  input  logic             rready_i,
  output logic [Width-1:0] rdata_o
);
  logic [Width-1:0] mem_q [0:Depth-1];
  // One bit more than an address needs tells full from empty.
  logic [PtrW:0] wptr_q, rptr_q, fill;

  assign fill     = wptr_q - rptr_q;
  assign wready_o = !fill[PtrW];
  assign rvalid_o = fill != '0;
  assign rdata_o  = mem_q[rptr_q[PtrW-1:0]];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      wptr_q <= '0;
      rptr_q <= '0;
    end else begin
      if (wvalid_i && wready_o) begin
        mem_q[wptr_q[PtrW-1:0]] <= wdata_i;
        wptr_q <= wptr_q + 1'b1;
      end
      if (rvalid_o && rready_i) rptr_q <= rptr_q + 1'b1;
    end
  end

  `CHECK(fill_in_range, fill <= {1'b1, {PtrW{1'b0}}})
  `COVER(full, !wready_o)
endmodule

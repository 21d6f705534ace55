// Beats that come in any order and go out in that of their places.
// Role     a reader reserves places before it asks for the data; whoever takes the data gets it as if it had come
//          in order
// Units    Width of a beat [bits]; Depth: power of two from 8 on [beats]; 1 to 8 places are reserved at a time,
//          which follow each other
// Timing   a beat can be read the cycle after it was written; rvalid_o and place_o depend on registers only,
//          fits_o on reserve_count_i
// Errors   none
// Source   docs/design/queue-engine.md, "Ports"
`include "check.svh"

module nic_reorder_buffer #(
  parameter  int unsigned Depth = 256,
  parameter  int unsigned Width = 512,
  localparam int unsigned PtrW  = $clog2(Depth)
) (
  input  logic             clk_i,
  input  logic             rst_ni,   // synchronous

  // places
  input  logic [3:0]       reserve_count_i,
  output logic             fits_o,           // so many are free
  input  logic             reserve_i,
  output logic [PtrW-1:0]  place_o,          // the first of them

  // beats, in any order; always taken
  input  logic             wvalid_i,
  input  logic [PtrW-1:0]  wplace_i,
  input  logic [Width-1:0] wdata_i,
  input  logic             wflag_i,

  // beats, in order
  output logic             rvalid_o,
  input  logic             rready_i,
  output logic [Width-1:0] rdata_o,
  output logic             rflag_o
);
  logic [Width-1:0] data_q [0:Depth-1];
  logic [Depth-1:0] flag_q, here_q;
  // One bit more than an address needs tells full from empty.
  logic [PtrW:0] head_q, tail_q, reserved;
  logic          read;

  assign reserved = tail_q - head_q;
  assign fits_o   = {1'b0, reserved} + (PtrW + 2)'(reserve_count_i) <= (PtrW + 2)'(Depth);
  assign place_o  = tail_q[PtrW-1:0];
  assign rvalid_o = here_q[head_q[PtrW-1:0]];
  assign rdata_o  = data_q[head_q[PtrW-1:0]];
  assign rflag_o  = flag_q[head_q[PtrW-1:0]];
  assign read     = rvalid_o && rready_i;

  always_ff @(posedge clk_i) begin
    if (wvalid_i) begin
      data_q[wplace_i] <= wdata_i;
      flag_q[wplace_i] <= wflag_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      here_q <= '0;
      head_q <= '0;
      tail_q <= '0;
    end else begin
      if (read) begin
        here_q[head_q[PtrW-1:0]] <= 1'b0;
        head_q <= head_q + 1'b1;
      end
      if (wvalid_i) here_q[wplace_i] <= 1'b1;
      if (reserve_i) tail_q <= tail_q + (PtrW + 1)'(reserve_count_i);
    end
  end

  logic [PtrW-1:0] behind;    // places behind the next beat to go out
  assign behind = wplace_i - head_q[PtrW-1:0];
  `REQUIRE(reserve_needs_room, !reserve_i || fits_o)
  `REQUIRE(place_is_reserved, !wvalid_i || {1'b0, behind} < reserved)
  `REQUIRE(each_comes_once, !wvalid_i || !here_q[wplace_i])
  `CHECK(never_overruns, reserved <= {1'b1, {PtrW{1'b0}}})
  `CHECK(read_was_reserved, !rvalid_o || reserved != '0)
  `COVER(no_room, !fits_o)
  `COVER(comes_early, wvalid_i && behind != '0 && !rvalid_o)
endmodule

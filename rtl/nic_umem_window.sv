// Where a socket's descriptor leads: into its UMEM, or nowhere.
// Role     turns a descriptor of a zero-copy queue into an address of host memory, and refuses one that reaches
//          beyond the UMEM; descriptors of other queues pass as they are
// Shapes   Receive 1: entries of a fill ring, the place of a chunk in the UMEM; 0: of a TX ring, place in bits 47
//          to 0 and offset above them
// Timing   combinational
// Errors   invalid_o: no byte of it may be touched
// Source   docs/design/queue-engine.md, "Zero-copy queues"; INV-14, INV-25
`include "check.svh"

module nic_umem_window #(
  parameter int unsigned Receive = 1
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        used_i,      // the descriptor is

  input  logic        on_i,        // its queue is a zero-copy queue
  input  logic [63:0] address_i,   // as in the ring
  input  logic [15:0] length_i,
  input  logic        long_i,      // length needs more than 16 bits
  input  logic [63:0] umem_base_i,
  input  logic [63:0] umem_limit_i,
  input  logic [15:0] room_i,      // for a frame [bytes]
  input  logic [15:0] headroom_i,

  output logic [63:0] address_o,
  output logic [15:0] length_o,
  output logic        long_o,
  output logic        invalid_o,
  output logic [47:0] entry_o      // the place that the RX or completion ring will name
);
  logic [63:0] place, behind;      // in the UMEM: of the first byte, and behind the last
  generate
    if (Receive != 0) begin : g_receive
      assign place     = address_i + {48'd0, headroom_i};
      assign behind    = address_i;
      assign invalid_o = on_i && behind > umem_limit_i;
      assign length_o  = on_i ? room_i : length_i;
      assign long_o    = !on_i && long_i;
    end else begin : g_transmit
      assign place     = {16'd0, address_i[47:0]} + {48'd0, address_i[63:48]};
      assign behind    = place + {48'd0, length_i};
      assign invalid_o = on_i && (behind > umem_limit_i || long_i || length_i == 16'd0 || length_i > room_i);
      assign length_o  = length_i;
      assign long_o    = long_i;
      logic unused_headroom;
      assign unused_headroom = ^headroom_i;
    end
  endgenerate
  assign address_o = on_i ? umem_base_i + place : address_i;
  assign entry_o   = address_i[47:0];

  `COVER(refused, used_i && invalid_o)
  `COVER(at_the_limit, used_i && on_i && behind == umem_limit_i)
endmodule

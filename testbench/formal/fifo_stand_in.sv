// Stands in for nic_fifo in the proofs of those who use it, which need not know where a word lies then.
// Role     does what fifo_watch proves of nic_fifo: all traces of nic_fifo are among its own
// Shapes   words_q: oldest word lowest; FIFO_PLACES words of storage are enough, which is proved, where Depth
//          is more. One that is FIFO_ANYTHING deep gives and takes whatever it likes, which is more than any does
// Timing   as nic_fifo; rdata_o is any value while rvalid_o is low
`include "check.svh"
`ifndef FIFO_PLACES
`define FIFO_PLACES 4
`endif
`ifndef FIFO_ANYTHING
`define FIFO_ANYTHING 0
`endif

module nic_fifo #(
  parameter  int unsigned Width  = 8,
  parameter  int unsigned Depth  = 4,
  localparam int unsigned Places = (Depth < `FIFO_PLACES) ? Depth : `FIFO_PLACES
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
  (* anyseq *) logic [Width-1:0] nothing;
  logic [6:0] count_q, kept;
  logic [Places*Width-1:0] words_q, words_d;
  (* anyseq *) logic [1:0] whim;
  logic write, read, free;
  assign free     = Depth == `FIFO_ANYTHING;
  assign wready_o = free ? whim[0] : count_q != Depth;
  assign rvalid_o = free ? whim[1] : count_q != '0;
  assign rdata_o  = rvalid_o && !free ? words_q[Width-1:0] : nothing;
  assign write    = wvalid_i && wready_o;
  assign read     = rvalid_o && rready_i;
  assign kept     = count_q - {6'd0, read};

  always_comb begin
    words_d = read ? words_q >> Width : words_q;
    for (int i = 0; i < Places; i++) if (write && kept == i) words_d[i*Width +: Width] = wdata_i;
  end
  always_ff @(posedge clk_i) begin
    words_q <= words_d;
    count_q <= rst_ni ? kept + {6'd0, write} : '0;
  end

  `CHECK(places_are_enough, free || count_q <= Places)
endmodule

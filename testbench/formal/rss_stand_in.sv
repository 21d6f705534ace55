// Stand in for the parts of nic_rss in its proof: what they compute is any value, when they say it is not.
// Role     nic_rss_parse says of each frame once, after its first or second beat, that its header is over; the others
//          give anything. nic_beat_fifo does what is proved of it
// Shapes   beats_q: oldest beat lowest; of its data one bit is enough, as all are treated alike
// Timing   as the modules of these names
`include "check.svh"

module nic_rss_parse (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic         take_i,
  input  logic         first_i,
  input  logic [511:0] data_i,
  input  logic [15:0]  length_i,
  output logic         valid_o,
  output logic         ipv4_o,
  output logic         ipv6_o,
  output logic         tcp_o,
  output logic         udp_o,
  output logic [255:0] addresses_o,
  output logic [31:0]  ports_o
);
  (* anyseq *) logic later;
  (* anyseq *) logic [3:0] kind;
  logic valid_q, waiting_q;
  assign valid_o     = valid_q;
  assign {ipv4_o, ipv6_o, tcp_o, udp_o} = kind;
  assign addresses_o = '0;
  assign ports_o     = '0;
  // The header of a frame of one beat ends with it.
  logic second;
  assign second = later && length_i > 16'd64;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q   <= 1'b0;
      waiting_q <= 1'b0;
    end else begin
      valid_q <= take_i && (first_i ? !second : waiting_q);
      if (take_i) waiting_q <= first_i && second;
    end
  end
endmodule

module nic_rss_toeplitz (
  input  logic         valid_i,
  input  logic [287:0] input_i,
  input  logic [319:0] key_i,
  output logic [31:0]  hash_o
);
  (* anyseq *) logic [31:0] hash;
  assign hash_o = hash;
endmodule

module nic_rss_config (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic         write_i,
  input  logic [5:0]   word_i,
  input  logic [31:0]  wdata_i,
  output logic [31:0]  rdata_o,
  output logic         enable_o,
  output logic [5:0]   types_o,
  output logic [319:0] key_o,
  input  logic [6:0]   entry_i,
  output logic [5:0]   queue_o
);
  (* anyseq *) logic enable;
  (* anyseq *) logic [5:0] types, queue;
  assign rdata_o  = '0;
  assign enable_o = enable;
  assign types_o  = types;
  assign key_o    = '0;
  assign queue_o  = queue;
endmodule

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
  localparam int unsigned Width = SideWidth + 1;
  logic [Depth*Width-1:0] beats_q, beats_d;
  logic [3:0] count_q, kept;
  logic write, read;
  assign wready_o = count_q != Depth;
  assign rvalid_o = count_q != '0;
  assign {rside_o, rdata_o[0]} = beats_q[Width-1:0];
  assign rdata_o[511:1] = '0;
  assign write = wvalid_i && wready_o;
  assign read  = rvalid_o && rready_i;
  assign kept  = count_q - {3'd0, read};
  always_comb begin
    beats_d = read ? beats_q >> Width : beats_q;
    for (int i = 0; i < Depth; i++) if (write && kept == i) beats_d[i*Width +: Width] = {wside_i, wdata_i[0]};
  end
  always_ff @(posedge clk_i) begin
    beats_q <= beats_d;
    count_q <= rst_ni ? kept + {3'd0, write} : '0;
  end
endmodule

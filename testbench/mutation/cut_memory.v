// cut_memory.v: memories become registers of unknown content, for Yosys' techmap.
// Role     a proof about one cycle compares what is asked of a memory, and lets it answer the same to both sides
// Shapes   the ports of $mem_v2; address and data of a write count while it is enabled, so they are masked
// Source   Yosys 0.23, techlibs/common/simlib.v

(* techmap_celltype = "$mem_v2" *)
module cut_memory_map (RD_CLK, RD_EN, RD_ARST, RD_SRST, RD_ADDR, RD_DATA, WR_CLK, WR_EN, WR_ADDR, WR_DATA);
  parameter MEMID = "";
  parameter signed SIZE = 4;
  parameter signed OFFSET = 0;
  parameter signed ABITS = 2;
  parameter signed WIDTH = 8;
  parameter signed INIT = 1'bx;
  parameter signed RD_PORTS = 1;
  parameter RD_CLK_ENABLE = 1'b0;
  parameter RD_CLK_POLARITY = 1'b0;
  parameter RD_TRANSPARENCY_MASK = 1'b0;
  parameter RD_COLLISION_X_MASK = 1'b0;
  parameter RD_WIDE_CONTINUATION = 1'b0;
  parameter RD_CE_OVER_SRST = 1'b0;
  parameter RD_ARST_VALUE = 1'b0;
  parameter RD_SRST_VALUE = 1'b0;
  parameter RD_INIT_VALUE = 1'b0;
  parameter signed WR_PORTS = 1;
  parameter WR_CLK_ENABLE = 1'b0;
  parameter WR_CLK_POLARITY = 1'b0;
  parameter WR_PRIORITY_MASK = 1'b0;
  parameter WR_WIDE_CONTINUATION = 1'b0;

  input [RD_PORTS-1:0] RD_CLK, RD_EN, RD_ARST, RD_SRST;
  input [RD_PORTS*ABITS-1:0] RD_ADDR;
  output [RD_PORTS*WIDTH-1:0] RD_DATA;
  input [WR_PORTS-1:0] WR_CLK;
  input [WR_PORTS*WIDTH-1:0] WR_EN, WR_DATA;
  input [WR_PORTS*ABITS-1:0] WR_ADDR;

  wire [WR_PORTS*ABITS-1:0] address;
  genvar i;
  generate
    for (i = 0; i < WR_PORTS; i = i + 1) begin : gen_port
      assign address[i*ABITS +: ABITS] = WR_ADDR[i*ABITS +: ABITS] & {ABITS{|WR_EN[i*WIDTH +: WIDTH]}};
    end
  endgenerate
  // What is read is a register of its own, and what is asked the next value of another: registers are cut.
  (* keep *) wire [RD_PORTS*ABITS + WR_PORTS*(ABITS + 2*WIDTH) - 1:0] asked;
  \$dff #(.WIDTH(RD_PORTS*WIDTH), .CLK_POLARITY(1'b1)) answer (
    .CLK(1'b0), .D({(RD_PORTS*WIDTH){1'b0}}), .Q(RD_DATA));
  \$dff #(.WIDTH(RD_PORTS*ABITS + WR_PORTS*(ABITS + 2*WIDTH)), .CLK_POLARITY(1'b1)) question (
    .CLK(1'b0), .D({RD_ADDR, address, WR_EN, WR_DATA & WR_EN}), .Q(asked));
endmodule

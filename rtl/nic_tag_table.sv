// Tags of the reads of one reader that are under way.
// Role     gives each read a tag that no other one under way has; keeps what the reader wants to know when the
//          data comes; counts the beats that came, the last of which frees the tag
// Shapes   Tags: 2 to 64; a read is 1 to 8 beats. Those of one tag come in order, those of several in any
// Timing   valid_o and tag_o depend on registers only; beat_o and info_o answer rtag_i in the same cycle. A tag
//          can be given again the cycle after its last beat came, and is, when all others had their turn
// Errors   none: a read that is refused has all its beats as well
// Source   AMBA AXI4 A5.3; docs/design/queue-engine.md, "Ports"
`include "check.svh"

module nic_tag_table #(
  parameter  int unsigned Tags  = 64,
  parameter  int unsigned Width = 8,
  localparam int unsigned TagW  = $clog2(Tags)
) (
  input  logic             clk_i,
  input  logic             rst_ni,   // synchronous

  // a new read
  output logic             valid_o,
  output logic [5:0]       tag_o,
  input  logic             take_i,
  input  logic [2:0]       len_i,    // beats - 1
  input  logic [Width-1:0] info_i,

  // a beat of an answer
  input  logic             rvalid_i,
  input  logic [5:0]       rtag_i,
  input  logic             rlast_i,
  output logic [2:0]       beat_o,   // of how many it comes behind
  output logic [Width-1:0] info_o
);
  localparam logic [6:0] TagCount = 7'(Tags);

  logic [Tags-1:0]  busy_q;
  logic [2:0]       len_q  [0:Tags-1];
  logic [2:0]       beat_q [0:Tags-1];
  logic [Width-1:0] info_q [0:Tags-1];

  nic_rr_arb #(.Width(Tags)) u_free (
    .clk_i, .rst_ni, .req_i(~busy_q), .taken_i(take_i), .valid_o(valid_o), .index_o(tag_o)
  );

  logic [TagW-1:0] tag, rtag;
  logic            known, last;
  assign tag    = tag_o[TagW-1:0];
  assign rtag   = rtag_i[TagW-1:0];
  assign known  = {1'b0, rtag_i} < TagCount && busy_q[rtag];
  assign last   = beat_q[rtag] == len_q[rtag];
  assign beat_o = beat_q[rtag];
  assign info_o = info_q[rtag];

  always_ff @(posedge clk_i) begin
    if (take_i) begin
      len_q[tag]  <= len_i;
      info_q[tag] <= info_i;
    end
    if (rvalid_i) beat_q[rtag] <= beat_q[rtag] + 3'd1;
    if (take_i) beat_q[tag] <= '0;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) busy_q <= '0;
    else begin
      if (rvalid_i && last) busy_q[rtag] <= 1'b0;
      if (take_i) busy_q[tag] <= 1'b1;
    end
  end

  `REQUIRE(take_needs_valid, !take_i || valid_o)
  `REQUIRE(answer_was_asked, !rvalid_i || known)
  `REQUIRE(last_beat_is_last, !rvalid_i || rlast_i == last)
  `CHECK(tag_is_free, !valid_o || !busy_q[tag])
  `COVER(all_under_way, !valid_o)
endmodule

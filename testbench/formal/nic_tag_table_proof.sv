// Proof of nic_tag_table, for 4 tags: a tag belongs to one read from its taking to its last beat, and its data meets
// what was kept for it.
// Role     follows one tag, any; answers come for any tag that is under way, their beats mixed. What is under way is
//          known from here, not from the module, whose own demands are proved
`include "proof.svh"

module nic_tag_table_proof #(
  localparam int unsigned Tags  = 4,
  localparam int unsigned Width = 5
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic             ask_i,
  input logic [2:0]       len_i,
  input logic [Width-1:0] info_i,
  input logic             rvalid_i,
  input logic [5:0]       rtag_i,
  input logic             rlast_i
);
  `START_IN_RESET
  (* anyconst *) logic [5:0] tag;
  always @* begin exists : assume (tag < Tags); end

  logic             valid, take;
  logic [5:0]       given;
  logic [2:0]       beat;
  logic [Width-1:0] info;
  assign take = ask_i && valid;
  nic_tag_table #(.Tags(Tags), .Width(Width)) u_dut (
    .clk_i, .rst_ni, .valid_o(valid), .tag_o(given), .take_i(take), .len_i, .info_i,
    .rvalid_i, .rtag_i, .rlast_i, .beat_o(beat), .info_o(info)
  );

  // The read that has the tag
  logic             taken, came, busy_q, freed_q;
  logic [2:0]       len_q, beat_q;
  logic [Width-1:0] info_q;
  logic [2:0]       under_way_q, passed_q;    // reads of all tags; takings since the tag is free
  assign taken = take && given == tag;
  assign came  = rvalid_i && rtag_i == tag;
  always_ff @(posedge clk_i) begin
    freed_q <= rst_ni && came && rlast_i;
    if (taken) begin
      len_q  <= len_i;
      info_q <= info_i;
      beat_q <= '0;
    end else if (came) begin
      beat_q <= beat_q + 3'd1;
    end
    if (!rst_ni) begin
      busy_q      <= 1'b0;
      under_way_q <= '0;
      passed_q    <= '0;
    end else begin
      if (taken) busy_q <= 1'b1;
      else if (came && rlast_i) busy_q <= 1'b0;
      under_way_q <= under_way_q + {2'd0, take} - {2'd0, rvalid_i && rlast_i};
      passed_q    <= (busy_q || taken) ? '0 : passed_q + {2'd0, take};
    end
  end

  // Beats that are still to come behind the next one, of all reads
  logic [Tags-1:0]   all_busy_q;
  logic [3*Tags-1:0] all_left_q;
  logic [2:0]        left;
  logic              known;
  assign left  = all_left_q[3 * rtag_i[1:0] +: 3];
  assign known = rtag_i < Tags && all_busy_q[rtag_i[1:0]];
  `REQUIRE(answer_was_asked_for, !rvalid_i || known)
  `REQUIRE(last_where_it_was_asked, !rvalid_i || rlast_i == (left == 3'd0))
  always_ff @(posedge clk_i) begin
    for (int i = 0; i < Tags; i++) begin
      if (rvalid_i && rtag_i == i) all_left_q[3 * i +: 3] <= left - 3'd1;
      if (take && given == i) all_left_q[3 * i +: 3] <= len_i;
      if (rvalid_i && rlast_i && rtag_i == i) all_busy_q[i] <= 1'b0;
      if (take && given == i) all_busy_q[i] <= 1'b1;
    end
    if (!rst_ni) all_busy_q <= '0;
  end

  `CHECK(tag_in_range, !valid || given < Tags)
  `CHECK(never_given_twice, !taken || !busy_q)
  `CHECK(given_while_there_is_one, valid == (under_way_q != Tags))
  `CHECK(what_was_kept_comes_back, !came || info == info_q)
  `CHECK(beats_are_counted, !came || beat == beat_q)
  `CHECK(no_more_than_there_are, under_way_q <= Tags)
  `CHECK(free_one_has_its_turn, passed_q < Tags)

  (* hierconn *) wire [Tags-1:0] \u_dut.busy_q , \u_dut.u_free.later_q ;
  (* hierconn *) wire [2:0] \u_dut.len_q[0] , \u_dut.len_q[1] , \u_dut.len_q[2] , \u_dut.len_q[3] ;
  (* hierconn *) wire [2:0] \u_dut.beat_q[0] , \u_dut.beat_q[1] , \u_dut.beat_q[2] , \u_dut.beat_q[3] ;
  (* hierconn *) wire [Width-1:0] \u_dut.info_q[0] , \u_dut.info_q[1] , \u_dut.info_q[2] , \u_dut.info_q[3] ;
  logic [2:0]       len, place;
  logic [Width-1:0] kept;
  assign len   = (tag == 6'd0) ? \u_dut.len_q[0] : (tag == 6'd1) ? \u_dut.len_q[1] :
                 (tag == 6'd2) ? \u_dut.len_q[2] : \u_dut.len_q[3] ;
  assign place = (tag == 6'd0) ? \u_dut.beat_q[0] : (tag == 6'd1) ? \u_dut.beat_q[1] :
                 (tag == 6'd2) ? \u_dut.beat_q[2] : \u_dut.beat_q[3] ;
  assign kept  = (tag == 6'd0) ? \u_dut.info_q[0] : (tag == 6'd1) ? \u_dut.info_q[1] :
                 (tag == 6'd2) ? \u_dut.info_q[2] : \u_dut.info_q[3] ;
  `CHECK(invariant_busy, \u_dut.busy_q [tag[1:0]] == busy_q && \u_dut.busy_q == all_busy_q)
  logic [Tags-1:0] differs;
  assign differs = {all_left_q[11:9] != \u_dut.len_q[3] - \u_dut.beat_q[3] , all_left_q[8:6] != \u_dut.len_q[2] - \u_dut.beat_q[2] ,
                    all_left_q[5:3] != \u_dut.len_q[1] - \u_dut.beat_q[1] , all_left_q[2:0] != \u_dut.len_q[0] - \u_dut.beat_q[0] };
  `CHECK(invariant_left, (differs & all_busy_q) == '0)
  `CHECK(invariant_kept, !busy_q || (len == len_q && place == beat_q && kept == info_q))
  `CHECK(invariant_under_way, under_way_q == {2'd0, \u_dut.busy_q [0]} + {2'd0, \u_dut.busy_q [1]} +
                                             {2'd0, \u_dut.busy_q [2]} + {2'd0, \u_dut.busy_q [3]})
  // With each taking the turn comes nearer.
  logic [1:0] last, turn;
  assign last = (\u_dut.u_free.later_q == 4'b1110) ? 2'd0 : (\u_dut.u_free.later_q == 4'b1100) ? 2'd1 :
                (\u_dut.u_free.later_q == 4'b1000) ? 2'd2 : 2'd3;
  assign turn = tag[1:0] - last - 2'd1;
  `CHECK(invariant_turns, \u_dut.u_free.later_q == 4'b1111 || \u_dut.u_free.later_q == 4'b1110 ||
                          \u_dut.u_free.later_q == 4'b1100 || \u_dut.u_free.later_q == 4'b1000 ||
                          \u_dut.u_free.later_q == 4'b0000)
  `CHECK(invariant_nearer, busy_q || passed_q + {1'b0, turn} <= 3'd3)

  `COVER(all_are_under_way, under_way_q == Tags)
  `COVER(given_again_at_once, freed_q && taken)
  `COVER(beats_are_mixed, came && beat_q == 3'd1 && len_q == 3'd1 && under_way_q == Tags && !valid)
  `COVER(eight_beats, came && rlast_i && beat_q == 3'd7)
  `COVER(waits_three_turns, passed_q == 3'd3 && taken)
endmodule

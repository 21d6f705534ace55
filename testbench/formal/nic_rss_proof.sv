// Proof of nic_rss, for Depth 4: streams of whole frames go in and come out, with one hash and queue each.
// Role     follows one beat and one frame, any; its parts are replaced by those of rss_stand_in.sv, nic_fifo by its stand-in
`include "proof.svh"

module nic_rss_proof (
  input logic         clk_i,
  input logic         rst_ni,
  input logic         watch_i,
  input logic         watch_frame_i,
  input logic         bit_i,
  input logic [63:0]  s_tkeep,
  input logic         s_tlast,
  input logic [5:0]   s_tdest,
  input logic         s_tsteered,
  input logic [143:0] s_tuser,
  input logic         s_tvalid,
  input logic         m_tready
);
  `START_IN_RESET
  logic [511:0] m_tdata;
  logic [143:0] m_tuser;
  logic [5:0]   m_tdest;
  logic [31:0]  unused_rdata;
  logic         s_tready, m_tlast, m_tvalid, active;
  nic_rss #(.Depth(4)) u_dut (
    .clk_i, .rst_ni, .s_tdata({511'd0, bit_i}), .s_tkeep, .s_tlast, .s_tdest, .s_tsteered, .s_tuser, .s_tvalid, .s_tready,
    .m_tdata, .m_tlast, .m_tdest, .m_tuser, .m_tvalid, .m_tready,
    .write_i(1'b0), .word_i('0), .wdata_i('0), .rdata_o(unused_rdata), .active_o(active)
  );
  (* hierconn *) wire [7:0] \u_dut.u_beats.beats_q ;
  (* hierconn *) wire [447:0] \u_dut.u_side.words_q ;
  (* hierconn *) wire [151:0] \u_dut.u_result.words_q ;
  (* hierconn *) wire [3:0] \u_dut.u_beats.count_q ;
  (* hierconn *) wire [6:0] \u_dut.u_side.count_q , \u_dut.u_result.count_q ;
  (* hierconn *) wire \u_dut.parsed , \u_dut.hashed_q , \u_dut.within_q , \u_dut.u_parse.waiting_q ;
  (* hierconn *) wire \u_dut.enable , \u_dut.choose_q , \u_dut.steered_q ;
  (* hierconn *) wire [31:0] \u_dut.toeplitz , \u_dut.hash_q , \u_dut.mac_hash_q ;
  (* hierconn *) wire [5:0] \u_dut.chosen , \u_dut.queue_q , \u_dut.mac_queue_q ;

  logic       parsed, hashed, dut_within, waiting;
  logic [3:0] beat_count;
  logic [6:0] result_count, side_count;
  logic [37:0] result;
  logic [151:0] results;
  assign parsed       = \u_dut.parsed ;
  assign hashed       = \u_dut.hashed_q ;
  assign dut_within   = \u_dut.within_q ;
  assign waiting      = \u_dut.u_parse.waiting_q ;
  assign beat_count   = \u_dut.u_beats.count_q ;
  assign results      = \u_dut.u_result.words_q ;
  assign result       = results[37:0];
  assign result_count = \u_dut.u_result.count_q ;
  assign side_count   = \u_dut.u_side.count_q ;

  // The MAC: what is the same on all beats of a frame is; a frame of up to 64 bytes has one beat.
  logic take, give, within_q, first_q, out_within_q;
  logic [111:0] side, frame_q;
  assign take = s_tvalid && s_tready;
  assign give = m_tvalid && m_tready;
  assign side = {s_tuser[143:48], s_tuser[15:0]};
  always @* if (rst_ni && take) begin
    same_on_all_beats : assume (!within_q || side == frame_q);
    short_is_one_beat : assume (within_q || s_tlast == (s_tuser[15:0] <= 16'd64));
  end
  always_ff @(posedge clk_i) begin
    if (take) frame_q <= side;
    if (!rst_ni) within_q <= 1'b0;
    else if (take) within_q <= !s_tlast;
    if (take) first_q <= !within_q;
  end

  // One beat, on its way
  logic        watching_q, bit_q, last_q;
  logic [3:0]  ahead_q, count_q;
  logic [111:0] side_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      watching_q <= 1'b0;
      count_q    <= '0;
      ahead_q    <= '0;
    end else begin
      count_q <= count_q + {3'd0, take} - {3'd0, give};
      if (watching_q) begin
        if (give && ahead_q == '0) watching_q <= 1'b0;
        else if (give) ahead_q <= ahead_q - 1'b1;
      end else if (watch_i && take) begin
        watching_q <= 1'b1;
        ahead_q    <= count_q - {3'd0, give};
        bit_q      <= bit_i;
        last_q     <= s_tlast;
        side_q     <= side;
      end
    end
  end
  logic out;
  assign out = watching_q && ahead_q == '0 && m_tvalid;
  `CHECK(no_beat_lost_or_made, !m_tvalid || count_q != '0)
  `CHECK(beat_comes_as_it_was, !out || (m_tdata[0] == bit_q && m_tlast == last_q))
  `CHECK(frame_keeps_its_side, !out || {m_tuser[143:48], m_tuser[15:0]} == side_q)
  `CHECK(takes_unless_full, s_tready == (count_q != 4'd4))
  `CHECK(what_is_here_is_not_idle, active == (count_q != '0))

  // All beats of a frame have one hash and one queue.
  logic [37:0] chosen_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) out_within_q <= 1'b0;
    else if (give) out_within_q <= !m_tlast;
    if (give) chosen_q <= {m_tdest, m_tuser[47:16]};
  end
  `CHECK(one_choice_for_a_frame, !(m_tvalid && out_within_q) || {m_tdest, m_tuser[47:16]} == chosen_q)

  // What is here comes out: two cycles after its header has ended nothing holds a frame but its receiver.
  logic [1:0] since_q;   // cycles in which nothing came and nothing was offered
  always_ff @(posedge clk_i) begin
    if (!rst_ni || take || m_tvalid) since_q <= '0;
    else if (since_q != 2'd3) since_q <= since_q + 1'b1;
  end
  `CHECK(waits_for_second_beat_only, !(since_q == 2'd3 && count_q != '0) || waiting)

  // One frame: what the MAC said of it, and what was in force when its header was over
  logic        following_q, unparsed_q, looked_up_q, steered_q, enabled_q;
  logic [3:0]  frames_q, before_q;
  logic [31:0] mac_hash_q, computed_q;
  logic [5:0]  mac_queue_q, chosen_queue_q;
  logic        begins, ends_here;
  assign begins    = take && !within_q;
  assign ends_here = give && m_tlast;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      following_q <= 1'b0;
      frames_q    <= '0;
      before_q    <= '0;
    end else begin
      frames_q <= frames_q + {3'd0, begins} - {3'd0, ends_here};
      if (following_q) begin
        if (ends_here && before_q == '0) following_q <= 1'b0;
        else if (ends_here) before_q <= before_q - 1'b1;
        if (unparsed_q && parsed) begin
          unparsed_q  <= 1'b0;
          looked_up_q <= 1'b0;
          enabled_q   <= \u_dut.enable ;
          computed_q  <= \u_dut.toeplitz ;
        end
        if (!unparsed_q && !looked_up_q) begin
          looked_up_q    <= 1'b1;
          chosen_queue_q <= \u_dut.chosen ;
        end
      end else if (watch_frame_i && begins) begin
        following_q <= 1'b1;
        unparsed_q  <= 1'b1;
        looked_up_q <= 1'b0;
        before_q    <= frames_q - {3'd0, ends_here};
        mac_hash_q  <= s_tuser[47:16];
        mac_queue_q <= s_tdest;
        steered_q   <= s_tsteered;
      end
    end
  end
  logic frame_out;
  assign frame_out = following_q && before_q == '0 && m_tvalid;
  `CHECK(off_passes_hash_and_queue, !(frame_out && !enabled_q) ||
                                    (m_tuser[47:16] == mac_hash_q && m_tdest == mac_queue_q))
  `CHECK(steered_keeps_its_queue, !(frame_out && steered_q) || m_tdest == mac_queue_q)
  `CHECK(on_replaces_hash, !(frame_out && enabled_q) || m_tuser[47:16] == computed_q)
  `CHECK(on_looks_up_queue, !(frame_out && enabled_q && !steered_q) || m_tdest == chosen_queue_q)

  // For the induction: where that frame is, and what is known of it there
  logic [31:0] hash_due;
  logic [5:0]  queue_due;
  logic [37:0] result_of_frame;
  assign hash_due  = enabled_q ? computed_q : mac_hash_q;
  assign queue_due = enabled_q && !steered_q ? chosen_queue_q : mac_queue_q;
  always_comb begin
    result_of_frame = '0;
    for (int i = 0; i < 4; i++) if (i == before_q) result_of_frame = results[38*i +: 38];
  end
  `CHECK(invariant_frames, frames_q == side_count[3:0] && side_count <= 7'd4)
  `CHECK(invariant_unparsed, !(following_q && unparsed_q) ||
                             ((parsed || waiting) && {3'd0, before_q} == result_count + {6'd0, hashed} &&
                              \u_dut.mac_hash_q == mac_hash_q && \u_dut.mac_queue_q == mac_queue_q &&
                              \u_dut.steered_q == steered_q))
  `CHECK(invariant_hashed, !(following_q && !unparsed_q && !looked_up_q) ||
                           (hashed && {3'd0, before_q} == result_count && \u_dut.hash_q == hash_due &&
                            \u_dut.queue_q == mac_queue_q && \u_dut.choose_q == (enabled_q && !steered_q)))
  `CHECK(invariant_looked_up, !(following_q && !unparsed_q && looked_up_q) ||
                              ({3'd0, before_q} < result_count && result_of_frame == {queue_due, hash_due}))

  // Frames in here, counted in three ways
  logic [7:0]   beats;
  logic [447:0] sides;
  assign beats      = \u_dut.u_beats.beats_q ;
  assign sides      = \u_dut.u_side.words_q ;
  logic [3:0] ends;          // last beats
  logic [2:0] frames_ahead;  // of the watched beat
  logic [1:0] watched;
  always_comb begin
    ends = '0;
    frames_ahead = '0;
    watched = '0;
    for (int i = 0; i < 4; i++) begin
      if (i < count_q && beats[2*i+1]) ends = ends + 1'b1;
      if (i < ahead_q && beats[2*i+1]) frames_ahead = frames_ahead + 1'b1;
      if (i == ahead_q) watched = beats[2*i +: 2];
    end
  end
  logic [111:0] watched_side, newest_side;
  logic [6:0] newest;
  assign newest = side_count - 7'd1;
  always_comb begin
    watched_side = '0;
    newest_side = '0;
    for (int i = 0; i < 4; i++) begin
      if (i == frames_ahead) watched_side = sides[112*i +: 112];
      if (i == newest) newest_side = sides[112*i +: 112];
    end
  end
  logic newest_end;
  always_comb begin
    newest_end = 1'b1;
    for (int i = 0; i < 4; i++) if (i + 1 == count_q) newest_end = beats[2*i+1];
  end
  `CHECK(invariant_count, count_q == beat_count && count_q <= 4'd4)
  `CHECK(invariant_within, within_q == dut_within && (count_q == '0 || newest_end == !within_q))
  `CHECK(invariant_sides, side_count == {3'd0, ends} + {6'd0, within_q})
  `CHECK(invariant_results, side_count == result_count + {6'd0, parsed} +
                            {6'd0, hashed} + {6'd0, waiting})
  `CHECK(invariant_waiting, !waiting || (within_q && first_q && count_q != '0))
  `CHECK(invariant_first, !(within_q && first_q) || count_q != '0 || out_within_q)
  `CHECK(invariant_watched, !watching_q || (ahead_q < count_q && watched == {last_q, bit_q}))
  `CHECK(invariant_side, !watching_q || watched_side == side_q)
  `CHECK(invariant_newest, !within_q || newest_side == frame_q)
  `CHECK(invariant_out_within, !out_within_q || (result_count != '0 && result == chosen_q))
  `CHECK(invariant_out_partial, !(within_q && count_q == '0) || out_within_q)
  `CHECK(invariant_idle_pipe, !(since_q >= 2'd1) || !parsed || since_q == 2'd1)

  `COVER(long_frame_ends, out && last_q && out_within_q)
  `COVER(full_of_short_frames, count_q == 4'd4 && ends == 4'd4)
  `COVER(off_between_others, frame_out && !enabled_q && frames_q != 4'd1)
  `COVER(steered_while_on, frame_out && enabled_q && steered_q && mac_queue_q != chosen_queue_q)
  `COVER(waits_alone, since_q == 2'd3 && count_q == 4'd1)
endmodule

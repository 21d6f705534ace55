// Proof of nic_tx_read: all bus beats of each frame are asked for once, in bursts that follow one another, and what comes
// back goes to the places that were reserved for it; queues have the turns that their weights say.
// Role     follows the frame whose bursts are asked for, and one tag, any; the order of the data is proved of
//          nic_reorder_buffer, that of the frames of nic_fifo
// Shapes   2 queues, 4 tags, 16 places
// Source   docs/design/queue-engine.md; INV-23, INV-31
`include "proof.svh"

module nic_tx_read_proof #(
  localparam int unsigned Queues = 2
) (
  input logic         clk_i,
  input logic         rst_ni,
  input logic [1:0]   enabled_i,
  input logic [1:0]   avail_i,
  input logic [7:0]   weight_i,
  input logic [63:0]  desc_addr_i,
  input logic [15:0]  desc_length_i,
  input logic         desc_long_i,
  input logic [31:0]  desc_cookie_i,
  input logic [31:0]  desc_index_i,
  input logic         desc_bad_i,
  input logic         desc_zero_copy_i,
  input logic [47:0]  desc_entry_i,
  input logic         arready_i,
  input logic         rvalid_i,
  input logic [5:0]   rtag_i,
  input logic         rlast_i,
  input logic [511:0] rdata_i,
  input logic         rerror_i,
  input logic         frame_ready_i,
  input logic         data_ready_i
);
  `START_IN_RESET
  (* anyconst *) logic [1:0] tag;
  (* anyconst *) logic [8:0] lane;    // a bit of each beat

  logic         pop, arvalid, frame_valid, frame_bad, frame_zero_copy, data_valid, data_error, active;
  logic [5:0]   turn_queue, pop_queue, arqueue, artag, frame_queue, frame_offset;
  logic [63:6]  araddr;
  logic [2:0]   arlen;
  logic [15:0]  frame_length;
  logic [31:0]  frame_request, frame_index;
  logic [47:0]  frame_entry;
  logic [511:0] data;
  nic_tx_read #(.Queues(Queues), .BufferBeats(16), .FramesMax(32), .Tags(4)) u_dut (
    .clk_i, .rst_ni, .enabled_i, .avail_i, .turn_queue_o(turn_queue), .weight_i, .pop_queue_o(pop_queue), .pop_o(pop),
    .desc_addr_i, .desc_length_i, .desc_long_i, .desc_cookie_i, .desc_index_i, .desc_bad_i, .desc_zero_copy_i,
    .desc_entry_i, .arvalid_o(arvalid), .arready_i, .araddr_o(araddr), .arlen_o(arlen), .arqueue_o(arqueue),
    .artag_o(artag), .rvalid_i, .rtag_i, .rlast_i, .rdata_i, .rerror_i, .frame_valid_o(frame_valid), .frame_ready_i,
    .frame_queue_o(frame_queue), .frame_offset_o(frame_offset), .frame_length_o(frame_length),
    .frame_request_o(frame_request), .frame_index_o(frame_index), .frame_bad_o(frame_bad),
    .frame_zero_copy_o(frame_zero_copy), .frame_entry_o(frame_entry), .data_valid_o(data_valid), .data_ready_i,
    .data_o(data), .data_error_o(data_error), .active_o(active)
  );
  (* hierconn *) wire \u_dut.frames_ready , \u_dut.fits , \u_dut.tag_valid , \u_dut.valid_q , \u_dut.bad_q ;
  (* hierconn *) wire \u_dut.u_data.reserve_i , \u_dut.u_data.wvalid_i , \u_dut.u_data.wflag_i ;
  (* hierconn *) wire [3:0] \u_dut.u_data.reserve_count_i , \u_dut.u_data.place_o , \u_dut.u_data.wplace_i ;
  (* hierconn *) wire [511:0] \u_dut.u_data.wdata_i ;
  (* hierconn *) wire [141:0] \u_dut.u_frames.wdata_i ;
  (* hierconn *) wire \u_dut.u_frames.wvalid_i ;
  (* hierconn *) wire [57:0] \u_dut.beat_q ;
  (* hierconn *) wire [10:0] \u_dut.left_q ;
  (* hierconn *) wire [7:0] \u_dut.credit_q ;
  (* hierconn *) wire [5:0] \u_dut.queue_q , \u_dut.last_q ;
  (* hierconn *) wire [1:0] \u_dut.u_turn.later_q ;
  (* hierconn *) wire \u_dut.u_tags.known , \u_dut.u_tags.last ;
  (* hierconn *) wire [3:0] \u_dut.u_tags.busy_q ;
  (* hierconn *) wire [3:0] \u_dut.u_tags.info_q[0] , \u_dut.u_tags.info_q[1] , \u_dut.u_tags.info_q[2] , \u_dut.u_tags.info_q[3] ;
  (* hierconn *) wire [2:0] \u_dut.u_tags.beat_q[0] , \u_dut.u_tags.beat_q[1] , \u_dut.u_tags.beat_q[2] , \u_dut.u_tags.beat_q[3] ;

  // The surroundings: an answer belongs to a read that is under way, and ends where it should.
  `REQUIRE(answer_is_of_a_read, !rvalid_i || (\u_dut.u_tags.known && rlast_i == \u_dut.u_tags.last ))

  // Whose turn it is: the queue that was served last goes on until it has sent its weight or has nothing to send.
  logic [1:0] sendable;
  logic       any_q, last_q, goes_on;
  logic [7:0] run_q, limit_q;     // frames of its turn: sent, and as many as it may send
  assign sendable = avail_i & enabled_i;
  assign goes_on  = any_q && run_q < limit_q && sendable[last_q];
  always_ff @(posedge clk_i) begin
    if (!rst_ni) any_q <= 1'b0;
    else if (pop) any_q <= 1'b1;
    if (pop) begin
      last_q <= pop_queue[0];
      run_q  <= goes_on ? run_q + 8'd1 : 8'd1;
      if (!goes_on) limit_q <= weight_i == 8'd0 ? 8'd1 : weight_i;
    end
  end
  `CHECK(frame_of_a_queue_that_has_one, !pop || (pop_queue < 6'd2 && sendable[pop_queue[0]]))
  `CHECK(turn_goes_on, !(pop && goes_on) || pop_queue == {5'd0, last_q})
  `CHECK(turn_passes_on, !(pop && any_q && !goes_on && sendable[!last_q]) || pop_queue == {5'd0, !last_q})
  `CHECK(weight_is_of_the_turn, !pop || goes_on || turn_queue == pop_queue)

  // The frame that is asked for
  logic        bad, issue, rest;
  logic [57:0] addr_q, beat;
  logic [10:0] all_q, asked_q, asks, left, burst;
  logic [5:0]  queue_q;
  logic [16:0] span;
  assign bad   = desc_bad_i || desc_long_i || desc_length_i == 16'd0;
  assign span  = {1'b0, desc_length_i} + {11'd0, desc_addr_i[5:0]};
  assign issue = arvalid && arready_i;
  assign asks  = asked_q + (issue ? {8'd0, arlen} + 11'd1 : 11'd0);
  assign rest  = asked_q != all_q;
  assign beat  = addr_q + {47'd0, asked_q};
  assign left  = all_q - asked_q;
  assign burst = left < 11'd8 - {8'd0, beat[2:0]} ? left : 11'd8 - {8'd0, beat[2:0]};
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      all_q   <= '0;
      asked_q <= '0;
    end else if (pop) begin
      addr_q  <= desc_addr_i[63:6];
      all_q   <= bad ? 11'd0 : span[16:6] + {10'd0, span[5:0] != 6'd0};
      asked_q <= '0;
      queue_q <= pop_queue;
    end else begin
      asked_q <= asks;
    end
  end
  `CHECK(sender_knows_the_frame, \u_dut.u_frames.wvalid_i == pop && (!pop || (\u_dut.frames_ready && \u_dut.u_frames.wdata_i ==
         {desc_entry_i, desc_zero_copy_i, desc_index_i, bad || desc_zero_copy_i ? 32'd0 : desc_cookie_i, bad, pop_queue,
          desc_addr_i[5:0], desc_length_i})))
  `CHECK(all_is_asked_before_the_next, !pop || asks == all_q)
  `CHECK(begins_when_it_may, pop == (sendable != 2'd0 && \u_dut.frames_ready && asks == all_q))
  `CHECK(asks_when_it_may, arvalid == (rest && \u_dut.fits && \u_dut.tag_valid ))
  `CHECK(asks_for_what_comes_next, !arvalid || (araddr == beat && arqueue == queue_q && {8'd0, arlen} + 11'd1 == burst))
  `CHECK(burst_inside_512_bytes, !arvalid || {1'b0, araddr[8:6]} + {1'b0, arlen} < 4'd8)
  `CHECK(reserves_what_it_asks, \u_dut.u_data.reserve_i == issue &&
                                (!arvalid || \u_dut.u_data.reserve_count_i == {1'b0, arlen} + 4'd1))
  `CHECK(what_is_left_is_not_idle, !rest || active)
  `CHECK(what_may_begin_is_not_idle, sendable == 2'd0 || active)
  nic_hold_check #(.Width(67)) u_ar_hold (
    .clk_i, .rst_ni, .valid_i(arvalid), .ready_i(arready_i), .data_i({araddr, arlen, arqueue})
  );

  // A read: its places, and the beats that have come
  logic       under_way_q, comes;
  logic [3:0] place_q, came_q;
  logic [2:0] len_q;
  assign comes = rvalid_i && rtag_i == {4'd0, tag};
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      under_way_q <= 1'b0;
    end else if (issue && artag == {4'd0, tag}) begin
      under_way_q <= 1'b1;
      place_q     <= \u_dut.u_data.place_o ;
      came_q      <= '0;
      len_q       <= arlen;
    end else if (comes) begin
      under_way_q <= came_q != {1'b0, len_q};
      came_q      <= came_q + 4'd1;
    end
  end
  `CHECK(tag_is_free, !(issue && artag == {4'd0, tag}) || !under_way_q)
  `CHECK(answer_is_of_what_was_asked, !comes || (under_way_q && rlast_i == (came_q == {1'b0, len_q})))
  `CHECK(beat_goes_to_its_place, \u_dut.u_data.wvalid_i == rvalid_i &&
                                 (!comes || \u_dut.u_data.wplace_i == place_q + came_q))
  `CHECK(beat_is_what_came, !rvalid_i || (\u_dut.u_data.wdata_i [lane] == rdata_i[lane] && \u_dut.u_data.wflag_i == rerror_i))

  // For the induction
  (* hierconn *) wire [2:0] \u_dut.u_tags.len_q[0] , \u_dut.u_tags.len_q[1] , \u_dut.u_tags.len_q[2] , \u_dut.u_tags.len_q[3] ;
  logic [3:0] info;
  logic [2:0] behind, length;
  always_comb begin
    case (tag)
      2'd0:    {info, behind, length} = {\u_dut.u_tags.info_q[0] , \u_dut.u_tags.beat_q[0] , \u_dut.u_tags.len_q[0] };
      2'd1:    {info, behind, length} = {\u_dut.u_tags.info_q[1] , \u_dut.u_tags.beat_q[1] , \u_dut.u_tags.len_q[1] };
      2'd2:    {info, behind, length} = {\u_dut.u_tags.info_q[2] , \u_dut.u_tags.beat_q[2] , \u_dut.u_tags.len_q[2] };
      default: {info, behind, length} = {\u_dut.u_tags.info_q[3] , \u_dut.u_tags.beat_q[3] , \u_dut.u_tags.len_q[3] };
    endcase
  end
  `CHECK(invariant_turn, any_q ? \u_dut.last_q == {5'd0, last_q} && run_q <= limit_q && \u_dut.credit_q == limit_q - run_q &&
                                 \u_dut.u_turn.later_q == {!last_q, 1'b0} && run_q != 8'd0
                               : \u_dut.credit_q == 8'd0)
  `CHECK(invariant_rest, \u_dut.bad_q && \u_dut.valid_q ? all_q == '0 && asked_q == '0 :
                         \u_dut.valid_q ? rest && \u_dut.left_q == left && asked_q < all_q : !rest)
  `CHECK(invariant_next, !rest || (\u_dut.beat_q == beat && \u_dut.queue_q == queue_q))
  `CHECK(invariant_tag, \u_dut.u_tags.busy_q [tag] == under_way_q &&
                        (!under_way_q || (info == place_q && {1'b0, behind} == came_q && length == len_q && came_q <= {1'b0, len_q})))

  `COVER(second_burst, issue && asked_q != '0 && asks == all_q && all_q == 11'd3 && pop)
  `COVER(turn_of_two, pop && goes_on && sendable == 2'd3 && run_q == 8'd1 && limit_q == 8'd2)
  `COVER(passes_on, pop && any_q && !goes_on && sendable == 2'd3 && run_q == 8'd2)
  `COVER(nothing_to_ask_for, pop && bad)
  `COVER(third_beat_of_a_burst, comes && came_q == 4'd2 && rlast_i && rerror_i)
endmodule

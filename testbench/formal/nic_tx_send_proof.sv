// Proof of nic_tx_send: a frame goes out whole and once, each byte in its place, with what was asked for it.
// Role     follows one bit of one byte of each frame, any byte, from the bus beats to the link
// Units    data in bytes: of a frame, its first is 0; beats of 64 bytes
// Source   docs/design/queue-engine.md, "Ports"; INV-23
`include "proof.svh"

module nic_tx_send_proof (
  input logic         clk_i,
  input logic         rst_ni,
  input logic         frame_valid_i,
  input logic [5:0]   frame_queue_i,
  input logic [5:0]   frame_offset_i,
  input logic [15:0]  frame_length_i,
  input logic [31:0]  frame_request_i,
  input logic [31:0]  frame_index_i,
  input logic         frame_bad_i,
  input logic         frame_zero_copy_i,
  input logic [47:0]  frame_entry_i,
  input logic         complete_ready_i,
  input logic         data_valid_i,
  input logic [511:0] data_i,
  input logic         data_error_i,
  input logic         tx_tready
);
  `START_IN_RESET
  (* anyconst *) logic [15:0] byte_no;

  logic         frame_ready, reserve, data_ready, tx_tlast, tx_tvalid, active;
  logic         done, done_error, done_zero_copy, done_skip;
  logic [511:0] tx_tdata;
  logic [63:0]  tx_tkeep;
  logic [5:0]   tx_tid, done_queue;
  logic [64:0]  tx_tuser;
  logic [47:0]  done_entry;
  nic_tx_send u_dut (
    .clk_i, .rst_ni, .frame_valid_i, .frame_ready_o(frame_ready), .frame_queue_i, .frame_offset_i, .frame_length_i,
    .frame_request_i, .frame_index_i, .frame_bad_i, .frame_zero_copy_i, .frame_entry_i, .complete_ready_i,
    .reserve_o(reserve), .data_valid_i, .data_ready_o(data_ready), .data_i, .data_error_i,
    .tx_tdata, .tx_tkeep, .tx_tlast, .tx_tid, .tx_tuser, .tx_tvalid, .tx_tready,
    .done_o(done), .done_queue_o(done_queue), .done_error_o(done_error), .done_zero_copy_o(done_zero_copy),
    .done_entry_o(done_entry), .done_skip_o(done_skip), .active_o(active)
  );
  (* hierconn *) wire \u_dut.emit , \u_dut.first_q , \u_dut.primed_q , \u_dut.error_q , \u_dut.valid_q ;
  (* hierconn *) wire [10:0] \u_dut.in_left_q , \u_dut.out_left_q ;
  (* hierconn *) wire [511:0] \u_dut.prev_q ;

  // The surroundings: a frame stays as it is until it is taken, and has bytes, unless it is bad.
  logic         waits_q;
  logic [141:0] frame, frame_q;
  assign frame = {frame_queue_i, frame_offset_i, frame_length_i, frame_request_i, frame_index_i, frame_bad_i,
                  frame_zero_copy_i, frame_entry_i};
  always_ff @(posedge clk_i) begin
    waits_q <= rst_ni && frame_valid_i && !frame_ready;
    frame_q <= frame;
  end
  `REQUIRE(frame_stays, !waits_q || (frame_valid_i && frame == frame_q))
  `REQUIRE(frame_has_bytes, !frame_valid_i || frame_bad_i || frame_length_i != '0)

  // The frame in front: what of it has come, and what has gone on
  logic        pop, emit, ends, error_q, error;
  logic [10:0] in_q, out_q, in_all, out_all;
  logic [16:0] span, place;              // of the byte, from the first byte of its first bus beat
  logic        came_q, comes;            // the byte, and the one that is in this beat
  logic        has_byte;
  assign pop      = data_ready;
  assign emit     = \u_dut.emit ;
  assign ends     = frame_valid_i && frame_ready;
  assign span     = {11'd0, frame_offset_i} + {1'b0, frame_length_i};
  assign place    = {11'd0, frame_offset_i} + {1'b0, byte_no};
  assign in_all   = frame_bad_i ? 11'd0 : span[16:6] + {10'd0, span[5:0] != 6'd0};
  assign out_all  = frame_bad_i ? 11'd1 : {1'b0, frame_length_i[15:6]} + {10'd0, frame_length_i[5:0] != 6'd0};
  assign has_byte = !frame_bad_i && byte_no < frame_length_i;
  assign comes    = data_i[{place[5:0], 3'd3}];
  assign error    = error_q || (pop && data_error_i);
  always_ff @(posedge clk_i) begin
    if (!rst_ni || ends) begin
      in_q    <= '0;
      out_q   <= '0;
      error_q <= 1'b0;
    end else begin
      in_q    <= in_q + {10'd0, pop};
      out_q   <= out_q + {10'd0, emit};
      error_q <= error;
    end
    if (pop && in_q == place[16:6]) came_q <= comes;
  end

  // The beat that the link is given
  logic         there_q, last_q, with_byte_q;
  logic         due_q;
  logic [63:0]  keep_q;
  logic [141:0] of_q;
  logic         error_due_q;
  logic [63:0]  tail;
  assign tail = (64'd1 << frame_length_i[5:0]) - 64'd1;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) there_q <= 1'b0;
    else if (emit) there_q <= 1'b1;
    else if (tx_tready) there_q <= 1'b0;
    if (emit) begin
      of_q        <= frame;
      last_q      <= out_q + 11'd1 == out_all;
      keep_q      <= frame_bad_i ? '0 : out_q + 11'd1 == out_all && frame_length_i[5:0] != 6'd0 ? tail : '1;
      with_byte_q <= has_byte && out_q == {1'b0, byte_no[15:6]};
      due_q       <= pop && in_q == place[16:6] ? comes : came_q;
      error_due_q <= out_q + 11'd1 == out_all && (frame_bad_i || error);
    end
  end
  `CHECK(a_beat_for_each_that_is_due, tx_tvalid == there_q)
  `CHECK(frame_has_its_beats, !there_q || (tx_tlast == last_q && tx_tkeep == keep_q))
  `CHECK(byte_is_in_its_place, !(there_q && with_byte_q) || tx_tdata[{byte_no[5:0], 3'd3}] == due_q)
  `CHECK(says_whose_it_is, !there_q || (tx_tid == of_q[141:136] && tx_tuser[64:1] == {of_q[81:50], of_q[113:82]}))
  `CHECK(error_on_the_last_beat, !there_q || tx_tuser[0] == error_due_q)
  `CHECK(ends_with_its_last_beat, ends == (emit && out_q + 11'd1 == out_all))
  `CHECK(all_its_data_is_taken, !ends || in_q + {10'd0, pop} == in_all)
  `CHECK(takes_no_more_data, !pop || (data_valid_i && frame_valid_i && in_q < in_all))
  `CHECK(done_when_the_link_has_it, done == (there_q && last_q && tx_tready))
  `CHECK(done_says_what_was_sent, !done || (done_queue == of_q[141:136] && done_error == error_due_q &&
                                            done_zero_copy == of_q[48] && done_entry == of_q[47:0] &&
                                            done_skip == of_q[49]))
  `CHECK(place_for_each_zero_copy_frame, reserve == (ends && frame_zero_copy_i))
  `CHECK(last_beat_waits_for_a_place, !reserve || complete_ready_i)
  `CHECK(nothing_waits_for_nothing, !(frame_valid_i && data_valid_i && complete_ready_i && (tx_tready || !there_q)) ||
                                    pop || emit)
  `CHECK(what_is_offered_is_not_idle, !there_q || active)
  nic_hold_check #(.Width(648)) u_hold (
    .clk_i, .rst_ni, .valid_i(tx_tvalid), .ready_i(tx_tready), .data_i({tx_tlast, tx_tid, tx_tuser, tx_tkeep, tx_tdata})
  );

  // For the induction
  logic begun, aligned;
  assign begun   = in_q != '0 || out_q != '0;
  assign aligned = frame_offset_i == 6'd0;
  `CHECK(invariant_begun, \u_dut.first_q == !begun && (!begun || (waits_q && !frame_bad_i)) && \u_dut.error_q == error_q)
  `CHECK(invariant_left, !begun || (\u_dut.in_left_q == in_all - in_q && \u_dut.out_left_q == out_all - out_q &&
                                    in_q <= in_all && out_q < out_all))
  `CHECK(invariant_primed, \u_dut.primed_q == (begun && !aligned))
  `CHECK(invariant_in_step, !begun || (aligned ? in_q == out_q : in_q == (out_q < in_all ? out_q + 11'd1 : in_all)))
  `CHECK(invariant_prev, !(begun && !aligned && in_q == place[16:6] + 11'd1) ||
                         \u_dut.prev_q [{place[5:0], 3'd3}] == came_q)

  `CHECK(invariant_offered, !there_q || (done_zero_copy == of_q[48] && done_entry == of_q[47:0] && keep_q[0] == !of_q[49]))

  `COVER(byte_crosses_a_beat, there_q && with_byte_q && last_q && of_q[135:130] == 6'd63 && byte_no == 16'd65)
  `COVER(failed_read, done && done_error && !done_skip)
  `COVER(bad_frame, done && done_skip && done_zero_copy)
  `COVER(three_beats, ends && out_q == 11'd2 && in_q == 11'd3 && pop)
endmodule

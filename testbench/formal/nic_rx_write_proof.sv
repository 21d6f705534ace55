// Proof of nic_rx_write: each byte of a frame that has a buffer is written once, where the buffer has it, and no other
// byte is; frames without a buffer leave no trace but a count.
// Role     follows each frame from the wire to the queues of beats and addresses, and there one lane of each beat, any, or
//          with DATA one bit of one byte of each frame, any byte; what these queues do is proved of themselves
// Units    bytes of a frame are counted from 0; beats of 64 bytes
// Source   docs/design/queue-engine.md, "Ports"
`include "proof.svh"

module nic_rx_write_proof #(
  localparam int unsigned Queues = 2
) (
  input logic         clk_i,
  input logic         rst_ni,
  input logic [511:0] rx_tdata,
  input logic         rx_tlast,
  input logic [5:0]   rx_tdest,
  input logic [143:0] rx_tuser,
  input logic         rx_tvalid,
  input logic [1:0]   enabled_i,
  input logic [1:0]   avail_i,
  input logic         pending_i,
  input logic [63:0]  desc_addr_i,
  input logic [15:0]  desc_length_i,
  input logic         desc_long_i,
  input logic [31:0]  desc_cookie_i,
  input logic         desc_bad_i,
  input logic         desc_zero_copy_i,
  input logic [63:0]  desc_entry_i,
  input logic         frame_ready_i,
  input logic         burst_ready_i,
  input logic         awready_i,
  input logic         wready_i
);
  `START_IN_RESET
  (* anyconst *) logic [15:0] byte_no;
  (* anyconst *) logic [5:0]  lane;
  (* anyconst *) logic        queue;     // whose discarded frames are counted

  logic         rx_tready, ev_drop, pop, frame_valid, frame_cut, frame_bad, frame_empty, frame_zero_copy;
  logic         burst_valid, burst_last, awvalid, wvalid, wlast, active;
  logic [5:0]   pop_queue, frame_queue, awqueue;
  logic [15:0]  frame_length;
  logic [31:0]  frame_cookie, frame_hash, frame_meta, drops;
  logic [63:0]  frame_timestamp, wstrb;
  logic [63:6]  awaddr;
  logic [2:0]   awlen;
  logic [511:0] wdata;
  nic_rx_write #(.Queues(Queues)) u_dut (
    .clk_i, .rst_ni, .rx_tdata, .rx_tlast, .rx_tdest, .rx_tuser, .rx_tvalid, .rx_tready, .ev_drop_o(ev_drop),
    .enabled_i, .avail_i, .pop_queue_o(pop_queue), .pop_o(pop), .pending_i, .desc_addr_i, .desc_length_i, .desc_long_i,
    .desc_cookie_i, .desc_bad_i, .desc_zero_copy_i, .desc_entry_i, .frame_valid_o(frame_valid), .frame_ready_i,
    .frame_queue_o(frame_queue), .frame_length_o(frame_length), .frame_cookie_o(frame_cookie), .frame_hash_o(frame_hash),
    .frame_timestamp_o(frame_timestamp), .frame_meta_o(frame_meta), .frame_cut_o(frame_cut), .frame_bad_o(frame_bad),
    .frame_empty_o(frame_empty), .frame_zero_copy_o(frame_zero_copy), .burst_valid_o(burst_valid), .burst_ready_i,
    .burst_last_o(burst_last), .awvalid_o(awvalid), .awready_i, .awaddr_o(awaddr), .awlen_o(awlen), .awqueue_o(awqueue),
    .wvalid_o(wvalid), .wready_i, .wdata_o(wdata), .wstrb_o(wstrb), .wlast_o(wlast),
    .cmd_queue_i({5'd0, queue}), .drops_o(drops), .active_o(active)
  );
  (* hierconn *) wire \u_dut.take , \u_dut.discard , \u_dut.emit , \u_dut.emit_ready , \u_dut.burst_end , \u_dut.addr_ready ;
  (* hierconn *) wire \u_dut.in_frame_q , \u_dut.dropping_q , \u_dut.head_q , \u_dut.stage_ready ;
  (* hierconn *) wire \u_dut.stage_valid_q , \u_dut.stage_last_q , \u_dut.stage_spill_q ;
  (* hierconn *) wire [511:0] \u_dut.beat_data , \u_dut.stage_data_q , \u_dut.prev_data_q ;
  (* hierconn *) wire [63:0] \u_dut.beat_strb ;
  (* hierconn *) wire [57:0] \u_dut.burst_addr , \u_dut.beat_q ;
  (* hierconn *) wire [10:0] \u_dut.left_q ;
  (* hierconn *) wire [5:0] \u_dut.offset_q , \u_dut.tail_q , \u_dut.queue_q ;
  (* hierconn *) wire [2:0] \u_dut.burst_q ;

  // The MAC: a frame has the beats that its length says, and says the same on all of them; a beat stays until it is taken.
  logic         take, within_q, stalls_q;
  logic [10:0]  beats, in_q;                 // of the frame on the wire: all, and those taken
  logic [15:0]  bytes_all;
  logic [149:0] said, said_q;
  logic [512:0] beat_q;
  assign take      = rx_tvalid && rx_tready;
  assign bytes_all = rx_tuser[15:0];
  assign beats     = {1'b0, bytes_all[15:6]} + {10'd0, bytes_all[5:0] != 6'd0};
  assign said      = {rx_tdest, rx_tuser};
  assign within_q  = in_q != '0;
  always_ff @(posedge clk_i) begin
    said_q   <= said;
    beat_q   <= {rx_tlast, rx_tdata};
    stalls_q <= rst_ni && rx_tvalid && !rx_tready;
    if (!rst_ni) in_q <= '0;
    else if (take) in_q <= rx_tlast ? '0 : in_q + 11'd1;
  end
  logic [149:0] frame_said_q;
  always_ff @(posedge clk_i) if (take && !within_q) frame_said_q <= said;
  `REQUIRE(beat_stays, !stalls_q || (rx_tvalid && said == said_q && beat_q == {rx_tlast, rx_tdata}))
  `REQUIRE(frame_has_bytes, !rx_tvalid || bytes_all != '0)
  `REQUIRE(frame_has_its_beats, !rx_tvalid || rx_tlast == (in_q + 11'd1 == beats))
  `REQUIRE(frame_says_the_same, !(rx_tvalid && within_q) || said == frame_said_q)

  // Whether it has a buffer, and how much of it goes there
  logic        known, has_buffer, kept_q;
  logic [15:0] room, bytes;
  assign known      = rx_tdest < 6'd2;
  assign has_buffer = known && enabled_i[rx_tdest[0]] && avail_i[rx_tdest[0]];
  assign room       = desc_long_i ? 16'hFFFF : desc_length_i;
  assign bytes      = desc_bad_i ? 16'd0 : bytes_all > room ? room : bytes_all;
  always_ff @(posedge clk_i) if (take && !within_q) kept_q <= pop;
  `CHECK(buffer_for_each_that_has_one, pop == (take && !within_q && has_buffer))
  `CHECK(never_waits_for_nothing, !(rx_tvalid && !within_q && !(known && enabled_i[rx_tdest[0]] &&
                                    (avail_i[rx_tdest[0]] || pending_i))) || rx_tready)
  `CHECK(discarded_whole_and_told_once, ev_drop == (take && rx_tlast && !(within_q ? kept_q : pop)))
  `CHECK(completion_knows_the_frame, frame_valid == pop &&
         (!pop || (frame_queue == rx_tdest && pop_queue == rx_tdest && frame_length == bytes && frame_bad == desc_bad_i &&
                   frame_cut == (!desc_bad_i && bytes_all > room) && frame_empty == (bytes == '0) &&
                   frame_cookie == (desc_bad_i ? 32'd0 : desc_cookie_i) && frame_zero_copy == desc_zero_copy_i &&
                   frame_hash == rx_tuser[47:16] && frame_meta == rx_tuser[143:112] &&
                   frame_timestamp == (desc_zero_copy_i ? desc_entry_i : rx_tuser[111:48]))))
  `CHECK(frame_waits_for_its_completion, !pop || frame_ready_i)

  logic [31:0] drops_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) drops_q <= '0;
    else if (ev_drop && rx_tdest == {5'd0, queue}) drops_q <= drops_q + 32'd1;
  end
  `CHECK(drops_are_counted, drops == drops_q)

  // The frame that is written: the bus beats that it has, those that are here, and its byte
  logic [63:0] addr_q;
  logic [15:0] bytes_q;
  logic [5:0]  queue_q;
  logic [10:0] all, here_q, taken_q, wire_beats_q;
  logic [16:0] span, place, lane_at;    // from the first byte of the first bus beat
  logic        byte_q;                  // a bit of it
  logic        emit, last_beat, has_byte, in_frame;
  assign span      = {11'd0, addr_q[5:0]} + {1'b0, bytes_q};
  assign place     = {11'd0, addr_q[5:0]} + {1'b0, byte_no};
  assign all       = bytes_q == '0 ? '0 : span[16:6] + {10'd0, span[5:0] != 6'd0};
  assign emit      = \u_dut.emit && \u_dut.emit_ready ;
  assign last_beat = here_q + 11'd1 == all;
  assign has_byte  = byte_no < bytes_q && here_q == place[16:6];
  assign lane_at   = {here_q, lane};
  assign in_frame  = lane_at >= {11'd0, addr_q[5:0]} && lane_at < span;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      bytes_q <= '0;
      here_q  <= '0;
      taken_q <= '0;
      addr_q  <= '0;
    end else if (pop) begin
      addr_q  <= desc_addr_i;
      bytes_q <= bytes;
      queue_q <= rx_tdest;
      here_q  <= '0;
      taken_q <= 11'd1;
      wire_beats_q <= beats;
    end else begin
      if (emit) here_q <= here_q + 11'd1;
      if (take && within_q && kept_q) taken_q <= taken_q + 11'd1;
    end
    if (take && in_q == {1'b0, byte_no[15:6]} && (within_q ? kept_q : pop)) byte_q <= rx_tdata[{byte_no[5:0], 3'd3}];
  end
  `CHECK(only_beats_of_the_frame, !emit || here_q < all)
  `CHECK(all_beats_before_the_next_frame, !pop || here_q + {10'd0, emit} == all)
`ifdef DATA
  `CHECK(byte_is_in_its_place, !(emit && has_byte) || \u_dut.beat_data [{place[5:0], 3'd3}] == byte_q)
`else
  `CHECK(no_other_byte_is_written, !emit || \u_dut.beat_strb [lane] == in_frame)
`endif

  // Bursts: beats that follow one another
  logic [57:0] begin_q, beat_addr;
  logic [2:0]  len_q;
  logic        open_q;
  assign beat_addr = addr_q[63:6] + {47'd0, here_q};
  always_ff @(posedge clk_i) begin
    if (!rst_ni) open_q <= 1'b0;
    else if (emit) open_q <= !\u_dut.burst_end ;
    if (emit && !open_q) begin_q <= beat_addr;
    if (emit) len_q <= open_q ? len_q + 3'd1 : 3'd0;
  end
  `CHECK(burst_when_its_beats_are_here, burst_valid == (emit && \u_dut.burst_end ))
  `CHECK(burst_begins_where_its_beats_do, !burst_valid || (\u_dut.burst_addr == (open_q ? begin_q : beat_addr) &&
                                                         \u_dut.queue_q == queue_q))
  `CHECK(burst_has_its_beats, !burst_valid || \u_dut.burst_q == (open_q ? len_q + 3'd1 : 3'd0))
  `CHECK(burst_inside_512_bytes, !emit || !open_q || begin_q[57:3] == beat_addr[57:3])
  `CHECK(frame_ends_with_a_burst, !emit || !last_beat || (burst_valid && burst_last))
  `CHECK(last_burst_is_the_last, !burst_valid || burst_last == last_beat)
  `CHECK(burst_has_room, !burst_valid || (burst_ready_i && \u_dut.addr_ready ))
  `CHECK(what_is_here_is_not_idle, here_q == all || taken_q == here_q || active)

  // For the induction
  logic stage, spill, rest;
  assign stage = \u_dut.stage_valid_q ;
  assign spill = \u_dut.stage_spill_q ;
  assign rest  = here_q != all;
  logic [10:0] said_beats;
  assign said_beats = {1'b0, frame_said_q[15:6]} + {10'd0, frame_said_q[5:0] != 6'd0};
  `CHECK(invariant_wire, within_q == \u_dut.in_frame_q && (!within_q || (kept_q == !\u_dut.dropping_q && in_q < said_beats)))
  `CHECK(invariant_taken, !(within_q && kept_q) || (taken_q == in_q && wire_beats_q == said_beats))
  `CHECK(invariant_ended, (within_q && kept_q) || taken_q == wire_beats_q || taken_q == '0)
  `CHECK(invariant_left, \u_dut.left_q == all - here_q && here_q <= all)
  `CHECK(invariant_place, taken_q == '0 || (\u_dut.offset_q == addr_q[5:0] && \u_dut.tail_q == span[5:0] &&
                                           \u_dut.beat_q == beat_addr && \u_dut.queue_q == queue_q))
  `CHECK(invariant_head, !rest || \u_dut.head_q == (here_q == '0))
  `CHECK(invariant_none, taken_q != '0 || (!stage && !spill && bytes_q == '0))
  `CHECK(invariant_bytes, taken_q == '0 || {1'b0, bytes_q} <= {wire_beats_q, 6'd0})
  `CHECK(invariant_step, !rest || here_q + {10'd0, stage && !spill} == taken_q)
  `CHECK(invariant_stage, !stage || (\u_dut.stage_last_q == (taken_q == wire_beats_q)))
  `CHECK(invariant_spill, !spill || (stage && \u_dut.stage_last_q && here_q + 11'd1 == all))
  `CHECK(invariant_not_yet, !(rest && !stage) || (within_q && kept_q))
  `CHECK(invariant_burst, (open_q == (\u_dut.burst_q != 3'd0)) && (!open_q || (rest && here_q != '0 &&
                          len_q + 3'd1 == \u_dut.burst_q && begin_q + {55'd0, \u_dut.burst_q } == beat_addr &&
                          begin_q[57:3] == beat_addr[57:3])))
`ifdef DATA
  `CHECK(invariant_staged, !(stage && taken_q == {1'b0, byte_no[15:6]} + 11'd1) ||
                           \u_dut.stage_data_q [{byte_no[5:0], 3'd3}] == byte_q)
  `CHECK(invariant_prev, !(rest && !spill && addr_q[5:0] != 6'd0 && here_q == {1'b0, byte_no[15:6]} + 11'd1) ||
                         \u_dut.prev_data_q [{byte_no[5:0], 3'd3}] == byte_q)
`endif
  `CHECK(invariant_drops, drops == drops_q)

  `COVER(spills_after_a_beat, emit && spill && has_byte && here_q == 11'd2)
  `COVER(cut, emit && last_beat && within_q && kept_q && here_q == 11'd1)
  `COVER(two_bursts, burst_valid && burst_last && here_q == 11'd2 && !open_q)
  `COVER(back_to_back, pop && emit && last_beat)
endmodule

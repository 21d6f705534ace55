// Completes received frames in order.
// Role     waits for the responses of a frame's payload, then writes its completion entry; reports the frame
//          as done when that has been answered too. nic_publish does the rest
// Shapes   completion entry 32 bytes, see docs/design/queue-engine.md, "Rings". The entry of a lower half of a
//          bus beat waits for that of the upper half, and both go out as one beat. Of a zero-copy queue: 16 bytes,
//          of which the last four are not written; each goes alone, and a failed frame's write touches no byte.
//          They could take every turn: a lower half that has waited HoldCycles goes before them
// Units    FramesMax: frames between their first beat and their completion entry, a power of two
// Timing   one entry per cycle at most. A lower half goes alone when no frame is under way behind it, or after
//          HoldCycles
// Errors   a failed payload write sets flag 0 of the entry; that, a failed entry write and a bad descriptor
//          count as an error of the frame
// Source   INV-24, INV-26, INV-28
`include "check.svh"

module nic_rx_complete #(
  parameter  int unsigned Queues    = 16,
  parameter  int unsigned FramesMax = 64,
  parameter  int unsigned HoldCycles = 32,   // below 64
  localparam int unsigned QueueW    = (Queues > 1) ? $clog2(Queues) : 1
) (
  input  logic         clk_i,
  input  logic         rst_ni,   // synchronous

  input  logic         start_i,
  input  logic [5:0]   cmd_queue_i,
  input  logic [31:0]  cmd_value_i,     // first index
  output logic [31:0]  issued_o,        // of cmd_queue_i: index of the next entry

  // frames begun, in order
  input  logic         frame_valid_i,
  output logic         frame_ready_o,
  input  logic [5:0]   frame_queue_i,
  input  logic [15:0]  frame_length_i,
  input  logic [31:0]  frame_cookie_i,
  input  logic [31:0]  frame_hash_i,
  input  logic [63:0]  frame_timestamp_i,
  input  logic [31:0]  frame_meta_i,
  input  logic         frame_cut_i,
  input  logic         frame_bad_i,
  input  logic         frame_empty_i,
  input  logic         frame_zero_copy_i,

  // payload bursts, in order, and their responses
  input  logic         burst_valid_i,
  output logic         burst_ready_o,
  input  logic         burst_last_i,
  input  logic         payload_bvalid_i,
  input  logic         payload_berror_i,

  // configuration
  output logic [5:0]   comp_queue_o,
  input  logic [63:6]  comp_base_i,
  input  logic [4:0]   comp_log2_i,

  // completion entries
  output logic         awvalid_o,
  input  logic         awready_i,
  output logic [63:6]  awaddr_o,
  output logic [5:0]   awqueue_o,
  output logic         wvalid_o,
  input  logic         wready_i,
  output logic [511:0] wdata_o,
  output logic [15:0]  wwords_o,      // which words of the bus beat are written
  input  logic         bvalid_i,
  input  logic         berror_i,

  // frames done
  output logic         done_o,
  output logic [5:0]   done_queue_o,
  output logic [1:0]   done_count_o,
  output logic [1:0]   done_errors_o,   // of them
  output logic         done_entry_o,    // the frame, of a zero-copy queue, has an entry
  output logic         ev_failed_o,     // payload of a frame was not written
  output logic [5:0]   ev_failed_queue_o,

  output logic         active_o
);
  logic [31:0] issued_q [0:Queues-1];
  assign issued_o = issued_q[cmd_queue_i[QueueW-1:0]];

  // Responses of the payload bursts, gathered to one result per frame
  logic burst_last, burst_waiting, error_q, result_valid, result_error, result_ready, result_space;

  nic_fifo #(.Width(1), .Depth(2 * FramesMax)) u_bursts (
    .clk_i, .rst_ni,
    .wvalid_i(burst_valid_i), .wready_o(burst_ready_o), .wdata_i(burst_last_i),
    .rvalid_o(burst_waiting), .rready_i(payload_bvalid_i), .rdata_o(burst_last)
  );
  nic_fifo #(.Width(1), .Depth(FramesMax)) u_results (
    .clk_i, .rst_ni,
    .wvalid_i(payload_bvalid_i && burst_last), .wready_o(result_space),
    .wdata_i(error_q || payload_berror_i),
    .rvalid_o(result_valid), .rready_i(result_ready), .rdata_o(result_error)
  );

  // Frames waiting for their result
  logic         frame_valid, frame_ready, cut, bad, empty, zero_copy;
  logic [5:0]   frame_queue;
  logic [15:0]  frame_length;
  logic [31:0]  frame_cookie, frame_hash, frame_meta;
  logic [63:0]  frame_timestamp;
  logic [5:0]   unused_bits;

  nic_fifo #(.Width(192), .Depth(FramesMax)) u_frames (
    .clk_i, .rst_ni,
    .wvalid_i(frame_valid_i), .wready_o(frame_ready_o),
    .wdata_i({frame_meta_i, frame_timestamp_i, frame_hash_i, frame_cookie_i, 6'd0, frame_zero_copy_i, frame_empty_i,
              frame_bad_i, frame_cut_i, frame_queue_i, frame_length_i}),
    .rvalid_o(frame_valid), .rready_i(frame_ready),
    .rdata_o({frame_meta, frame_timestamp, frame_hash, frame_cookie, unused_bits, zero_copy, empty, bad,
              cut, frame_queue, frame_length})
  );

  // The next frame's entry
  logic              settled, upper, failed, hold, finish, deliver;
  logic [QueueW-1:0] queue;
  logic [31:0]       index;
  logic [255:0]      entry;
  assign queue        = frame_queue[QueueW-1:0];
  assign settled      = frame_valid && (empty || result_valid);
  assign failed       = bad || (!empty && result_error);
  assign index        = issued_q[queue];
  // A ring begins with a bus beat, and has at least two entries.
  assign upper        = index[0] && !zero_copy;
  assign deliver      = zero_copy && !failed;
  assign entry        = {frame_meta, index, frame_timestamp, 30'd0, cut, failed, frame_hash,
                         16'd0, frame_length, frame_cookie};
  assign frame_ready  = hold || finish;
  assign result_ready = frame_ready && !empty;
  assign ev_failed_o       = result_ready && result_error;
  assign ev_failed_queue_o = frame_queue;

  // Entries that wait for their neighbour: at most one per queue, known by the time when it came
  logic [Queues-1:0] held_q, held_failed_q;
  logic [255:0]      held_entry_q [0:Queues-1];
  logic [5:0]        held_since_q [0:Queues-1];
  logic [5:0]        now_q, oldest_since, oldest_age, oldest_queue;
  logic              order_ready, oldest_valid, oldest_there, overdue, flush, pair;
  logic [QueueW-1:0] oldest;

  nic_fifo #(.Width(12), .Depth(64)) u_order (
    .clk_i, .rst_ni,
    .wvalid_i(hold), .wready_o(order_ready), .wdata_i({now_q, frame_queue}),
    .rvalid_o(oldest_valid), .rready_i(!oldest_there || flush), .rdata_o({oldest_since, oldest_queue})
  );
  assign oldest       = oldest_queue[QueueW-1:0];
  assign oldest_there = oldest_valid && held_q[oldest] && held_since_q[oldest] == oldest_since;
  assign oldest_age   = now_q - oldest_since;
  assign overdue      = oldest_there && {26'd0, oldest_age} >= HoldCycles;

  // A beat: both halves, an upper half alone, or the oldest lower half alone
  logic              port_ready, addr_ready, data_ready, wait_ready, beat, direct;
  logic [QueueW-1:0] beat_queue;
  logic [5:0]        beat_queue_wide;
  logic [31:0]       slot;     // of the entry in the ring
  logic [63:6]       addr;
  logic [1:0]        halves, failures;
  logic [15:0]       words;
  logic [255:0]      lower_half, upper_half;
  logic [127:0]      direct_entry;
  assign port_ready      = addr_ready && data_ready && wait_ready;
  assign hold            = settled && !upper && !zero_copy && order_ready;
  assign finish          = settled && (upper || (zero_copy && !overdue)) && port_ready;
  assign pair            = finish && !zero_copy && held_q[queue];
  assign flush           = oldest_there && port_ready && !finish && (!frame_valid || overdue);
  assign beat            = finish || flush;
  assign beat_queue_wide = finish ? frame_queue : oldest_queue;
  assign beat_queue      = beat_queue_wide[QueueW-1:0];
  assign comp_queue_o    = beat_queue_wide;
  assign slot            = issued_q[beat_queue] & ((32'd1 << comp_log2_i) - 32'd1);
  assign addr            = comp_base_i + (direct ? {28'd0, slot[31:2]} : {27'd0, slot[31:1]});
  assign direct          = finish && zero_copy;
  assign halves          = {finish, pair || !finish};
  assign words           = !direct ? {{8{halves[1]}}, {8{halves[0]}}} : deliver ? 16'h7 << {slot[1:0], 2'd0} : 16'd0;
  assign lower_half      = direct ? {2{direct_entry}} : halves[0] ? held_entry_q[beat_queue] : '0;
  assign upper_half      = direct ? {2{direct_entry}} : halves[1] ? entry : '0;
  assign failures        = {finish && failed, (pair || !finish) && held_failed_q[beat_queue]};
  assign direct_entry    = {32'd0, 16'd0, frame_length, frame_timestamp};

  nic_fifo #(.Width(64), .Depth(8)) u_addrs (
    .clk_i, .rst_ni,
    .wvalid_i(beat), .wready_o(addr_ready), .wdata_i({beat_queue_wide, addr}),
    .rvalid_o(awvalid_o), .rready_i(awready_i), .rdata_o({awqueue_o, awaddr_o})
  );
  nic_fifo #(.Width(528), .Depth(8)) u_entries (
    .clk_i, .rst_ni,
    .wvalid_i(beat), .wready_o(data_ready), .wdata_i({words, upper_half, lower_half}),
    .rvalid_o(wvalid_o), .rready_i(wready_i), .rdata_o({wwords_o, wdata_o})
  );

  // Beats waiting for their response
  logic       wait_valid;
  logic [1:0] wait_halves, wait_failures;
  nic_fifo #(.Width(11), .Depth(2 * FramesMax)) u_waiting (
    .clk_i, .rst_ni,
    .wvalid_i(beat), .wready_o(wait_ready), .wdata_i({direct && deliver, failures, halves, beat_queue_wide}),
    .rvalid_o(wait_valid), .rready_i(bvalid_i), .rdata_o({done_entry_o, wait_failures, wait_halves, done_queue_o})
  );
  assign done_o        = bvalid_i;
  assign done_count_o  = {&wait_halves, ^wait_halves};
  assign done_errors_o = berror_i ? done_count_o : {&wait_failures, ^wait_failures};

  assign active_o = settled || held_q != '0 || oldest_valid || awvalid_o || wvalid_o;

  always_ff @(posedge clk_i) begin
    if (hold) held_entry_q[queue] <= entry;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      error_q       <= 1'b0;
      now_q         <= '0;
      held_q        <= '0;
      held_failed_q <= '0;
      for (int i = 0; i < Queues; i++) begin
        issued_q[i]     <= '0;
        held_since_q[i] <= '0;
      end
    end else begin
      if (payload_bvalid_i) error_q <= !burst_last && (error_q || payload_berror_i);
      if (frame_ready && (!zero_copy || deliver)) issued_q[queue] <= index + 32'd1;
      if (held_q != '0) now_q <= now_q + 6'd1;
      if (beat) held_q[beat_queue] <= 1'b0;
      if (hold) begin
        held_q[queue]        <= 1'b1;
        held_failed_q[queue] <= failed;
        held_since_q[queue]  <= now_q;
      end
      if (start_i) issued_q[cmd_queue_i[QueueW-1:0]] <= cmd_value_i;
    end
  end

  `REQUIRE(payload_response_was_due, !payload_bvalid_i || burst_waiting)
  `REQUIRE(entry_response_was_due, !bvalid_i || wait_valid)
  `REQUIRE(takes_what_is_there, (!awready_i || awvalid_o) && (!wready_i || wvalid_o))
  `CHECK(result_has_space, !(payload_bvalid_i && burst_last) || result_space)
  `CHECK(one_lower_half, !hold || !held_q[queue])
  `CHECK(frame_bits_unused, !frame_valid || unused_bits == '0)
  `COVER(frames_full, !frame_ready_o)
  `COVER(pairs, pair)
  `COVER(delivers_without_copy, direct && deliver)
  `COVER(waits_too_long, flush && frame_valid)
endmodule

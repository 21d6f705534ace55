// Sends frames on the link from bus beats of any alignment.
// Role     shifts the bytes down to the start of the beat; a frame is done when the link has taken it whole,
//          so whoever sees its index knows that the MAC has it
// Timing   one beat per cycle; output registered. A frame that does not start at a bus beat needs one beat
//          ahead, except when it lies within one. The last beat of a zero-copy frame waits for a place in
//          nic_tx_complete
// Errors   a failed read sets tx_tuser[0] on the last beat of its frame; a bad frame is one empty beat with it
// Source   docs/design/queue-engine.md, "Ports"; INV-23
`include "check.svh"

module nic_tx_send (
  input  logic         clk_i,
  input  logic         rst_ni,   // synchronous

  input  logic         frame_valid_i,
  output logic         frame_ready_o,
  input  logic [5:0]   frame_queue_i,
  input  logic [5:0]   frame_offset_i,
  input  logic [15:0]  frame_length_i,
  input  logic [31:0]  frame_request_i,
  input  logic [31:0]  frame_index_i,
  input  logic         frame_bad_i,
  input  logic         frame_zero_copy_i,
  input  logic [47:0]  frame_entry_i,
  input  logic         complete_ready_i,
  output logic         reserve_o,
  input  logic         data_valid_i,
  output logic         data_ready_o,
  input  logic [511:0] data_i,
  input  logic         data_error_i,

  output logic [511:0] tx_tdata,
  output logic [63:0]  tx_tkeep,
  output logic         tx_tlast,
  output logic [5:0]   tx_tid,
  output logic [64:0]  tx_tuser,      // index, request, error
  output logic         tx_tvalid,
  input  logic         tx_tready,

  // frames taken, for publication
  output logic         done_o,
  output logic [5:0]   done_queue_o,
  output logic         done_error_o,
  output logic         done_zero_copy_o,
  output logic [47:0]  done_entry_o,
  output logic         done_skip_o,        // it had no bytes: not sent

  output logic         active_o
);
  logic         first_q;                 // at the start of a frame
  logic         primed_q;                // prev_q holds the beat before data_i
  logic         error_q;
  logic [10:0]  in_left_q, out_left_q;
  logic [511:0] prev_q;

  logic         valid_q, last_q, bad_q, zero_copy_q;
  logic [47:0]  entry_q;
  logic [5:0]   queue_q;
  logic [63:0]  keep_q;
  logic [511:0] data_q;
  logic [31:0]  request_q, index_q;

  logic [16:0] span, length;
  logic [10:0] in_left, out_left;
  assign span     = {1'b0, frame_length_i} + {11'd0, frame_offset_i};
  assign length   = {1'b0, frame_length_i};
  assign in_left  = first_q ? span[16:6] + {10'd0, span[5:0] != 6'd0} : in_left_q;
  assign out_left = first_q ? length[16:6] + {10'd0, length[5:0] != 6'd0} : out_left_q;

  logic aligned, space, prime, need_data, emit, pop, last;
  assign aligned   = frame_offset_i == 6'd0;
  assign space     = !valid_q || tx_tready;
  assign prime     = frame_valid_i && !frame_bad_i && !aligned && !primed_q && in_left != 11'd1 &&
                     data_valid_i;
  assign need_data = in_left != '0;
  assign emit      = frame_valid_i && space && (complete_ready_i || !frame_zero_copy_i || !last) &&
                     (frame_bad_i || ((aligned || primed_q || in_left == 11'd1) &&
                                      (!need_data || data_valid_i)));
  assign pop       = prime || (emit && !frame_bad_i && need_data);
  assign last      = frame_bad_i || out_left == 11'd1;
  assign data_ready_o  = pop;
  assign frame_ready_o = emit && last;

  logic error;
  assign error = frame_bad_i || error_q || (pop && data_error_i);

  logic [511:0] shifted;
  always_comb begin
    if (aligned) shifted = data_i;
    else if (!primed_q) shifted = data_i >> {frame_offset_i, 3'd0};
    else if (!need_data) shifted = prev_q >> {frame_offset_i, 3'd0};
    else shifted = (prev_q >> {frame_offset_i, 3'd0}) | (data_i << {7'd64 - {1'b0, frame_offset_i}, 3'd0});
  end

  logic [63:0] keep;
  always_comb begin
    keep = '1;
    if (frame_bad_i) keep = '0;
    else if (last && frame_length_i[5:0] != 6'd0) keep = (64'd1 << frame_length_i[5:0]) - 64'd1;
  end

  assign tx_tvalid = valid_q;
  assign tx_tdata  = data_q;
  assign tx_tkeep  = keep_q;
  assign tx_tlast  = last_q;
  assign tx_tid    = queue_q;
  assign tx_tuser  = {index_q, request_q, bad_q};
  assign done_o       = valid_q && last_q && tx_tready;
  assign done_queue_o = queue_q;
  assign done_error_o = bad_q;
  assign done_zero_copy_o = zero_copy_q;
  assign done_entry_o = entry_q;
  assign done_skip_o  = !keep_q[0];
  assign reserve_o    = emit && last && frame_zero_copy_i;
  assign active_o  = valid_q || prime || emit;

  always_ff @(posedge clk_i) begin
    if (pop && !aligned) prev_q <= data_i;
    if (emit) begin
      data_q    <= shifted;
      request_q <= frame_request_i;
      index_q   <= frame_index_i;
      entry_q   <= frame_entry_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      first_q    <= 1'b1;
      primed_q   <= 1'b0;
      error_q    <= 1'b0;
      in_left_q  <= '0;
      out_left_q <= '0;
      valid_q    <= 1'b0;
      last_q     <= 1'b0;
      bad_q      <= 1'b0;
      queue_q    <= '0;
      keep_q     <= '0;
      zero_copy_q <= 1'b0;
    end else begin
      if (tx_tready) valid_q <= 1'b0;
      if (emit) begin
        valid_q <= 1'b1;
        last_q  <= last;
        bad_q   <= last && error;
        queue_q <= frame_queue_i;
        keep_q  <= keep;
        zero_copy_q <= frame_zero_copy_i;
      end
      if (prime || emit) begin
        first_q    <= emit && last;
        primed_q   <= !(emit && last) && !aligned;
        error_q    <= !(emit && last) && error;
        in_left_q  <= in_left - {10'd0, pop};
        out_left_q <= out_left - {10'd0, emit};
      end
    end
  end

  `CHECK(all_beats_used, !(emit && last) || frame_bad_i || in_left == {10'd0, pop})
  `COVER(within_one_beat, emit && !frame_bad_i && !aligned && !primed_q)
  `COVER(last_from_prev, emit && !need_data && !frame_bad_i)
endmodule

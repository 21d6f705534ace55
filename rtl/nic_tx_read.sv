// Reads the bytes of frames to send, many frames ahead of the data.
// Role     takes the queues in turn, weight_i frames each; cuts frames into read bursts; reserves the buffer beats of
//          a burst before asking for it, so the read channel is never held up by the link
// Shapes   buffers have no alignment; a burst ends at the next multiple of 512 bytes or with the frame
// Units    BufferBeats: data asked for and not yet passed on, a power of two; FramesMax: frames begun and not
//          yet sent, a power of two
// Timing   one read burst per cycle, Tags of them under way; they are answered in any order, their beats mixed
// Errors   a failed read marks its beat; a bad descriptor, a length of 0 or above 65535 marks the frame, which
//          has no data then
// Source   docs/design/queue-engine.md
`include "check.svh"

module nic_tx_read #(
  parameter  int unsigned Queues      = 16,
  parameter  int unsigned BufferBeats = 128,
  parameter  int unsigned FramesMax   = 64,
  parameter  int unsigned Tags        = 64,
  localparam int unsigned QueueW      = (Queues > 1) ? $clog2(Queues) : 1,
  localparam int unsigned PlaceW      = $clog2(BufferBeats)
) (
  input  logic              clk_i,
  input  logic              rst_ni,   // synchronous

  // descriptors
  input  logic [Queues-1:0] enabled_i,
  input  logic [Queues-1:0] avail_i,
  output logic [5:0]        turn_queue_o,
  input  logic [7:0]        weight_i,      // of turn_queue_o: frames in its turn, 0 is 1
  output logic [5:0]        pop_queue_o,
  output logic              pop_o,
  input  logic [63:0]       desc_addr_i,
  input  logic [15:0]       desc_length_i,
  input  logic              desc_long_i,
  input  logic [31:0]       desc_cookie_i,
  input  logic [31:0]       desc_index_i,
  input  logic              desc_bad_i,
  input  logic              desc_zero_copy_i,
  input  logic [47:0]       desc_entry_i,    // of a zero-copy queue: what its completion ring will say

  // reads
  output logic              arvalid_o,
  input  logic              arready_i,
  output logic [63:6]       araddr_o,
  output logic [2:0]        arlen_o,
  output logic [5:0]        arqueue_o,
  output logic [5:0]        artag_o,
  input  logic              rvalid_i,      // always taken
  input  logic [5:0]        rtag_i,
  input  logic              rlast_i,
  input  logic [511:0]      rdata_i,
  input  logic              rerror_i,

  // frames begun and their data, in order, for the sender
  output logic              frame_valid_o,
  input  logic              frame_ready_i,
  output logic [5:0]        frame_queue_o,
  output logic [5:0]        frame_offset_o,
  output logic [15:0]       frame_length_o,
  output logic [31:0]       frame_request_o,
  output logic [31:0]       frame_index_o,
  output logic              frame_bad_o,
  output logic              frame_zero_copy_o,
  output logic [47:0]       frame_entry_o,
  output logic              data_valid_o,
  input  logic              data_ready_i,
  output logic [511:0]      data_o,
  output logic              data_error_o,

  output logic              active_o
);
  // The frame whose bursts are being asked for
  logic        valid_q, bad_q;
  logic [5:0]  queue_q;
  logic [57:0] beat_q;
  logic [10:0] left_q;           // beats not yet asked for

  logic        frames_ready, load, free, turn_valid, stay;
  logic [5:0]  turn_queue, queue, last_q;
  logic [7:0]  credit_q;         // frames that last_q may still send in its turn
  logic [7:0]  credit;
  logic        bad;
  logic [31:0] request;
  logic [16:0] span;
  logic [Queues-1:0] sendable;
  nic_rr_arb #(.Width(Queues)) u_turn (
    .clk_i, .rst_ni, .req_i(sendable), .taken_i(load && !stay), .valid_o(turn_valid), .index_o(turn_queue)
  );
  assign sendable     = avail_i & enabled_i;
  assign stay         = credit_q != 8'd0 && sendable[last_q[QueueW-1:0]];
  assign queue        = stay ? last_q : turn_queue;
  assign credit       = stay ? credit_q : (weight_i == 8'd0) ? 8'd1 : weight_i;
  assign load         = turn_valid && free && frames_ready;
  assign turn_queue_o = turn_queue;
  assign pop_queue_o  = queue;
  assign pop_o       = load;
  assign bad         = desc_bad_i || desc_long_i || desc_length_i == 16'd0;
  assign request     = (bad || desc_zero_copy_i) ? 32'd0 : desc_cookie_i;
  assign span        = {1'b0, desc_length_i} + {11'd0, desc_addr_i[5:0]};

  nic_fifo #(.Width(142), .Depth(FramesMax)) u_frames (
    .clk_i, .rst_ni,
    .wvalid_i(load), .wready_o(frames_ready),
    .wdata_i({desc_entry_i, desc_zero_copy_i, desc_index_i, request, bad, queue, desc_addr_i[5:0], desc_length_i}),
    .rvalid_o(frame_valid_o), .rready_i(frame_ready_i),
    .rdata_o({frame_entry_o, frame_zero_copy_o, frame_index_o, frame_request_o, frame_bad_o, frame_queue_o,
              frame_offset_o, frame_length_o})
  );

  // Bursts
  logic               issue, last_burst;
  logic [3:0]         to_boundary, count;
  logic               fits, tag_valid;
  logic [PlaceW-1:0]  place, back_place;
  logic [2:0]         back_beat;
  assign to_boundary = 4'd8 - {1'b0, beat_q[2:0]};
  assign last_burst  = left_q <= {7'd0, to_boundary};
  assign count       = last_burst ? left_q[3:0] : to_boundary;
  assign arvalid_o   = valid_q && !bad_q && fits && tag_valid;
  assign araddr_o    = beat_q;
  assign arlen_o     = 3'(count - 4'd1);
  assign arqueue_o   = queue_q;
  assign issue       = arvalid_o && arready_i;
  assign free        = !valid_q || (issue && last_burst) || bad_q;

  nic_tag_table #(.Tags(Tags), .Width(PlaceW)) u_tags (
    .clk_i, .rst_ni,
    .valid_o(tag_valid), .tag_o(artag_o), .take_i(issue), .len_i(arlen_o), .info_i(place),
    .rvalid_i, .rtag_i, .rlast_i, .beat_o(back_beat), .info_o(back_place)
  );

  // Data
  nic_reorder_buffer #(.Depth(BufferBeats)) u_data (
    .clk_i, .rst_ni,
    .reserve_count_i(count), .fits_o(fits), .reserve_i(issue), .place_o(place),
    .wvalid_i(rvalid_i), .wplace_i(back_place + PlaceW'(back_beat)), .wdata_i(rdata_i), .wflag_i(rerror_i),
    .rvalid_o(data_valid_o), .rready_i(data_ready_i), .rdata_o(data_o), .rflag_o(data_error_o)
  );

  assign active_o = valid_q || turn_valid;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q    <= 1'b0;
      bad_q      <= 1'b0;
      queue_q    <= '0;
      last_q     <= '0;
      credit_q   <= '0;
      beat_q     <= '0;
      left_q     <= '0;
    end else begin
      if (issue) begin
        beat_q <= beat_q + {54'd0, count};
        left_q <= left_q - {7'd0, count};
      end
      if (free) valid_q <= load;
      if (load) begin
        bad_q   <= bad;
        queue_q <= queue;
        last_q  <= queue;
        credit_q <= credit - 8'd1;
        beat_q  <= desc_addr_i[63:6];
        left_q  <= span[16:6] + {10'd0, span[5:0] != 6'd0};
      end
    end
  end

  `COVER(stays_and_others_wait, load && stay && turn_queue != last_q)
  `COVER(out_of_buffer, valid_q && !bad_q && !fits)
  `COVER(out_of_tags, valid_q && !bad_q && fits && !tag_valid)
endmodule

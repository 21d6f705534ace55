// Writes received frames into posted buffers.
// Role     decides at the first beat of a frame whether it has a buffer; shifts the bytes to the buffer's
//          alignment; cuts the frame into bursts; hands what the completion will say to nic_rx_complete
// Shapes   buffers have no alignment; a burst ends at the next multiple of 512 bytes or with the frame
// Timing   one beat per cycle, one more for a frame that reaches into one bus beat more than it has. A burst
//          is offered when all its beats are here, so the write channel never waits for the wire
// Errors   no buffer or queue disabled: frame discarded, counted, ev_drop_o; frame longer than the buffer: cut;
//          bad descriptor: frame consumed, nothing written, the completion says so. Of a zero-copy queue the
//          timestamp is not asked for: the completion is told instead where the buffer lies
// Source   docs/design/queue-engine.md, "Ports"
`include "check.svh"

module nic_rx_write #(
  parameter  int unsigned Queues   = 16,
  parameter  int unsigned FifoBeats = 64,   // at least 2 bursts
  localparam int unsigned QueueW   = (Queues > 1) ? $clog2(Queues) : 1
) (
  input  logic              clk_i,
  input  logic              rst_ni,   // synchronous

  // received frames
  input  logic [511:0]      rx_tdata,
  input  logic              rx_tlast,
  input  logic [5:0]        rx_tdest,
  input  logic [143:0]      rx_tuser,
  input  logic              rx_tvalid,
  output logic              rx_tready,
  output logic              ev_drop_o,

  // descriptors
  input  logic [Queues-1:0] enabled_i,
  input  logic [Queues-1:0] avail_i,
  output logic [5:0]        pop_queue_o,
  output logic              pop_o,
  input  logic              pending_i,
  input  logic [63:0]       desc_addr_i,
  input  logic [15:0]       desc_length_i,
  input  logic              desc_long_i,
  input  logic [31:0]       desc_cookie_i,
  input  logic              desc_bad_i,
  input  logic              desc_zero_copy_i,
  input  logic [63:0]       desc_entry_i,      // of a zero-copy queue: what its RX ring will say

  // frames begun, in order, for the completion
  output logic              frame_valid_o,
  input  logic              frame_ready_i,
  output logic [5:0]        frame_queue_o,
  output logic [15:0]       frame_length_o,
  output logic [31:0]       frame_cookie_o,
  output logic [31:0]       frame_hash_o,
  output logic [63:0]       frame_timestamp_o,
  output logic [31:0]       frame_meta_o,
  output logic              frame_cut_o,
  output logic              frame_bad_o,
  output logic              frame_empty_o,     // nothing will be written
  output logic              frame_zero_copy_o,

  // bursts, in order, for the completion; each pulse is also an address pushed below
  output logic              burst_valid_o,
  input  logic              burst_ready_i,
  output logic              burst_last_o,      // of its frame

  // addresses and data towards memory
  output logic              awvalid_o,
  input  logic              awready_i,
  output logic [63:6]       awaddr_o,
  output logic [2:0]        awlen_o,
  output logic [5:0]        awqueue_o,
  output logic              wvalid_o,
  input  logic              wready_i,
  output logic [511:0]      wdata_o,
  output logic [63:0]       wstrb_o,
  output logic              wlast_o,

  // register reads
  input  logic [5:0]        cmd_queue_i,
  output logic [31:0]       drops_o,

  output logic              active_o
);
  localparam logic [6:0] QueueCount = 7'(Queues);

  // First beat: is there a buffer?
  logic              in_frame_q, dropping_q;
  logic              first, known, discard, wait_fetch, take, stage_ready;
  logic [QueueW-1:0] queue;
  assign queue       = rx_tdest[QueueW-1:0];
  assign pop_queue_o = rx_tdest;
  assign first       = !in_frame_q;
  assign known       = {1'b0, rx_tdest} < QueueCount;
  assign discard     = first ? !(known && enabled_i[queue] && (avail_i[queue] || pending_i)) : dropping_q;
  assign wait_fetch  = first && !avail_i[queue];
  assign rx_tready   = rx_tvalid &&
                       (discard || (stage_ready && !wait_fetch && (!first || frame_ready_i)));
  assign take        = rx_tvalid && rx_tready;
  assign pop_o       = take && first && !discard;
  assign ev_drop_o   = take && discard && rx_tlast;

  logic [15:0] room, bytes;
  logic [15:0] frame_bytes;
  logic [16:0] span;
  logic        cut;
  assign frame_bytes = rx_tuser[15:0];
  assign room        = desc_long_i ? 16'hFFFF : desc_length_i;
  assign cut         = frame_bytes > room;
  assign bytes       = desc_bad_i ? 16'd0 : (cut ? room : frame_bytes);
  assign span        = {1'b0, bytes} + {11'd0, desc_addr_i[5:0]};   // from the first beat's byte 0

  assign frame_valid_o     = pop_o;
  assign frame_queue_o     = rx_tdest;
  assign frame_length_o    = bytes;
  assign frame_cookie_o    = desc_bad_i ? 32'd0 : desc_cookie_i;
  assign frame_hash_o      = rx_tuser[47:16];
  assign frame_timestamp_o = desc_zero_copy_i ? desc_entry_i : rx_tuser[111:48];
  assign frame_meta_o      = rx_tuser[143:112];
  assign frame_cut_o       = cut && !desc_bad_i;
  assign frame_bad_o       = desc_bad_i;
  assign frame_empty_o     = bytes == 16'd0;
  assign frame_zero_copy_o = desc_zero_copy_i;

  // Stage: one beat with its frame's place in memory
  logic         stage_valid_q, stage_last_q, stage_spill_q;
  logic [511:0] stage_data_q, prev_data_q;
  logic         head_q;         // the next bus beat is the first of its frame
  logic [5:0]   queue_q;
  logic [5:0]   offset_q;       // byte within the bus beat at which the frame starts
  logic [5:0]   tail_q;         // bytes in the last bus beat, 0 for all
  logic [57:0]  beat_q;         // address of the next bus beat / 64
  logic [10:0]  left_q;         // bus beats still to write
  logic [2:0]   burst_q;        // beats of the current burst that are in the FIFO

  logic         emit, emit_ready, last_beat, burst_end, step, spill_next, stage_done;
  logic         fifo_ready, addr_ready;
  logic [511:0] beat_data;
  logic [63:0]  beat_strb;

  assign emit       = stage_valid_q && left_q != '0;
  assign last_beat  = left_q == 11'd1;
  assign burst_end  = last_beat || beat_q[2:0] == 3'd7;
  assign emit_ready = fifo_ready && addr_ready && burst_ready_i;
  assign step       = stage_valid_q && (left_q == '0 || emit_ready);
  // The shifted frame may need one bus beat more than it has beats.
  assign spill_next = stage_last_q && !stage_spill_q && left_q > 11'd1;
  assign stage_done = step && !spill_next;
  assign stage_ready = !stage_valid_q || stage_done;

  always_comb begin
    if (offset_q == 6'd0) beat_data = stage_data_q;
    else if (stage_spill_q) beat_data = stage_data_q >> {7'd64 - {1'b0, offset_q}, 3'd0};
    else if (head_q) beat_data = stage_data_q << {offset_q, 3'd0};
    else beat_data = (stage_data_q << {offset_q, 3'd0}) | (prev_data_q >> {7'd64 - {1'b0, offset_q}, 3'd0});
  end

  always_comb begin
    beat_strb = '1;
    if (last_beat && tail_q != 6'd0) beat_strb = (64'd1 << tail_q) - 64'd1;
    if (head_q) beat_strb = beat_strb & ({64{1'b1}} << offset_q);
  end

  assign burst_valid_o = emit && emit_ready && burst_end;
  assign burst_last_o  = last_beat;

  nic_beat_fifo #(.SideWidth(65), .Depth(FifoBeats)) u_beats (
    .clk_i, .rst_ni,
    .wvalid_i(emit && emit_ready), .wready_o(fifo_ready),
    .wdata_i(beat_data), .wside_i({burst_end, beat_strb}),
    .rvalid_o(wvalid_o), .rready_i(wready_i),
    .rdata_o(wdata_o), .rside_o({wlast_o, wstrb_o})
  );

  logic [57:0] burst_addr;
  assign burst_addr = beat_q - {55'd0, burst_q};

  nic_fifo #(.Width(67), .Depth(32)) u_addrs (
    .clk_i, .rst_ni,
    .wvalid_i(burst_valid_o), .wready_o(addr_ready),
    .wdata_i({queue_q, burst_q, burst_addr}),
    .rvalid_o(awvalid_o), .rready_i(awready_i),
    .rdata_o({awqueue_o, awlen_o, awaddr_o})
  );

  // Discarded frames
  logic [31:0] drops_q [0:Queues-1];
  assign drops_o = drops_q[cmd_queue_i[QueueW-1:0]];

  assign active_o = stage_valid_q || awvalid_o;

  always_ff @(posedge clk_i) begin
    if (take && !discard) stage_data_q <= rx_tdata;
    if (step && !stage_last_q && offset_q != 6'd0) prev_data_q <= stage_data_q;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      in_frame_q    <= 1'b0;
      dropping_q    <= 1'b0;
      stage_valid_q <= 1'b0;
      stage_last_q  <= 1'b0;
      stage_spill_q <= 1'b0;
      head_q        <= 1'b0;
      queue_q       <= '0;
      offset_q      <= '0;
      tail_q        <= '0;
      beat_q        <= '0;
      left_q        <= '0;
      burst_q       <= '0;
      for (int i = 0; i < Queues; i++) drops_q[i] <= '0;
    end else begin
      if (take) begin
        in_frame_q <= !rx_tlast;
        dropping_q <= discard;
      end
      if (ev_drop_o && known) drops_q[queue] <= drops_q[queue] + 32'd1;

      if (stage_done) stage_valid_q <= 1'b0;
      if (step) stage_spill_q <= spill_next;
      if (emit && emit_ready) begin
        left_q  <= left_q - 11'd1;
        beat_q  <= beat_q + 58'd1;
        burst_q <= burst_end ? 3'd0 : burst_q + 3'd1;
        head_q  <= 1'b0;
      end
      if (take && !discard) begin
        stage_valid_q <= 1'b1;
        stage_last_q  <= rx_tlast;
      end
      if (pop_o) begin
        queue_q  <= rx_tdest;
        offset_q <= desc_addr_i[5:0];
        tail_q   <= span[5:0];
        beat_q   <= desc_addr_i[63:6];
        left_q   <= (bytes == 16'd0) ? 11'd0 : span[16:6] + {10'd0, span[5:0] != 6'd0};
        burst_q  <= 3'd0;
        head_q   <= 1'b1;
      end
    end
  end

  // The first beat carries min(length, 64) bytes, all of them at the low end; the last the rest.
  `REQUIRE(short_frame_is_one_beat, !take || !first || (rx_tlast == (frame_bytes <= 16'd64)))
  `REQUIRE(takes_what_is_there, (!awready_i || awvalid_o) && (!wready_i || wvalid_o))
  `CHECK(frame_written_whole, !pop_o || left_q == '0 || (last_beat && stage_done))
  `CHECK(spill_is_last, !stage_spill_q || last_beat)
  `COVER(waits_for_fetch, rx_tvalid && !discard && wait_fetch)
  `COVER(spills, stage_spill_q)
endmodule

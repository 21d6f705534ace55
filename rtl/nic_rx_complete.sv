// Completes received frames in order.
// Role     waits for the responses of a frame's payload, then writes its completion entry; reports the frame
//          as done when that has been answered too. nic_publish does the rest
// Shapes   completion entry 32 bytes, see docs/design/queue-engine.md, "Rings"
// Units    FramesMax: frames between their first beat and their completion entry, a power of two
// Timing   one entry per cycle at most
// Errors   a failed payload write sets flag 0 of the entry; that, a failed entry write and a bad descriptor
//          count as an error of the frame
// Source   INV-24, INV-26, INV-28
`include "check.svh"

module nic_rx_complete #(
  parameter  int unsigned Queues    = 16,
  parameter  int unsigned FramesMax = 64,
  localparam int unsigned QueueW    = (Queues > 1) ? $clog2(Queues) : 1
) (
  input  logic         clk_i,
  input  logic         rst_ni,   // synchronous

  input  logic         start_i,
  input  logic [5:0]   cmd_queue_i,
  input  logic [31:0]  cmd_value_i,

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
  output logic [255:0] wdata_o,
  output logic         whalf_o,       // upper half of the bus beat
  input  logic         bvalid_i,
  input  logic         berror_i,

  // frames done
  output logic         done_o,
  output logic [5:0]   done_queue_o,
  output logic         done_error_o,

  output logic         active_o
);
  logic [31:0] issued_q [0:Queues-1];

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
  logic         frame_valid, frame_ready, cut, bad, empty;
  logic [5:0]   frame_queue;
  logic [15:0]  frame_length;
  logic [31:0]  frame_cookie, frame_hash, frame_meta;
  logic [63:0]  frame_timestamp;
  logic [6:0]   unused_bits;

  nic_fifo #(.Width(192), .Depth(FramesMax)) u_frames (
    .clk_i, .rst_ni,
    .wvalid_i(frame_valid_i), .wready_o(frame_ready_o),
    .wdata_i({frame_meta_i, frame_timestamp_i, frame_hash_i, frame_cookie_i, 7'd0, frame_empty_i, frame_bad_i,
              frame_cut_i, frame_queue_i, frame_length_i}),
    .rvalid_o(frame_valid), .rready_i(frame_ready),
    .rdata_o({frame_meta, frame_timestamp, frame_hash, frame_cookie, unused_bits, empty, bad, cut,
              frame_queue, frame_length})
  );

  // The entry
  logic              settled, issue, failed, addr_ready, data_ready, half_ready, wait_ready;
  logic [QueueW-1:0] queue;
  logic [31:0]       index, slot;
  logic [63:5]       addr;
  logic [255:0]      entry;
  assign comp_queue_o = frame_queue;
  assign queue        = frame_queue[QueueW-1:0];
  assign settled      = frame_valid && (empty || result_valid);
  assign issue        = settled && addr_ready && data_ready && half_ready && wait_ready;
  assign failed       = bad || (!empty && result_error);
  assign frame_ready  = issue;
  assign result_ready = issue && !empty;
  assign index        = issued_q[queue];
  assign slot         = index & ((32'd1 << comp_log2_i) - 32'd1);
  assign addr         = {comp_base_i, 1'b0} + {27'd0, slot};
  assign entry        = {frame_meta, index, frame_timestamp, 30'd0, cut, failed, frame_hash,
                         16'd0, frame_length, frame_cookie};

  nic_fifo #(.Width(64), .Depth(8)) u_addrs (
    .clk_i, .rst_ni,
    .wvalid_i(issue), .wready_o(addr_ready), .wdata_i({frame_queue, addr[63:6]}),
    .rvalid_o(awvalid_o), .rready_i(awready_i), .rdata_o({awqueue_o, awaddr_o})
  );
  nic_fifo #(.Width(256), .Depth(8)) u_entries (
    .clk_i, .rst_ni,
    .wvalid_i(issue), .wready_o(data_ready), .wdata_i(entry),
    .rvalid_o(wvalid_o), .rready_i(wready_i), .rdata_o(wdata_o)
  );
  logic half_valid;
  nic_fifo #(.Width(1), .Depth(8)) u_halves (
    .clk_i, .rst_ni,
    .wvalid_i(issue), .wready_o(half_ready), .wdata_i(addr[5]),
    .rvalid_o(half_valid), .rready_i(wready_i), .rdata_o(whalf_o)
  );

  // Entries waiting for their response
  logic wait_valid, wait_failed;
  nic_fifo #(.Width(7), .Depth(2 * FramesMax)) u_waiting (
    .clk_i, .rst_ni,
    .wvalid_i(issue), .wready_o(wait_ready), .wdata_i({failed, frame_queue}),
    .rvalid_o(wait_valid), .rready_i(bvalid_i), .rdata_o({wait_failed, done_queue_o})
  );
  assign done_o       = bvalid_i;
  assign done_error_o = wait_failed || berror_i;

  assign active_o = settled || awvalid_o || wvalid_o;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      error_q <= 1'b0;
      for (int i = 0; i < Queues; i++) issued_q[i] <= '0;
    end else begin
      if (payload_bvalid_i) error_q <= !burst_last && (error_q || payload_berror_i);
      if (issue) issued_q[queue] <= index + 32'd1;
      if (start_i) issued_q[cmd_queue_i[QueueW-1:0]] <= cmd_value_i;
    end
  end

  `REQUIRE(payload_response_was_due, !payload_bvalid_i || burst_waiting)
  `REQUIRE(entry_response_was_due, !bvalid_i || wait_valid)
  `CHECK(result_has_space, !(payload_bvalid_i && burst_last) || result_space)
  `CHECK(half_goes_with_entry, half_valid == wvalid_o)
  `CHECK(frame_bits_unused, !frame_valid || unused_bits == '0)
  `COVER(frames_full, !frame_ready_o)
endmodule

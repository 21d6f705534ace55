// Completes sent frames of zero-copy queues in their socket's completion ring.
// Role     writes the place of the frame's buffer into the next entry, and reports the frame as done when that has
//          been answered; nic_publish does the rest
// Shapes   entry 8 bytes; a frame that was not sent has none, its write touches no byte
// Units    Places: frames between their last beat and the report, a power of two, 8 at least
// Timing   one frame per cycle; a place is reserved before the last beat of a frame is given to the link, so
//          nothing here is ever full. Reports wait for cycles in which no other frame is done
// Errors   a failed entry write counts as an error of the frame; its entry counts all the same
// Source   docs/design/queue-engine.md, "Zero-copy queues"; INV-26
`include "check.svh"

module nic_tx_complete #(
  parameter  int unsigned Queues = 16,
  parameter  int unsigned Places = 32,
  localparam int unsigned QueueW = (Queues > 1) ? $clog2(Queues) : 1,
  localparam int unsigned CountW = $clog2(Places) + 1
) (
  input  logic         clk_i,
  input  logic         rst_ni,   // synchronous

  input  logic         start_i,
  input  logic [5:0]   cmd_queue_i,
  input  logic [31:0]  cmd_value_i,     // first index
  output logic [31:0]  issued_o,        // of cmd_queue_i: index of the next entry

  // frames that the link has taken
  output logic         ready_o,         // there is a place
  input  logic         reserve_i,
  input  logic         taken_i,
  input  logic [5:0]   taken_queue_i,
  input  logic [47:0]  taken_entry_i,
  input  logic         taken_skip_i,    // it was not sent
  input  logic         taken_error_i,

  // configuration
  output logic [5:0]   comp_queue_o,
  input  logic [63:6]  comp_base_i,
  input  logic [4:0]   comp_log2_i,

  // entries
  output logic         awvalid_o,
  input  logic         awready_i,
  output logic [63:6]  awaddr_o,
  output logic [5:0]   awqueue_o,
  output logic         wvalid_o,
  input  logic         wready_i,
  output logic [511:0] wdata_o,
  output logic [15:0]  wwords_o,        // which words of the bus beat are written
  input  logic         bvalid_i,
  input  logic         berror_i,
  output logic [5:0]   answered_queue_o,

  // frames done
  output logic         done_o,
  input  logic         done_ready_i,
  output logic [5:0]   done_queue_o,
  output logic         done_entry_o,    // it has one
  output logic         done_error_o,

  output logic         active_o
);
  logic [31:0]       issued_q [0:Queues-1];
  logic [CountW-1:0] reserved_q;
  assign issued_o = issued_q[cmd_queue_i[QueueW-1:0]];
  assign ready_o  = reserved_q != CountW'(Places);

  logic [QueueW-1:0] queue;
  logic [31:0]       slot;
  logic [63:6]       addr;
  assign queue        = taken_queue_i[QueueW-1:0];
  assign comp_queue_o = taken_queue_i;
  assign slot         = issued_q[queue] & ((32'd1 << comp_log2_i) - 32'd1);
  assign addr         = comp_base_i + {29'd0, slot[31:3]};

  logic        addr_ready, entry_ready, wait_ready, answer_ready;
  logic [47:0] entry;
  logic [2:0]  lane;
  logic        skip;
  nic_fifo #(.Width(64), .Depth(Places)) u_addrs (
    .clk_i, .rst_ni,
    .wvalid_i(taken_i), .wready_o(addr_ready), .wdata_i({taken_queue_i, addr}),
    .rvalid_o(awvalid_o), .rready_i(awready_i), .rdata_o({awqueue_o, awaddr_o})
  );
  nic_fifo #(.Width(52), .Depth(Places)) u_entries (
    .clk_i, .rst_ni,
    .wvalid_i(taken_i), .wready_o(entry_ready), .wdata_i({taken_skip_i, slot[2:0], taken_entry_i}),
    .rvalid_o(wvalid_o), .rready_i(wready_i), .rdata_o({skip, lane, entry})
  );
  assign wdata_o  = {8{16'd0, entry}};
  assign wwords_o = skip ? 16'd0 : 16'h3 << {lane, 1'b0};

  // Writes waiting for their response, and frames whose response has come
  logic wait_valid, wait_error, wait_entry;
  nic_fifo #(.Width(8), .Depth(Places)) u_waiting (
    .clk_i, .rst_ni,
    .wvalid_i(taken_i), .wready_o(wait_ready), .wdata_i({taken_error_i, !taken_skip_i, taken_queue_i}),
    .rvalid_o(wait_valid), .rready_i(bvalid_i), .rdata_o({wait_error, wait_entry, answered_queue_o})
  );
  nic_fifo #(.Width(8), .Depth(Places)) u_answered (
    .clk_i, .rst_ni,
    .wvalid_i(bvalid_i), .wready_o(answer_ready),
    .wdata_i({wait_error || berror_i, wait_entry, answered_queue_o}),
    .rvalid_o(done_o), .rready_i(done_ready_i), .rdata_o({done_error_o, done_entry_o, done_queue_o})
  );

  assign active_o = awvalid_o || wvalid_o || done_o;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      reserved_q <= '0;
      for (int i = 0; i < Queues; i++) issued_q[i] <= '0;
    end else begin
      reserved_q <= reserved_q + {{(CountW-1){1'b0}}, reserve_i} - {{(CountW-1){1'b0}}, done_o && done_ready_i};
      if (taken_i && !taken_skip_i) issued_q[queue] <= issued_q[queue] + 32'd1;
      if (start_i) issued_q[cmd_queue_i[QueueW-1:0]] <= cmd_value_i;
    end
  end

  `REQUIRE(reserve_needs_place, !reserve_i || ready_o)
  `REQUIRE(response_was_due, !bvalid_i || wait_valid)
  `REQUIRE(takes_what_is_there, (!awready_i || awvalid_o) && (!wready_i || wvalid_o))
  `CHECK(taken_has_place, !taken_i || (addr_ready && entry_ready && wait_ready))
  `CHECK(answer_has_place, !bvalid_i || answer_ready)
  `COVER(places_full, !ready_o)
  `COVER(report_waits, done_o && !done_ready_i)
endmodule

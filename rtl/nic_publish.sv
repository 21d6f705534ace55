// Publishes how far each queue of one direction has come.
// Role     counts the frames done and writes the count to the host word of the queue; one write per queue is
//          under way at a time and covers all frames done when it was made. A zero-copy queue has two words: how far
//          its RX or completion ring goes is written first, how much of its fill or TX ring is used up right behind
// Units    indices run free and wrap at 2^32
// Timing   queues with news are marked in pending_q and looked at one per cycle; one index write per cycle at
//          most. News waits for more, until there are coalesce_count_i entries or coalesce_cycles_i cycles after
//          its first, and then for the queue's turn; the bound holds when memory answers within 65,536 cycles
// Errors   a failed index write counts as an error; the index is taken as published all the same
// Source   docs/design/queue-engine.md, "Rings"; INV-26
`include "check.svh"

module nic_publish #(
  parameter  int unsigned Queues = 16,
  localparam int unsigned QueueW = (Queues > 1) ? $clog2(Queues) : 1
) (
  input  logic        clk_i,
  input  logic        rst_ni,   // synchronous

  // commands and register reads of one queue
  input  logic        start_i,
  input  logic [5:0]  cmd_queue_i,
  input  logic [31:0] cmd_value_i,
  input  logic [31:0] cmd_comp_start_i,    // of a start: first index of the RX or completion ring
  output logic [31:0] finished_o,
  output logic [31:0] published_o,
  output logic [31:0] frames_o,
  output logic [31:0] errors_o,
  output logic [31:0] publishes_o,
  output logic        writing_o,

  // frames done
  input  logic        done_i,
  input  logic [5:0]  done_queue_i,
  input  logic [1:0]  done_count_i,
  input  logic [1:0]  done_errors_i,   // of them
  input  logic        done_entry_i,    // one frame of a zero-copy queue, and it has an entry

  // configuration
  output logic [5:0]  index_queue_o,
  input  logic [63:2] index_addr_i,
  input  logic        zero_copy_i,
  input  logic [63:2] comp_addr_i,         // word of the RX or completion ring
  input  logic [7:0]  coalesce_count_i,    // 0: never
  input  logic [15:0] coalesce_cycles_i,

  // index writes
  output logic        awvalid_o,
  input  logic        awready_i,
  output logic [63:6] awaddr_o,
  output logic [5:0]  awqueue_o,
  output logic        wvalid_o,
  input  logic        wready_i,
  output logic [31:0] wdata_o,
  output logic [3:0]  wword_o,      // word within the bus beat
  input  logic        bvalid_i,
  input  logic        berror_i,

  // news for the interrupts
  output logic        moved_o,
  output logic [5:0]  moved_queue_o,
  input  logic [5:0]  irq_queue_i,
  output logic [31:0] irq_published_o,

  output logic        active_o
);
  logic [31:0] finished_q  [0:Queues-1];
  logic [31:0] entries_q   [0:Queues-1];   // in the RX or completion ring
  logic [31:0] published_q [0:Queues-1];
  logic [31:0] frames_q    [0:Queues-1];
  logic [31:0] errors_q    [0:Queues-1];
  logic [31:0] publishes_q [0:Queues-1];
  logic [16:0] since_q     [0:Queues-1];   // when the first of the news came
  logic [16:0] now_q;
  logic [Queues-1:0] pending_q, writing_q;

  logic [QueueW-1:0] cmd_queue, done_queue, pick, moved_queue;
  assign cmd_queue       = cmd_queue_i[QueueW-1:0];
  assign done_queue      = done_queue_i[QueueW-1:0];
  assign finished_o      = finished_q[cmd_queue];
  assign published_o     = published_q[cmd_queue];
  assign frames_o        = frames_q[cmd_queue];
  assign errors_o        = errors_q[cmd_queue];
  assign publishes_o     = publishes_q[cmd_queue];
  assign writing_o       = writing_q[cmd_queue];
  assign irq_published_o = published_q[irq_queue_i[QueueW-1:0]];

  // Choice of the next write
  logic        pick_valid, due, issue, write, write_first, addr_ready, data_ready, wait_ready;
  logic [5:0]  pick_queue;
  logic        second_q;                   // the second word of a queue is to be written
  logic [5:0]  second_queue_q, write_queue;
  logic [31:0] second_value_q, write_value;
  logic [63:2] write_addr;
  logic [31:0] news;
  logic [16:0] age;
  nic_rr_arb #(.Width(Queues)) u_pick (
    .clk_i, .rst_ni, .req_i(pending_q & ~writing_q), .taken_i(issue || (pick_valid && !due && !second_q)),
    .valid_o(pick_valid), .index_o(pick_queue)
  );
  assign pick          = pick_queue[QueueW-1:0];
  assign index_queue_o = write_queue;
  assign news          = finished_q[pick] - published_q[pick];
  assign age           = now_q - since_q[pick];
  assign due           = age >= {1'b0, coalesce_cycles_i} ||
                         (coalesce_count_i != 8'd0 && news >= {24'd0, coalesce_count_i});
  assign issue         = pick_valid && due && !second_q && addr_ready && data_ready && wait_ready;
  assign write         = issue || (second_q && addr_ready && data_ready && wait_ready);
  assign write_first   = issue && zero_copy_i;
  assign write_queue   = second_q ? second_queue_q : pick_queue;
  assign write_addr    = write_first ? comp_addr_i : index_addr_i;
  assign write_value   = second_q ? second_value_q : write_first ? entries_q[pick] : finished_q[pick];

  nic_fifo #(.Width(64), .Depth(4)) u_addrs (
    .clk_i, .rst_ni,
    .wvalid_i(write), .wready_o(addr_ready), .wdata_i({write_queue, write_addr[63:6]}),
    .rvalid_o(awvalid_o), .rready_i(awready_i), .rdata_o({awqueue_o, awaddr_o})
  );
  nic_fifo #(.Width(36), .Depth(4)) u_values (
    .clk_i, .rst_ni,
    .wvalid_i(write), .wready_o(data_ready), .wdata_i({write_addr[5:2], write_value}),
    .rvalid_o(wvalid_o), .rready_i(wready_i), .rdata_o({wword_o, wdata_o})
  );

  // Writes waiting for their response
  logic        wait_valid, wait_first;
  logic [31:0] wait_value;
  nic_fifo #(.Width(39), .Depth(64)) u_waiting (
    .clk_i, .rst_ni,
    .wvalid_i(write), .wready_o(wait_ready), .wdata_i({write_first, write_queue, write_value}),
    .rvalid_o(wait_valid), .rready_i(bvalid_i), .rdata_o({wait_first, moved_queue_o, wait_value})
  );
  assign moved_o     = bvalid_i && !wait_first;
  assign moved_queue = moved_queue_o[QueueW-1:0];

  assign active_o = pick_valid || second_q || awvalid_o || wvalid_o;

  logic write_failed;
  assign write_failed = bvalid_i && berror_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      pending_q <= '0;
      writing_q <= '0;
      now_q     <= '0;
      second_q  <= 1'b0;
      for (int i = 0; i < Queues; i++) begin
        finished_q[i]  <= '0;
        entries_q[i]   <= '0;
        published_q[i] <= '0;
        frames_q[i]    <= '0;
        errors_q[i]    <= '0;
        publishes_q[i] <= '0;
        since_q[i]     <= '0;
      end
    end else begin
      if (pending_q != '0) now_q <= now_q + 17'd1;
      if (issue) begin
        pending_q[pick]   <= 1'b0;
        writing_q[pick]   <= 1'b1;
        second_queue_q    <= pick_queue;
        second_value_q    <= finished_q[pick];
      end
      if (write) begin
        second_q <= write_first;
        publishes_q[write_queue[QueueW-1:0]] <= publishes_q[write_queue[QueueW-1:0]] + 32'd1;
      end
      if (moved_o) begin
        published_q[moved_queue] <= wait_value;
        writing_q[moved_queue]   <= 1'b0;
      end
      if (done_i) begin
        finished_q[done_queue] <= finished_q[done_queue] + {30'd0, done_count_i};
        frames_q[done_queue]   <= frames_q[done_queue] + {30'd0, done_count_i};
        entries_q[done_queue]  <= entries_q[done_queue] + {31'd0, done_entry_i};
        pending_q[done_queue]  <= 1'b1;
        if (!pending_q[done_queue] || (issue && pick == done_queue)) since_q[done_queue] <= now_q;
      end
      if (write_failed) errors_q[moved_queue] <= errors_q[moved_queue] + 32'd1;
      if (done_i && done_errors_i != 2'd0) begin
        errors_q[done_queue] <= errors_q[done_queue] + {30'd0, done_errors_i} +
                                {31'd0, write_failed && moved_queue == done_queue};
      end
      if (start_i) begin
        finished_q[cmd_queue]  <= cmd_value_i;
        published_q[cmd_queue] <= cmd_value_i;
        entries_q[cmd_queue]   <= cmd_comp_start_i;
      end
    end
  end

  `REQUIRE(response_was_due, !bvalid_i || wait_valid)
  `REQUIRE(errors_are_of_frames, !done_i || (done_count_i != 2'd0 && done_errors_i <= done_count_i))
  `REQUIRE(entry_is_of_one_frame, !done_i || !done_entry_i || done_count_i == 2'd1)
  `REQUIRE(takes_what_is_there, (!awready_i || awvalid_o) && (!wready_i || wvalid_o))
  `REQUIRE(start_when_quiet, !start_i || !(pending_q[cmd_queue] || writing_q[cmd_queue]))
  `CHECK(response_of_a_write, !bvalid_i || writing_q[moved_queue])
  `COVER(covers_several, moved_o && pending_q[moved_queue])
  `COVER(waits_for_more, pick_valid && !second_q && !due)
endmodule

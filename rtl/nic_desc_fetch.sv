// Fetches the descriptors of one direction ahead of their use.
// Role     owns the doorbells and the window [used, posted) of each ring; gives its consumer one descriptor
//          per cycle of whatever queue it names
// Shapes   one read = 64 bytes = up to 4 descriptors of 16 bytes, or of 8, in the half of the beat that holds the
//          first; Tags reads may be under way, several of a queue among them, and are answered in any order
// Units    indices run free and wrap at 2^32; Depth = descriptors kept per queue: 8, 16 or 32
// Timing   desc_* and pending_o answer pop_queue_i in the same cycle; avail_o depends on registers only.
//          Queues that may have something to fetch are marked in check_q and looked at one per cycle, so
//          nothing here grows with the number of queues but the memories
// Errors   a doorbell out of range is ignored and remembered in range_error_o; a failed read gives
//          descriptors with desc_bad_o set
// Source   docs/design/queue-engine.md; INV-27, INV-32
`include "check.svh"

module nic_desc_fetch #(
  parameter  int unsigned Queues = 16,
  parameter  int unsigned Depth  = 32,
  parameter  int unsigned Tags   = 64,
  localparam int unsigned QueueW = (Queues > 1) ? $clog2(Queues) : 1,
  localparam int unsigned SlotW  = $clog2(Depth)
) (
  input  logic              clk_i,
  input  logic              rst_ni,   // synchronous

  // commands and register reads of one queue
  input  logic              start_i,
  input  logic              doorbell_i,
  input  logic [5:0]        cmd_queue_i,
  input  logic [31:0]       cmd_value_i,      // start index or doorbell
  input  logic [4:0]        cmd_log2_i,
  input  logic [31:0]       cmd_finished_i,   // completed entries of the queue
  output logic [31:0]       fetched_o,
  output logic [31:0]       used_o,
  output logic              reading_o,
  output logic              range_error_o,
  output logic [31:0]       fetches_o,
  output logic [31:0]       refused_o,
  output logic              ev_refused_o,     // a doorbell of cmd_queue_i

  // configuration
  input  logic [Queues-1:0] enabled_i,
  output logic [5:0]        fetch_queue_o,
  input  logic [63:6]       fetch_base_i,
  input  logic [4:0]        fetch_log2_i,
  input  logic              fetch_short_i,    // descriptors are an address of 8 bytes and no more

  // reads, one beat each
  output logic              arvalid_o,
  input  logic              arready_i,
  output logic [63:6]       araddr_o,
  output logic [5:0]        arqueue_o,
  output logic [5:0]        artag_o,
  input  logic              rvalid_i,         // always taken: its place is reserved
  input  logic [5:0]        rtag_i,
  input  logic              rlast_i,
  input  logic [511:0]      rdata_i,
  input  logic              rerror_i,

  // consumer
  output logic [Queues-1:0] avail_o,          // a descriptor is here
  input  logic [5:0]        pop_queue_i,
  input  logic              pop_i,
  output logic              pending_o,        // posted and not used, here or not
  output logic [63:0]       desc_addr_o,
  output logic [15:0]       desc_length_o,
  output logic              desc_long_o,      // length needs more than 16 bits
  output logic [31:0]       desc_cookie_o,
  output logic [31:0]       desc_index_o,     // its place in the ring, free-running
  output logic              desc_bad_o,

  output logic              active_o
);
  localparam int unsigned EntryW  = QueueW + SlotW;
  localparam int unsigned Entries = 1 << EntryW;
  localparam int unsigned ReadW   = QueueW + SlotW + 2 + 3 + 2;

  logic [31:0] posted_q    [0:Queues-1];
  logic [31:0] requested_q [0:Queues-1];
  logic [31:0] used_q      [0:Queues-1];
  logic [31:0] fetches_q   [0:Queues-1];
  logic [31:0] refused_q   [0:Queues-1];
  logic [Queues-1:0] check_q, avail_q, range_error_q;

  logic [63:0] addr_mem_q [0:Entries-1];
  logic [49:0] info_mem_q [0:Entries-1];   // bad, long, length, cookie

  // Doorbells and register reads
  logic [QueueW-1:0] cmd_queue;
  logic [31:0]       ahead, ahead_before, ring_size;
  logic              in_range, accept;
  assign cmd_queue     = cmd_queue_i[QueueW-1:0];
  assign ahead         = cmd_value_i - cmd_finished_i;
  assign ahead_before  = posted_q[cmd_queue] - cmd_finished_i;
  assign ring_size     = 32'd1 << cmd_log2_i;
  assign in_range      = ahead <= ring_size && ahead >= ahead_before;
  assign accept        = doorbell_i && in_range;
  assign used_o        = used_q[cmd_queue];
  assign reading_o     = requested_q[cmd_queue] != fetched_o;
  assign range_error_o = range_error_q[cmd_queue];
  assign ev_refused_o  = doorbell_i && !in_range;
  assign fetches_o     = fetches_q[cmd_queue];
  assign refused_o     = refused_q[cmd_queue];

  // Choice of the next read
  logic              look, want, issue;
  logic [5:0]        look_queue;
  logic [QueueW-1:0] look_index;
  logic [31:0]       requested, todo, slot, kept, kept_after;
  logic [2:0]        in_block, count;
  logic              tag_valid;

  nic_rr_arb #(.Width(Queues)) u_look (
    .clk_i, .rst_ni, .req_i(check_q), .taken_i(look), .valid_o(look), .index_o(look_queue)
  );

  assign look_index    = look_queue[QueueW-1:0];
  assign fetch_queue_o = look_queue;
  assign requested     = requested_q[look_index];
  assign todo          = posted_q[look_index] - requested;
  assign slot          = requested & ((32'd1 << fetch_log2_i) - 32'd1);
  // A ring of 2 entries fills half a block.
  assign in_block      = (fetch_log2_i == 5'd1) ? 3'd2 - {2'd0, slot[0]} : 3'd4 - {1'b0, slot[1:0]};
  assign count         = (todo < {29'd0, in_block}) ? todo[2:0] : in_block;
  assign kept          = requested - used_q[look_index];
  assign kept_after    = kept + {29'd0, count};
  assign want          = enabled_i[look_index] && todo != '0 && kept_after <= Depth;
  assign arvalid_o     = look && want && tag_valid;
  assign issue         = arvalid_o && arready_i;
  assign araddr_o      = fetch_base_i + (fetch_short_i ? {29'd0, slot[31:3]} : {28'd0, slot[31:2]});
  assign arqueue_o     = look_queue;

  // Reads under way
  logic [QueueW-1:0] back_index;
  logic [SlotW-1:0]  back_slot;
  logic [1:0]        back_lane;
  logic [2:0]        back_count, unused_beat;
  logic              back_short, back_half;

  nic_tag_table #(.Tags(Tags), .Width(ReadW)) u_tags (
    .clk_i, .rst_ni,
    .valid_o(tag_valid), .tag_o(artag_o), .take_i(issue), .len_i(3'd0),
    .info_i({fetch_short_i, slot[2], look_index, requested[SlotW-1:0], slot[1:0], count}),
    .rvalid_i, .rtag_i, .rlast_i, .beat_o(unused_beat),
    .info_o({back_short, back_half, back_index, back_slot, back_lane, back_count})
  );

  // What is here without a gap
  logic        moved;
  logic [31:0] pop_fetched;
  nic_fetch_window #(.Queues(Queues), .Depth(Depth)) u_window (
    .clk_i, .rst_ni,
    .start_i, .cmd_queue_i(cmd_queue), .cmd_value_i, .cmd_fetched_o(fetched_o),
    .answer_i(rvalid_i), .answer_queue_i(back_index), .answer_slot_i(back_slot), .answer_count_i(back_count),
    .moved_o(moved), .pop_queue_i(pop_queue), .pop_fetched_o(pop_fetched)
  );

  // Consumer
  logic [QueueW-1:0] pop_queue;
  logic [EntryW-1:0] pop_entry;
  logic [31:0]       used, used_next;
  assign pop_queue = pop_queue_i[QueueW-1:0];
  assign used      = used_q[pop_queue];
  assign used_next = used + 32'd1;
  assign pop_entry = {pop_queue, used[SlotW-1:0]};
  assign pending_o = posted_q[pop_queue] != used;
  assign avail_o   = avail_q;
  assign desc_index_o = used;
  assign desc_addr_o = addr_mem_q[pop_entry];
  assign {desc_bad_o, desc_long_o, desc_length_o, desc_cookie_o} = info_mem_q[pop_entry];

  assign active_o = check_q != '0;

  logic [2:0] lane_end;
  assign lane_end = {1'b0, back_lane} + back_count;

  logic [255:0] back_addresses;   // where descriptors are addresses
  assign back_addresses = back_half ? rdata_i[511:256] : rdata_i[255:0];

  always_ff @(posedge clk_i) begin
    if (rvalid_i) begin
      for (int lane = 0; lane < 4; lane++) begin
        if (lane[2:0] >= {1'b0, back_lane} && lane[2:0] < lane_end) begin
          addr_mem_q[{back_index, SlotW'(back_slot + SlotW'(lane) - SlotW'(back_lane))}]
              <= back_short ? back_addresses[lane*64 +: 64] : rdata_i[lane*128 +: 64];
          info_mem_q[{back_index, SlotW'(back_slot + SlotW'(lane) - SlotW'(back_lane))}]
              <= {rerror_i, rdata_i[lane*128+80 +: 16] != 16'd0, rdata_i[lane*128+64 +: 16],
                  rdata_i[lane*128+96 +: 32]};
        end
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      check_q       <= '0;
      avail_q       <= '0;
      range_error_q <= '0;
      for (int i = 0; i < Queues; i++) begin
        posted_q[i]    <= '0;
        requested_q[i] <= '0;
        used_q[i]      <= '0;
        fetches_q[i]   <= '0;
        refused_q[i]   <= '0;
      end
    end else begin
      if (look && !want) check_q[look_index] <= 1'b0;
      if (issue) begin
        requested_q[look_index] <= requested + {29'd0, count};
        fetches_q[look_index]   <= fetches_q[look_index] + 32'd1;
      end
      if (pop_i) begin
        used_q[pop_queue]  <= used_next;
        avail_q[pop_queue] <= pop_fetched != used_next;
        check_q[pop_queue] <= 1'b1;
      end
      if (moved) avail_q[back_index] <= 1'b1;
      if (accept) begin
        posted_q[cmd_queue] <= cmd_value_i;
        check_q[cmd_queue]  <= 1'b1;
      end
      if (ev_refused_o) begin
        range_error_q[cmd_queue] <= 1'b1;
        refused_q[cmd_queue]     <= refused_q[cmd_queue] + 32'd1;
      end
      if (start_i) begin
        posted_q[cmd_queue]      <= cmd_value_i;
        requested_q[cmd_queue]   <= cmd_value_i;
        used_q[cmd_queue]        <= cmd_value_i;
        avail_q[cmd_queue]       <= 1'b0;
        range_error_q[cmd_queue] <= 1'b0;
      end
    end
  end

  `REQUIRE(pop_needs_avail, !pop_i || avail_q[pop_queue])
  `REQUIRE(start_when_quiet, !start_i || !reading_o)
  `CHECK(store_never_overruns, !look || kept <= Depth)
  `CHECK(read_inside_window, !issue || {29'd0, count} <= todo)
  `CHECK(read_has_something, !issue || (count != 3'd0 && count <= 3'd4))
  `CHECK(one_beat_is_all, !rvalid_i || unused_beat == '0)
  `COVER(doorbell_refused, ev_refused_o)
  `COVER(upper_half, rvalid_i && back_short && back_half)
  `COVER(store_full, look && todo != '0 && kept_after > Depth)
endmodule

// Proof of nic_desc_fetch: a queue's descriptors are read once each, in the order of the ring and no further than its
// doorbell, and handed over once, in that order, as memory had them.
// Role     follows one queue, any, and one slot of its store, any: the descriptor that lies there next. What is kept of each
//          queue is in fetch_ledger. Sums and differences of 32-bit indices are too much for solvers beside all the rest,
//          so the step is asked in turns
// Shapes   2 queues of 8 descriptors, 4 tags
// Units    indices run free and wrap at 2^32
// Source   docs/design/queue-engine.md; INV-27, INV-32
`include "proof.svh"

module nic_desc_fetch_proof (
  input logic         clk_i,
  input logic         rst_ni,
  input logic         start_i,
  input logic         stop_i,
  input logic         doorbell_i,
  input logic         cmd_queue_i,
  input logic [31:0]  cmd_value_i,
  input logic [4:0]   new_log2_i,
  input logic [1:0]   done_i,
  input logic         done_queue_i,
  input logic [63:6]  fetch_base_i,
  input logic         fetch_short_i,
  input logic         arready_i,
  input logic         rvalid_i,
  input logic [5:0]   rtag_i,
  input logic [511:0] rdata_i,
  input logic         rerror_i,
  input logic         pop_i,
  input logic         pop_queue_i
);
  `START_IN_RESET
  (* anyconst *) logic queue;

  // The surroundings. A queue starts while it is off and nothing of it is under way, which nic_regs waits for; who takes
  // descriptors looks whether one is here and the queue is on; no more is finished than was handed over.
  logic [1:0] enabled_q, avail;
  logic       start, doorbell, pop, reading;
  assign start    = start_i && !enabled_q[cmd_queue_i] && !reading;
  assign doorbell = doorbell_i && !start_i && enabled_q[cmd_queue_i];
  assign pop      = pop_i && enabled_q[pop_queue_i] && avail[pop_queue_i];
  always_ff @(posedge clk_i) begin
    if (!rst_ni) enabled_q <= '0;
    else if (start) enabled_q[cmd_queue_i] <= 1'b1;
    else if (stop_i && !doorbell_i) enabled_q[cmd_queue_i] <= 1'b0;
  end

  logic         range_error, ev_refused, arvalid, pending, desc_long, desc_bad, active;
  logic [31:0]  fetched, used, fetches, refused, desc_cookie, desc_index, finished;
  logic [5:0]   fetch_queue, arqueue, artag;
  logic [63:6]  araddr;
  logic [63:0]  desc_addr;
  logic [15:0]  desc_length;
  logic [4:0]   cmd_log2, fetch_log2;
  nic_desc_fetch #(.Queues(2), .Depth(8), .Tags(4)) u_dut (
    .clk_i, .rst_ni, .start_i(start), .doorbell_i(doorbell), .cmd_queue_i({5'd0, cmd_queue_i}), .cmd_value_i,
    .cmd_log2_i(cmd_log2), .cmd_finished_i(finished), .fetched_o(fetched), .used_o(used), .reading_o(reading),
    .range_error_o(range_error), .fetches_o(fetches), .refused_o(refused), .ev_refused_o(ev_refused),
    .enabled_i(enabled_q), .fetch_queue_o(fetch_queue), .fetch_base_i, .fetch_log2_i(fetch_log2), .fetch_short_i,
    .arvalid_o(arvalid), .arready_i, .araddr_o(araddr), .arqueue_o(arqueue), .artag_o(artag),
    .rvalid_i, .rtag_i, .rlast_i(1'b1), .rdata_i, .rerror_i,
    .avail_o(avail), .pop_queue_i({5'd0, pop_queue_i}), .pop_i(pop), .pending_o(pending), .desc_addr_o(desc_addr),
    .desc_length_o(desc_length), .desc_long_o(desc_long), .desc_cookie_o(desc_cookie), .desc_index_o(desc_index),
    .desc_bad_o(desc_bad), .active_o(active)
  );
  (* hierconn *) wire [31:0] \u_dut.posted_q[0] , \u_dut.posted_q[1] , \u_dut.requested_q[0] , \u_dut.requested_q[1] ;
  (* hierconn *) wire [31:0] \u_dut.used_q[0] , \u_dut.used_q[1] ;
  (* hierconn *) wire [31:0] \u_dut.u_window.fetched_q[0] , \u_dut.u_window.fetched_q[1] ;
  (* hierconn *) wire [7:0] \u_dut.u_window.ahead_q[0] , \u_dut.u_window.ahead_q[1] ;
  (* hierconn *) wire [1:0] \u_dut.check_q , \u_dut.u_look.later_q ;
  (* hierconn *) wire [1:0] \u_dut.range_error_q ;
  (* hierconn *) wire [31:0] \u_dut.refused_q[0] , \u_dut.refused_q[1] , \u_dut.fetches_q[0] , \u_dut.fetches_q[1] ;
  (* hierconn *) wire [5:0] \u_dut.u_window.advance ;
  (* hierconn *) wire [2:0] \u_dut.count ;
  (* hierconn *) wire \u_dut.look , \u_dut.u_tags.known ;
  (* hierconn *) wire [3:0] \u_dut.u_tags.busy_q ;
  (* hierconn *) wire [10:0] \u_dut.u_tags.info_q[0] , \u_dut.u_tags.info_q[1] , \u_dut.u_tags.info_q[2] , \u_dut.u_tags.info_q[3] ;
  (* hierconn *) wire [2:0] \u_dut.u_tags.beat_q[0] , \u_dut.u_tags.beat_q[1] , \u_dut.u_tags.beat_q[2] , \u_dut.u_tags.beat_q[3] ;
  (* hierconn *) wire [2:0] \u_dut.u_tags.len_q[0] , \u_dut.u_tags.len_q[1] , \u_dut.u_tags.len_q[2] , \u_dut.u_tags.len_q[3] ;

  `REQUIRE(answer_is_of_a_read, !rvalid_i || (\u_dut.u_tags.known ))

  // Reads under way, as they were asked for: their queues and the slots of their descriptors
  logic        issue;
  logic [1:0]  tag, rtag;
  logic [3:0]  way_q, of_queue_q;
  logic [7:0]  slots_q [0:3];
  logic [7:0]  ask_slots, answer_slots;
  logic        answer_queue;
  assign issue        = arvalid && arready_i;
  assign tag          = artag[1:0];
  assign rtag         = rtag_i[1:0];
  assign answer_slots = slots_q[rtag];
  assign answer_queue = of_queue_q[rtag];
  always_ff @(posedge clk_i) begin
    if (rvalid_i) way_q[rtag] <= 1'b0;
    if (issue) begin
      way_q[tag]      <= 1'b1;
      of_queue_q[tag] <= arqueue[0];
      slots_q[tag]    <= ask_slots;
    end
    if (!rst_ni) way_q <= '0;
  end

  // Both queues, and the one that is followed
  logic [4:0]  log2_0, log2_1, log2;
  logic [31:0] finished_0, finished_1, used_0, used_1, open_0, open_1, ask_0, ask_1, todo_0, todo_1;
  logic [31:0] base, used_model, ask, todo;
  logic [3:0]  kept_0, kept_1, kept;
  logic [2:0]  next_slot_0, next_slot_1, next_slot, ask_slot_0, ask_slot_1, ask_slot;
  logic [7:0]  ask_slots_0, ask_slots_1, way_0, way_1, here_0, here_1, way, here, mask_0, mask_1, mask_2, mask_3;
  logic [1:0]  in_range;
  assign mask_0 = way_q[0] ? slots_q[0] : 8'd0;
  assign mask_1 = way_q[1] ? slots_q[1] : 8'd0;
  assign mask_2 = way_q[2] ? slots_q[2] : 8'd0;
  assign mask_3 = way_q[3] ? slots_q[3] : 8'd0;
  fetch_ledger u_ledger_0 (
    .clk_i, .rst_ni, .first_i(first), .start_i(start && !cmd_queue_i), .value_i(cmd_value_i), .log2_i(new_log2_i),
    .doorbell_i(doorbell && !cmd_queue_i), .done_i(done_queue_i ? 2'd0 : done_i),
    .ask_i(issue && !arqueue[0]), .ask_count_i(\u_dut.count ), .answer_i(rvalid_i && !answer_queue),
    .answer_slots_i(answer_slots), .advance_i(\u_dut.u_window.advance ), .pop_i(pop && !pop_queue_i),
    .posted_i(\u_dut.posted_q[0] ), .requested_i(\u_dut.requested_q[0] ), .used_i(\u_dut.used_q[0] ),
    .fetched_i(\u_dut.u_window.fetched_q[0] ), .ahead_i(\u_dut.u_window.ahead_q[0] ),
    .tag_slots_0_i(of_queue_q[0] ? 8'd0 : mask_0), .tag_slots_1_i(of_queue_q[1] ? 8'd0 : mask_1),
    .tag_slots_2_i(of_queue_q[2] ? 8'd0 : mask_2), .tag_slots_3_i(of_queue_q[3] ? 8'd0 : mask_3),
    .in_range_o(in_range[0]), .log2_o(log2_0), .finished_o(finished_0), .used_o(used_0), .open_o(open_0),
    .ask_o(ask_0), .todo_o(todo_0), .kept_o(kept_0), .next_slot_o(next_slot_0), .ask_slot_o(ask_slot_0), .ask_slots_o(ask_slots_0), .way_o(way_0),
    .here_o(here_0)
  );
  fetch_ledger u_ledger_1 (
    .clk_i, .rst_ni, .first_i(first), .start_i(start && cmd_queue_i), .value_i(cmd_value_i), .log2_i(new_log2_i),
    .doorbell_i(doorbell && cmd_queue_i), .done_i(done_queue_i ? done_i : 2'd0),
    .ask_i(issue && arqueue[0]), .ask_count_i(\u_dut.count ), .answer_i(rvalid_i && answer_queue),
    .answer_slots_i(answer_slots), .advance_i(\u_dut.u_window.advance ), .pop_i(pop && pop_queue_i),
    .posted_i(\u_dut.posted_q[1] ), .requested_i(\u_dut.requested_q[1] ), .used_i(\u_dut.used_q[1] ),
    .fetched_i(\u_dut.u_window.fetched_q[1] ), .ahead_i(\u_dut.u_window.ahead_q[1] ),
    .tag_slots_0_i(of_queue_q[0] ? mask_0 : 8'd0), .tag_slots_1_i(of_queue_q[1] ? mask_1 : 8'd0),
    .tag_slots_2_i(of_queue_q[2] ? mask_2 : 8'd0), .tag_slots_3_i(of_queue_q[3] ? mask_3 : 8'd0),
    .in_range_o(in_range[1]), .log2_o(log2_1), .finished_o(finished_1), .used_o(used_1), .open_o(open_1),
    .ask_o(ask_1), .todo_o(todo_1), .kept_o(kept_1), .next_slot_o(next_slot_1), .ask_slot_o(ask_slot_1), .ask_slots_o(ask_slots_1), .way_o(way_1),
    .here_o(here_1)
  );
  assign ask_slots    = arqueue[0] ? ask_slots_1 : ask_slots_0;
  assign cmd_log2     = cmd_queue_i ? log2_1 : log2_0;
  assign fetch_log2   = fetch_queue[0] ? log2_1 : log2_0;
  assign finished     = cmd_queue_i ? finished_1 : finished_0;
  assign log2         = queue ? log2_1 : log2_0;
  assign base         = queue ? finished_1 : finished_0;
  assign used_model   = queue ? used_1 : used_0;
  assign ask          = queue ? ask_1 : ask_0;
  assign todo         = queue ? todo_1 : todo_0;
  assign kept         = queue ? kept_1 : kept_0;
  assign next_slot    = queue ? next_slot_1 : next_slot_0;
  assign ask_slot     = queue ? ask_slot_1 : ask_slot_0;
  assign way          = queue ? way_1 : way_0;
  assign here         = queue ? here_1 : here_0;
  `REQUIRE(finished_was_used, {30'd0, done_i} <= (done_queue_i ? open_1 : open_0))
  `REQUIRE(ring_has_a_size, new_log2_i >= 5'd1)

  logic starts, asks;
  assign starts = start && cmd_queue_i == queue;
  assign asks   = issue && arqueue[0] == queue;

  // For the induction: what is kept of the reads
  logic [3:0]  wrong, turn;
  logic [43:0] infos;
  logic [11:0] beats, lens;
  logic [10:0] info;
  logic [15:0] spread;
  assign infos = {\u_dut.u_tags.info_q[3] , \u_dut.u_tags.info_q[2] , \u_dut.u_tags.info_q[1] , \u_dut.u_tags.info_q[0] };
  assign beats = {\u_dut.u_tags.beat_q[3] , \u_dut.u_tags.beat_q[2] , \u_dut.u_tags.beat_q[1] , \u_dut.u_tags.beat_q[0] };
  assign lens  = {\u_dut.u_tags.len_q[3] , \u_dut.u_tags.len_q[2] , \u_dut.u_tags.len_q[1] , \u_dut.u_tags.len_q[0] };
  always_comb begin
    for (int i = 0; i < 4; i++) begin
      info     = infos[11 * i +: 11];
      turn     = {1'b0, info[7:5] - (of_queue_q[i] ? next_slot_1 : next_slot_0)};
      spread   = {8'd0, (8'd1 << info[2:0]) - 8'd1} << info[7:5];
      wrong[i] = way_q[i] && (info[8] != of_queue_q[i] || slots_q[i] != (spread[15:8] | spread[7:0]) ||
                              turn + {1'b0, info[2:0]} > 4'd8 || info[2:0] == 3'd0 ||
                              {1'b0, info[2:0]} + {2'd0, info[4:3]} > 4'd4 ||
                              beats[3 * i +: 3] != 3'd0 || lens[3 * i +: 3] != 3'd0);
    end
  end
  `CHECK(invariant_busy, \u_dut.u_tags.busy_q == way_q)
  `CHECK(invariant_tags, wrong == 4'd0)
  `CHECK(invariant_avail, avail == {here_1[next_slot_1], here_0[next_slot_0]})

  `COVER(two_queues_are_full, kept_0 == 4'd8 && kept_1 == 4'd8 && log2_0 == 5'd4 && log2_1 == 5'd4)
  // The descriptor that is followed: asked for, come, handed over
  (* anyconst *) logic [2:0] slot;
  logic         covers, on_way_q, came_q, short_q, bad_q, comes, goes;
  logic [1:0]   tag_q;
  logic [2:0]   behind, distance;
  logic [2:0]   offset_q;          // in the beat [8 bytes]
  logic [31:0]  index, index_q, place, moved;
  logic [127:0] word, word_q;
  logic [63:0]  words [0:7];         // of the beat
  assign behind = slot - ask_slot;
  assign covers = asks && behind < \u_dut.count ;
  assign index  = ask + {29'd0, behind};
  assign place  = index & ((32'd1 << log2) - 32'd1);
  assign moved  = fetch_short_i ? place : {place[30:0], 1'b0};      // from the ring's base [8 bytes]
  assign comes  = rvalid_i && on_way_q && rtag == tag_q;
  assign goes   = pop && pop_queue_i == queue && next_slot == slot;
  for (genvar i = 0; i < 8; i++) assign words[i] = rdata_i[64 * i +: 64];
  assign word   = {words[offset_q | 3'd1], words[offset_q]};
  always_ff @(posedge clk_i) begin
    if (!rst_ni || starts) begin
      on_way_q <= 1'b0;
      came_q   <= 1'b0;
    end else begin
      if (covers) on_way_q <= 1'b1;
      else if (comes) on_way_q <= 1'b0;
      if (comes) came_q <= 1'b1;
      else if (goes) came_q <= 1'b0;
    end
    if (covers) begin
      tag_q    <= tag;
      offset_q <= moved[2:0];
      short_q  <= fetch_short_i;
      index_q  <= index;
    end
    if (comes) begin
      word_q <= word;
      bad_q  <= rerror_i;
    end
  end
  `CHECK(not_asked_for_again, !covers || (!on_way_q && !came_q))
  `CHECK(beat_is_its_own, !covers || araddr == fetch_base_i + {29'd0, moved[31:3]})
  `CHECK(comes_when_asked_for, !comes || !came_q)
  `CHECK(handed_over_in_its_turn, !goes || (came_q && desc_index == index_q))
  `CHECK(address_is_that_of_the_ring, !goes || (desc_addr == word_q[63:0] && desc_bad == bad_q))
  `CHECK(rest_is_that_of_the_ring, !goes || short_q || (desc_long == (word_q[95:80] != 16'd0) &&
                                   desc_length == word_q[79:64] && desc_cookie == word_q[127:96]))

  logic [10:0] own;
  logic [2:0]  own_lane;
  assign own      = infos[11 * tag_q +: 11];
  assign own_lane = {1'b0, own[4:3]} + (slot - own[7:5]);
  `CHECK(invariant_on_way, way[slot] == on_way_q && here[slot] == came_q)
  `CHECK(invariant_own, !on_way_q || (way_q[tag_q] && of_queue_q[tag_q] == queue && slots_q[tag_q][slot] &&
                        own[10] == short_q && offset_q == (short_q ? {own[9], own_lane[1:0]} : {own_lane[1:0], 1'b0})))
  assign distance = slot - next_slot;
  `CHECK(invariant_index, !(on_way_q || came_q) || index_q == used_model + {29'd0, distance})
  (* hierconn *) wire [63:0] \u_dut.addr_mem_q[0] , \u_dut.addr_mem_q[1] , \u_dut.addr_mem_q[2] , \u_dut.addr_mem_q[3] ;
  (* hierconn *) wire [63:0] \u_dut.addr_mem_q[4] , \u_dut.addr_mem_q[5] , \u_dut.addr_mem_q[6] , \u_dut.addr_mem_q[7] ;
  (* hierconn *) wire [63:0] \u_dut.addr_mem_q[8] , \u_dut.addr_mem_q[9] , \u_dut.addr_mem_q[10] , \u_dut.addr_mem_q[11] ;
  (* hierconn *) wire [63:0] \u_dut.addr_mem_q[12] , \u_dut.addr_mem_q[13] , \u_dut.addr_mem_q[14] , \u_dut.addr_mem_q[15] ;
  (* hierconn *) wire [49:0] \u_dut.info_mem_q[0] , \u_dut.info_mem_q[1] , \u_dut.info_mem_q[2] , \u_dut.info_mem_q[3] ;
  (* hierconn *) wire [49:0] \u_dut.info_mem_q[4] , \u_dut.info_mem_q[5] , \u_dut.info_mem_q[6] , \u_dut.info_mem_q[7] ;
  (* hierconn *) wire [49:0] \u_dut.info_mem_q[8] , \u_dut.info_mem_q[9] , \u_dut.info_mem_q[10] , \u_dut.info_mem_q[11] ;
  (* hierconn *) wire [49:0] \u_dut.info_mem_q[12] , \u_dut.info_mem_q[13] , \u_dut.info_mem_q[14] , \u_dut.info_mem_q[15] ;
  logic [63:0] addresses [0:15];
  logic [49:0] rests [0:15];
  assign addresses[0] = \u_dut.addr_mem_q[0] ;
  assign rests[0] = \u_dut.info_mem_q[0] ;
  assign addresses[1] = \u_dut.addr_mem_q[1] ;
  assign rests[1] = \u_dut.info_mem_q[1] ;
  assign addresses[2] = \u_dut.addr_mem_q[2] ;
  assign rests[2] = \u_dut.info_mem_q[2] ;
  assign addresses[3] = \u_dut.addr_mem_q[3] ;
  assign rests[3] = \u_dut.info_mem_q[3] ;
  assign addresses[4] = \u_dut.addr_mem_q[4] ;
  assign rests[4] = \u_dut.info_mem_q[4] ;
  assign addresses[5] = \u_dut.addr_mem_q[5] ;
  assign rests[5] = \u_dut.info_mem_q[5] ;
  assign addresses[6] = \u_dut.addr_mem_q[6] ;
  assign rests[6] = \u_dut.info_mem_q[6] ;
  assign addresses[7] = \u_dut.addr_mem_q[7] ;
  assign rests[7] = \u_dut.info_mem_q[7] ;
  assign addresses[8] = \u_dut.addr_mem_q[8] ;
  assign rests[8] = \u_dut.info_mem_q[8] ;
  assign addresses[9] = \u_dut.addr_mem_q[9] ;
  assign rests[9] = \u_dut.info_mem_q[9] ;
  assign addresses[10] = \u_dut.addr_mem_q[10] ;
  assign rests[10] = \u_dut.info_mem_q[10] ;
  assign addresses[11] = \u_dut.addr_mem_q[11] ;
  assign rests[11] = \u_dut.info_mem_q[11] ;
  assign addresses[12] = \u_dut.addr_mem_q[12] ;
  assign rests[12] = \u_dut.info_mem_q[12] ;
  assign addresses[13] = \u_dut.addr_mem_q[13] ;
  assign rests[13] = \u_dut.info_mem_q[13] ;
  assign addresses[14] = \u_dut.addr_mem_q[14] ;
  assign rests[14] = \u_dut.info_mem_q[14] ;
  assign addresses[15] = \u_dut.addr_mem_q[15] ;
  assign rests[15] = \u_dut.info_mem_q[15] ;
  logic [63:0] address_kept;
  assign address_kept = addresses[{queue, slot}];
  logic [49:0] info_kept;
  assign info_kept    = rests[{queue, slot}];
  `CHECK(invariant_address_of_16, !came_q || short_q || address_kept == word_q[63:0])
  `CHECK(invariant_address_of_8, !came_q || !short_q || address_kept == word_q[63:0])
  `CHECK(invariant_bad, !came_q || info_kept[49] == bad_q)
  `CHECK(invariant_rest, !came_q || short_q ||
                         info_kept[48:0] == {word_q[95:80] != 16'd0, word_q[79:64], word_q[127:96]})

  `COVER(came_before_another, came_q && way[next_slot] && distance == 3'd2 && log2 == 5'd4)
  `COVER(passes_two_to_the_32, goes && index_q == 32'd0 && base == 32'hFFFF_FFFF && log2 == 5'd4)
  `COVER(ring_of_two, goes && log2 == 5'd1 && index_q[0] && !bad_q)
  `COVER(failed_read, goes && bad_q)
  // Commands
  logic        commanded, range_error_q;
  logic [31:0] refused_q, fetches_q;
  assign commanded = cmd_queue_i == queue;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      range_error_q <= 1'b0;
      refused_q     <= '0;
      fetches_q     <= '0;
    end else begin
      if (doorbell && commanded && !in_range[queue]) begin
        range_error_q <= 1'b1;
        refused_q     <= refused_q + 32'd1;
      end
      if (starts) range_error_q <= 1'b0;
      if (asks) fetches_q <= fetches_q + 32'd1;
    end
  end
  `CHECK(doorbell_out_of_range_is_refused, ev_refused == (doorbell && !in_range[cmd_queue_i]))
  `CHECK(commands_are_counted, !commanded || (range_error == range_error_q && refused == refused_q && fetches == fetches_q))
  `CHECK(reads_until_all_came, !commanded || reading == (way != 8'd0))
  `CHECK(says_what_was_used, !commanded || used == used_model)

  // What is asked for: all of a beat that was posted, where there is room
  logic        may, waited_q;
  logic [3:0]  after;
  logic [2:0]  in_beat, part;
  assign in_beat = log2 == 5'd1 ? 3'd2 - {2'd0, ask_slot[0]} : 3'd4 - {1'b0, ask_slot[1:0]};
  assign part    = todo < {29'd0, in_beat} ? todo[2:0] : in_beat;
  assign after   = kept + {1'b0, part};
  assign may     = enabled_q[queue] && todo != '0 && after <= 4'd8;
  always_ff @(posedge clk_i) waited_q <= rst_ni && may && fetch_queue[0] != queue;
  `CHECK(queue_exists, !arvalid || (arqueue < 6'd2 && arqueue == fetch_queue))
  `CHECK(asks_of_queues_that_are_on, !arvalid || enabled_q[arqueue[0]])
  `CHECK(never_beyond_the_doorbell, !asks || {29'd0, \u_dut.count } <= todo)
  `CHECK(asks_when_it_may, fetch_queue[0] != queue || arvalid == (\u_dut.look && may && way_q != 4'hF))
  `CHECK(asks_for_all_of_a_beat, !asks || \u_dut.count == part)
  `CHECK(what_may_be_asked_for_is_not_idle, !may || active)
  `CHECK(waits_for_one_other, !may || !waited_q || fetch_queue[0] == queue)
  `CHECK(tag_is_free, !issue || (artag < 6'd4 && !way_q[tag]))
  `CHECK(available_when_it_is_here, avail[queue] == here[next_slot])
  `CHECK(pending_until_used, pop_queue_i != queue || pending == (todo != '0 || kept != '0))
  `CHECK(handed_over_in_order, pop_queue_i != queue || desc_index == used_model)
  `CHECK(asked_for_once, !asks || (ask_slots & (way | here)) == 8'd0)
  `CHECK(comes_once, !rvalid_i || answer_queue != queue || (answer_slots & ~way) == 8'd0)
  `CHECK(invariant_check, !may || \u_dut.check_q [queue])
  `CHECK(invariant_turn, !waited_q || \u_dut.u_look.later_q == {queue, 1'b0})
  `CHECK(invariant_counts, range_error_q == (queue ? \u_dut.range_error_q [1] : \u_dut.range_error_q [0]) &&
                           refused_q == (queue ? \u_dut.refused_q[1] : \u_dut.refused_q[0] ) &&
                           fetches_q == (queue ? \u_dut.fetches_q[1] : \u_dut.fetches_q[0] ))

  `COVER(all_on_the_way, way == 8'hFF && log2 == 5'd4)
  `COVER(dropped_at_the_start, starts && here != 8'd0 && log2 == 5'd4)
endmodule

// Proof of nic_rx_complete: each frame that was begun is completed once, in its order, in the entry that is its own.
// Role     follows one frame, any, of one queue, any, from its beginning to the report that it is done. Of the queues of
//          words inside it knows the word that belongs to this frame, and sums: see fifo_ledger. With ADDRESS it asks
//          where the entry is written, with ENTRY what it says, else all the rest
// Shapes   FramesMax 2 and HoldCycles 2 keep the covers short; no step of the proof counts up to them
// Units    indices run free over all 32 bits
// Source   docs/design/queue-engine.md, "Rings", "Zero-copy queues"; INV-24, INV-26, INV-28
`include "proof.svh"

module nic_rx_complete_proof #(
  localparam int unsigned Queues    = 2,
  localparam int unsigned FramesMax = 2
) (
  input logic        clk_i,
  input logic        rst_ni,
  input logic        watch_i,
  input logic        start_i,
  input logic [5:0]  cmd_queue_i,
  input logic [31:0] cmd_value_i,
  input logic        frame_valid_i,
  input logic [5:0]  frame_queue_i,
  input logic [15:0] frame_length_i,
  input logic [31:0] frame_cookie_i,
  input logic [31:0] frame_hash_i,
  input logic [63:0] frame_timestamp_i,
  input logic [31:0] frame_meta_i,
  input logic        frame_cut_i,
  input logic        frame_bad_i,
  input logic        frame_empty_i,
  input logic        burst_valid_i,
  input logic        burst_last_i,
  input logic        payload_bvalid_i,
  input logic        payload_berror_i,
  input logic [63:6] other_base_i,
  input logic [4:0]  other_log2_i,
  input logic        awready_i,
  input logic        wready_i,
  input logic        bvalid_i,
  input logic        berror_i
);
  `START_IN_RESET
  (* anyconst *) logic        queue;
  (* anyconst *) logic [63:6] base;
  (* anyconst *) logic [4:0]  log2;
  (* anyconst *) logic [1:0]  zero_copy;   // of both queues
  always @* begin size_exists : assume (log2 >= 5'd1 && log2 <= 5'd16); end

  logic [31:0]  issued;
  logic [5:0]   comp_queue, awqueue, done_queue, failed_queue, full_queue;
  logic [63:6]  awaddr;
  logic [511:0] wdata;
  logic [15:0]  wwords;
  logic [1:0]   done_count, done_errors;
  logic         frame_ready, burst_ready, awvalid, wvalid, done, done_entry, failed, active;
  assign full_queue = {5'd0, queue};
  nic_rx_complete #(.Queues(Queues), .FramesMax(FramesMax), .HoldCycles(2)) u_dut (
    .clk_i, .rst_ni, .start_i, .cmd_queue_i, .cmd_value_i, .issued_o(issued),
    .frame_valid_i, .frame_ready_o(frame_ready), .frame_queue_i, .frame_length_i, .frame_cookie_i, .frame_hash_i,
    .frame_timestamp_i, .frame_meta_i, .frame_cut_i, .frame_bad_i, .frame_empty_i,
    .frame_zero_copy_i(zero_copy[frame_queue_i[0]]),
    .burst_valid_i, .burst_ready_o(burst_ready), .burst_last_i, .payload_bvalid_i, .payload_berror_i,
    .comp_queue_o(comp_queue), .comp_base_i(comp_queue == full_queue ? base : other_base_i),
    .comp_log2_i(comp_queue == full_queue ? log2 : other_log2_i),
    .awvalid_o(awvalid), .awready_i, .awaddr_o(awaddr), .awqueue_o(awqueue), .wvalid_o(wvalid), .wready_i,
    .wdata_o(wdata), .wwords_o(wwords), .bvalid_i, .berror_i,
    .done_o(done), .done_queue_o(done_queue), .done_count_o(done_count), .done_errors_o(done_errors),
    .done_entry_o(done_entry), .ev_failed_o(failed), .ev_failed_queue_o(failed_queue), .active_o(active)
  );
  (* hierconn *) wire \u_dut.hold , \u_dut.finish , \u_dut.flush , \u_dut.beat , \u_dut.pair , \u_dut.deliver ;
  (* hierconn *) wire \u_dut.error_q , \u_dut.burst_last , \u_dut.frame_valid , \u_dut.empty , \u_dut.zero_copy ;
  (* hierconn *) wire \u_dut.port_ready , \u_dut.overdue , \u_dut.oldest_valid ;
  (* hierconn *) wire [5:0] \u_dut.frame_queue , \u_dut.unused_bits , \u_dut.beat_queue_wide , \u_dut.oldest_queue ;
  (* hierconn *) wire [31:0] \u_dut.issued_q[0] , \u_dut.issued_q[1] ;
  (* hierconn *) wire [1:0] \u_dut.held_q , \u_dut.held_failed_q ;
  (* hierconn *) wire [5:0] \u_dut.held_since_q[0] , \u_dut.held_since_q[1] ;
  (* hierconn *) wire [255:0] \u_dut.held_entry_q[0] , \u_dut.held_entry_q[1] ;
  (* hierconn *) wire [191:0] \u_dut.u_frames.word_q ;
  (* hierconn *) wire \u_dut.u_bursts.word_q , \u_dut.u_results.word_q ;
  (* hierconn *) wire [11:0] \u_dut.u_order.word_q ;
  (* hierconn *) wire [63:0] \u_dut.u_addrs.word_q ;
  (* hierconn *) wire [527:0] \u_dut.u_entries.word_q ;
  (* hierconn *) wire [10:0] \u_dut.u_waiting.word_q , \u_dut.u_waiting.wdata_i , \u_dut.u_waiting.rdata_o ;

  // The queues of words inside: what is followed, what a word weighs, and what is known of the words
  (* hierconn *) wire \u_dut.u_frames.lawful , \u_dut.u_bursts.lawful , \u_dut.u_results.lawful , \u_dut.u_order.lawful ;
  (* hierconn *) wire \u_dut.u_addrs.lawful , \u_dut.u_entries.lawful , \u_dut.u_waiting.lawful ;
  (* hierconn *) wire \u_dut.u_frames.follow , \u_dut.u_bursts.follow , \u_dut.u_results.follow , \u_dut.u_order.follow ;
  (* hierconn *) wire \u_dut.u_addrs.follow , \u_dut.u_entries.follow , \u_dut.u_waiting.follow ;
  (* hierconn *) wire \u_dut.u_frames.flag , \u_dut.u_frames.oldest_flag , \u_dut.u_bursts.flag , \u_dut.u_bursts.oldest_flag ;
  (* hierconn *) wire [1:0] \u_dut.u_frames.weight , \u_dut.u_frames.oldest_weight ;
  (* hierconn *) wire [1:0] \u_dut.u_waiting.weight , \u_dut.u_waiting.oldest_weight ;
  (* hierconn *) wire \u_dut.u_frames.here , \u_dut.u_bursts.here , \u_dut.u_results.here , \u_dut.u_order.here ;
  (* hierconn *) wire \u_dut.u_addrs.here , \u_dut.u_entries.here , \u_dut.u_waiting.here ;
  (* hierconn *) wire [8:0] \u_dut.u_frames.all , \u_dut.u_bursts.all , \u_dut.u_results.all , \u_dut.u_order.all ;
  (* hierconn *) wire [8:0] \u_dut.u_addrs.all , \u_dut.u_entries.all , \u_dut.u_waiting.all ;
  (* hierconn *) wire [8:0] \u_dut.u_frames.front , \u_dut.u_bursts.front , \u_dut.u_results.front , \u_dut.u_order.front ;
  (* hierconn *) wire [8:0] \u_dut.u_addrs.front , \u_dut.u_entries.front , \u_dut.u_waiting.front ;
  (* hierconn *) wire [8:0] \u_dut.u_frames.flags , \u_dut.u_frames.front_flags ;
  (* hierconn *) wire [8:0] \u_dut.u_bursts.flags , \u_dut.u_bursts.front_flags ;
  (* hierconn *) wire [9:0] \u_dut.u_frames.weights , \u_dut.u_frames.front_weights ;
  (* hierconn *) wire [9:0] \u_dut.u_waiting.weights , \u_dut.u_waiting.front_weights ;
  (* hierconn *) wire \u_dut.u_bursts.u_ledger.newest_flag_q , \u_dut.u_bursts.u_ledger.flag_q , \u_dut.u_frames.u_ledger.flag_q ;
  (* hierconn *) wire [1:0] \u_dut.u_frames.u_ledger.weight_q , \u_dut.u_waiting.u_ledger.weight_q ;

  // Of a beat that waits for its answer: is it one that there can be, and how many frames of the queue does it complete?
  logic [10:0] beat_in, beat_out;
  logic        beat_in_lawful, beat_out_lawful;
  logic [1:0]  beat_in_frames, beat_out_frames;
  assign beat_in         = \u_dut.u_waiting.wdata_i ;
  assign beat_out        = \u_dut.u_waiting.rdata_o ;
  assign beat_in_lawful  = beat_in[5:0] < 6'd2 && beat_in[7:6] != 2'd0 && (beat_in[9:8] & ~beat_in[7:6]) == 2'd0 &&
                           ((beat_in[0] ? zero_copy[1] : zero_copy[0]) ? beat_in[7:6] == 2'd2 && beat_in[10] == !beat_in[9]
                                                                       : !beat_in[10]);
  assign beat_out_lawful = beat_out[5:0] < 6'd2 && beat_out[7:6] != 2'd0 && (beat_out[9:8] & ~beat_out[7:6]) == 2'd0 &&
                           ((beat_out[0] ? zero_copy[1] : zero_copy[0]) ? beat_out[7:6] == 2'd2 && beat_out[10] == !beat_out[9]
                                                                        : !beat_out[10]);
  assign beat_in_frames  = beat_in[5:0] == full_queue ? {&beat_in[7:6], ^beat_in[7:6]} : 2'd0;
  assign beat_out_frames = beat_out[5:0] == full_queue ? {&beat_out[7:6], ^beat_out[7:6]} : 2'd0;

  // What is under way
  logic        accept, accept_mine, accept_group, burst, ends_group, answers_group, head_mine, pops, done_mine, beat_mine;
  logic        direct;
  logic [9:0]  under_way_q;        // frames of the queue: begun, and not done
  logic [8:0]  to_come_q;          // frames whose last burst has not been said
  logic [8:0]  unanswered_q;       // frames with bursts whose last answer has not come
  logic [8:0]  waits_q;            // bursts without an answer
  logic [8:0]  sent_q;             // entries whose address and data went out, and whose answer has not come
  logic [31:0] begun_q, next_q;    // indices: of the next frame to begin, if it copies; of the next entry
  logic [31:0] issued_mine;
  assign direct        = queue ? zero_copy[1] : zero_copy[0];
  assign accept        = frame_valid_i && frame_ready;
  assign accept_mine   = accept && frame_queue_i == full_queue;
  assign accept_group  = accept && !frame_empty_i;
  assign burst         = burst_valid_i && burst_ready;
  assign ends_group    = burst && burst_last_i;
  assign answers_group = payload_bvalid_i && \u_dut.burst_last ;
  assign head_mine     = \u_dut.frame_queue == full_queue;
  assign pops          = \u_dut.hold || \u_dut.finish ;
  assign done_mine     = done && done_queue == full_queue;
  assign beat_mine     = \u_dut.beat && \u_dut.beat_queue_wide == full_queue;
  assign issued_mine   = queue ? \u_dut.issued_q[1] : \u_dut.issued_q[0] ;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      under_way_q  <= '0;
      to_come_q    <= '0;
      unanswered_q <= '0;
      waits_q      <= '0;
      begun_q      <= '0;
      next_q       <= '0;
    end else begin
      waits_q      <= waits_q + {8'd0, burst} - {8'd0, payload_bvalid_i};
      to_come_q    <= to_come_q + {8'd0, accept_group} - {8'd0, ends_group};
      unanswered_q <= unanswered_q + {8'd0, accept_group} - {8'd0, answers_group};
      under_way_q  <= under_way_q + {9'd0, accept_mine} - (done_mine ? {8'd0, done_count} : 10'd0);
      if (start_i && cmd_queue_i == full_queue) begin
        begun_q <= cmd_value_i;
        next_q  <= cmd_value_i;
      end else begin
        if (accept_mine) begun_q <= begun_q + 32'd1;
        if (pops && head_mine && (!direct || \u_dut.deliver )) next_q <= next_q + 32'd1;
      end
    end
  end

  // The surroundings
  `REQUIRE(queues_exist, cmd_queue_i < 6'd2 && frame_queue_i < 6'd2)
  `REQUIRE(takes_what_is_there, (!awready_i || awvalid) && (!wready_i || wvalid))
  `REQUIRE(burst_of_a_frame, !burst_valid_i || to_come_q != '0)
  `REQUIRE(payload_answer_is_due, !payload_bvalid_i || waits_q != '0)
  `REQUIRE(answer_follows_address_and_data, !bvalid_i || (\u_dut.u_waiting.all > \u_dut.u_addrs.all &&
                                                          \u_dut.u_waiting.all > \u_dut.u_entries.all ))
  // Of the queue that is not followed only this matters; that it follows is proved of the other.
  `REQUIRE(start_when_all_is_done, !start_i || (cmd_queue_i == full_queue ?
             under_way_q == '0 && !(frame_valid_i && frame_queue_i == full_queue) :
             !(queue ? \u_dut.held_q [0] : \u_dut.held_q [1]) && !(\u_dut.hold && \u_dut.frame_queue == cmd_queue_i)))

  // One frame
  localparam logic [1:0] None = 2'd0, Begun = 2'd1, Held = 2'd2, Written = 2'd3;
  logic [1:0]  phase_q;
  logic [9:0]  reports_q;          // frames of its queue to be reported before it
  logic [8:0]  groups_q;           // frames with bursts that are answered before its bursts are
  logic [8:0]  groups_to_come_q;   // and those of them whose last burst has not been said
  logic        said_q, answered_q, error_q, bad_q, cut_q, empty_q, upper_q, pair_q;
  logic [31:0] index_q, cookie_q, hash_q, meta_q;
  logic [15:0] length_q;
  logic [63:0] timestamp_q;
  logic        begins, at_head, writes, says_last, answers, answers_last, reported, failed_due;
  assign begins       = watch_i && phase_q == None && accept_mine;
  assign says_last    = phase_q == Begun && !said_q && ends_group && groups_to_come_q == '0;
  assign answers      = phase_q == Begun && !answered_q && payload_bvalid_i && groups_q == '0;
  assign answers_last = answers && answers_group;
  assign at_head      = phase_q == Begun && \u_dut.u_frames.front == '0 && pops;
  assign writes       = (at_head && \u_dut.finish ) || (phase_q == Held && beat_mine);
  assign reported     = phase_q == Written && \u_dut.u_waiting.front == '0 && bvalid_i;
  assign failed_due   = bad_q || (!empty_q && error_q);
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      phase_q <= None;
    end else case (phase_q)
      None: if (begins) begin
        phase_q          <= Begun;
        groups_q         <= unanswered_q - {8'd0, answers_group};
        groups_to_come_q <= to_come_q - {8'd0, ends_group};
        reports_q        <= under_way_q - (done_mine ? {8'd0, done_count} : 10'd0);
        said_q           <= frame_empty_i;
        answered_q       <= frame_empty_i;
        error_q          <= 1'b0;
        bad_q            <= frame_bad_i;
        cut_q            <= frame_cut_i;
        empty_q          <= frame_empty_i;
        index_q          <= begun_q;
        length_q         <= frame_length_i;
        cookie_q         <= frame_cookie_i;
        hash_q           <= frame_hash_i;
        meta_q           <= frame_meta_i;
        timestamp_q      <= frame_timestamp_i;
      end
      Begun: begin
        if (says_last) said_q <= 1'b1;
        if (ends_group && groups_to_come_q != '0) groups_to_come_q <= groups_to_come_q - 9'd1;
        if (answers) error_q <= error_q || payload_berror_i;
        if (answers_last) answered_q <= 1'b1;
        if (answers_group && groups_q != '0) groups_q <= groups_q - 9'd1;
        if (at_head) begin
          upper_q <= issued_mine[0] && !direct;
          pair_q  <= \u_dut.pair ;
          phase_q <= \u_dut.hold ? Held : Written;
          if (direct) index_q <= next_q;
        end
      end
      Held: if (beat_mine) begin
        pair_q  <= \u_dut.pair ;
        phase_q <= Written;
      end
      default: if (reported) phase_q <= None;
    endcase
    if (rst_ni && phase_q != None && done_mine) reports_q <= reports_q - {8'd0, done_count};
  end

  `REQUIRE(words_are_followed,
    \u_dut.u_frames.follow == begins && \u_dut.u_bursts.follow == says_last && \u_dut.u_results.follow == answers_last &&
    \u_dut.u_order.follow == (at_head && \u_dut.hold ) && \u_dut.u_addrs.follow == writes &&
    \u_dut.u_entries.follow == writes && \u_dut.u_waiting.follow == writes)
  `REQUIRE(words_have_weights,
    \u_dut.u_frames.flag == !frame_empty_i && \u_dut.u_frames.weight == {1'b0, frame_queue_i == full_queue} &&
    \u_dut.u_frames.oldest_flag == !\u_dut.empty && \u_dut.u_frames.oldest_weight == {1'b0, head_mine} &&
    \u_dut.u_bursts.flag == burst_last_i && \u_dut.u_bursts.oldest_flag == \u_dut.burst_last &&
    \u_dut.u_waiting.weight == beat_in_frames &&
    \u_dut.u_waiting.oldest_weight == beat_out_frames)
  `REQUIRE(ledgers_are_lawful,
    \u_dut.u_frames.lawful && \u_dut.u_bursts.lawful && \u_dut.u_results.lawful && \u_dut.u_order.lawful &&
    (\u_dut.u_addrs.lawful && \u_dut.u_entries.lawful && \u_dut.u_waiting.lawful ))
  // What a queue gives has been put into it: of frames that holds by what is assumed of them, of the rest it is proved.
  `REQUIRE(frame_that_is_given, !\u_dut.frame_valid || (\u_dut.frame_queue < 6'd2 && \u_dut.unused_bits == '0 &&
                                \u_dut.zero_copy == (\u_dut.frame_queue [0] ? zero_copy[1] : zero_copy[0])))
  `REQUIRE(order_that_is_given, !\u_dut.oldest_valid || \u_dut.oldest_queue < 6'd2)
  `REQUIRE(beat_that_is_given, !bvalid_i || beat_out_lawful)
  `CHECK(invariant_beat_that_is_put, !\u_dut.beat || beat_in_lawful)

  // What its entry says, and where
  logic [255:0] entry_due;
  logic [127:0] direct_due;
  logic [63:6]  addr_due;
  logic [31:0]  slot_due;
  logic [15:0]  words_due;
  logic         addr_here, data_here;
  assign entry_due  = {meta_q, index_q, timestamp_q, 30'd0, cut_q, failed_due, hash_q, 16'd0, length_q, cookie_q};
  assign direct_due = {32'd0, 16'd0, length_q, timestamp_q};
  assign slot_due   = index_q & ((32'd1 << log2) - 32'd1);
  assign addr_due   = base + (direct ? {28'd0, slot_due[31:2]} : {27'd0, slot_due[31:1]});
  assign words_due  = !direct ? {{8{upper_q || pair_q}}, {8{!upper_q || pair_q}}} :
                      failed_due ? 16'd0 : 16'h7 << {slot_due[1:0], 2'd0};
  assign addr_here  = phase_q == Written && \u_dut.u_addrs.here && \u_dut.u_addrs.front == '0;
  assign data_here  = phase_q == Written && \u_dut.u_entries.here && \u_dut.u_entries.front == '0;
`ifdef ADDRESS
  `CHECK(entry_goes_to_its_slot, !addr_here || (awvalid && awqueue == full_queue && awaddr == addr_due))
`else
`ifdef ENTRY
  `CHECK(entry_says_what_the_frame_was, !data_here || (wvalid && wwords == words_due &&
         (direct ? wdata == {4{direct_due}} : (upper_q ? wdata[511:256] : wdata[255:0]) == entry_due)))
`else
  `CHECK(answer_reports_it, !reported || (done && done_queue == full_queue && done_count == (pair_q ? 2'd2 : 2'd1)))
  `CHECK(is_in_memory_when_reported, !reported || (!\u_dut.u_addrs.here && !\u_dut.u_entries.here ))
  `CHECK(reports_in_their_order, phase_q == None || (reported ? reports_q == {9'd0, pair_q && upper_q} :
                                                     !done_mine || {8'd0, done_count} <= reports_q))
  `CHECK(counts_an_entry_if_it_has_one, !reported || done_entry == (direct && !failed_due))
  `CHECK(failure_is_counted, !reported || !failed_due || done_errors != 2'd0)
  `CHECK(refused_entry_is_counted, !reported || !berror_i || done_errors == done_count)
  `CHECK(failed_payload_is_told, !at_head || (failed ? !empty_q && error_q && failed_queue == full_queue
                                                     : empty_q || !error_q))
  `CHECK(waits_for_all_its_answers, !at_head || answered_q)
  `CHECK(waits_for_nothing_else, !(phase_q == Begun && \u_dut.u_frames.front == '0 && answered_q) || pops ||
                                 !\u_dut.port_ready || \u_dut.overdue || \u_dut.u_order.all == 9'd64)
  `CHECK(no_more_done_than_begun, !done_mine || {8'd0, done_count} <= under_way_q)
  `CHECK(each_report_is_of_frames, !done || (done_queue < 6'd2 && (done_count == 2'd1 || done_count == 2'd2)))
  `CHECK(issued_counts_entries, cmd_queue_i != full_queue || issued == next_q)
  `CHECK(index_of_each_frame, phase_q != Begun || direct || index_q == issued_mine + {22'd0, \u_dut.u_frames.front_weights })
  `CHECK(held_is_in_its_order, \u_dut.u_order.here || phase_q != Held)
  `CHECK(held_goes_when_its_turn_has_come, !(phase_q == Held && \u_dut.u_order.front == '0 && \u_dut.port_ready &&
                                             (!\u_dut.frame_valid || \u_dut.overdue ) && !\u_dut.beat ))
  `CHECK(what_is_held_is_not_idle, phase_q != Held || active)
  `CHECK(what_is_offered_is_not_idle, !(awvalid || wvalid) || active)
`endif
`endif

  // For the induction: where the words are
  logic        held_mine, held_failed_mine, above;
  logic [5:0]  since_mine;
  logic [9:0]  frames_mine, written_mine;
  logic [8:0]  results;
  assign held_mine        = queue ? \u_dut.held_q [1] : \u_dut.held_q [0];
  assign held_failed_mine = queue ? \u_dut.held_failed_q [1] : \u_dut.held_failed_q [0];
  assign since_mine       = queue ? \u_dut.held_since_q[1] : \u_dut.held_since_q[0] ;
  assign above            = upper_q || direct;
  assign frames_mine      = \u_dut.u_frames.weights ;
  assign written_mine     = \u_dut.u_waiting.weights ;
  assign results          = \u_dut.u_results.all ;
  `CHECK(invariant_counts, \u_dut.u_addrs.all <= \u_dut.u_waiting.all && \u_dut.u_entries.all <= \u_dut.u_waiting.all &&
                           \u_dut.u_bursts.all == waits_q)
  `CHECK(invariant_groups, \u_dut.u_frames.flags == to_come_q + \u_dut.u_bursts.flags + results &&
                           \u_dut.u_frames.flags >= to_come_q && to_come_q + \u_dut.u_bursts.flags == unanswered_q)
  `CHECK(invariant_open_group, (waits_q == '0 || \u_dut.u_bursts.u_ledger.newest_flag_q || to_come_q != '0) &&
                               (!\u_dut.error_q || unanswered_q != '0))
  `CHECK(invariant_under_way, under_way_q == frames_mine + {9'd0, held_mine} + written_mine)
  `CHECK(invariant_held, (!\u_dut.held_q [0] || (\u_dut.issued_q[0] [0] && !zero_copy[0])) &&
                         (!\u_dut.held_q [1] || (\u_dut.issued_q[1] [0] && !zero_copy[1])))
  `CHECK(invariant_issued, issued_mine == next_q && (direct || begun_q == next_q + {22'd0, frames_mine}))
  `CHECK(invariant_begun, (phase_q == Begun) == \u_dut.u_frames.here && (phase_q != Begun ||
                          (\u_dut.u_frames.word_q [31:16] == {6'd0, direct, empty_q, bad_q, cut_q, full_queue})))
  `CHECK(invariant_index, phase_q != Begun || direct || index_q == issued_mine + {22'd0, \u_dut.u_frames.front_weights })
  `CHECK(invariant_empty, phase_q != Begun || !empty_q || (said_q && answered_q && !error_q &&
                          !\u_dut.u_bursts.here && !\u_dut.u_results.here ))
  `CHECK(invariant_group, phase_q != Begun || empty_q || (
           \u_dut.u_bursts.here == (said_q && !answered_q) && \u_dut.u_results.here == answered_q && (said_q || !answered_q) &&
           (!(said_q && !answered_q) || (\u_dut.u_bursts.word_q && groups_q == \u_dut.u_bursts.front_flags )) &&
           (said_q || (groups_to_come_q < to_come_q && groups_q == groups_to_come_q + \u_dut.u_bursts.flags )) &&
           \u_dut.u_frames.front_flags == (answered_q ? \u_dut.u_results.front : groups_q + results) &&
           (answered_q ? \u_dut.u_results.word_q == error_q : error_q == (groups_q == '0 && \u_dut.error_q ))))
  `CHECK(invariant_no_group, phase_q == Begun || (!\u_dut.u_bursts.here && !\u_dut.u_results.here ))
  `CHECK(invariant_weights, (phase_q != Begun || (\u_dut.u_frames.u_ledger.weight_q == 2'd1 && \u_dut.u_frames.u_ledger.flag_q == !empty_q)) &&
                            (!\u_dut.u_bursts.here || \u_dut.u_bursts.u_ledger.flag_q ) &&
                            (phase_q != Written || \u_dut.u_waiting.u_ledger.weight_q == (pair_q ? 2'd2 : 2'd1)))
  `CHECK(invariant_waits, phase_q != Held || (held_mine && !direct && !upper_q && answered_q &&
                                              held_failed_mine == failed_due && issued_mine == index_q + 32'd1 &&
                                              \u_dut.u_order.word_q == {since_mine, full_queue}))
  `CHECK(invariant_in_order, \u_dut.u_order.here || phase_q != Held)
  `CHECK(invariant_written, (phase_q == Written) == \u_dut.u_waiting.here && (phase_q != Written ||
                            (answered_q && upper_q == (index_q[0] && !direct) && !(pair_q && direct) &&
                             \u_dut.u_waiting.word_q [10] == (direct && !failed_due) &&
                             (above ? \u_dut.u_waiting.word_q [9] : \u_dut.u_waiting.word_q [8]) == failed_due &&
                             \u_dut.u_waiting.word_q [7:0] == {pair_q ? 2'd3 : above ? 2'd2 : 2'd1, full_queue})))
  `CHECK(invariant_on_its_way, phase_q == Written ?
           (\u_dut.u_addrs.here ? \u_dut.u_addrs.front + \u_dut.u_waiting.all == \u_dut.u_waiting.front + \u_dut.u_addrs.all
                                : \u_dut.u_addrs.all + \u_dut.u_waiting.front < \u_dut.u_waiting.all ) &&
           (\u_dut.u_entries.here ? \u_dut.u_entries.front + \u_dut.u_waiting.all == \u_dut.u_waiting.front + \u_dut.u_entries.all
                                  : \u_dut.u_entries.all + \u_dut.u_waiting.front < \u_dut.u_waiting.all ) :
           !(\u_dut.u_addrs.here || \u_dut.u_entries.here ))
  `CHECK(invariant_reports, phase_q == None ||
                            reports_q == (phase_q == Begun ? \u_dut.u_frames.front_weights + {9'd0, held_mine} + written_mine :
                                          phase_q == Held ? written_mine :
                                          \u_dut.u_waiting.front_weights + {9'd0, pair_q && upper_q}))
`ifdef ADDRESS
  `CHECK(invariant_address, !(phase_q == Written && \u_dut.u_addrs.here ) || \u_dut.u_addrs.word_q == {full_queue, addr_due})
`else
`ifdef ENTRY
  logic [255:0] held_entry_mine;
  assign held_entry_mine  = queue ? \u_dut.held_entry_q[1] : \u_dut.held_entry_q[0] ;
  `CHECK(invariant_frame, phase_q != Begun || {\u_dut.u_frames.word_q [191:32], \u_dut.u_frames.word_q [15:0]} ==
                                              {meta_q, timestamp_q, hash_q, cookie_q, length_q})
  `CHECK(invariant_held_entry, phase_q != Held || held_entry_mine == entry_due)
  `CHECK(invariant_entry, !(phase_q == Written && \u_dut.u_entries.here ) ||
                          (\u_dut.u_entries.word_q [527:512] == words_due &&
                           (direct ? \u_dut.u_entries.word_q [511:0] == {4{direct_due}} :
                            (upper_q ? \u_dut.u_entries.word_q [511:256] : \u_dut.u_entries.word_q [255:0]) == entry_due)))
`endif
`endif

  `COVER(pairs_at_the_wrap, reported && pair_q && upper_q && index_q == 32'hFFFF_FFFF)
  `COVER(lower_half_alone, reported && !pair_q && !above && failed_due && under_way_q == 10'd2)
  `COVER(upper_half_alone, reported && !pair_q && upper_q)
  `COVER(no_entry_for_a_failure, reported && direct && failed_due && !bad_q && !berror_i)
  `COVER(full, \u_dut.u_frames.all == FramesMax && \u_dut.u_waiting.all != '0 && phase_q == Written)
endmodule

// Proof of nic_tx_complete: each frame that was taken is completed once, in order, in the slot that is its own.
// Role     follows one frame, any, of one queue, any, from the link to the report that it is done, among those of both
// Units    indices run free over all 32 bits
// Source   docs/design/queue-engine.md, "Zero-copy queues"; INV-26
`include "proof.svh"

module nic_tx_complete_proof #(
  localparam int unsigned Queues = 2,
  localparam int unsigned Places = 4
) (
  input logic        clk_i,
  input logic        rst_ni,
  input logic        watch_i,
  input logic        start_i,
  input logic [5:0]  cmd_queue_i,
  input logic [31:0] cmd_value_i,
  input logic        reserve_i,
  input logic        taken_i,
  input logic [5:0]  taken_queue_i,
  input logic [47:0] taken_entry_i,
  input logic        taken_skip_i,
  input logic        taken_error_i,
  input logic [63:6] other_base_i,
  input logic [4:0]  other_log2_i,
  input logic        awready_i,
  input logic        wready_i,
  input logic        bvalid_i,
  input logic        berror_i,
  input logic        done_ready_i
);
  `START_IN_RESET
  (* anyconst *) logic        queue;
  (* anyconst *) logic [63:6] base;
  (* anyconst *) logic [4:0]  log2;
  always @* begin size_exists : assume (log2 >= 5'd1 && log2 <= 5'd16); end

  logic [31:0]  issued;
  logic [5:0]   comp_queue, awqueue, answered_queue, done_queue, full_queue;
  logic [63:6]  awaddr;
  logic [511:0] wdata;
  logic [15:0]  wwords;
  logic         ready, awvalid, wvalid, done, done_entry, done_error, active;
  assign full_queue = {5'd0, queue};
  nic_tx_complete #(.Queues(Queues), .Places(Places)) u_dut (
    .clk_i, .rst_ni, .start_i, .cmd_queue_i, .cmd_value_i, .issued_o(issued), .ready_o(ready), .reserve_i, .taken_i,
    .taken_queue_i, .taken_entry_i, .taken_skip_i, .taken_error_i,
    .comp_queue_o(comp_queue), .comp_base_i(comp_queue == full_queue ? base : other_base_i),
    .comp_log2_i(comp_queue == full_queue ? log2 : other_log2_i),
    .awvalid_o(awvalid), .awready_i, .awaddr_o(awaddr), .awqueue_o(awqueue), .wvalid_o(wvalid), .wready_i,
    .wdata_o(wdata), .wwords_o(wwords), .bvalid_i, .berror_i, .answered_queue_o(answered_queue),
    .done_o(done), .done_ready_i, .done_queue_o(done_queue), .done_entry_o(done_entry), .done_error_o(done_error),
    .active_o(active)
  );
  (* hierconn *) wire [6:0] \u_dut.u_addrs.count_q , \u_dut.u_entries.count_q , \u_dut.u_waiting.count_q ;
  (* hierconn *) wire [6:0] \u_dut.u_answered.count_q ;
  (* hierconn *) wire [Places*64-1:0] \u_dut.u_addrs.words_q ;
  (* hierconn *) wire [Places*52-1:0] \u_dut.u_entries.words_q ;
  (* hierconn *) wire [Places*8-1:0] \u_dut.u_waiting.words_q , \u_dut.u_answered.words_q ;
  (* hierconn *) wire [2:0] \u_dut.reserved_q ;
  (* hierconn *) wire [31:0] \u_dut.issued_q[0] , \u_dut.issued_q[1] ;
  logic [6:0] addrs_n, entries_n, waiting_n, answered_n;
  assign addrs_n    = \u_dut.u_addrs.count_q ;
  assign entries_n  = \u_dut.u_entries.count_q ;
  assign waiting_n  = \u_dut.u_waiting.count_q ;
  assign answered_n = \u_dut.u_answered.count_q ;

  // What is under way
  logic        taken_mine, reports;
  logic [6:0]  owed_q;         // places reserved for frames that are not taken
  logic [6:0]  under_way_q;    // frames taken and not reported
  logic [31:0] next_q;         // index of the next entry
  assign taken_mine = taken_i && taken_queue_i == full_queue;
  assign reports    = done && done_ready_i;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      owed_q      <= '0;
      under_way_q <= '0;
      next_q      <= '0;
    end else begin
      owed_q      <= owed_q + {6'd0, reserve_i} - {6'd0, taken_i};
      under_way_q <= under_way_q + {6'd0, taken_i} - {6'd0, reports};
      if (start_i && cmd_queue_i == full_queue) next_q <= cmd_value_i;
      else if (taken_mine && !taken_skip_i) next_q <= next_q + 32'd1;
    end
  end

  // The surroundings
  `REQUIRE(queues_exist, cmd_queue_i < 6'd2 && taken_queue_i < 6'd2)
  `REQUIRE(takes_what_is_there, (!awready_i || awvalid) && (!wready_i || wvalid))
  `REQUIRE(reserves_a_place, !reserve_i || ready)
  `REQUIRE(taken_was_reserved, !taken_i || owed_q != '0)
  `REQUIRE(answer_follows_address_and_data, !bvalid_i || (waiting_n > addrs_n && waiting_n > entries_n))

  // One frame
  localparam logic [1:0] None = 2'd0, Written = 2'd1, Answered = 2'd2;
  logic [1:0]  phase_q;
  logic [6:0]  before_q;    // frames in front of it, where it is
  logic [6:0]  reports_q;   // and those to be reported before it
  logic [31:0] index_q;
  logic [47:0] entry_q;
  logic        skip_q, error_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      phase_q <= None;
    end else case (phase_q)
      None: if (watch_i && taken_mine) begin
        phase_q  <= Written;
        before_q <= waiting_n - {6'd0, bvalid_i};
        reports_q <= under_way_q - {6'd0, reports};
        index_q  <= next_q;
        entry_q  <= taken_entry_i;
        skip_q   <= taken_skip_i;
        error_q  <= taken_error_i;
      end
      Written: if (bvalid_i) begin
        before_q <= before_q - 7'd1;
        if (before_q == '0) begin
          phase_q  <= Answered;
          before_q <= answered_n - {6'd0, reports};
          error_q  <= error_q || berror_i;
        end
      end
      default: if (reports) begin
        before_q <= before_q - 7'd1;
        if (before_q == '0) phase_q <= None;
      end
    endcase
    if (phase_q != None && reports) reports_q <= reports_q - 7'd1;
  end

  logic [31:0] slot_due;
  logic [63:6] addr_due;
  logic        addr_here, data_here, answer_here, reported;
  assign slot_due    = index_q & ((32'd1 << log2) - 32'd1);
  assign addr_due    = base + {29'd0, slot_due[31:3]};
  // Those that wait for an answer longest have been taken.
  assign addr_here   = phase_q == Written && before_q + addrs_n == waiting_n && awvalid;
  assign data_here   = phase_q == Written && before_q + entries_n == waiting_n && wvalid;
  assign answer_here = phase_q == Written && before_q == '0 && bvalid_i;
  assign reported    = phase_q == Answered && before_q == '0 && done;
  `CHECK(entry_goes_to_its_slot, !addr_here || (awqueue == full_queue && awaddr == addr_due))
  `CHECK(entry_is_its_place, !data_here || skip_q || wdata[{slot_due[2:0], 6'd0} +: 64] == {16'd0, entry_q})
  `CHECK(touches_its_slot_only, !data_here || wwords == (skip_q ? 16'd0 : 16'd3 << {slot_due[2:0], 1'b0}))
  `CHECK(answer_names_its_queue, !answer_here || answered_queue == full_queue)
  `CHECK(is_reported_as_it_went, !reported || (done_queue == full_queue && done_entry == !skip_q && done_error == error_q))
  `CHECK(reports_in_their_order, phase_q == None || (reported ? reports_q == '0 : !reports || reports_q != '0))
  `CHECK(no_more_done_than_taken, !done || under_way_q != '0)
  `CHECK(issued_counts_entries, cmd_queue_i != full_queue || issued == next_q)
  `CHECK(place_when_there_is_one, ready == (owed_q + under_way_q != Places))
  `CHECK(what_has_its_answer_is_not_idle, phase_q != Answered || active)
  `CHECK(what_is_offered_is_not_idle, !(awvalid || wvalid) || active)
  nic_hold_check #(.Width(64)) u_aw_hold (
    .clk_i, .rst_ni, .valid_i(awvalid), .ready_i(awready_i), .data_i({awqueue, awaddr})
  );
  nic_hold_check #(.Width(64)) u_w_hold (
    .clk_i, .rst_ni, .valid_i(wvalid), .ready_i(wready_i), .data_i({wwords, wdata[47:0]})
  );
  nic_hold_check #(.Width(8)) u_done_hold (
    .clk_i, .rst_ni, .valid_i(done), .ready_i(done_ready_i), .data_i({done_error, done_entry, done_queue})
  );

  // For the induction: what the queues inside hold
  logic [Places*64-1:0] addrs;
  logic [Places*52-1:0] entries;
  logic [Places*8-1:0]  waiting, answered;
  logic [63:0] addr_word;
  logic [51:0] entry_word;
  logic [7:0]  wait_word, answered_word;
  logic [31:0] issued_mine;
  assign addrs       = \u_dut.u_addrs.words_q ;
  assign entries     = \u_dut.u_entries.words_q ;
  assign waiting     = \u_dut.u_waiting.words_q ;
  assign answered    = \u_dut.u_answered.words_q ;
  assign issued_mine = queue ? \u_dut.issued_q[1] : \u_dut.issued_q[0] ;
  always_comb begin
    addr_word = '0;
    entry_word = '0;
    wait_word = '0;
    answered_word = '0;
    for (int i = 0; i < Places; i++) begin
      if (i == before_q) wait_word = waiting[8*i +: 8];
      if (i == before_q) answered_word = answered[8*i +: 8];
      if (before_q + addrs_n == waiting_n + i) addr_word = addrs[64*i +: 64];
      if (before_q + entries_n == waiting_n + i) entry_word = entries[52*i +: 52];
    end
  end
  `CHECK(invariant_places, {4'd0, \u_dut.reserved_q } == owed_q + waiting_n + answered_n && owed_q <= Places &&
                           waiting_n <= Places && answered_n <= Places && owed_q + waiting_n + answered_n <= Places &&
                           addrs_n <= waiting_n && entries_n <= waiting_n)
  `CHECK(invariant_issued, issued_mine == next_q)
  `CHECK(invariant_reports, under_way_q == waiting_n + answered_n &&
                            (phase_q == None || reports_q == before_q + (phase_q == Written ? answered_n : 7'd0)))
  `CHECK(invariant_written, phase_q != Written ||
                            (before_q < waiting_n && wait_word == {error_q, !skip_q, full_queue}))
  `CHECK(invariant_answered, phase_q != Answered ||
                             (before_q < answered_n && answered_word == {error_q, !skip_q, full_queue}))
  `CHECK(invariant_phase, phase_q != 2'd3)
  `CHECK(invariant_address, !(phase_q == Written && before_q + addrs_n >= waiting_n) || addr_word == {full_queue, addr_due})
  `CHECK(invariant_entry, !(phase_q == Written && before_q + entries_n >= waiting_n) ||
                          entry_word == {skip_q, slot_due[2:0], entry_q})

  `COVER(wraps, reported && index_q == 32'hFFFF_FFFF && !skip_q && next_q == 32'd2)
  `COVER(skips_between, reported && skip_q && !error_q && under_way_q == 7'd3)
  `COVER(refused, reported && error_q && !skip_q && done_ready_i)
  `COVER(full_of_answers, answered_n == Places)
endmodule

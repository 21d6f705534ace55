// Proof of nic_publish: what is published was completed, never goes back, and is never forgotten; news waits for more
// no longer than it is told to.
// Role     follows one queue, any, and its index writes through the three queues inside: one write beside those of another
//          queue, or, with ZERO_COPY, the two of a zero-copy queue while no other has anything to say
// Units    indices run free over all 32 bits; RingMax: entries completed and not published [entries]
// Source   docs/design/queue-engine.md, "Rings"; INV-26
`include "proof.svh"

module nic_publish_proof #(
  localparam int unsigned Queues  = 2,
  localparam int unsigned RingMax = 65536
) (
  input logic        clk_i,
  input logic        rst_ni,
  input logic        start_i,
  input logic [5:0]  cmd_queue_i,
  input logic [31:0] cmd_value_i,
  input logic [31:0] cmd_comp_start_i,
  input logic        done_i,
  input logic [5:0]  done_queue_i,
  input logic [1:0]  done_count_i,
  input logic [1:0]  done_errors_i,
  input logic        done_entry_i,
  input logic [63:2] index_addr_i,
  input logic [63:2] comp_addr_i,
  input logic        other_zero_copy_i,
  input logic [7:0]  other_count_i,    // coalescing of the other queue: any
  input logic [15:0] other_cycles_i,
  input logic        awready_i,
  input logic        wready_i,
  input logic        bvalid_i,
  input logic        berror_i,
  input logic [5:0]  irq_queue_i
);
  `START_IN_RESET
  (* anyconst *) logic [5:0] queue;
  (* anyconst *) logic [63:2] addr;
  (* anyconst *) logic [63:2] comp_addr;
  (* anyconst *) logic zero_copy;
  (* anyconst *) logic [7:0] count;
  (* anyconst *) logic [15:0] cycles;
  always @* begin exists : assume (queue < Queues); end
`ifdef ZERO_COPY
  always @* begin is_zero_copy : assume (zero_copy); end
  `REQUIRE(others_are_quiet, !done_i || done_queue_i == queue)
`else
  always @* begin copies : assume (!zero_copy); end
  `REQUIRE(others_copy, !other_zero_copy_i)
`endif

  logic [31:0] finished_o, published_o, frames_o, errors_o, publishes_o, wdata, irq_published;
  logic        writing_o, awvalid, wvalid, moved, active;
  logic [5:0]  index_queue, awqueue, moved_queue;
  logic [63:6] awaddr;
  logic [3:0]  wword;
  nic_publish #(.Queues(Queues)) u_dut (
    .clk_i, .rst_ni, .start_i, .cmd_queue_i, .cmd_value_i, .finished_o, .published_o, .frames_o, .errors_o,
    .publishes_o, .coalesce_count_i((index_queue == queue) ? count : other_count_i),
    .coalesce_cycles_i((index_queue == queue) ? cycles : other_cycles_i), .writing_o, .done_i, .done_queue_i, .done_count_i, .done_errors_i, .done_entry_i,
    .cmd_comp_start_i, .zero_copy_i((index_queue == queue) ? zero_copy : other_zero_copy_i), .comp_addr_i,
    .index_queue_o(index_queue), .index_addr_i,
    .awvalid_o(awvalid), .awready_i, .awaddr_o(awaddr), .awqueue_o(awqueue), .wvalid_o(wvalid), .wready_i,
    .wdata_o(wdata), .wword_o(wword), .bvalid_i, .berror_i, .moved_o(moved), .moved_queue_o(moved_queue),
    .irq_queue_i, .irq_published_o(irq_published), .active_o(active)
  );
  (* hierconn *) wire \u_dut.issue , \u_dut.write , \u_dut.second_q ;
  (* hierconn *) wire [5:0] \u_dut.second_queue_q ;
  (* hierconn *) wire [31:0] \u_dut.second_value_q ;
  (* hierconn *) wire [Queues-1:0] \u_dut.pending_q , \u_dut.writing_q , \u_dut.u_pick.later_q ;
  logic issue, issue_mine, write, write_mine, second;
  logic [5:0] second_queue;
  assign issue        = \u_dut.issue ;
  assign write        = \u_dut.write ;
  assign second       = \u_dut.second_q ;
  assign second_queue = \u_dut.second_queue_q ;
  assign write_mine   = write && index_queue == queue;
  assign issue_mine = issue && index_queue == queue;

  // The model of the queue
  logic        start, done, answer_mine, moved_mine, writing_q;
  logic [31:0] finished_q, published_q, frames_q, errors_q, publishes_q, value_q, gap, step;
  logic [31:0] entries_q, entries_value_q;
  logic [1:0]  mine_q;                        // its writes without response
  logic        owes_q;                        // its second write has not been made
  logic [16:0] age_q;                         // of the first of the news
  logic        late;
  logic [6:0]  waiting_q, addrs_q, values_q;  // writes: without response, address, data not taken yet
  logic [6:0]  ahead_q;                       // of this queue's first write without response
  logic [2:0]  passed_q;
  logic [2:0]  stuck_q;    // cycles in which its write was due and the way free
  (* hierconn *) wire \u_dut.addr_ready , \u_dut.data_ready , \u_dut.wait_ready ;
  assign start      = start_i && cmd_queue_i == queue;
  assign done       = done_i && done_queue_i == queue;
  assign answer_mine = bvalid_i && mine_q != 2'd0 && ahead_q == 7'd0;
  assign moved_mine = answer_mine && mine_q == 2'd1 && !owes_q;
  assign gap        = finished_q - published_q;
  assign step       = value_q - published_q;
  assign late       = age_q >= {1'b0, cycles} || (count != 8'd0 && gap >= {24'd0, count});
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      finished_q  <= '0;
      published_q <= '0;
      frames_q    <= '0;
      errors_q    <= '0;
      publishes_q <= '0;
      age_q       <= '0;
      waiting_q   <= '0;
      addrs_q     <= '0;
      values_q    <= '0;
      writing_q   <= 1'b0;
      entries_q   <= '0;
      mine_q      <= '0;
      owes_q      <= 1'b0;
      passed_q    <= '0;
      stuck_q     <= '0;
    end else begin
      waiting_q <= waiting_q + {6'd0, write} - {6'd0, bvalid_i};
      addrs_q   <= addrs_q + {6'd0, write} - {6'd0, awvalid && awready_i};
      values_q  <= values_q + {6'd0, write} - {6'd0, wvalid && wready_i};
      if (start) begin
        finished_q  <= cmd_value_i;
        published_q <= cmd_value_i;
        entries_q   <= cmd_comp_start_i;
      end else begin
        if (done) entries_q <= entries_q + {31'd0, done_entry_i};
        if (done) finished_q <= finished_q + {30'd0, done_count_i};
        if (moved_mine) published_q <= value_q;
      end
      if (done) frames_q <= frames_q + {30'd0, done_count_i};
      errors_q <= errors_q + (done ? {30'd0, done_errors_i} : 32'd0) + {31'd0, answer_mine && berror_i};
      if (write_mine) publishes_q <= publishes_q + 32'd1;
      if (done && (!pending[queue[0]] || issue_mine)) age_q <= {16'd0, pending != '0};
      else if (pending != '0) age_q <= age_q + 17'd1;
      if (issue_mine) begin
        writing_q       <= 1'b1;
        value_q         <= finished_q;
        entries_value_q <= entries_q;
        mine_q          <= 2'd1;
        owes_q          <= zero_copy;
      end else begin
        if (moved_mine) writing_q <= 1'b0;
        mine_q <= mine_q + {1'b0, write_mine} - {1'b0, answer_mine};
        if (write_mine) owes_q <= 1'b0;
      end
      if (write_mine && mine_q == {1'b0, answer_mine}) ahead_q <= waiting_q - {6'd0, bvalid_i};
      else if (bvalid_i && ahead_q != 7'd0) ahead_q <= ahead_q - 7'd1;
      stuck_q  <= (gap != '0 && late && !writing_q && !issue_mine && !second && \u_dut.addr_ready && \u_dut.data_ready &&
                   \u_dut.wait_ready ) ? stuck_q + 3'd1 : '0;
      passed_q <= (finished_q == published_q || !late || writing_q || issue_mine || start) ? '0 : passed_q + {2'd0, issue};
    end
  end

  // The surroundings
  `REQUIRE(queues_exist, cmd_queue_i < Queues && done_queue_i < Queues && irq_queue_i < Queues)
  `REQUIRE(address_stays, index_queue != queue || (index_addr_i == addr && comp_addr_i == comp_addr))
  `REQUIRE(entries_are_of_one_frame, !done_i || !done_entry_i || done_count_i == 2'd1)
  `REQUIRE(response_follows_address_and_data, !bvalid_i || (waiting_q > addrs_q && waiting_q > values_q))
  `REQUIRE(ring_bounds_completions, !done || gap + {30'd0, done_count_i} <= RingMax)
  `REQUIRE(start_when_all_is_published, !start || (gap == '0 && !done))

  `CHECK(published_never_passes_completed, gap <= RingMax)
  `CHECK(published_moves_on, !moved_mine || (step != '0 && step <= gap))
  `CHECK(write_has_news, !issue_mine || (gap != '0 && late))
  `CHECK(one_write_at_a_time, !issue_mine || !writing_q)
  `CHECK(news_are_not_idle, gap == '0 || writing_q || active)
  `CHECK(due_goes_within_a_round, stuck_q <= Queues - 1)
  `CHECK(passed_by_each_other_once, passed_q <= Queues - 1)
  `CHECK(response_moves_its_queue, moved_queue == queue ? moved == moved_mine : !moved_mine)
  `CHECK(response_names_its_queue, !bvalid_i || (moved_queue == queue) == answer_mine)
  `CHECK(second_word_follows_the_first, !write_mine || issue_mine || owes_q)
  `CHECK(registers, cmd_queue_i != queue || (finished_o == finished_q && published_o == published_q &&
                                             frames_o == frames_q && errors_o == errors_q && publishes_o == publishes_q &&
                                             writing_o == writing_q))
  `CHECK(interrupts_see_published, irq_queue_i != queue || irq_published == published_q)

  // Its words among those that wait for a response, by place: which it is, what it says and where.
  logic [1:0]  is_mine, is_first;
  always_comb begin
    for (int i = 0; i < 2; i++) begin
      is_mine[i]  = i >= ahead_q && i < ahead_q + {5'd0, mine_q};
      is_first[i] = i == ahead_q && (mine_q == 2'd2 || (mine_q == 2'd1 && owes_q));
    end
  end
  logic [63:2] first_addr;
  logic [31:0] first_value;
  assign first_addr  = comp_addr;
  assign first_value = entries_value_q;

  // Address and data of this queue's writes leave in step.
  logic [6:0] addr_place, value_place;
  assign addr_place  = waiting_q - addrs_q;
  assign value_place = waiting_q - values_q;
  `CHECK(address_of_its_write, awvalid == (addrs_q != '0) &&
                               (!awvalid || (is_mine[addr_place[0]] ?
                                 awqueue == queue && awaddr == (is_first[addr_place[0]] ? first_addr[63:6] : addr[63:6]) :
                                 awqueue != queue)))
  `CHECK(data_of_its_write, wvalid == (values_q != '0) &&
                            (!wvalid || !is_mine[value_place[0]] ||
                             (wdata == (is_first[value_place[0]] ? first_value : value_q) &&
                              wword == (is_first[value_place[0]] ? first_addr[5:2] : addr[5:2]))))
  nic_hold_check #(.Width(64)) u_aw_hold (
    .clk_i, .rst_ni, .valid_i(awvalid), .ready_i(awready_i), .data_i({awqueue, awaddr})
  );
  nic_hold_check #(.Width(36)) u_w_hold (
    .clk_i, .rst_ni, .valid_i(wvalid), .ready_i(wready_i), .data_i({wword, wdata})
  );

  // Inside
  (* hierconn *) wire [6:0] \u_dut.u_addrs.count_q , \u_dut.u_values.count_q , \u_dut.u_waiting.count_q ;
  (* hierconn *) wire [2*64-1:0] \u_dut.u_addrs.words_q ;
  (* hierconn *) wire [2*36-1:0] \u_dut.u_values.words_q ;
  (* hierconn *) wire [2*39-1:0] \u_dut.u_waiting.words_q ;
  logic [Queues-1:0] pending, writing;
  logic [2*64-1:0] addrs;
  logic [2*36-1:0] values;
  logic [2*39-1:0] waiting;
  assign pending = \u_dut.pending_q ;
  assign writing = \u_dut.writing_q ;
  assign addrs   = \u_dut.u_addrs.words_q ;
  assign values  = \u_dut.u_values.words_q ;
  assign waiting = \u_dut.u_waiting.words_q ;
  (* hierconn *) wire [31:0] \u_dut.finished_q[0] , \u_dut.finished_q[1] ;
  (* hierconn *) wire [31:0] \u_dut.entries_q[0] , \u_dut.entries_q[1] ;
  (* hierconn *) wire [31:0] \u_dut.published_q[0] , \u_dut.published_q[1] ;
  (* hierconn *) wire [31:0] \u_dut.frames_q[0] , \u_dut.frames_q[1] ;
  (* hierconn *) wire [31:0] \u_dut.errors_q[0] , \u_dut.errors_q[1] ;
  (* hierconn *) wire [31:0] \u_dut.publishes_q[0] , \u_dut.publishes_q[1] ;
  (* hierconn *) wire [16:0] \u_dut.since_q[0] , \u_dut.since_q[1] , \u_dut.now_q ;
  logic [191:0] held, held_0, held_1;
  logic [16:0]  since;
  assign since = (queue == 6'd0) ? \u_dut.since_q[0] : \u_dut.since_q[1] ;
  `CHECK(invariant_age, !pending[queue[0]] || age_q == \u_dut.now_q - since)
  assign held_0 = {\u_dut.finished_q[0] , \u_dut.published_q[0] , \u_dut.frames_q[0] , \u_dut.errors_q[0] ,
                   \u_dut.publishes_q[0] , \u_dut.entries_q[0] };
  assign held_1 = {\u_dut.finished_q[1] , \u_dut.published_q[1] , \u_dut.frames_q[1] , \u_dut.errors_q[1] ,
                   \u_dut.publishes_q[1] , \u_dut.entries_q[1] };
  assign held = (queue == 6'd0) ? held_0 : held_1;
  `CHECK(invariant_held, held == {finished_q, published_q, frames_q, errors_q, publishes_q, entries_q})
  `CHECK(invariant_counts, waiting_q == \u_dut.u_waiting.count_q && addrs_q == \u_dut.u_addrs.count_q &&
                           values_q == \u_dut.u_values.count_q && addrs_q <= waiting_q && values_q <= waiting_q)
  `CHECK(invariant_ahead, mine_q == '0 || ahead_q + {5'd0, mine_q} <= waiting_q)
  `CHECK(invariant_words, mine_q + {1'b0, owes_q} <= 2'd2 && writing_q == (mine_q != '0 || owes_q) &&
                          (zero_copy || (mine_q != 2'd2 && !owes_q)) && !(mine_q == 2'd2 && owes_q))
  `CHECK(invariant_owes, owes_q == (second && second_queue == queue) &&
                         (!owes_q || (\u_dut.second_value_q == value_q && (mine_q == '0 || ahead_q + 7'd1 == waiting_q))))
`ifdef ZERO_COPY
  `CHECK(invariant_quiet_other, !(writing[~queue[0]] || pending[~queue[0]]) && (!owes_q || mine_q == 2'd1))
`endif
  `CHECK(invariant_second, !second || (second_queue < Queues && writing[second_queue[0]]))
  `CHECK(invariant_value, !writing_q || (step != '0 && step <= gap))
  `CHECK(invariant_news, pending[queue[0]] == (gap != '0 && !(writing_q && step == gap)))
  `CHECK(invariant_writing, writing[queue[0]] == writing_q)

  // Of the words under way, just those that are followed name the queue; each queue that writes has one last word under
  // way or to come, and a first word has its second right behind.
  logic waiting_good, addrs_good, values_good;
  logic [3:0] place;
  logic [2:0] lasts_0, lasts_1, words;
  always_comb begin
    waiting_good = 1'b1;
    addrs_good   = 1'b1;
    values_good  = 1'b1;
    lasts_0 = {2'd0, second && second_queue == 6'd0};
    lasts_1 = {2'd0, second && second_queue == 6'd1};
    words   = '0;
    place   = '0;
    for (int i = 0; i < 2; i++) begin
      if (i < waiting_q) begin
        words = words + 3'd1;
        if (!waiting[i*39+38] && waiting[i*39+32 +: 6] == 6'd0) lasts_0 = lasts_0 + 3'd1;
        if (!waiting[i*39+38] && waiting[i*39+32 +: 6] == 6'd1) lasts_1 = lasts_1 + 3'd1;
        if (is_mine[i]) begin
          if (waiting[i*39 +: 39] != {is_first[i], queue, is_first[i] ? first_value : value_q}) waiting_good = 1'b0;
        end else if (waiting[i*39+32 +: 6] == queue) waiting_good = 1'b0;
        if (waiting[i*39+32 +: 6] >= Queues) waiting_good = 1'b0;
`ifndef ZERO_COPY
        if (waiting[i*39+38]) waiting_good = 1'b0;
`endif
        if (waiting[i*39+38]) begin
          if (i + 1 < waiting_q) begin
            if (i == 1 || waiting[(i+1)%2*39+38] || waiting[(i+1)%2*39+32 +: 6] != waiting[i*39+32 +: 6]) waiting_good = 1'b0;
          end else if (!second || second_queue != waiting[i*39+32 +: 6]) waiting_good = 1'b0;
        end
      end
      if (i < addrs_q) begin
        place = 4'(i) + waiting_q[3:0] - addrs_q[3:0];
        if (is_mine[place[0]]) begin
          if (addrs[i*64 +: 64] != {queue, is_first[place[0]] ? first_addr[63:6] : addr[63:6]}) addrs_good = 1'b0;
        end else if (addrs[i*64+58 +: 6] == queue) addrs_good = 1'b0;
      end
      if (i < values_q) begin
        place = 4'(i) + waiting_q[3:0] - values_q[3:0];
        if (is_mine[place[0]] && values[i*36 +: 36] != {is_first[place[0]] ? first_addr[5:2] : addr[5:2],
                                                         is_first[place[0]] ? first_value : value_q}) values_good = 1'b0;
      end
    end
  end
`ifndef ZERO_COPY
  `CHECK(invariant_one_word, !second)
`endif
  `CHECK(invariant_lasts, lasts_0 == {2'd0, writing[0]} && lasts_1 == {2'd0, writing[1]} && waiting_q == {4'd0, words})
  `CHECK(invariant_waiting, waiting_good)
  `CHECK(invariant_addrs, addrs_good)
  `CHECK(invariant_values, values_good)

  // Two queues: the other one had the last turn when one was passed.
  logic [1:0] later;
  assign later = \u_dut.u_pick.later_q ;
  `CHECK(invariant_turns, later == 2'b11 || later == 2'b10 || later == 2'b00)
  `CHECK(invariant_next, stuck_q == '0 || (stuck_q == 3'd1 && (later == 2'b10) == (queue == 6'd1)))
  `CHECK(invariant_nearer, passed_q == '0 || (passed_q == 3'd1 && (later == 2'b10) == (queue == 6'd1)))

  `COVER(publishes_across_the_wrap, moved_mine && published_q == 32'hFFFF_FFFF && value_q == 32'd1)
`ifdef ZERO_COPY
  `COVER(both_words_wait, mine_q == 2'd2 && waiting_q == 7'd2)
`else
  `COVER(several_wait, moved_mine && waiting_q == 7'd2)
  `COVER(passed, passed_q == 3'd1 && issue_mine)
`endif
  `COVER(finishes_while_writing, done && writing_q && !pending[queue[0]])
  `COVER(waits_for_its_time, issue_mine && gap == 32'd1 && age_q == 17'd3 && cycles == 16'd3 && count == 8'd0)
  `COVER(waits_for_its_count, issue_mine && age_q > 17'd1 && gap == 32'd2 && count == 8'd2 && cycles > 16'd9)
endmodule

// Proof of nic_irq: a request for each arming that has news, and no other; arming and publishing may meet; it waits
// for more no longer than it is told to.
// Role     follows one queue, any, through its commands; all queues share the unit
// Units    published and seen indices are 32 bits
// Source   docs/design/queue-engine.md, "Registers", IRQ_ARM
`include "proof.svh"

module nic_irq_proof #(
  localparam int unsigned Queues = 4
) (
  input logic              clk_i,
  input logic              rst_ni,
  input logic              start_i,
  input logic              stop_i,
  input logic              arm_i,
  input logic [5:0]        cmd_queue_i,
  input logic [31:0]       cmd_value_i,
  input logic              moved_i,
  input logic [5:0]        moved_queue_i,
  input logic [31:0]       new_index_i,     // published by start_i or moved_i
  input logic [31:0]       other_index_i,   // published indices of the other queues: any
  input logic [7:0]        other_count_i,   // moderation of the other queues: any
  input logic [15:0]       other_cycles_i,
  input logic [Queues-1:0] enabled_i,
  input logic              ready_i
);
  `START_IN_RESET
  (* anyconst *) logic [5:0] queue;
  (* anyconst *) logic [7:0] count;
  (* anyconst *) logic [15:0] cycles;
  always @* begin exists : assume (queue < Queues); end

  // The surroundings: one command at a time, as nic_queue_config gives them
  logic start, stop, arm, moved, enabled_q;
  logic [31:0] published_q;
  `REQUIRE(commands_for_a_queue, cmd_queue_i < Queues && (!moved_i || moved_queue_i < Queues))
  `REQUIRE(one_command, !(start_i && stop_i) && !(start_i && arm_i) && !(stop_i && arm_i))
  `REQUIRE(enabled_follows, enabled_i[queue] == enabled_q)
  `REQUIRE(start_while_disabled, !start || !enabled_q)
  `REQUIRE(stop_while_enabled, !stop || enabled_q)
  assign start = start_i && cmd_queue_i == queue;
  assign stop  = stop_i && cmd_queue_i == queue;
  assign arm   = arm_i && cmd_queue_i == queue;
  assign moved = moved_i && moved_queue_i == queue;

  logic       valid, active, looks;
  logic [31:0] interrupts;
  assign looks = look_queue == queue;
  logic [5:0] request, look_queue;
  nic_irq #(.Queues(Queues)) u_dut (
    .clk_i, .rst_ni, .start_i, .stop_i, .arm_i, .cmd_queue_i, .cmd_value_i, .enabled_i, .moved_i, .moved_queue_i,
    .irq_queue_o(look_queue), .irq_published_i(looks ? published_q : other_index_i),
    .moderation_count_i(looks ? count : other_count_i), .moderation_cycles_i(looks ? cycles : other_cycles_i),
    .interrupts_o(interrupts),
    .valid_o(valid), .ready_i, .queue_o(request), .active_o(active)
  );

  // What the host is owed
  (* hierconn *) wire \u_dut.raise , \u_dut.look ;
  (* hierconn *) wire [Queues-1:0] \u_dut.waits_q ;
  logic waits;
  assign waits = \u_dut.waits_q [queue[1:0]];
  logic [31:0] seen_q;
  logic        armed_q, raised, due, late, raised_any_q, held_q;
  logic [16:0] age_q;        // since the difference was found
  logic [31:0] count_q;
  logic [5:0]  raised_queue_q;
  logic [2:0]  waited_q;     // cycles in which the request was due and the way free
  assign raised = \u_dut.raise && looks;
  assign due    = armed_q && enabled_q && published_q != seen_q;
  assign late   = age_q >= {1'b0, cycles} || (count != 8'd0 && published_q - seen_q >= {24'd0, count});
  always_ff @(posedge clk_i) begin
    raised_any_q   <= rst_ni && \u_dut.raise ;
    held_q         <= rst_ni && valid && !ready_i;
    raised_queue_q <= look_queue;
    if (!rst_ni) begin
      armed_q     <= 1'b0;
      enabled_q   <= 1'b0;
      published_q <= '0;
      seen_q      <= '0;
      waited_q    <= '0;
      age_q       <= '0;
      count_q     <= '0;
    end else begin
      if (start) enabled_q <= 1'b1;
      if (stop) enabled_q <= 1'b0;
      if (start || moved) published_q <= new_index_i;
      if (arm) seen_q <= cmd_value_i;
      if (arm) armed_q <= 1'b1;
      else if (stop || raised) armed_q <= 1'b0;
      if (arm || (\u_dut.look && looks && (raised || !due))) age_q <= '0;
      else if (waits || (\u_dut.look && looks)) age_q <= age_q + 17'd1;
      if (raised) count_q <= count_q + 32'd1;
      waited_q <= (due && late && !raised && (!valid || ready_i)) ? waited_q + 3'd1 : '0;
    end
  end

  `CHECK(request_is_owed, !raised || (due && late))
  `CHECK(requests_are_counted, cmd_queue_i != queue || interrupts == count_q)
  `CHECK(request_goes_out, !raised_any_q || (valid && request == raised_queue_q))
  `CHECK(request_is_not_invented, !valid || raised_any_q || held_q)
  `CHECK(owed_is_not_idle, !due || active)
  `CHECK(owed_comes_within_a_round, waited_q < Queues)
  nic_hold_check #(.Width(6)) u_hold (.clk_i, .rst_ni, .valid_i(valid), .ready_i, .data_i(request));

  (* hierconn *) wire [Queues-1:0] \u_dut.check_q , \u_dut.armed_q , \u_dut.u_look.later_q ;
  (* hierconn *) wire [31:0] \u_dut.seen_q[0] , \u_dut.seen_q[1] , \u_dut.seen_q[2] , \u_dut.seen_q[3] ;
  logic [31:0] seen;
  assign seen = (queue == 6'd0) ? \u_dut.seen_q[0] : (queue == 6'd1) ? \u_dut.seen_q[1] :
                (queue == 6'd2) ? \u_dut.seen_q[2] : \u_dut.seen_q[3] ;
  `CHECK(invariant_armed, \u_dut.armed_q [queue[1:0]] == armed_q)
  `CHECK(invariant_seen, seen == seen_q)
  (* hierconn *) wire [16:0] \u_dut.now_q ;
  (* hierconn *) wire [16:0] \u_dut.since_q[0] , \u_dut.since_q[1] , \u_dut.since_q[2] , \u_dut.since_q[3] ;
  (* hierconn *) wire [31:0] \u_dut.raised_q[0] , \u_dut.raised_q[1] , \u_dut.raised_q[2] , \u_dut.raised_q[3] ;
  logic [16:0] since;
  logic [31:0] raised_count;
  assign since = (queue == 6'd0) ? \u_dut.since_q[0] : (queue == 6'd1) ? \u_dut.since_q[1] :
                 (queue == 6'd2) ? \u_dut.since_q[2] : \u_dut.since_q[3] ;
  assign raised_count = (queue == 6'd0) ? \u_dut.raised_q[0] : (queue == 6'd1) ? \u_dut.raised_q[1] :
                        (queue == 6'd2) ? \u_dut.raised_q[2] : \u_dut.raised_q[3] ;
  `CHECK(invariant_age, age_q == (waits ? \u_dut.now_q - since : 17'd0))
  `CHECK(invariant_waits, !waits || \u_dut.check_q [queue[1:0]])
  `CHECK(invariant_raised, raised_count == count_q)
  `CHECK(invariant_marked, !due || \u_dut.check_q [queue[1:0]])
  // With k cycles waited, the turn has come k queues nearer.
  logic [1:0] last, turn;
  assign last = (\u_dut.u_look.later_q == 4'b1110) ? 2'd0 : (\u_dut.u_look.later_q == 4'b1100) ? 2'd1 :
                (\u_dut.u_look.later_q == 4'b1000) ? 2'd2 : 2'd3;
  assign turn = queue[1:0] - last - 2'd1;
  `CHECK(invariant_turns, \u_dut.u_look.later_q == 4'b1111 || \u_dut.u_look.later_q == 4'b1110 ||
                          \u_dut.u_look.later_q == 4'b1100 || \u_dut.u_look.later_q == 4'b1000 ||
                          \u_dut.u_look.later_q == 4'b0000)
  `CHECK(invariant_nearer, !due || !late || waited_q + {1'b0, turn} <= 3'd3)

  `COVER(arm_meets_publish, arm && moved && cmd_value_i == published_q && new_index_i != published_q)
  `COVER(owed_after_arm_met_publish, due && raised && valid)
  `COVER(arm_meets_request, arm && raised)
  `COVER(waits_for_its_time, raised && age_q == 17'd3 && cycles == 16'd2 && count == 8'd0)
  `COVER(waits_for_its_count, raised && age_q != '0 && published_q - seen_q == {24'd0, count} && cycles > 16'd9)
  `COVER(waits_a_round, waited_q == 3'd3 && raised)
  `COVER(wrapped, due && seen_q == 32'hFFFF_FFFF && published_q == 32'd0)
endmodule

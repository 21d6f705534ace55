// Proof of nic_queue_config: the registers of a queue hold what the host wrote, and nobody else changes them.
// Role     follows one queue, any, in a register model of its own
// Source   docs/design/queue-engine.md, "Registers"
`include "proof.svh"

module nic_queue_config_proof #(
  localparam int unsigned Queues = 4
) (
  input logic        clk_i,
  input logic        rst_ni,
  input logic        write_i,
  input logic [5:0]  queue_i,
  input logic [5:0]  word_i,
  input logic [31:0] wdata_i,
  input logic [5:0]  fetch_queue_i,
  input logic [5:0]  comp_queue_i,
  input logic [5:0]  index_queue_i,
  input logic [5:0]  irq_queue_i,
  input logic [5:0]  turn_queue_i
);
  `START_IN_RESET
  (* anyconst *) logic [5:0] queue;
  always @* begin exists : assume (queue < Queues); end
  `REQUIRE(queues_exist, queue_i < Queues && fetch_queue_i < Queues && comp_queue_i < Queues && index_queue_i < Queues &&
                          irq_queue_i < Queues && turn_queue_i < Queues)

  logic [31:0] rdata, start_index;
  logic        queue_enabled, start, stop, doorbell, arm, clear;
  logic [7:0]  coalesce_count, moderation_count, weight;
  logic [15:0] coalesce_cycles, moderation_cycles;
  logic [4:0]  queue_log2, fetch_log2, comp_log2;
  logic [Queues-1:0] enabled;
  logic [63:6] fetch_base, comp_base;
  logic [63:2] index_addr;
  nic_queue_config #(.Queues(Queues)) u_dut (
    .clk_i, .rst_ni, .write_i, .queue_i, .word_i, .wdata_i, .rdata_o(rdata), .queue_enabled_o(queue_enabled),
    .queue_log2_o(queue_log2), .start_o(start), .start_index_o(start_index), .stop_o(stop), .doorbell_o(doorbell),
    .arm_o(arm), .enabled_o(enabled), .fetch_queue_i, .fetch_base_o(fetch_base), .fetch_log2_o(fetch_log2),
    .comp_queue_i, .comp_base_o(comp_base), .comp_log2_o(comp_log2), .index_queue_i, .index_addr_o(index_addr),
    .clear_o(clear), .coalesce_count_o(coalesce_count), .coalesce_cycles_o(coalesce_cycles), .irq_queue_i,
    .moderation_count_o(moderation_count), .moderation_cycles_o(moderation_cycles), .turn_queue_i, .weight_o(weight)
  );

  // The registers as the page has them
  logic        mine, write, enabled_q;
  logic [4:0]  log2_q;
  logic [63:0] desc_q, comp_q, index_q;
  logic [31:0] start_q, coalesce_q, moderation_q;
  logic [7:0]  weight_q;
  assign mine  = queue_i == queue;
  assign write = write_i && mine;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      enabled_q <= 1'b0;
      log2_q    <= 5'd1;
      desc_q    <= '0;
      comp_q    <= '0;
      index_q   <= '0;
      start_q   <= '0;
      coalesce_q   <= '0;
      moderation_q <= '0;
      weight_q     <= '0;
    end else if (write) begin
      if (word_i == 6'd0) enabled_q <= wdata_i[0];
      if (word_i == 6'd16) start_q <= wdata_i;
      if (word_i == 6'd17) coalesce_q <= {wdata_i[31:16], 8'd0, wdata_i[7:0]};
      if (word_i == 6'd18) moderation_q <= {wdata_i[31:16], 8'd0, wdata_i[7:0]};
      if (word_i == 6'd19) weight_q <= wdata_i[7:0];
      if (!enabled_q) begin
        if (word_i == 6'd1) log2_q <= (wdata_i == 32'd0) ? 5'd1 : (wdata_i > 32'd16) ? 5'd16 : wdata_i[4:0];
        if (word_i == 6'd2) desc_q[31:0] <= {wdata_i[31:6], 6'd0};
        if (word_i == 6'd3) desc_q[63:32] <= wdata_i;
        if (word_i == 6'd4) comp_q[31:0] <= {wdata_i[31:6], 6'd0};
        if (word_i == 6'd5) comp_q[63:32] <= wdata_i;
        if (word_i == 6'd6) index_q[31:0] <= {wdata_i[31:2], 2'd0};
        if (word_i == 6'd7) index_q[63:32] <= wdata_i;
      end
    end
  end

  logic [31:0] expected;
  always_comb begin
    case (word_i)
      5'd0:    expected = {31'd0, enabled_q};
      5'd1:    expected = {27'd0, log2_q};
      5'd2:    expected = {desc_q[31:6], 6'd0};
      5'd3:    expected = desc_q[63:32];
      5'd4:    expected = {comp_q[31:6], 6'd0};
      5'd5:    expected = comp_q[63:32];
      5'd6:    expected = {index_q[31:2], 2'd0};
      5'd7:    expected = index_q[63:32];
      5'd16:   expected = start_q;
      5'd17:   expected = coalesce_q;
      5'd18:   expected = moderation_q;
      5'd19:   expected = {24'd0, weight_q};
      default: expected = '0;
    endcase
  end
  `CHECK(reads_what_was_written, !mine || rdata == expected)
  `CHECK(enabled_as_written, enabled[queue] == enabled_q && (!mine || queue_enabled == enabled_q))
  `CHECK(size_as_written, !mine || queue_log2 == log2_q)
  `CHECK(size_in_range, log2_q >= 5'd1 && log2_q <= 5'd16)
  `CHECK(start_index_as_written, !mine || start_index == start_q)
  `CHECK(start_on_rising_edge, !mine || start == (write_i && word_i == 6'd0 && wdata_i[0] && !enabled_q))
  `CHECK(stop_on_falling_edge, !mine || stop == (write_i && word_i == 6'd0 && !wdata_i[0] && enabled_q))
  `CHECK(doorbell_if_enabled, !mine || doorbell == (write_i && word_i == 6'd8 && enabled_q))
  `CHECK(arm_as_written, !mine || arm == (write_i && word_i == 6'd9))
  `CHECK(clear_as_written, !mine || clear == (write_i && word_i == 6'd20))
  `CHECK(one_command, {2'd0, start} + {2'd0, stop} + {2'd0, doorbell} + {2'd0, arm} + {2'd0, clear} <= 3'd1)
  `CHECK(fetch_lookup, fetch_queue_i != queue || (fetch_base == desc_q[63:6] && fetch_log2 == log2_q))
  `CHECK(comp_lookup, comp_queue_i != queue || (comp_base == comp_q[63:6] && comp_log2 == log2_q))
  `CHECK(index_lookup, index_queue_i != queue || index_addr == index_q[63:2])
  `CHECK(coalesce_lookup, index_queue_i != queue ||
                          {coalesce_cycles, 8'd0, coalesce_count} == coalesce_q)
  `CHECK(moderation_lookup, irq_queue_i != queue ||
                            {moderation_cycles, 8'd0, moderation_count} == moderation_q)
  `CHECK(weight_lookup, turn_queue_i != queue || weight == weight_q)

  // While a queue is enabled, nothing moves under the engine.
  logic frozen_q;
  logic [4:0] last_log2_q;
  logic [63:6] last_base_q;
  always_ff @(posedge clk_i) begin
    frozen_q    <= rst_ni && enabled_q && fetch_queue_i == queue;
    last_log2_q <= fetch_log2;
    last_base_q <= fetch_base;
  end
  `CHECK(enabled_queue_is_frozen, !(frozen_q && fetch_queue_i == queue) ||
                                  (fetch_log2 == last_log2_q && fetch_base == last_base_q))

  // Queues that are not looked at in the first cycle of an induction
  (* hierconn *) wire [31:0] \u_dut.start_q[0] , \u_dut.start_q[1] , \u_dut.start_q[2] , \u_dut.start_q[3] ;
  (* hierconn *) wire [4:0] \u_dut.log2_q[0] , \u_dut.log2_q[1] , \u_dut.log2_q[2] , \u_dut.log2_q[3] ;
  (* hierconn *) wire [25:0] \u_dut.desc_low_q[0] , \u_dut.desc_low_q[1] , \u_dut.desc_low_q[2] , \u_dut.desc_low_q[3] ;
  (* hierconn *) wire [31:0] \u_dut.desc_high_q[0] , \u_dut.desc_high_q[1] , \u_dut.desc_high_q[2] , \u_dut.desc_high_q[3] ;
  (* hierconn *) wire [25:0] \u_dut.comp_low_q[0] , \u_dut.comp_low_q[1] , \u_dut.comp_low_q[2] , \u_dut.comp_low_q[3] ;
  (* hierconn *) wire [31:0] \u_dut.comp_high_q[0] , \u_dut.comp_high_q[1] , \u_dut.comp_high_q[2] , \u_dut.comp_high_q[3] ;
  (* hierconn *) wire [29:0] \u_dut.addr_low_q[0] , \u_dut.addr_low_q[1] , \u_dut.addr_low_q[2] , \u_dut.addr_low_q[3] ;
  (* hierconn *) wire [31:0] \u_dut.addr_high_q[0] , \u_dut.addr_high_q[1] , \u_dut.addr_high_q[2] , \u_dut.addr_high_q[3] ;
  (* hierconn *) wire [23:0] \u_dut.coalesce_q[0] , \u_dut.coalesce_q[1] , \u_dut.coalesce_q[2] , \u_dut.coalesce_q[3] ;
  (* hierconn *) wire [23:0] \u_dut.moderation_q[0] , \u_dut.moderation_q[1] , \u_dut.moderation_q[2] , \u_dut.moderation_q[3] ;
  (* hierconn *) wire [7:0] \u_dut.weight_q[0] , \u_dut.weight_q[1] , \u_dut.weight_q[2] , \u_dut.weight_q[3] ;
  logic [270:0] held, held_0, held_1, held_2, held_3;
  assign held_0 = {\u_dut.start_q[0] , \u_dut.log2_q[0] , \u_dut.desc_high_q[0] , \u_dut.desc_low_q[0] ,
                   \u_dut.comp_high_q[0] , \u_dut.comp_low_q[0] , \u_dut.addr_high_q[0] , \u_dut.addr_low_q[0] ,
                   \u_dut.coalesce_q[0] , \u_dut.moderation_q[0] , \u_dut.weight_q[0] };
  assign held_1 = {\u_dut.start_q[1] , \u_dut.log2_q[1] , \u_dut.desc_high_q[1] , \u_dut.desc_low_q[1] ,
                   \u_dut.comp_high_q[1] , \u_dut.comp_low_q[1] , \u_dut.addr_high_q[1] , \u_dut.addr_low_q[1] ,
                   \u_dut.coalesce_q[1] , \u_dut.moderation_q[1] , \u_dut.weight_q[1] };
  assign held_2 = {\u_dut.start_q[2] , \u_dut.log2_q[2] , \u_dut.desc_high_q[2] , \u_dut.desc_low_q[2] ,
                   \u_dut.comp_high_q[2] , \u_dut.comp_low_q[2] , \u_dut.addr_high_q[2] , \u_dut.addr_low_q[2] ,
                   \u_dut.coalesce_q[2] , \u_dut.moderation_q[2] , \u_dut.weight_q[2] };
  assign held_3 = {\u_dut.start_q[3] , \u_dut.log2_q[3] , \u_dut.desc_high_q[3] , \u_dut.desc_low_q[3] ,
                   \u_dut.comp_high_q[3] , \u_dut.comp_low_q[3] , \u_dut.addr_high_q[3] , \u_dut.addr_low_q[3] ,
                   \u_dut.coalesce_q[3] , \u_dut.moderation_q[3] , \u_dut.weight_q[3] };
  assign held = (queue == 6'd0) ? held_0 : (queue == 6'd1) ? held_1 : (queue == 6'd2) ? held_2 : held_3;
  `CHECK(invariant_held, held == {start_q, log2_q, desc_q[63:6], comp_q[63:6], index_q[63:2],
                                coalesce_q[31:16], coalesce_q[7:0], moderation_q[31:16], moderation_q[7:0],
                                weight_q} && coalesce_q[15:8] == 8'd0 && moderation_q[15:8] == 8'd0)
  // log2_in_range is of the queue that is looked at.
  `CHECK(invariant_log2, \u_dut.log2_q[0] - 5'd1 <= 5'd15 && \u_dut.log2_q[1] - 5'd1 <= 5'd15 &&
                         \u_dut.log2_q[2] - 5'd1 <= 5'd15 && \u_dut.log2_q[3] - 5'd1 <= 5'd15)

  `COVER(starts_near_the_wrap, mine && start && start_index == 32'hFFFF_FFFF)
  `COVER(write_while_enabled, write && enabled_q && word_i == 6'd1 && wdata_i[4:0] != log2_q)
  `COVER(size_clamped, log2_q == 5'd16 && write && word_i == 6'd1 && wdata_i == 32'd0 && !enabled_q)
  `COVER(stops_again, mine && stop)
endmodule

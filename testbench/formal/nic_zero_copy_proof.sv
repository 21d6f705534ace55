// Proof of nic_zero_copy: what the host said of a queue is what each look-up finds, and nothing changes while it is on.
// Role     follows one queue, any, in a register model of its own
// Source   docs/design/queue-engine.md, "Registers" and "Zero-copy queues"
`include "proof.svh"

module nic_zero_copy_proof #(
  localparam int unsigned Queues = 4
) (
  input logic        clk_i,
  input logic        rst_ni,
  input logic        write_i,
  input logic [5:0]  queue_i,
  input logic [5:0]  word_i,
  input logic [31:0] wdata_i,
  input logic        enabled_i,
  input logic [5:0]  fetch_queue_i,
  input logic [5:0]  pop_queue_i,
  input logic [5:0]  comp_queue_i,
  input logic [5:0]  index_queue_i
);
  `START_IN_RESET
  (* anyconst *) logic [5:0] queue;
  always @* begin exists : assume (queue < Queues); end
  `REQUIRE(queues_exist, queue_i < Queues && fetch_queue_i < Queues && pop_queue_i < Queues && comp_queue_i < Queues &&
                         index_queue_i < Queues)

  logic        on, fetch_on, pop_on, comp_on, index_on;
  logic [31:0] rdata, comp_start;
  logic [63:0] umem_base, umem_limit;
  logic [15:0] length, headroom;
  logic [4:0]  comp_log2;
  logic [63:2] comp_addr;
  nic_zero_copy #(.Queues(Queues)) u_dut (
    .clk_i, .rst_ni, .write_i, .queue_i, .word_i, .wdata_i, .enabled_i, .rdata_o(rdata), .on_o(on),
    .comp_start_o(comp_start), .fetch_queue_i, .fetch_on_o(fetch_on), .pop_queue_i, .pop_on_o(pop_on),
    .umem_base_o(umem_base), .umem_limit_o(umem_limit), .length_o(length), .headroom_o(headroom),
    .comp_queue_i, .comp_on_o(comp_on), .comp_log2_o(comp_log2), .index_queue_i, .index_on_o(index_on),
    .comp_addr_o(comp_addr)
  );

  // The registers as the page has them
  logic        mine, write, on_q;
  logic [4:0]  log2_q;
  logic [31:0] start_q, room_q;
  logic [63:0] addr_q, base_q, limit_q;
  assign mine  = queue_i == queue;
  assign write = write_i && mine && !enabled_i;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      on_q    <= 1'b0;
      log2_q  <= 5'd1;
      start_q <= '0;
      addr_q  <= '0;
      base_q  <= '0;
      limit_q <= '0;
      room_q  <= '0;
    end else if (write) begin
      if (word_i == 6'd25) on_q <= wdata_i[0];
      if (word_i == 6'd25) log2_q <= (wdata_i[12:8] == 5'd0) ? 5'd1 : (wdata_i[12:8] > 5'd16) ? 5'd16 : wdata_i[12:8];
      if (word_i == 6'd26) start_q <= wdata_i;
      if (word_i == 6'd27) addr_q[31:0] <= {wdata_i[31:2], 2'd0};
      if (word_i == 6'd28) addr_q[63:32] <= wdata_i;
      if (word_i == 6'd29) base_q[31:0] <= wdata_i;
      if (word_i == 6'd30) base_q[63:32] <= wdata_i;
      if (word_i == 6'd31) limit_q[31:0] <= wdata_i;
      if (word_i == 6'd32) limit_q[63:32] <= wdata_i;
      if (word_i == 6'd33) room_q <= wdata_i;
    end
  end
  logic [31:0] expected;
  always_comb begin
    case (word_i)
      6'd25:   expected = {19'd0, log2_q, 7'd0, on_q};
      6'd26:   expected = start_q;
      6'd27:   expected = addr_q[31:0];
      6'd28:   expected = addr_q[63:32];
      6'd29:   expected = base_q[31:0];
      6'd30:   expected = base_q[63:32];
      6'd31:   expected = limit_q[31:0];
      6'd32:   expected = limit_q[63:32];
      6'd33:   expected = room_q;
      default: expected = '0;
    endcase
  end
  `CHECK(reads_what_was_written, !mine || rdata == expected)
  `CHECK(on_as_written, (!mine || on == on_q) && (fetch_queue_i != queue || fetch_on == on_q))
  `CHECK(start_index_as_written, !mine || comp_start == start_q)
  `CHECK(umem_lookup, pop_queue_i != queue || (pop_on == on_q && umem_base == base_q && umem_limit == limit_q))
  `CHECK(room_lookup, pop_queue_i != queue || {headroom, length} == room_q)
  `CHECK(comp_lookup, comp_queue_i != queue || (comp_on == on_q && comp_log2 == log2_q))
  `CHECK(index_lookup, index_queue_i != queue || (index_on == on_q && comp_addr == addr_q[63:2]))
  `CHECK(size_in_range, log2_q >= 5'd1 && log2_q <= 5'd16)

  // While a queue is enabled, nothing moves under the engine.
  logic         frozen_q;
  logic [161:0] held_q, now;
  assign now = {pop_on, umem_base, umem_limit, length, headroom, on};
  always_ff @(posedge clk_i) begin
    frozen_q <= rst_ni && mine && enabled_i && pop_queue_i == queue;
    held_q   <= now;
  end
  `CHECK(enabled_queue_is_frozen, !(frozen_q && mine && pop_queue_i == queue) || now == held_q)

  // Queues that are not looked at in the first cycle of an induction
  (* hierconn *) wire [4:0] \u_dut.comp_log2_q[0] , \u_dut.comp_log2_q[1] , \u_dut.comp_log2_q[2] , \u_dut.comp_log2_q[3] ;
  (* hierconn *) wire [31:0] \u_dut.comp_start_q[0] , \u_dut.comp_start_q[1] , \u_dut.comp_start_q[2] , \u_dut.comp_start_q[3] ;
  (* hierconn *) wire [29:0] \u_dut.addr_low_q[0] , \u_dut.addr_low_q[1] , \u_dut.addr_low_q[2] , \u_dut.addr_low_q[3] ;
  (* hierconn *) wire [31:0] \u_dut.addr_high_q[0] , \u_dut.addr_high_q[1] , \u_dut.addr_high_q[2] , \u_dut.addr_high_q[3] ;
  (* hierconn *) wire [31:0] \u_dut.base_low_q[0] , \u_dut.base_low_q[1] , \u_dut.base_low_q[2] , \u_dut.base_low_q[3] ;
  (* hierconn *) wire [31:0] \u_dut.base_high_q[0] , \u_dut.base_high_q[1] , \u_dut.base_high_q[2] , \u_dut.base_high_q[3] ;
  (* hierconn *) wire [31:0] \u_dut.limit_low_q[0] , \u_dut.limit_low_q[1] , \u_dut.limit_low_q[2] , \u_dut.limit_low_q[3] ;
  (* hierconn *) wire [31:0] \u_dut.limit_high_q[0] , \u_dut.limit_high_q[1] , \u_dut.limit_high_q[2] , \u_dut.limit_high_q[3] ;
  (* hierconn *) wire [31:0] \u_dut.room_q[0] , \u_dut.room_q[1] , \u_dut.room_q[2] , \u_dut.room_q[3] ;
  (* hierconn *) wire [3:0] \u_dut.on_q ;
  logic [259:0] registers, registers_0, registers_1, registers_2, registers_3;
  assign registers_0 = {\u_dut.on_q [0], \u_dut.comp_log2_q[0] , \u_dut.comp_start_q[0] , \u_dut.addr_low_q[0] ,
                        \u_dut.addr_high_q[0] , \u_dut.base_low_q[0] , \u_dut.base_high_q[0] ,
                        \u_dut.limit_low_q[0] , \u_dut.limit_high_q[0] , \u_dut.room_q[0] };
  assign registers_1 = {\u_dut.on_q [1], \u_dut.comp_log2_q[1] , \u_dut.comp_start_q[1] , \u_dut.addr_low_q[1] ,
                        \u_dut.addr_high_q[1] , \u_dut.base_low_q[1] , \u_dut.base_high_q[1] ,
                        \u_dut.limit_low_q[1] , \u_dut.limit_high_q[1] , \u_dut.room_q[1] };
  assign registers_2 = {\u_dut.on_q [2], \u_dut.comp_log2_q[2] , \u_dut.comp_start_q[2] , \u_dut.addr_low_q[2] ,
                        \u_dut.addr_high_q[2] , \u_dut.base_low_q[2] , \u_dut.base_high_q[2] ,
                        \u_dut.limit_low_q[2] , \u_dut.limit_high_q[2] , \u_dut.room_q[2] };
  assign registers_3 = {\u_dut.on_q [3], \u_dut.comp_log2_q[3] , \u_dut.comp_start_q[3] , \u_dut.addr_low_q[3] ,
                        \u_dut.addr_high_q[3] , \u_dut.base_low_q[3] , \u_dut.base_high_q[3] ,
                        \u_dut.limit_low_q[3] , \u_dut.limit_high_q[3] , \u_dut.room_q[3] };
  assign registers = (queue == 6'd0) ? registers_0 : (queue == 6'd1) ? registers_1 : (queue == 6'd2) ? registers_2 : registers_3;
  `CHECK(invariant_registers, registers == {on_q, log2_q, start_q, addr_q[31:2], addr_q[63:32], base_q[31:0], base_q[63:32],
                                            limit_q[31:0], limit_q[63:32], room_q} && addr_q[1:0] == 2'd0)
  // log2_in_range is of the queue that is looked at.
  `CHECK(invariant_log2, \u_dut.comp_log2_q[0] - 5'd1 <= 5'd15 && \u_dut.comp_log2_q[1] - 5'd1 <= 5'd15 &&
                         \u_dut.comp_log2_q[2] - 5'd1 <= 5'd15 && \u_dut.comp_log2_q[3] - 5'd1 <= 5'd15)

  `COVER(whole_umem, on_q && pop_queue_i == queue && umem_base == 64'hFFFF_FFFF_0000_0040 && umem_limit == '1)
  `COVER(size_clamped, log2_q == 5'd16 && write && word_i == 6'd25 && wdata_i[12:8] == 5'd0)
  `COVER(write_while_enabled, write_i && mine && enabled_i && word_i == 6'd33 && wdata_i != room_q && on_q)
endmodule

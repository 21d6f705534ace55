// Interrupt requests of one direction.
// Role     an armed queue asks once, when its published index differs from what the host has seen: at once, or
//          when it differs by moderation_count_i, or moderation_cycles_i cycles after the difference was found
// Timing   queues that may have to ask are marked in check_q and looked at one per cycle, from registers
//          only, so arming and publishing in one cycle cannot miss each other. A queue that waits stays marked
// Errors   none
// Source   docs/design/queue-engine.md, "Registers", IRQ_ARM
`include "check.svh"

module nic_irq #(
  parameter  int unsigned Queues = 16,
  localparam int unsigned QueueW = (Queues > 1) ? $clog2(Queues) : 1
) (
  input  logic              clk_i,
  input  logic              rst_ni,   // synchronous

  input  logic              start_i,
  input  logic              stop_i,       // a disabled queue is disarmed
  input  logic              arm_i,
  input  logic [5:0]        cmd_queue_i,
  input  logic [31:0]       cmd_value_i,
  input  logic [Queues-1:0] enabled_i,

  input  logic              moved_i,
  input  logic [5:0]        moved_queue_i,
  output logic [5:0]        irq_queue_o,
  input  logic [31:0]       irq_published_i,
  input  logic [7:0]        moderation_count_i,    // 0: never
  input  logic [15:0]       moderation_cycles_i,

  output logic              valid_o,
  input  logic              ready_i,
  output logic [5:0]        queue_o,

  // register reads
  output logic [31:0]       interrupts_o,

  output logic              active_o
);
  logic [31:0]       seen_q   [0:Queues-1];
  logic [31:0]       raised_q [0:Queues-1];
  logic [16:0]       since_q  [0:Queues-1];   // when the difference was found
  logic [16:0]       now_q, age;
  logic [Queues-1:0] check_q, armed_q, waits_q;
  logic              valid_q;
  logic [5:0]        queue_q;

  logic              look, differs, due, raise;
  logic [31:0]       distance;
  logic [5:0]        look_queue;
  logic [QueueW-1:0] look_index, cmd_queue;
  nic_rr_arb #(.Width(Queues)) u_look (
    .clk_i, .rst_ni, .req_i(check_q), .taken_i(look), .valid_o(look), .index_o(look_queue)
  );
  assign cmd_queue   = cmd_queue_i[QueueW-1:0];
  assign look_index  = look_queue[QueueW-1:0];
  assign irq_queue_o = look_queue;
  assign distance    = irq_published_i - seen_q[look_index];
  assign differs     = look && armed_q[look_index] && enabled_i[look_index] && distance != '0;
  assign age         = waits_q[look_index] ? now_q - since_q[look_index] : 17'd0;
  assign due         = differs && (age >= {1'b0, moderation_cycles_i} ||
                                   (moderation_count_i != 8'd0 && distance >= {24'd0, moderation_count_i}));
  assign raise       = due && (!valid_q || ready_i);
  assign interrupts_o = raised_q[cmd_queue];

  assign valid_o  = valid_q;
  assign queue_o  = queue_q;
  assign active_o = valid_q || check_q != '0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      check_q <= '0;
      armed_q <= '0;
      waits_q <= '0;
      valid_q <= 1'b0;
      queue_q <= '0;
      now_q   <= '0;
      for (int i = 0; i < Queues; i++) begin
        seen_q[i]   <= '0;
        raised_q[i] <= '0;
        since_q[i]  <= '0;
      end
    end else begin
      if (ready_i) valid_q <= 1'b0;
      if (check_q != '0) now_q <= now_q + 17'd1;
      if (look && (!differs || raise)) check_q[look_index] <= 1'b0;
      if (look) waits_q[look_index] <= differs && !raise;
      if (differs && !waits_q[look_index]) since_q[look_index] <= now_q;
      if (raise) begin
        armed_q[look_index]  <= 1'b0;
        valid_q              <= 1'b1;
        queue_q              <= look_queue;
        raised_q[look_index] <= raised_q[look_index] + 32'd1;
      end
      if (moved_i) check_q[moved_queue_i[QueueW-1:0]] <= 1'b1;
      if (start_i) check_q[cmd_queue] <= 1'b1;
      if (stop_i) armed_q[cmd_queue] <= 1'b0;
      if (arm_i) begin
        seen_q[cmd_queue]  <= cmd_value_i;
        armed_q[cmd_queue] <= 1'b1;
        check_q[cmd_queue] <= 1'b1;
        waits_q[cmd_queue] <= 1'b0;
      end
    end
  end

  `CHECK(raise_was_armed, !raise || armed_q[look_index])
  `COVER(waits_for_more, differs && !due)
  `COVER(arm_meets_move, arm_i && moved_i && cmd_queue_i == moved_queue_i)
endmodule

// Interrupt requests of one direction.
// Role     an armed queue asks once, as soon as its published index differs from what the host has seen
// Timing   queues that may have to ask are marked in check_q and looked at one per cycle, from registers
//          only, so arming and publishing in one cycle cannot miss each other
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

  output logic              valid_o,
  input  logic              ready_i,
  output logic [5:0]        queue_o,

  output logic              active_o
);
  logic [31:0]       seen_q [0:Queues-1];
  logic [Queues-1:0] check_q, armed_q;
  logic              valid_q;
  logic [5:0]        queue_q;

  logic              look, due, raise;
  logic [5:0]        look_queue;
  logic [QueueW-1:0] look_index, cmd_queue;
  nic_rr_arb #(.Width(Queues)) u_look (
    .clk_i, .rst_ni, .req_i(check_q), .taken_i(look), .valid_o(look), .index_o(look_queue)
  );
  assign cmd_queue   = cmd_queue_i[QueueW-1:0];
  assign look_index  = look_queue[QueueW-1:0];
  assign irq_queue_o = look_queue;
  assign due   = look && armed_q[look_index] && enabled_i[look_index] &&
                 irq_published_i != seen_q[look_index];
  assign raise = due && (!valid_q || ready_i);

  assign valid_o  = valid_q;
  assign queue_o  = queue_q;
  assign active_o = valid_q || check_q != '0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      check_q <= '0;
      armed_q <= '0;
      valid_q <= 1'b0;
      queue_q <= '0;
      for (int i = 0; i < Queues; i++) seen_q[i] <= '0;
    end else begin
      if (ready_i) valid_q <= 1'b0;
      if (look && (!due || raise)) check_q[look_index] <= 1'b0;
      if (raise) begin
        armed_q[look_index] <= 1'b0;
        valid_q             <= 1'b1;
        queue_q             <= look_queue;
      end
      if (moved_i) check_q[moved_queue_i[QueueW-1:0]] <= 1'b1;
      if (start_i) check_q[cmd_queue] <= 1'b1;
      if (stop_i) armed_q[cmd_queue] <= 1'b0;
      if (arm_i) begin
        seen_q[cmd_queue]  <= cmd_value_i;
        armed_q[cmd_queue] <= 1'b1;
        check_q[cmd_queue] <= 1'b1;
      end
    end
  end

  `CHECK(raise_was_armed, !raise || armed_q[look_index])
  `COVER(arm_meets_move, arm_i && moved_i && cmd_queue_i == moved_queue_i)
endmodule

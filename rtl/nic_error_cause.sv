// What went wrong with each queue of one direction.
// Role     one bit for each cause and queue, set by an event; cleared by the host, or when the queue starts
// Shapes   causes are the bits of CAUSE; each has its event and the queue that it is about
// Timing   an event that comes with its clearing stays
// Errors   none
// Source   docs/design/queue-engine.md, "Registers", CAUSE
`include "check.svh"

module nic_error_cause #(
  parameter  int unsigned Queues = 16,
  parameter  int unsigned Causes = 6,
  localparam int unsigned QueueW = (Queues > 1) ? $clog2(Queues) : 1
) (
  input  logic                clk_i,
  input  logic                rst_ni,   // synchronous

  input  logic                start_i,
  input  logic                clear_i,
  input  logic [5:0]          cmd_queue_i,
  input  logic [Causes-1:0]   cmd_causes_i,   // to be cleared

  input  logic [Causes-1:0]   event_i,
  input  logic [6*Causes-1:0] event_queue_i,

  output logic [Causes-1:0]   causes_o        // of cmd_queue_i
);
  logic [Causes*Queues-1:0] causes_q;
  logic [QueueW-1:0]        cmd_queue;
  assign cmd_queue = cmd_queue_i[QueueW-1:0];

  always_comb begin
    for (int c = 0; c < Causes; c++) causes_o[c] = causes_q[c * Queues + 32'(cmd_queue)];
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) causes_q <= '0;
    else begin
      for (int c = 0; c < Causes; c++) begin
        if (start_i || (clear_i && cmd_causes_i[c])) causes_q[c * Queues + 32'(cmd_queue)] <= 1'b0;
        if (event_i[c]) causes_q[c * Queues + 32'(event_queue_i[6 * c +: QueueW])] <= 1'b1;
      end
    end
  end

  logic meets;
  always_comb begin
    meets = 1'b0;
    for (int c = 0; c < Causes; c++) begin
      if (event_i[c] && clear_i && cmd_causes_i[c] && event_queue_i[6 * c +: 6] == cmd_queue_i) meets = 1'b1;
    end
  end
  `COVER(set_and_cleared, meets)
endmodule

// Counts one kind of event for each queue.
// Role     a register that only counts
// Timing   count_o answers cmd_queue_i in the same cycle
// Errors   none; counts wrap at 2^32
// Source   docs/design/queue-engine.md, "Registers"
module nic_counter #(
  parameter  int unsigned Queues = 16,
  localparam int unsigned QueueW = (Queues > 1) ? $clog2(Queues) : 1
) (
  input  logic              clk_i,
  input  logic              rst_ni,   // synchronous
  input  logic              event_i,
  input  logic [QueueW-1:0] event_queue_i,
  input  logic [QueueW-1:0] cmd_queue_i,
  output logic [31:0]       count_o
);
  logic [31:0] count_q [0:Queues-1];
  assign count_o = count_q[cmd_queue_i];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      for (int i = 0; i < Queues; i++) count_q[i] <= '0;
    end else if (event_i) begin
      count_q[event_queue_i] <= count_q[event_queue_i] + 32'd1;
    end
  end
endmodule

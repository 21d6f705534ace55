// Joins the interrupt requests of both directions, turn by turn.
// Timing   one register between the sources and the output
// Errors   none
`include "check.svh"

module nic_irq_merge (
  input  logic       clk_i,
  input  logic       rst_ni,   // synchronous

  input  logic       rx_valid_i,
  output logic       rx_ready_o,
  input  logic [5:0] rx_queue_i,
  input  logic       tx_valid_i,
  output logic       tx_ready_o,
  input  logic [5:0] tx_queue_i,

  output logic       valid_o,
  input  logic       ready_i,
  output logic [6:0] vector_o
);
  logic       valid_q, tx_last_q, load, pick_tx;
  logic [6:0] vector_q;
  assign load       = !valid_q || ready_i;
  assign pick_tx    = tx_valid_i && !(rx_valid_i && tx_last_q);
  assign tx_ready_o = load && pick_tx;
  assign rx_ready_o = load && rx_valid_i && !pick_tx;
  assign valid_o    = valid_q;
  assign vector_o   = vector_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q   <= 1'b0;
      tx_last_q <= 1'b0;
      vector_q  <= '0;
    end else if (load) begin
      valid_q <= rx_valid_i || tx_valid_i;
      if (rx_valid_i || tx_valid_i) begin
        tx_last_q <= pick_tx;
        vector_q  <= pick_tx ? {1'b1, tx_queue_i} : {1'b0, rx_queue_i};
      end
    end
  end

  `CHECK(one_source, !(rx_ready_o && tx_ready_o))
endmodule

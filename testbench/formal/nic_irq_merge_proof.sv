// Proof of nic_irq_merge: no request is lost, invented or kept waiting for more than one of the other side.
`include "proof.svh"

module nic_irq_merge_proof (
  input logic       clk_i,
  input logic       rst_ni,
  input logic       rx_valid_i,
  input logic [5:0] rx_queue_i,
  input logic       tx_valid_i,
  input logic [5:0] tx_queue_i,
  input logic       ready_i
);
  `START_IN_RESET
  logic rx_ready, tx_ready, valid;
  logic [6:0] vector;
  nic_irq_merge u_dut (
    .clk_i, .rst_ni, .rx_valid_i, .rx_ready_o(rx_ready), .rx_queue_i, .tx_valid_i, .tx_ready_o(tx_ready), .tx_queue_i,
    .valid_o(valid), .ready_i, .vector_o(vector)
  );

  logic       rx_taken, tx_taken, taken_q;
  logic [6:0] vector_q;        // of the request taken last
  logic [1:0] rx_passed_q, tx_passed_q;
  assign rx_taken = rx_valid_i && rx_ready;
  assign tx_taken = tx_valid_i && tx_ready;
  always_ff @(posedge clk_i) begin
    taken_q <= rst_ni && (rx_taken || tx_taken || (valid && !ready_i));
    if (rx_taken || tx_taken) vector_q <= tx_taken ? {1'b1, tx_queue_i} : {1'b0, rx_queue_i};
    if (!rst_ni || !rx_valid_i || rx_taken) rx_passed_q <= '0;
    else if (tx_taken) rx_passed_q <= rx_passed_q + 2'd1;
    if (!rst_ni || !tx_valid_i || tx_taken) tx_passed_q <= '0;
    else if (rx_taken) tx_passed_q <= tx_passed_q + 2'd1;
  end

  `CHECK(ready_needs_valid, (!rx_ready || rx_valid_i) && (!tx_ready || tx_valid_i))
  `CHECK(takes_when_it_can, !(rx_valid_i || tx_valid_i) || !(!valid || ready_i) || rx_taken || tx_taken)
  `CHECK(takes_no_more_than_it_gives, !(rx_taken || tx_taken) || !valid || ready_i)
  `CHECK(gives_what_was_taken, valid == taken_q && (!valid || vector == vector_q))
  `CHECK(rx_waits_for_one, rx_passed_q <= 2'd1)
  `CHECK(tx_waits_for_one, tx_passed_q <= 2'd1)
  nic_hold_check #(.Width(7)) u_hold (.clk_i, .rst_ni, .valid_i(valid), .ready_i, .data_i(vector));

  (* hierconn *) wire \u_dut.tx_last_q ;
  logic tx_last;
  assign tx_last = \u_dut.tx_last_q ;
  `CHECK(invariant_rx_turn, rx_passed_q == 2'd0 || tx_last)
  `CHECK(invariant_tx_turn, tx_passed_q == 2'd0 || !tx_last)

  `COVER(rx_passed, rx_passed_q == 2'd1 && rx_taken)
  `COVER(tx_passed, tx_passed_q == 2'd1 && tx_taken)
endmodule

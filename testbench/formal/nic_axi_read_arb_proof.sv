// Proof of nic_axi_read_arb: every read goes out once, as it was asked, and its data comes back to who asked.
`include "proof.svh"

module nic_axi_read_arb_proof (
  input logic        clk_i,
  input logic        rst_ni,
  input logic        rx_valid_i,
  input logic [63:6] rx_addr_i,
  input logic [5:0]  rx_queue_i,
  input logic [5:0]  rx_tag_i,
  input logic        tx_valid_i,
  input logic [63:6] tx_addr_i,
  input logic [5:0]  tx_queue_i,
  input logic [5:0]  tx_tag_i,
  input logic        payload_valid_i,
  input logic [63:6] payload_addr_i,
  input logic [2:0]  payload_len_i,
  input logic [5:0]  payload_queue_i,
  input logic [5:0]  payload_tag_i,
  input logic        arready_i,
  input logic        rvalid_i,
  input logic [7:0]  rid_i,
  input logic [1:0]  rresp_i
);
  `START_IN_RESET
  `REQUIRE(bursts_inside_512_bytes, {1'b0, payload_addr_i[8:6]} + {1'b0, payload_len_i} <= 4'd7)

  logic rx_ready, tx_ready, payload_ready, rx_rvalid, tx_rvalid, payload_rvalid, rerror, arvalid, rready, active;
  logic [7:0] arid;
  logic [5:0] rtag;
  logic [63:0] araddr;
  logic [7:0] arlen;
  logic [6:0] aruser;
  nic_axi_read_arb u_dut (
    .clk_i, .rst_ni,
    .rx_desc_arvalid_i(rx_valid_i), .rx_desc_arready_o(rx_ready), .rx_desc_araddr_i(rx_addr_i),
    .rx_desc_arqueue_i(rx_queue_i), .rx_desc_artag_i(rx_tag_i), .rx_desc_rvalid_o(rx_rvalid),
    .tx_desc_arvalid_i(tx_valid_i), .tx_desc_arready_o(tx_ready), .tx_desc_araddr_i(tx_addr_i),
    .tx_desc_arqueue_i(tx_queue_i), .tx_desc_artag_i(tx_tag_i), .tx_desc_rvalid_o(tx_rvalid),
    .payload_arvalid_i(payload_valid_i), .payload_arready_o(payload_ready), .payload_araddr_i(payload_addr_i),
    .payload_arlen_i(payload_len_i), .payload_arqueue_i(payload_queue_i), .payload_artag_i(payload_tag_i),
    .payload_rvalid_o(payload_rvalid), .rtag_o(rtag), .rerror_o(rerror),
    .m_axi_arid(arid), .m_axi_araddr(araddr), .m_axi_arlen(arlen), .m_axi_aruser(aruser), .m_axi_arvalid(arvalid),
    .m_axi_arready(arready_i), .m_axi_rid(rid_i), .m_axi_rresp(rresp_i), .m_axi_rvalid(rvalid_i),
    .m_axi_rready(rready), .active_o(active)
  );

  logic [2:0]  asked, taken;
  logic        taken_q, held_q;
  logic [86:0] read, read_q;    // id, address, length, user
  assign asked = {payload_valid_i, tx_valid_i, rx_valid_i};
  assign taken = asked & {payload_ready, tx_ready, rx_ready};
  assign read  = taken[0] ? {rx_tag_i, 2'd0, rx_addr_i, 6'd0, 8'd0, 1'b0, rx_queue_i} :
                 taken[1] ? {tx_tag_i, 2'd1, tx_addr_i, 6'd0, 8'd0, 1'b1, tx_queue_i} :
                            {payload_tag_i, 2'd2, payload_addr_i, 6'd0, 5'd0, payload_len_i, 1'b1, payload_queue_i};
  always_ff @(posedge clk_i) begin
    taken_q <= rst_ni && taken != '0;
    held_q  <= rst_ni && arvalid && !arready_i;
    if (taken != '0) read_q <= read;
  end
  `CHECK(takes_one, taken == 3'b000 || taken == 3'b001 || taken == 3'b010 || taken == 3'b100)
  `CHECK(takes_when_it_can, (taken != '0) == (asked != '0 && (!arvalid || arready_i)))
  `CHECK(read_goes_out_as_asked, arvalid == (taken_q || held_q) && (!arvalid || {arid, araddr, arlen, aruser} == read_q))
  `CHECK(active_while_it_waits, !arvalid || active)
  `CHECK(burst_inside_512, !arvalid || araddr[11:9] == ((araddr + {50'd0, arlen, 6'd0}) >> 9) % 8)
  nic_hold_check #(.Width(87)) u_hold (
    .clk_i, .rst_ni, .valid_i(arvalid), .ready_i(arready_i), .data_i({arid, araddr, arlen, aruser})
  );

  // Answers
  `CHECK(data_is_always_taken, rready)
  `CHECK(data_goes_to_its_id, {payload_rvalid, tx_rvalid, rx_rvalid} == (rvalid_i ? 3'd1 << rid_i[1:0] : 3'd0))
  `CHECK(data_has_its_tag, rtag == rid_i >> 2)
  `CHECK(error_as_answered, rerror == (rresp_i >= 2'd2))

  // Turns: whoever asks is passed by each other once
  (* anyconst *) logic [1:0] waiter;
  always @* begin exists : assume (waiter < 2'd3); end
  (* hierconn *) wire [2:0] \u_dut.u_turn.later_q ;
  logic [1:0] passed_q, turn;
  always_ff @(posedge clk_i) begin
    if (!rst_ni || !asked[waiter] || taken[waiter]) passed_q <= '0;
    else if (taken != '0) passed_q <= passed_q + 2'd1;
  end
  assign turn = (\u_dut.u_turn.later_q == 3'b110) ? ((waiter == 2'd0) ? 2'd2 : waiter - 2'd1) :
                (\u_dut.u_turn.later_q == 3'b100) ? ((waiter == 2'd2) ? 2'd0 : waiter + 2'd1) : waiter;
  `CHECK(waits_for_two, passed_q <= 2'd2)
  `CHECK(invariant_turns, \u_dut.u_turn.later_q == 3'b111 || \u_dut.u_turn.later_q == 3'b110 ||
                          \u_dut.u_turn.later_q == 3'b100 || \u_dut.u_turn.later_q == 3'b000)
  `CHECK(invariant_nearer, passed_q == '0 || {1'b0, passed_q} + {1'b0, turn} <= 3'd2)

  `COVER(waits_two_turns, passed_q == 2'd2 && taken[waiter])
  `COVER(back_to_back, taken_q && arvalid && arready_i && taken != '0)
  `COVER(payload_stalled, held_q && arid == 8'hFE && arlen == 8'd7)
endmodule

// Proof of nic_axi_write_arb: every address goes out once, as it was asked; data follows in the order of the addresses,
// from the writer of each; responses come back to who wrote.
// Role     keeps the order of all addresses whose data is owed, and follows one bit of the data, any
// Source   AMBA AXI4 A5.3
`include "proof.svh"

module nic_axi_write_arb_proof (
  input logic         clk_i,
  input logic         rst_ni,
  input logic [4:0]   valid_i,         // by writer: payload, completion, RX index, TX index, TX completion
  input logic [57:0]  payload_addr_i,
  input logic [57:0]  comp_addr_i,
  input logic [57:0]  rx_index_addr_i,
  input logic [57:0]  tx_index_addr_i,
  input logic [57:0]  tx_comp_addr_i,
  input logic [29:0]  queues_i,
  input logic [2:0]   len_i,
  input logic [4:0]   wvalid_i,
  input logic [511:0] payload_data_i,
  input logic [63:0]  payload_strb_i,
  input logic         payload_last_i,
  input logic [511:0] comp_data_i,
  input logic [15:0]  comp_words_i,
  input logic [31:0]  rx_index_data_i,
  input logic [3:0]   rx_index_word_i,
  input logic [31:0]  tx_index_data_i,
  input logic [3:0]   tx_index_word_i,
  input logic [511:0] tx_comp_data_i,
  input logic [15:0]  tx_comp_words_i,
  input logic         awready_i,
  input logic         wready_i,
  input logic         bvalid_i,
  input logic [3:0]   bid_i,
  input logic [1:0]   bresp_i
);
  `START_IN_RESET
  (* anyconst *) logic [8:0] place;    // of a bit of the data; its byte has a strobe
  `REQUIRE(bursts_inside_512_bytes, {1'b0, payload_addr_i[2:0]} + {1'b0, len_i} <= 4'd7)
  `REQUIRE(ids_are_known, !bvalid_i || bid_i < 4'd5)

  logic [4:0]   ready, wready, bvalid;
  logic [3:0]   awid;
  logic [63:0]  awaddr, wstrb;
  logic [7:0]   awlen;
  logic [6:0]   awuser;
  logic [511:0] wdata;
  logic         berror, awvalid, wlast, wvalid, bready, active;
  nic_axi_write_arb u_dut (
    .clk_i, .rst_ni,
    .payload_awvalid_i(valid_i[0]), .payload_awready_o(ready[0]), .payload_awaddr_i(payload_addr_i),
    .payload_awlen_i(len_i), .payload_awqueue_i(queues_i[5:0]), .payload_wvalid_i(wvalid_i[0]),
    .payload_wready_o(wready[0]), .payload_wdata_i(payload_data_i), .payload_wstrb_i(payload_strb_i),
    .payload_wlast_i(payload_last_i), .payload_bvalid_o(bvalid[0]),
    .comp_awvalid_i(valid_i[1]), .comp_awready_o(ready[1]), .comp_awaddr_i(comp_addr_i),
    .comp_awqueue_i(queues_i[11:6]), .comp_wvalid_i(wvalid_i[1]), .comp_wready_o(wready[1]),
    .comp_wdata_i(comp_data_i), .comp_wwords_i(comp_words_i), .comp_bvalid_o(bvalid[1]),
    .rx_index_awvalid_i(valid_i[2]), .rx_index_awready_o(ready[2]), .rx_index_awaddr_i(rx_index_addr_i),
    .rx_index_awqueue_i(queues_i[17:12]), .rx_index_wvalid_i(wvalid_i[2]), .rx_index_wready_o(wready[2]),
    .rx_index_wdata_i(rx_index_data_i), .rx_index_wword_i(rx_index_word_i), .rx_index_bvalid_o(bvalid[2]),
    .tx_index_awvalid_i(valid_i[3]), .tx_index_awready_o(ready[3]), .tx_index_awaddr_i(tx_index_addr_i),
    .tx_index_awqueue_i(queues_i[23:18]), .tx_index_wvalid_i(wvalid_i[3]), .tx_index_wready_o(wready[3]),
    .tx_index_wdata_i(tx_index_data_i), .tx_index_wword_i(tx_index_word_i), .tx_index_bvalid_o(bvalid[3]),
    .tx_comp_awvalid_i(valid_i[4]), .tx_comp_awready_o(ready[4]), .tx_comp_awaddr_i(tx_comp_addr_i),
    .tx_comp_awqueue_i(queues_i[29:24]), .tx_comp_wvalid_i(wvalid_i[4]), .tx_comp_wready_o(wready[4]),
    .tx_comp_wdata_i(tx_comp_data_i), .tx_comp_wwords_i(tx_comp_words_i), .tx_comp_bvalid_o(bvalid[4]),
    .berror_o(berror),
    .m_axi_awid(awid), .m_axi_awaddr(awaddr), .m_axi_awlen(awlen), .m_axi_awuser(awuser), .m_axi_awvalid(awvalid),
    .m_axi_awready(awready_i), .m_axi_wdata(wdata), .m_axi_wstrb(wstrb), .m_axi_wlast(wlast), .m_axi_wvalid(wvalid),
    .m_axi_wready(wready_i), .m_axi_bid(bid_i), .m_axi_bresp(bresp_i), .m_axi_bvalid(bvalid_i),
    .m_axi_bready(bready), .active_o(active)
  );

  // Addresses
  logic [4:0]  taken;
  logic [2:0]  who;
  logic        any, taken_q, held_q;
  logic [82:0] write, write_q;     // id, address, length, user
  assign taken = valid_i & ready;
  assign any   = taken != '0;
  assign who   = taken[0] ? 3'd0 : taken[1] ? 3'd1 : taken[2] ? 3'd2 : taken[3] ? 3'd3 : 3'd4;
  assign write = taken[0] ? {4'd0, payload_addr_i, 6'd0, 5'd0, len_i, 1'b0, queues_i[5:0]} :
                 taken[1] ? {4'd1, comp_addr_i, 6'd0, 8'd0, 1'b0, queues_i[11:6]} :
                 taken[2] ? {4'd2, rx_index_addr_i, 6'd0, 8'd0, 1'b0, queues_i[17:12]} :
                 taken[3] ? {4'd3, tx_index_addr_i, 6'd0, 8'd0, 1'b1, queues_i[23:18]} :
                            {4'd4, tx_comp_addr_i, 6'd0, 8'd0, 1'b1, queues_i[29:24]};
  always_ff @(posedge clk_i) begin
    taken_q <= rst_ni && any;
    held_q  <= rst_ni && awvalid && !awready_i;
    if (any) write_q <= write;
  end

  // Data that is owed, of all writers and in the order of their addresses; the oldest is lowest
  logic [3:0]  owed_q, before;     // writes
  logic [23:0] order_q, order_d;   // their writers
  logic        ends;
  assign ends   = wvalid && wready_i && wlast;
  assign before = owed_q - {3'd0, ends};
  always_comb begin
    order_d = ends ? {3'd0, order_q[23:3]} : order_q;
    for (int i = 0; i < 8; i++) if (any && before == i) order_d[3*i +: 3] = who;
  end
  always_ff @(posedge clk_i) begin
    order_q <= order_d;
    owed_q  <= rst_ni ? before + {3'd0, any} : '0;
  end
  // A writer has all its data before it offers the address.
  logic [4:0] owes;
  always_comb begin
    owes = '0;
    for (int i = 0; i < 8; i++) if (i < owed_q) owes[order_q[3*i +: 3]] = 1'b1;
  end
  `REQUIRE(data_is_there, (owes & ~wvalid_i) == '0)

  `CHECK(takes_one, taken == 5'd0 || taken == 5'd1 << who)
  `CHECK(takes_when_it_can, any == (valid_i != '0 && owed_q != 4'd8 && (!awvalid || awready_i)))
  `CHECK(address_goes_out_as_asked, awvalid == (taken_q || held_q) && (!awvalid || {awid, awaddr, awlen, awuser} == write_q))
  nic_hold_check #(.Width(83)) u_hold (
    .clk_i, .rst_ni, .valid_i(awvalid), .ready_i(awready_i), .data_i({awid, awaddr, awlen, awuser})
  );

  logic [2:0] source;
  logic       bit_due, strobe_due, last_due;
  assign source     = order_q[2:0];
  assign bit_due    = (source == 3'd0) ? payload_data_i[place] : (source == 3'd1) ? comp_data_i[place] :
                      (source == 3'd2) ? rx_index_data_i[place[4:0]] :
                      (source == 3'd3) ? tx_index_data_i[place[4:0]] : tx_comp_data_i[place];
  assign strobe_due = (source == 3'd0) ? payload_strb_i[place[8:3]] : (source == 3'd1) ? comp_words_i[place[8:5]] :
                      (source == 3'd2) ? place[8:5] == rx_index_word_i :
                      (source == 3'd3) ? place[8:5] == tx_index_word_i : tx_comp_words_i[place[8:5]];
  assign last_due   = source != 3'd0 || payload_last_i;
  `CHECK(data_while_it_is_owed, wvalid == (owed_q != '0))
  `CHECK(data_of_the_oldest, !wvalid || (wdata[place] == bit_due && wstrb[place[8:3]] == strobe_due && wlast == last_due))
  `CHECK(taken_from_the_oldest, wready == ((wready_i && owed_q != '0) ? 5'd1 << source : 5'd0))
  `CHECK(active_while_something_waits, active || (!awvalid && owed_q == '0))
  `CHECK(responses_are_always_taken, bready)
  `CHECK(response_goes_to_its_id, bvalid == (bvalid_i ? 5'd1 << bid_i : 5'd0))
  `CHECK(error_as_answered, berror == (bresp_i >= 2'd2))

  // Turns: whoever asks is passed by each other once
  (* anyconst *) logic [2:0] waiter;
  always @* begin waiter_exists : assume (waiter < 3'd5); end
  (* hierconn *) wire [4:0] \u_dut.u_turn.later_q ;
  logic [2:0] passed_q, last, turn;
  always_ff @(posedge clk_i) begin
    if (!rst_ni || !valid_i[waiter] || taken[waiter]) passed_q <= '0;
    else if (any) passed_q <= passed_q + 3'd1;
  end
  assign last = (\u_dut.u_turn.later_q == 5'b11110) ? 3'd0 : (\u_dut.u_turn.later_q == 5'b11100) ? 3'd1 :
                (\u_dut.u_turn.later_q == 5'b11000) ? 3'd2 : (\u_dut.u_turn.later_q == 5'b10000) ? 3'd3 : 3'd4;
  assign turn = (waiter > last) ? waiter - last - 3'd1 : waiter + 3'd4 - last;
  `CHECK(waits_for_four, passed_q != 3'd4 || !valid_i[waiter] || !any || taken[waiter])
  `CHECK(invariant_turns, \u_dut.u_turn.later_q == 5'b11111 || \u_dut.u_turn.later_q == 5'b11110 ||
                          \u_dut.u_turn.later_q == 5'b11100 || \u_dut.u_turn.later_q == 5'b11000 ||
                          \u_dut.u_turn.later_q == 5'b10000 || \u_dut.u_turn.later_q == 5'b00000)
  `CHECK(invariant_nearer, passed_q == '0 || {1'b0, passed_q} + {1'b0, turn} <= 4'd4)

  (* hierconn *) wire [6:0] \u_dut.u_order.count_q ;
  (* hierconn *) wire [23:0] \u_dut.u_order.words_q ;
  logic [7:0] differs;
  always_comb begin
    for (int i = 0; i < 8; i++) differs[i] = i < owed_q && order_q[3*i +: 3] != \u_dut.u_order.words_q [3*i +: 3];
  end
  `CHECK(invariant_owed, \u_dut.u_order.count_q == {3'd0, owed_q} && owed_q <= 4'd8)
  `CHECK(invariant_order, differs == '0)
  logic [7:0] strangers;
  always_comb begin
    for (int i = 0; i < 8; i++) strangers[i] = i < owed_q && order_q[3*i +: 3] > 3'd4;
  end
  `CHECK(invariant_writers, strangers == '0)

  `COVER(eight_are_owed, owed_q == 4'd8 && valid_i != '0)
  `COVER(waits_four_turns, passed_q == 3'd4 && taken[waiter])
  `COVER(data_before_its_address, wvalid && wready_i && owed_q == 4'd1 && awvalid && !awready_i)
endmodule

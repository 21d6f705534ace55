// Proof of nic_regs: each access is done once, where its address says, and answered once.
// Role     keeps the access that was taken, and compares all that follows with it; addresses are those of the documentation
// Shapes   3 receive and 2 transmit queues, so that a block which one direction has may be none of the other
// Units    byte addresses
// Source   docs/design/queue-engine.md, "Registers"
`include "proof.svh"

module nic_regs_proof (
  input logic        clk_i,
  input logic        rst_ni,
  input logic [15:0] s_axil_awaddr,
  input logic        s_axil_awvalid,
  input logic [31:0] s_axil_wdata,
  input logic [3:0]  s_axil_wstrb,
  input logic        s_axil_wvalid,
  input logic        s_axil_bready,
  input logic [15:0] s_axil_araddr,
  input logic        s_axil_arvalid,
  input logic        s_axil_rready,
  input logic [31:0] rx_rdata_i,
  input logic [31:0] tx_rdata_i,
  input logic        rx_enabled_i,
  input logic        tx_enabled_i,
  input logic        rx_in_flight_i,
  input logic        tx_in_flight_i,
  input logic [31:0] rss_rdata_i
);
  `START_IN_RESET
  logic        awready, wready, arready, bvalid, rvalid, rx_write, tx_write, rss_write, active;
  logic [1:0]  bresp, rresp;
  logic [31:0] rdata, wdata;
  logic [5:0]  queue, word, rss_word;
  nic_regs #(.RxQueues(3), .TxQueues(2), .RingLog2Max(16)) u_dut (
    .clk_i, .rst_ni, .s_axil_awaddr, .s_axil_awvalid, .s_axil_awready(awready), .s_axil_wdata, .s_axil_wstrb,
    .s_axil_wvalid, .s_axil_wready(wready), .s_axil_bresp(bresp), .s_axil_bvalid(bvalid), .s_axil_bready, .s_axil_araddr,
    .s_axil_arvalid, .s_axil_arready(arready), .s_axil_rdata(rdata), .s_axil_rresp(rresp), .s_axil_rvalid(rvalid),
    .s_axil_rready, .queue_o(queue), .word_o(word), .wdata_o(wdata), .rx_write_o(rx_write), .tx_write_o(tx_write),
    .rx_rdata_i, .tx_rdata_i, .rx_enabled_i, .tx_enabled_i, .rx_in_flight_i, .tx_in_flight_i, .rss_write_o(rss_write),
    .rss_word_o(rss_word), .rss_rdata_i, .active_o(active)
  );
  (* hierconn *) wire [1:0] \u_dut.state_q ;
  (* hierconn *) wire \u_dut.write_q , \u_dut.partial_q ;
  (* hierconn *) wire [13:0] \u_dut.addr_q ;
  (* hierconn *) wire [31:0] \u_dut.wdata_q , \u_dut.rdata_q ;

  // The access under way
  localparam logic [1:0] None = 2'd0, Taken = 2'd1, Done = 2'd2;
  logic [1:0]  phase_q;
  logic        write_q, whole_q, was_write_q;
  logic [13:0] addr_q;         // of the word
  logic [31:0] data_q, value_q;
  logic        take_write, take_read, answered;
  assign take_write = s_axil_awvalid && awready && s_axil_wvalid && wready;
  assign take_read  = s_axil_arvalid && arready;
  assign answered   = (bvalid && s_axil_bready) || (rvalid && s_axil_rready);

  // Where it goes
  logic        to_rx, to_tx, to_rss, starts, lives, waits, writes;
  logic [31:0] value;
  assign to_rx  = addr_q >= 14'h1000 && addr_q < 14'h10C0;
  assign to_tx  = addr_q >= 14'h2000 && addr_q < 14'h2080;
  assign to_rss = addr_q >= 14'h0040 && addr_q < 14'h0080;
  assign starts = write_q && (to_rx || to_tx) && addr_q[5:0] == 6'd0 && data_q[0];
  assign lives  = to_rx ? !rx_enabled_i && rx_in_flight_i : !tx_enabled_i && tx_in_flight_i;
  assign waits  = whole_q && starts && lives;
  assign writes = phase_q == Taken && write_q && whole_q && !waits;
  always_comb begin
    case (addr_q)
      14'h0000: value = 32'h5250_5131;
      14'h0001: value = 32'h0002_0001;
      14'h0002: value = {16'd2, 16'd3};
      14'h0003: value = 32'd16;
      14'h0004: value = 32'h0000_013F;
      default:  value = to_rx ? rx_rdata_i : to_tx ? tx_rdata_i : to_rss ? rss_rdata_i : 32'd0;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      phase_q     <= None;
      was_write_q <= 1'b0;
    end else begin
      case (phase_q)
        None: if (take_write || take_read) begin
          phase_q     <= Taken;
          was_write_q <= take_write;
        end
        Taken:   if (!waits) phase_q <= Done;
        default: if (answered) phase_q <= None;
      endcase
    end
    if (take_write || take_read) begin
      write_q <= take_write;
      whole_q <= !take_write || s_axil_wstrb == 4'hF;
      addr_q  <= take_write ? s_axil_awaddr[15:2] : s_axil_araddr[15:2];
      data_q  <= s_axil_wdata;
    end
    if (phase_q == Taken) value_q <= value;
  end

  logic waited_q;
  always_ff @(posedge clk_i) waited_q <= rst_ni && phase_q == Taken && waits;
  `CHECK(address_with_its_data, awready == wready && (!awready || (s_axil_awvalid && s_axil_wvalid)))
  `CHECK(one_at_a_time, !(take_write && take_read) && (phase_q == None || (!take_write && !take_read)))
  `CHECK(takes_what_waits, phase_q != None || take_write || take_read || !(s_axil_arvalid || (s_axil_awvalid && s_axil_wvalid)))
  `CHECK(turns_change, !(take_write && was_write_q && s_axil_arvalid) &&
                       !(take_read && !was_write_q && s_axil_awvalid && s_axil_wvalid))
  `CHECK(write_to_its_block_once, rx_write == (writes && to_rx) && tx_write == (writes && to_tx) && rss_write == (writes && to_rss))
  `CHECK(write_to_its_word, !writes || ({queue, word} == addr_q[11:0] && rss_word == addr_q[5:0] && wdata == data_q))
  `CHECK(look_at_its_word, phase_q != Taken || ({queue, word} == addr_q[11:0] && rss_word == addr_q[5:0]))
  `CHECK(answered_when_done, bvalid == (phase_q == Done && write_q) && rvalid == (phase_q == Done && !write_q))
  `CHECK(refused_unless_whole, !bvalid || bresp == (whole_q ? 2'b00 : 2'b10))
  `CHECK(reads_what_it_was, !rvalid || (rdata == value_q && rresp == 2'b00))
  `CHECK(active_while_one_is_under_way, active == (phase_q != None))
  nic_hold_check #(.Width(2)) u_b_hold (.clk_i, .rst_ni, .valid_i(bvalid), .ready_i(s_axil_bready), .data_i(bresp));
  nic_hold_check #(.Width(32)) u_r_hold (.clk_i, .rst_ni, .valid_i(rvalid), .ready_i(s_axil_rready), .data_i(rdata));

  `CHECK(invariant_phase, \u_dut.state_q == (phase_q == None ? 2'd0 : phase_q == Taken ? 2'd1 : write_q ? 2'd2 : 2'd3))
  `CHECK(invariant_turn, \u_dut.write_q == was_write_q && (phase_q == None || write_q == was_write_q))
  `CHECK(invariant_access, phase_q == None || (\u_dut.addr_q == addr_q && \u_dut.partial_q == !whole_q &&
                                               (!write_q || \u_dut.wdata_q == data_q)))
  `CHECK(invariant_value, phase_q != Done || write_q || \u_dut.rdata_q == value_q)

  `COVER(starts_after_a_wait, rx_write && starts && waited_q)
  `COVER(refused, bvalid && s_axil_bready && bresp != 2'b00)
  `COVER(last_queue, tx_write && queue == 6'd1)
  `COVER(no_such_queue, phase_q == Taken && write_q && queue == 6'd2 && addr_q[13:12] == 2'b10 && !tx_write)
  `COVER(read_between_writes, take_read && was_write_q && s_axil_awvalid && s_axil_wvalid)
endmodule

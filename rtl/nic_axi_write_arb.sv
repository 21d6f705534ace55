// Joins the writers of the engine to one AXI4 write channel.
// Role     takes addresses in turn; sends data in the order in which the addresses were taken; gives each
//          writer the responses of its id
// Shapes   writers: 0 payload (bursts), 1 RX completion entries, 2 and 3 RX and TX index (4 bytes), 4 entries of
//          completion rings of zero-copy queues; the writer's number is its id
// Timing   addresses registered, data not; a burst's data is complete before its address is offered
// Errors   responses SLVERR and DECERR are passed on as errors
// Source   AMBA AXI4 A5.3: write data has no id, so it follows the order of the addresses
`include "check.svh"

module nic_axi_write_arb (
  input  logic         clk_i,
  input  logic         rst_ni,   // synchronous

  input  logic         payload_awvalid_i,
  output logic         payload_awready_o,
  input  logic [63:6]  payload_awaddr_i,
  input  logic [2:0]   payload_awlen_i,
  input  logic [5:0]   payload_awqueue_i,
  input  logic         payload_wvalid_i,
  output logic         payload_wready_o,
  input  logic [511:0] payload_wdata_i,
  input  logic [63:0]  payload_wstrb_i,
  input  logic         payload_wlast_i,
  output logic         payload_bvalid_o,

  input  logic         comp_awvalid_i,
  output logic         comp_awready_o,
  input  logic [63:6]  comp_awaddr_i,
  input  logic [5:0]   comp_awqueue_i,
  input  logic         comp_wvalid_i,
  output logic         comp_wready_o,
  input  logic [511:0] comp_wdata_i,
  input  logic [15:0]  comp_wwords_i,   // which words of the beat
  output logic         comp_bvalid_o,

  input  logic         rx_index_awvalid_i,
  output logic         rx_index_awready_o,
  input  logic [63:6]  rx_index_awaddr_i,
  input  logic [5:0]   rx_index_awqueue_i,
  input  logic         rx_index_wvalid_i,
  output logic         rx_index_wready_o,
  input  logic [31:0]  rx_index_wdata_i,
  input  logic [3:0]   rx_index_wword_i,
  output logic         rx_index_bvalid_o,

  input  logic         tx_index_awvalid_i,
  output logic         tx_index_awready_o,
  input  logic [63:6]  tx_index_awaddr_i,
  input  logic [5:0]   tx_index_awqueue_i,
  input  logic         tx_index_wvalid_i,
  output logic         tx_index_wready_o,
  input  logic [31:0]  tx_index_wdata_i,
  input  logic [3:0]   tx_index_wword_i,
  output logic         tx_index_bvalid_o,

  input  logic         tx_comp_awvalid_i,
  output logic         tx_comp_awready_o,
  input  logic [63:6]  tx_comp_awaddr_i,
  input  logic [5:0]   tx_comp_awqueue_i,
  input  logic         tx_comp_wvalid_i,
  output logic         tx_comp_wready_o,
  input  logic [511:0] tx_comp_wdata_i,
  input  logic [15:0]  tx_comp_wwords_i,
  output logic         tx_comp_bvalid_o,

  output logic         berror_o,      // of the response given now

  output logic [3:0]   m_axi_awid,
  output logic [63:0]  m_axi_awaddr,
  output logic [7:0]   m_axi_awlen,
  output logic [6:0]   m_axi_awuser,
  output logic         m_axi_awvalid,
  input  logic         m_axi_awready,
  output logic [511:0] m_axi_wdata,
  output logic [63:0]  m_axi_wstrb,
  output logic         m_axi_wlast,
  output logic         m_axi_wvalid,
  input  logic         m_axi_wready,
  input  logic [3:0]   m_axi_bid,
  input  logic [1:0]   m_axi_bresp,
  input  logic         m_axi_bvalid,
  output logic         m_axi_bready,

  output logic         active_o
);
  localparam logic [2:0] Payload = 3'd0, Comp = 3'd1, RxIndex = 3'd2, TxIndex = 3'd3, TxComp = 3'd4;

  // Addresses
  logic        pick_valid, load, order_ready;
  logic [5:0]  pick;
  logic        awvalid_q;
  logic [2:0]  awid_q;
  logic [63:6] awaddr_q, awaddr;
  logic [2:0]  awlen_q;
  logic [6:0]  awuser_q, awuser;

  nic_rr_arb #(.Width(5)) u_turn (
    .clk_i, .rst_ni,
    .req_i({tx_comp_awvalid_i, tx_index_awvalid_i, rx_index_awvalid_i, comp_awvalid_i, payload_awvalid_i}),
    .taken_i(load), .valid_o(pick_valid), .index_o(pick)
  );
  assign load = pick_valid && order_ready && (!awvalid_q || m_axi_awready);
  assign payload_awready_o  = load && pick[2:0] == Payload;
  assign comp_awready_o     = load && pick[2:0] == Comp;
  assign rx_index_awready_o = load && pick[2:0] == RxIndex;
  assign tx_index_awready_o = load && pick[2:0] == TxIndex;
  assign tx_comp_awready_o  = load && pick[2:0] == TxComp;

  always_comb begin
    case (pick[2:0])
      Payload: begin awaddr = payload_awaddr_i;  awuser = {1'b0, payload_awqueue_i}; end
      Comp:    begin awaddr = comp_awaddr_i;     awuser = {1'b0, comp_awqueue_i}; end
      RxIndex: begin awaddr = rx_index_awaddr_i; awuser = {1'b0, rx_index_awqueue_i}; end
      TxIndex: begin awaddr = tx_index_awaddr_i; awuser = {1'b1, tx_index_awqueue_i}; end
      default: begin awaddr = tx_comp_awaddr_i;  awuser = {1'b1, tx_comp_awqueue_i}; end
    endcase
  end

  // Data follows
  logic       order_valid, order_done;
  logic [2:0] source;
  nic_fifo #(.Width(3), .Depth(8)) u_order (
    .clk_i, .rst_ni,
    .wvalid_i(load), .wready_o(order_ready), .wdata_i(pick[2:0]),
    .rvalid_o(order_valid), .rready_i(order_done), .rdata_o(source)
  );
  assign order_done       = m_axi_wvalid && m_axi_wready && m_axi_wlast;
  assign payload_wready_o  = order_valid && source == Payload && m_axi_wready;
  assign comp_wready_o     = order_valid && source == Comp && m_axi_wready;
  assign rx_index_wready_o = order_valid && source == RxIndex && m_axi_wready;
  assign tx_index_wready_o = order_valid && source == TxIndex && m_axi_wready;
  assign tx_comp_wready_o  = order_valid && source == TxComp && m_axi_wready;

  logic [63:0] comp_strobes, tx_comp_strobes;
  always_comb begin
    for (int word = 0; word < 16; word++) begin
      comp_strobes[4*word +: 4]    = {4{comp_wwords_i[word]}};
      tx_comp_strobes[4*word +: 4] = {4{tx_comp_wwords_i[word]}};
    end
  end

  always_comb begin
    m_axi_wlast = 1'b1;
    case (source)
      Payload: begin
        m_axi_wvalid = order_valid && payload_wvalid_i;
        m_axi_wdata  = payload_wdata_i;
        m_axi_wstrb  = payload_wstrb_i;
        m_axi_wlast  = payload_wlast_i;
      end
      Comp: begin
        m_axi_wvalid = order_valid && comp_wvalid_i;
        m_axi_wdata  = comp_wdata_i;
        m_axi_wstrb  = comp_strobes;
      end
      RxIndex: begin
        m_axi_wvalid = order_valid && rx_index_wvalid_i;
        m_axi_wdata  = {16{rx_index_wdata_i}};
        m_axi_wstrb  = 64'hF << {rx_index_wword_i, 2'd0};
      end
      TxIndex: begin
        m_axi_wvalid = order_valid && tx_index_wvalid_i;
        m_axi_wdata  = {16{tx_index_wdata_i}};
        m_axi_wstrb  = 64'hF << {tx_index_wword_i, 2'd0};
      end
      default: begin
        m_axi_wvalid = order_valid && tx_comp_wvalid_i;
        m_axi_wdata  = tx_comp_wdata_i;
        m_axi_wstrb  = tx_comp_strobes;
      end
    endcase
  end

  // Responses
  assign m_axi_bready      = 1'b1;
  assign berror_o          = m_axi_bresp[1];
  assign payload_bvalid_o  = m_axi_bvalid && m_axi_bid == {1'b0, Payload};
  assign comp_bvalid_o     = m_axi_bvalid && m_axi_bid == {1'b0, Comp};
  assign rx_index_bvalid_o = m_axi_bvalid && m_axi_bid == {1'b0, RxIndex};
  assign tx_index_bvalid_o = m_axi_bvalid && m_axi_bid == {1'b0, TxIndex};
  assign tx_comp_bvalid_o  = m_axi_bvalid && m_axi_bid == {1'b0, TxComp};

  assign m_axi_awvalid = awvalid_q;
  assign m_axi_awid    = {1'b0, awid_q};
  assign m_axi_awaddr  = {awaddr_q, 6'd0};
  assign m_axi_awlen   = {5'd0, awlen_q};
  assign m_axi_awuser  = awuser_q;
  assign active_o      = awvalid_q || order_valid;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      awvalid_q <= 1'b0;
      awid_q    <= '0;
      awaddr_q  <= '0;
      awlen_q   <= '0;
      awuser_q  <= '0;
    end else if (load) begin
      awvalid_q <= 1'b1;
      awid_q    <= pick[2:0];
      awaddr_q  <= awaddr;
      awlen_q   <= (pick[2:0] == Payload) ? payload_awlen_i : 3'd0;
      awuser_q  <= awuser;
    end else if (m_axi_awready) begin
      awvalid_q <= 1'b0;
    end
  end

  `REQUIRE(response_has_known_id, !m_axi_bvalid || m_axi_bid <= {1'b0, TxComp})
  `CHECK(data_is_complete, !order_valid || m_axi_wvalid)
  `CHECK(burst_inside_512_bytes, !awvalid_q || {1'b0, awaddr_q[8:6]} + {1'b0, awlen_q} <= 4'd7)
endmodule

// Joins the readers of the engine to one AXI4 read channel.
// Role     takes addresses in turn and gives each reader the data of its ids
// Shapes   readers: 0 RX descriptors, 1 TX descriptors (one beat each), 2 TX payload (bursts); an id is the number
//          of the reader, and above it the reader's tag
// Timing   addresses registered; data is always taken, because every reader has reserved its place
// Errors   responses SLVERR and DECERR are passed on as errors
`include "check.svh"

module nic_axi_read_arb (
  input  logic        clk_i,
  input  logic        rst_ni,   // synchronous

  input  logic        rx_desc_arvalid_i,
  output logic        rx_desc_arready_o,
  input  logic [63:6] rx_desc_araddr_i,
  input  logic [5:0]  rx_desc_arqueue_i,
  input  logic [5:0]  rx_desc_artag_i,
  output logic        rx_desc_rvalid_o,

  input  logic        tx_desc_arvalid_i,
  output logic        tx_desc_arready_o,
  input  logic [63:6] tx_desc_araddr_i,
  input  logic [5:0]  tx_desc_arqueue_i,
  input  logic [5:0]  tx_desc_artag_i,
  output logic        tx_desc_rvalid_o,

  input  logic        payload_arvalid_i,
  output logic        payload_arready_o,
  input  logic [63:6] payload_araddr_i,
  input  logic [2:0]  payload_arlen_i,
  input  logic [5:0]  payload_arqueue_i,
  input  logic [5:0]  payload_artag_i,
  output logic        payload_rvalid_o,

  output logic [5:0]  rtag_o,         // of the beat given now
  output logic        rerror_o,

  output logic [7:0]  m_axi_arid,
  output logic [63:0] m_axi_araddr,
  output logic [7:0]  m_axi_arlen,
  output logic [6:0]  m_axi_aruser,
  output logic        m_axi_arvalid,
  input  logic        m_axi_arready,
  input  logic [7:0]  m_axi_rid,
  input  logic [1:0]  m_axi_rresp,
  input  logic        m_axi_rvalid,
  output logic        m_axi_rready,

  output logic        active_o
);
  localparam logic [1:0] RxDesc = 2'd0, TxDesc = 2'd1, Payload = 2'd2;

  logic        pick_valid, load;
  logic [5:0]  pick;
  logic        arvalid_q;
  logic [7:0]  arid_q;
  logic [5:0]  artag;
  logic [63:6] araddr_q, araddr;
  logic [2:0]  arlen_q;
  logic [6:0]  aruser_q, aruser;

  nic_rr_arb #(.Width(3)) u_turn (
    .clk_i, .rst_ni, .req_i({payload_arvalid_i, tx_desc_arvalid_i, rx_desc_arvalid_i}),
    .taken_i(load), .valid_o(pick_valid), .index_o(pick)
  );
  assign load = pick_valid && (!arvalid_q || m_axi_arready);
  assign rx_desc_arready_o = load && pick[1:0] == RxDesc;
  assign tx_desc_arready_o = load && pick[1:0] == TxDesc;
  assign payload_arready_o = load && pick[1:0] == Payload;

  always_comb begin
    case (pick[1:0])
      RxDesc:  begin araddr = rx_desc_araddr_i; aruser = {1'b0, rx_desc_arqueue_i}; artag = rx_desc_artag_i; end
      TxDesc:  begin araddr = tx_desc_araddr_i; aruser = {1'b1, tx_desc_arqueue_i}; artag = tx_desc_artag_i; end
      default: begin araddr = payload_araddr_i; aruser = {1'b1, payload_arqueue_i}; artag = payload_artag_i; end
    endcase
  end

  assign m_axi_rready     = 1'b1;
  assign rerror_o         = m_axi_rresp[1];
  assign rtag_o           = m_axi_rid[7:2];
  assign rx_desc_rvalid_o = m_axi_rvalid && m_axi_rid[1:0] == RxDesc;
  assign tx_desc_rvalid_o = m_axi_rvalid && m_axi_rid[1:0] == TxDesc;
  assign payload_rvalid_o = m_axi_rvalid && m_axi_rid[1:0] == Payload;

  assign m_axi_arvalid = arvalid_q;
  assign m_axi_arid    = arid_q;
  assign m_axi_araddr  = {araddr_q, 6'd0};
  assign m_axi_arlen   = {5'd0, arlen_q};
  assign m_axi_aruser  = aruser_q;
  assign active_o      = arvalid_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      arvalid_q <= 1'b0;
      arid_q    <= '0;
      araddr_q  <= '0;
      arlen_q   <= '0;
      aruser_q  <= '0;
    end else if (load) begin
      arvalid_q <= 1'b1;
      arid_q    <= {artag, pick[1:0]};
      araddr_q  <= araddr;
      arlen_q   <= (pick[1:0] == Payload) ? payload_arlen_i : 3'd0;
      aruser_q  <= aruser;
    end else if (m_axi_arready) begin
      arvalid_q <= 1'b0;
    end
  end

  `REQUIRE(data_has_known_id, !m_axi_rvalid || m_axi_rid[1:0] <= Payload)
  `CHECK(burst_inside_512_bytes, !arvalid_q || {1'b0, araddr_q[8:6]} + {1'b0, arlen_q} <= 4'd7)
endmodule

// Receive-side scaling: gives each received frame its hash and its queue.
// Role     lies between the MAC's stream and nic_rx_write; keeps the beats of a frame until its header is hashed
// Shapes   streams as s_axis_rx of nic_queue_engine; tdest and tuser are the same on all beats of a frame
// Units    Depth: beats kept, a power of two from 4 on
// Timing   one beat per cycle, each three cycles late; handshakes depend on registers only. A frame has the setting
//          that is in force in the cycle after the beat that ends its header (see nic_rss_parse)
// Errors   switched off, hash and queue are those that came with the frame
// Source   docs/design/queue-engine.md, "Receive-side scaling"
`include "check.svh"

module nic_rss #(
  parameter int unsigned Depth = 8
) (
  input  logic         clk_i,
  input  logic         rst_ni,   // synchronous

  // from the MAC
  input  logic [511:0] s_tdata,
  input  logic [63:0]  s_tkeep,
  input  logic         s_tlast,
  input  logic [5:0]   s_tdest,
  input  logic         s_tsteered,   // the queue is not for us to choose
  input  logic [143:0] s_tuser,
  input  logic         s_tvalid,
  output logic         s_tready,

  // to nic_rx_write
  output logic [511:0] m_tdata,
  output logic         m_tlast,
  output logic [5:0]   m_tdest,
  output logic [143:0] m_tuser,
  output logic         m_tvalid,
  input  logic         m_tready,

  // registers
  input  logic         write_i,
  input  logic [5:0]   word_i,
  input  logic [31:0]  wdata_i,
  output logic [31:0]  rdata_o,

  output logic         active_o
);
  logic take, first, within_q, beats_valid, give, give_last;
  assign take  = s_tvalid && s_tready;
  assign first = !within_q;

  nic_beat_fifo #(.SideWidth(1), .Depth(Depth)) u_beats (
    .clk_i, .rst_ni,
    .wvalid_i(s_tvalid), .wready_o(s_tready), .wdata_i(s_tdata), .wside_i(s_tlast),
    .rvalid_o(beats_valid), .rready_i(give), .rdata_o(m_tdata), .rside_o(m_tlast)
  );

  // What goes with the frame as it is. Each frame in here has a beat in u_beats, or is alone: there is room.
  logic        side_ready, side_valid;
  logic [31:0] meta;
  logic [63:0] timestamp;
  logic [15:0] length;
  nic_fifo #(.Width(112), .Depth(Depth)) u_side (
    .clk_i, .rst_ni,
    .wvalid_i(take && first), .wready_o(side_ready), .wdata_i({s_tuser[143:48], s_tuser[15:0]}),
    .rvalid_o(side_valid), .rready_i(give_last), .rdata_o({meta, timestamp, length})
  );

  // Parsed
  logic         parsed, ipv4, ipv6, tcp, udp;
  logic [255:0] addresses;
  logic [31:0]  ports;
  logic [31:0]  mac_hash_q;
  logic [5:0]   mac_queue_q;
  logic         steered_q;
  nic_rss_parse u_parse (
    .clk_i, .rst_ni, .take_i(take), .first_i(first), .data_i(s_tdata), .length_i(s_tuser[15:0]),
    .valid_o(parsed), .ipv4_o(ipv4), .ipv6_o(ipv6), .tcp_o(tcp), .udp_o(udp), .addresses_o(addresses),
    .ports_o(ports)
  );

  // Hashed: over what is asked for and there
  logic         enable, with_ports, with_addresses;
  logic [5:0]   types, chosen;
  logic [319:0] key;
  logic [287:0] hashed;
  logic [31:0]  toeplitz;
  always_comb begin
    with_ports     = (tcp && (ipv4 ? types[1] : types[4])) || (udp && (ipv4 ? types[2] : types[5]));
    with_addresses = with_ports || (ipv4 && types[0]) || (ipv6 && types[3]);
    hashed         = '0;
    if (with_addresses) hashed[287:32] = addresses;
    if (with_ports && ipv4) hashed[223:192] = ports;
    if (with_ports && !ipv4) hashed[31:0] = ports;
  end

  nic_rss_toeplitz u_toeplitz (
    .valid_i(parsed && enable), .input_i(hashed), .key_i(key), .hash_o(toeplitz)
  );

  logic        hashed_q, choose_q;
  logic [31:0] hash_q;
  logic [5:0]  queue_q;
  nic_rss_config u_config (
    .clk_i, .rst_ni, .write_i, .word_i, .wdata_i, .rdata_o, .enable_o(enable), .types_o(types), .key_o(key),
    .entry_i(hash_q[6:0]), .queue_o(chosen)
  );

  // Looked up. As u_side: there is room.
  logic        result_ready, result_valid;
  logic [31:0] hash;
  nic_fifo #(.Width(38), .Depth(Depth)) u_result (
    .clk_i, .rst_ni,
    .wvalid_i(hashed_q), .wready_o(result_ready), .wdata_i({choose_q ? chosen : queue_q, hash_q}),
    .rvalid_o(result_valid), .rready_i(give_last), .rdata_o({m_tdest, hash})
  );

  assign m_tvalid  = beats_valid && result_valid;
  assign m_tuser   = {meta, timestamp, hash, length};
  assign give      = result_valid && m_tready;
  assign give_last = beats_valid && give && m_tlast;
  assign active_o  = beats_valid;

  always_ff @(posedge clk_i) begin
    if (take && first) begin
      mac_hash_q  <= s_tuser[47:16];
      mac_queue_q <= s_tdest;
      steered_q   <= s_tsteered;
    end
    if (parsed) begin
      hash_q   <= enable ? toeplitz : mac_hash_q;
      queue_q  <= mac_queue_q;
      choose_q <= enable && !steered_q;
    end
    if (!rst_ni) begin
      within_q <= 1'b0;
      hashed_q <= 1'b0;
    end else begin
      if (take) within_q <= !s_tlast;
      hashed_q <= parsed;
    end
  end

  nic_hold_check #(.Width(151)) u_hold (
    .clk_i, .rst_ni, .valid_i(m_tvalid), .ready_i(m_tready), .data_i({m_tlast, m_tdest, m_tuser})
  );
  // The length says how many bytes of the last beat there are.
  `REQUIRE(first_beat_is_full, !take || !first || s_tlast || s_tkeep == '1)
  `CHECK(side_has_room, !(take && first) || side_ready)
  `CHECK(result_has_room, !hashed_q || result_ready)
  `CHECK(beat_has_side, !m_tvalid || side_valid)
  `COVER(stalls_the_mac, s_tvalid && !s_tready)
  `COVER(hashes_every_cycle, parsed && hashed_q && take && first)
endmodule

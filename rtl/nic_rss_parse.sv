// Finds in a received frame what receive-side scaling hashes: addresses, and the ports of TCP or UDP.
// Role     reads Ethernet, one 802.1Q tag, IPv4 with options and IPv6 from the first one or two beats
// Shapes   byte 0 of a beat is its lowest; addresses_o and ports_o have the first byte of the wire highest; an IPv4
//          pair of addresses stands in the upper 64 bits, over zeros
// Units    length_i: bytes of the whole frame
// Timing   valid_o is a pulse in the cycle after the beat that ends the header: the second one only where ports
//          lie in it, else the first. One frame per cycle
// Errors   a fragment has no ports, nor has a frame that ends before them; a frame that is neither IPv4 nor
//          IPv6, or ends within that header, has nothing
// Source   model/nic/toeplitz.cc
`include "check.svh"

module nic_rss_parse (
  input  logic         clk_i,
  input  logic         rst_ni,   // synchronous

  // beats of frames
  input  logic         take_i,
  input  logic         first_i,   // of its frame
  input  logic [511:0] data_i,
  input  logic [15:0]  length_i,

  // one header
  output logic         valid_o,
  output logic         ipv4_o,
  output logic         ipv6_o,
  output logic         tcp_o,      // with ports
  output logic         udp_o,      // with ports
  output logic [255:0] addresses_o,
  output logic [31:0]  ports_o
);
  localparam logic [15:0] TypeIpv4 = 16'h0800, TypeIpv6 = 16'h86DD, TypeVlan = 16'h8100;
  localparam logic [7:0]  Tcp = 8'd6, Udp = 8'd17;

  // Behind the Ethernet header, with its tag or without
  logic         tag, ipv4, ipv6, fragment, ports_there;
  logic [15:0]  type_at_12, ether_type, ip_length;
  logic [319:0] header;        // 40 bytes, first byte lowest
  logic [7:0]   protocol;
  logic [3:0]   ports_word;    // where the ports are, in words from the IP header on
  logic [4:0]   place;         // the same, from byte 14 of the frame on

  assign type_at_12 = {data_i[12*8 +: 8], data_i[13*8 +: 8]};
  assign tag        = type_at_12 == TypeVlan && length_i >= 16'd18;
  assign ether_type = tag ? {data_i[16*8 +: 8], data_i[17*8 +: 8]} : type_at_12;
  assign header     = tag ? data_i[18*8 +: 320] : data_i[14*8 +: 320];
  assign ip_length  = length_i - (tag ? 16'd18 : 16'd14);   // counts where it is not below 0

  assign ipv4     = length_i >= 16'd14 && ether_type == TypeIpv4 && ip_length >= 16'd20;
  assign ipv6     = length_i >= 16'd14 && ether_type == TypeIpv6 && ip_length >= 16'd40;
  assign fragment = {header[6*8 +: 6], header[7*8 +: 8]} != 14'd0;
  assign protocol = ipv4 ? header[9*8 +: 8] : header[6*8 +: 8];

  assign ports_word  = ipv4 ? header[3:0] : 4'd10;
  assign place       = {1'b0, ports_word} + {4'd0, tag};
  assign ports_there = (ipv6 || (ipv4 && !fragment)) && ip_length >= {10'd0, ports_word, 2'b00} + 16'd4;

  logic tcp, udp, later;
  assign tcp   = ports_there && protocol == Tcp;
  assign udp   = ports_there && protocol == Udp;
  // From place 12 on they begin at byte 62 or behind.
  assign later = (tcp || udp) && place >= 5'd12;

  logic [255:0] addresses;
  always_comb begin
    addresses = '0;
    if (ipv4) begin
      for (int i = 0; i < 8; i++) addresses[8*(31-i) +: 8] = header[8*(12+i) +: 8];
    end else begin
      for (int i = 0; i < 32; i++) addresses[8*(31-i) +: 8] = header[8*(8+i) +: 8];
    end
  end

  // The ports as they lie in the beat. The word at place 12 has its halves in two beats.
  logic [31:0] near, far;
  logic [2:0]  far_q;          // place of ports in the second beat, from 12 on
  logic        waiting_q;
  logic [15:0] half_q;
  always_comb begin
    near = '0;
    for (int i = 0; i < 12; i++) if (place == 5'(i)) near = data_i[8*(14+4*i) +: 32];
  end
  always_comb begin
    far = {data_i[15:0], half_q};
    for (int i = 1; i < 5; i++) if (far_q == 3'(i)) far = data_i[8*(4*i-2) +: 32];
  end

  logic         valid_q, ipv4_q, ipv6_q, tcp_q, udp_q;
  logic [255:0] addresses_q;
  logic [31:0]  ports_q;
  assign valid_o     = valid_q;
  assign ipv4_o      = ipv4_q;
  assign ipv6_o      = ipv6_q;
  assign tcp_o       = tcp_q;
  assign udp_o       = udp_q;
  assign addresses_o = addresses_q;
  assign ports_o     = {ports_q[7:0], ports_q[15:8], ports_q[23:16], ports_q[31:24]};

  always_ff @(posedge clk_i) begin
    if (take_i && first_i) begin
      ipv4_q      <= ipv4;
      ipv6_q      <= ipv6;
      tcp_q       <= tcp;
      udp_q       <= udp;
      addresses_q <= addresses;
      ports_q     <= near;
      half_q      <= data_i[511:496];
      far_q       <= place[2:0] - 3'd4;
    end else if (take_i && waiting_q) begin
      ports_q     <= far;
    end
    if (!rst_ni) begin
      valid_q   <= 1'b0;
      waiting_q <= 1'b0;
    end else begin
      valid_q <= take_i && (first_i ? !later : waiting_q);
      if (take_i) waiting_q <= first_i && later;
    end
  end

  `REQUIRE(frame_has_second_beat, !take_i || !first_i || !waiting_q)
  `CHECK(one_kind_of_ip, !valid_q || !(ipv4_q && ipv6_q))
  `CHECK(ports_have_one_protocol, !valid_q || !(tcp_q && udp_q))
  `COVER(ports_in_second_beat, take_i && !first_i && waiting_q)
endmodule

// Proof of nic_rss_parse: what it says of a frame is what stands in its first two beats.
// Role     keeps both beats and reads them at places that are worked out in bytes, as model/nic/toeplitz.cc does
`include "proof.svh"

module nic_rss_parse_proof (
  input logic         clk_i,
  input logic         rst_ni,
  input logic         take_i,
  input logic         last_i,
  input logic [511:0] data_i,
  input logic [15:0]  length_i
);
  `START_IN_RESET
  // A frame of up to 64 bytes has one beat; all beats say one length.
  logic        within_q, second_q;
  logic [15:0] length_q;
  always @* if (take_i) begin
    short_is_one_beat : assume (within_q || last_i == (length_i <= 16'd64));
    one_length : assume (!within_q || length_i == length_q);
  end
  logic [1023:0] frame_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) within_q <= 1'b0;
    else if (take_i) within_q <= !last_i;
    second_q <= rst_ni && (take_i ? !within_q && !last_i : second_q);   // it comes next
    if (take_i && !within_q) frame_q[511:0] <= data_i;
    if (take_i && second_q) frame_q[1023:512] <= data_i;
    if (take_i) length_q <= length_i;
  end

  logic         valid, ipv4, ipv6, tcp, udp;
  logic [255:0] addresses;
  logic [31:0]  ports;
  nic_rss_parse u_dut (
    .clk_i, .rst_ni, .take_i, .first_i(!within_q), .data_i, .length_i, .valid_o(valid), .ipv4_o(ipv4), .ipv6_o(ipv6),
    .tcp_o(tcp), .udp_o(udp), .addresses_o(addresses), .ports_o(ports)
  );
  (* hierconn *) wire \u_dut.waiting_q ;
  (* hierconn *) wire [15:0] \u_dut.half_q ;
  (* hierconn *) wire [2:0] \u_dut.far_q ;
  logic waiting;
  logic [15:0] half;
  logic [2:0]  far;
  assign waiting = \u_dut.waiting_q ;
  assign half    = \u_dut.half_q ;
  assign far     = \u_dut.far_q ;

  // In bytes
  logic         tag, is_ipv4, is_ipv6, fragment, there, is_tcp, is_udp, late;
  logic [15:0]  ip, ports_at, kind;
  logic [7:0]   protocol;
  logic [31:0]  ports_there;
  logic [255:0] source;
  assign tag      = {frame_q[8*12 +: 8], frame_q[8*13 +: 8]} == 16'h8100 && length_q >= 16'd18;
  assign ip       = tag ? 16'd18 : 16'd14;
  assign kind     = tag ? {frame_q[8*16 +: 8], frame_q[8*17 +: 8]} : {frame_q[8*12 +: 8], frame_q[8*13 +: 8]};
  assign is_ipv4  = length_q >= ip && kind == 16'h0800 && length_q >= ip + 16'd20;
  assign is_ipv6  = length_q >= ip && kind == 16'h86DD && length_q >= ip + 16'd40;
  assign fragment = tag ? {frame_q[8*24 +: 6], frame_q[8*25 +: 8]} != '0 : {frame_q[8*20 +: 6], frame_q[8*21 +: 8]} != '0;
  assign protocol = is_ipv4 ? (tag ? frame_q[8*27 +: 8] : frame_q[8*23 +: 8])
                            : (tag ? frame_q[8*24 +: 8] : frame_q[8*20 +: 8]);
  assign ports_at = ip + (is_ipv4 ? {10'd0, tag ? frame_q[8*18 +: 4] : frame_q[8*14 +: 4], 2'd0} : 16'd40);
  assign there    = (is_ipv6 || (is_ipv4 && !fragment)) && length_q >= ports_at + 16'd4;
  assign is_tcp   = there && protocol == 8'd6;
  assign is_udp   = there && protocol == 8'd17;
  assign late     = (is_tcp || is_udp) && ports_at + 16'd4 > 16'd64;
  always_comb begin
    ports_there = '0;
    for (int i = 14; i <= 78; i += 4) begin
      if (ports_at == i) begin
        ports_there = {frame_q[8*i +: 8], frame_q[8*(i+1) +: 8], frame_q[8*(i+2) +: 8], frame_q[8*(i+3) +: 8]};
      end
    end
  end
  always_comb begin
    source = '0;
    for (int i = 0; i < 32; i++) begin
      if (is_ipv6) source[8*(31-i) +: 8] = tag ? frame_q[8*(26+i) +: 8] : frame_q[8*(22+i) +: 8];
      else if (i < 8) source[8*(31-i) +: 8] = tag ? frame_q[8*(30+i) +: 8] : frame_q[8*(26+i) +: 8];
    end
  end

  // Once for each frame, in the cycle after the beat that ends the header
  logic began_q, went_on_q;
  always_ff @(posedge clk_i) begin
    began_q   <= rst_ni && take_i && !within_q;
    went_on_q <= rst_ni && take_i && second_q;
  end
  `CHECK(says_it_when_it_is_over, valid == ((began_q && !late) || (went_on_q && late)))
  `CHECK(kind_of_ip, !valid || (ipv4 == is_ipv4 && ipv6 == is_ipv6))
  `CHECK(kind_of_ports, !valid || (tcp == is_tcp && udp == is_udp))
  `CHECK(addresses_of_the_frame, !valid || !(ipv4 || ipv6) || addresses == source)
  `CHECK(ports_of_the_frame, !valid || !(tcp || udp) || ports == ports_there)

  `CHECK(invariant_second, !second_q || within_q)
  `CHECK(invariant_length, !within_q || length_q > 16'd64)
  `CHECK(invariant_waiting, !second_q || waiting == late)
  `CHECK(invariant_over, second_q || !waiting)
  `CHECK(invariant_began, (!began_q || second_q == within_q) && (!went_on_q || !second_q) && !(began_q && went_on_q))
  `CHECK(invariant_kept, !waiting || (ipv4 == is_ipv4 && ipv6 == is_ipv6 && tcp == is_tcp && udp == is_udp &&
                         addresses == source && half == frame_q[511:496] && {2'd0, far} == (ports_at - 16'd62) >> 2))

  `COVER(ports_in_two_beats, valid && tcp && ports_at == 16'd62)
  `COVER(last_place, valid && udp && ports_at == 16'd78)
  `COVER(tagged_ipv6, valid && tag && ipv6 && tcp)
  `COVER(every_cycle, began_q && valid && take_i && !within_q)
endmodule

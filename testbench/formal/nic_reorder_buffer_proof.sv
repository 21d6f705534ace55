// Proof of nic_reorder_buffer, for 8 beats of 2 bits: each goes out in its place, once, as it came, whatever the order.
// Role     follows one beat, any; whole beats take solvers minutes
`include "proof.svh"

module nic_reorder_buffer_proof #(
  localparam int unsigned Depth = 8,
  localparam int unsigned Width = 2
) (
  input logic         clk_i,
  input logic         rst_ni,
  input logic         watch_i,
  input logic         ask_i,
  input logic [3:0]   count_i,
  input logic         wvalid_i,
  input logic [2:0]   wplace_i,
  input logic [Width:0] word_i,     // flag and data
  input logic         rready_i
);
  `START_IN_RESET
  `REQUIRE(one_to_eight, count_i != 4'd0 && count_i <= 4'd8)

  logic         fits, reserve, rvalid, rflag;
  logic [2:0]   place;
  logic [Width-1:0] rdata;
  logic [Width:0]   read_word;
  assign reserve = ask_i && fits;
  nic_reorder_buffer #(.Depth(Depth), .Width(Width)) u_dut (
    .clk_i, .rst_ni, .reserve_count_i(count_i), .fits_o(fits), .reserve_i(reserve), .place_o(place),
    .wvalid_i, .wplace_i, .wdata_i(word_i[Width-1:0]), .wflag_i(word_i[Width]),
    .rvalid_o(rvalid), .rready_i, .rdata_o(rdata), .rflag_o(rflag)
  );
  assign read_word = {rflag, rdata};

  // A beat that is followed from the reservation of its place on: the last of those that are reserved with it
  logic       read, begins, comes, follows_q, came_q;
  logic [3:0] reserved_q, turn_q;        // places that are reserved; those of them before the beat
  logic [2:0] place_q;
  logic [Width:0] word_q;
  assign read   = rvalid && rready_i;
  assign begins = reserve && watch_i && !follows_q;
  assign comes  = wvalid_i && follows_q && wplace_i == place_q;
  always_ff @(posedge clk_i) begin
    if (begins) begin
      turn_q  <= reserved_q + count_i - 4'd1 - {3'd0, read};
      place_q <= place + count_i[2:0] - 3'd1;
      came_q  <= 1'b0;
    end else begin
      turn_q <= turn_q - {3'd0, read};
      if (comes) came_q <= 1'b1;
    end
    if (comes) word_q <= word_i;
    if (!rst_ni) begin
      follows_q  <= 1'b0;
      reserved_q <= '0;
    end else begin
      if (begins) follows_q <= 1'b1;
      else if (read && turn_q == 4'd0) follows_q <= 1'b0;
      reserved_q <= reserved_q + (reserve ? count_i : 4'd0) - {3'd0, read};
    end
  end

  `CHECK(fits_while_there_is_room, fits == (reserved_q + count_i <= Depth))
  `CHECK(comes_out_when_it_is_here, !follows_q || turn_q != 4'd0 || rvalid == came_q)
  `CHECK(comes_out_as_it_came, !follows_q || turn_q != 4'd0 || !rvalid || read_word == word_q)
  `CHECK(nothing_from_nowhere, !rvalid || reserved_q != '0)
  nic_hold_check #(.Width(Width + 1)) u_hold (
    .clk_i, .rst_ni, .valid_i(rvalid), .ready_i(rready_i), .data_i(read_word)
  );

  (* hierconn *) wire [3:0] \u_dut.head_q , \u_dut.tail_q ;
  (* hierconn *) wire [Depth-1:0] \u_dut.here_q , \u_dut.flag_q ;
  (* hierconn *) wire [Width-1:0] \u_dut.data_q[0] , \u_dut.data_q[1] , \u_dut.data_q[2] , \u_dut.data_q[3] ;
  (* hierconn *) wire [Width-1:0] \u_dut.data_q[4] , \u_dut.data_q[5] , \u_dut.data_q[6] , \u_dut.data_q[7] ;
  logic [Depth-1:0] stray;         // here, and not reserved
  logic [2:0]       turn;
  logic [Width-1:0] data;
  assign data = (place_q == 3'd0) ? \u_dut.data_q[0] : (place_q == 3'd1) ? \u_dut.data_q[1] :
                (place_q == 3'd2) ? \u_dut.data_q[2] : (place_q == 3'd3) ? \u_dut.data_q[3] :
                (place_q == 3'd4) ? \u_dut.data_q[4] : (place_q == 3'd5) ? \u_dut.data_q[5] :
                (place_q == 3'd6) ? \u_dut.data_q[6] : \u_dut.data_q[7] ;
  always_comb begin
    stray = '0;
    for (int i = 0; i < Depth; i++) begin
      turn = 3'(i) - \u_dut.head_q [2:0];
      if ({1'b0, turn} >= reserved_q) stray[i] = \u_dut.here_q [i];
    end
  end
  `CHECK(invariant_reserved, reserved_q == 4'(\u_dut.tail_q - \u_dut.head_q ) && reserved_q <= Depth)
  `CHECK(invariant_turn, !follows_q || (turn_q < reserved_q && place_q == 3'(\u_dut.head_q [2:0] + turn_q[2:0])))
  `CHECK(invariant_came, !follows_q || \u_dut.here_q [place_q] == came_q)
  `CHECK(invariant_word, !follows_q || !came_q || {\u_dut.flag_q [place_q], data} == word_q)
  `CHECK(invariant_no_strays, stray == '0)

  `COVER(full, reserved_q == Depth)
  `COVER(overtakes_seven, came_q && follows_q && turn_q == 4'd7 && \u_dut.here_q == (8'd1 << place_q))
  `COVER(comes_out, follows_q && came_q && turn_q == 4'd0 && read)
endmodule

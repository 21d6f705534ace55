// What a queue of Depth words owes to both its neighbours.
// Role     counts words on its own, and follows one word, any, from the write to the read
// Timing   watch_i picks the word written in this cycle, if none is followed
`include "proof.svh"

module fifo_watch #(
  parameter  int unsigned Width = 8,
  parameter  int unsigned Depth = 4,
  localparam int unsigned PtrW  = $clog2(Depth)
) (
  input logic                   clk_i,
  input logic                   rst_ni,   // synchronous
  input logic                   watch_i,

  input logic                   wvalid_i,
  input logic                   wready_i,
  input logic [Width-1:0]       wdata_i,
  input logic                   rvalid_i,
  input logic                   rready_i,
  input logic [Width-1:0]       rdata_i,

  // inside the queue
  input logic [PtrW:0]          fill_i,
  input logic [PtrW:0]          rptr_i,
  input logic [Width*Depth-1:0] words_i
);
  logic [PtrW:0] count_q, ahead_q;
  logic [Width-1:0] word_q;
  logic watching_q, write, read;
  assign write = wvalid_i && wready_i;
  assign read  = rvalid_i && rready_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      count_q    <= '0;
      ahead_q    <= '0;
      watching_q <= 1'b0;
    end else begin
      count_q <= count_q + {{PtrW{1'b0}}, write} - {{PtrW{1'b0}}, read};
      if (watching_q) begin
        if (read && ahead_q == '0) watching_q <= 1'b0;
        else if (read) ahead_q <= ahead_q - 1'b1;
      end else if (watch_i && write) begin
        watching_q <= 1'b1;
        ahead_q    <= count_q - {{PtrW{1'b0}}, read};
        word_q     <= wdata_i;
      end
    end
  end

  `CHECK(never_overflows, count_q <= Depth)
  `CHECK(takes_unless_full, wready_i == (count_q != Depth))
  `CHECK(gives_unless_empty, rvalid_i == (count_q != '0))
  `CHECK(word_is_not_lost, !watching_q || ahead_q < count_q)
  `CHECK(word_comes_in_its_place, !(watching_q && ahead_q == '0) || (rvalid_i && rdata_i == word_q))

  logic [PtrW-1:0] place;
  assign place = rptr_i[PtrW-1:0] + ahead_q[PtrW-1:0];
  logic [Width-1:0] stored;
  always_comb begin
    stored = '0;
    for (int i = 0; i < Depth; i++) if (place == i) stored = words_i[i*Width +: Width];
  end
  `CHECK(invariant_fill, fill_i == count_q)
  `CHECK(invariant_word, !watching_q || stored == word_q)

  nic_hold_check #(.Width(Width)) u_hold (
    .clk_i, .rst_ni, .valid_i(rvalid_i), .ready_i(rready_i), .data_i(rdata_i)
  );

  `COVER(last_of_a_full_queue, watching_q && ahead_q == Depth - 1)
  `COVER(comes_out, watching_q && ahead_q == '0 && read)
  `COVER(write_meets_read, write && read)
endmodule

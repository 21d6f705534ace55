// What is known of a queue of words without its words: their number, and the sums of what they weigh.
// Role     follows one word, any, from the write to the read. lawful_o says what holds of every queue in which words
//          stay in their order; of nic_fifo it is proved, and fifo_follow_stand_in is no more than that
// Shapes   of a word: a flag and a weight of 0 to 3, whatever they stand for
// Units    Depth [words], 256 at most
// Timing   follow_i picks the word that is written in this cycle, in place of the one that was followed before
`include "proof.svh"

module fifo_ledger #(
  parameter int unsigned Depth = 4
) (
  input  logic       clk_i,
  input  logic       rst_ni,   // synchronous
  input  logic       write_i,
  input  logic       follow_i,
  input  logic       flag_i,         // of the word that is written
  input  logic [1:0] weight_i,
  input  logic       read_i,
  input  logic       oldest_flag_i,  // of the word that is read next, if there is one
  input  logic [1:0] oldest_weight_i,

  output logic [8:0] all_o,          // words
  output logic [8:0] flags_o,        // of them that have one
  output logic [9:0] weights_o,
  output logic       here_o,         // the word that is followed
  output logic [8:0] front_o,        // and the words in front of it
  output logic [8:0] front_flags_o,
  output logic [9:0] front_weights_o,
  output logic       lawful_o
);
  logic [8:0] all_q, flags_q, front_q, front_flags_q, kept, kept_flags;
  logic [9:0] weights_q, front_weights_q, kept_weights;
  logic       here_q, flag_q, newest_flag_q;
  logic [1:0] weight_q;
  assign kept         = all_q - {8'd0, read_i};
  assign kept_flags   = flags_q - {8'd0, read_i && oldest_flag_i};
  assign kept_weights = weights_q - (read_i ? {8'd0, oldest_weight_i} : 10'd0);

  always_ff @(posedge clk_i) begin
    if (write_i) newest_flag_q <= flag_i;
    if (write_i && follow_i) begin
      flag_q          <= flag_i;
      weight_q        <= weight_i;
      front_q         <= kept;
      front_flags_q   <= kept_flags;
      front_weights_q <= kept_weights;
    end else if (read_i) begin
      front_q         <= front_q - 9'd1;
      front_flags_q   <= front_flags_q - {8'd0, oldest_flag_i};
      front_weights_q <= front_weights_q - {8'd0, oldest_weight_i};
    end
    if (!rst_ni) begin
      all_q     <= '0;
      flags_q   <= '0;
      weights_q <= '0;
      here_q    <= 1'b0;
    end else begin
      all_q     <= kept + {8'd0, write_i};
      flags_q   <= kept_flags + {8'd0, write_i && flag_i};
      weights_q <= kept_weights + (write_i ? {8'd0, weight_i} : 10'd0);
      here_q    <= (write_i && follow_i) || (here_q && !(read_i && front_q == '0));
    end
  end
  assign all_o           = all_q;
  assign flags_o         = flags_q;
  assign weights_o       = weights_q;
  assign here_o          = here_q;
  assign front_o         = front_q;
  assign front_flags_o   = front_flags_q;
  assign front_weights_o = front_weights_q;

  // Of all words; of those in front of the one that is followed; of the two ends
  logic       some, before, of_all, of_front, of_it, of_ends;
  logic [8:0] oldest_flag;
  logic [9:0] oldest_weight;
  assign some          = all_q != '0;
  assign before        = here_q && front_q != '0;
  assign oldest_flag   = {8'd0, oldest_flag_i};
  assign oldest_weight = {8'd0, oldest_weight_i};
  assign of_all   = all_q <= Depth && flags_q <= all_q && weights_q <= {all_q, 1'b0} + {1'b0, all_q} &&
                    (some ? oldest_flag <= flags_q && flags_q - oldest_flag <= all_q - 9'd1 && oldest_weight <= weights_q &&
                            (all_q != 9'd1 || oldest_weight == weights_q) : weights_q == '0);
  assign of_front = !here_q || (front_q < all_q && front_flags_q <= front_q &&
                    front_weights_q <= {front_q, 1'b0} + {1'b0, front_q} &&
                    (before ? oldest_flag <= front_flags_q && front_flags_q - oldest_flag <= front_q - 9'd1 &&
                              oldest_weight <= front_weights_q && (front_q != 9'd1 || oldest_weight == front_weights_q)
                            : front_weights_q == '0));
  assign of_it    = !here_q || (front_flags_q + {8'd0, flag_q} <= flags_q &&
                                flags_q - front_flags_q - {8'd0, flag_q} <= all_q - front_q - 9'd1 &&
                                front_weights_q + {8'd0, weight_q} <= weights_q &&
                                (front_q + 9'd1 != all_q || front_weights_q + {8'd0, weight_q} == weights_q) &&
                                (before || (oldest_flag_i == flag_q && oldest_weight_i == weight_q)));
  assign of_ends  = !some || (all_q == 9'd1 ? oldest_flag_i == newest_flag_q
                                            : oldest_flag + {8'd0, newest_flag_q} <= flags_q);
  assign lawful_o = of_all && of_front && of_it && of_ends;
endmodule

// Proof of nic_queue_rdata: a read of a queue's register gives the part that docs/design/queue-engine.md says, and nothing
// of any other.
// Role     the words of the map once more, by their numbers
// Source   docs/design/queue-engine.md, "Registers"
`include "proof.svh"

module nic_queue_rdata_proof (
  input logic        clk_i,
  input logic        rst_ni,
  input logic [5:0]  word_i,
  input logic [31:0] config_i,
  input logic [31:0] published_i,
  input logic [31:0] fetched_i,
  input logic [31:0] frames_i,
  input logic [31:0] drops_i,
  input logic [31:0] errors_i,
  input logic        enabled_i,
  input logic        in_flight_i,
  input logic        range_error_i,
  input logic [5:0]  causes_i,
  input logic [31:0] fetches_i,
  input logic [31:0] publishes_i,
  input logic [31:0] interrupts_i,
  input logic [31:0] refused_i,
  input logic [31:0] completions_i,
  input logic [31:0] invalid_i,
  input logic [31:0] truncated_i
);
  `START_IN_RESET

  logic [31:0] rdata;
  nic_queue_rdata u_dut (
    .word_i, .config_i, .published_i, .fetched_i, .frames_i, .drops_i, .errors_i, .enabled_i, .in_flight_i,
    .range_error_i, .causes_i, .fetches_i, .publishes_i, .interrupts_i, .refused_i, .completions_i, .invalid_i,
    .truncated_i, .rdata_o(rdata)
  );

  logic counts;
  assign counts = (word_i >= 6'd10 && word_i <= 6'd15) || (word_i >= 6'd20 && word_i <= 6'd24) ||
                  (word_i >= 6'd34 && word_i <= 6'd36);

  `CHECK(published, word_i != 6'd10 || rdata == published_i)
  `CHECK(fetched, word_i != 6'd11 || rdata == fetched_i)
  `CHECK(frames, word_i != 6'd12 || rdata == frames_i)
  `CHECK(drops, word_i != 6'd13 || rdata == drops_i)
  `CHECK(errors, word_i != 6'd14 || rdata == errors_i)
  `CHECK(state, word_i != 6'd15 || rdata == {29'd0, range_error_i, in_flight_i, enabled_i})
  `CHECK(cause, word_i != 6'd20 || rdata == {26'd0, causes_i})
  `CHECK(fetches, word_i != 6'd21 || rdata == fetches_i)
  `CHECK(publishes, word_i != 6'd22 || rdata == publishes_i)
  `CHECK(interrupts, word_i != 6'd23 || rdata == interrupts_i)
  `CHECK(refused, word_i != 6'd24 || rdata == refused_i)
  `CHECK(completions, word_i != 6'd34 || rdata == completions_i)
  `CHECK(invalid, word_i != 6'd35 || rdata == invalid_i)
  `CHECK(truncated, word_i != 6'd36 || rdata == truncated_i)
  `CHECK(the_rest_is_configuration, counts || rdata == config_i)

  `COVER(reads_a_count, counts && rdata == 32'hFFFF_FFFF)
  `COVER(reads_configuration, !counts && rdata != 32'd0)
endmodule

// The Toeplitz hash of receive-side scaling.
// Role     bit i of the input, if set, adds the 32 bits of the key that begin at bit i
// Shapes   first bit of input and key highest; an input that is shorter is followed by zeros
// Timing   combinational; 0 while valid_i is low, so that a simulation has nothing to work out then
// Errors   none
// Source   RSS hashing of the NDIS documentation; model/nic/toeplitz.cc
module nic_rss_toeplitz (
  input  logic         valid_i,
  input  logic [287:0] input_i,
  input  logic [319:0] key_i,
  output logic [31:0]  hash_o
);
  always_comb begin
    hash_o = '0;
    if (valid_i) begin
      for (int i = 0; i < 36; i++) begin
        for (int j = 0; j < 8; j++) begin
          if (input_i[287-8*i-j]) hash_o = hash_o ^ key_i[319-8*i-j -: 32];
        end
      end
    end
  end
endmodule

// What a read of a queue's register gives.
// Role     gathers the registers of the parts of one direction
// Units    word_i: register offset / 4 within the block of a queue
// Timing   combinational
// Errors   unmapped words read what the configuration gives: 0
// Source   docs/design/queue-engine.md, "Registers"
module nic_queue_rdata (
  input  logic [5:0]  word_i,
  input  logic [31:0] config_i,
  input  logic [31:0] published_i,
  input  logic [31:0] fetched_i,
  input  logic [31:0] frames_i,
  input  logic [31:0] drops_i,
  input  logic [31:0] errors_i,
  input  logic        enabled_i,
  input  logic        in_flight_i,
  input  logic        range_error_i,
  input  logic [5:0]  causes_i,
  input  logic [31:0] fetches_i,
  input  logic [31:0] publishes_i,
  input  logic [31:0] interrupts_i,
  input  logic [31:0] refused_i,
  input  logic [31:0] completions_i,
  input  logic [31:0] invalid_i,
  input  logic [31:0] truncated_i,
  output logic [31:0] rdata_o
);
  logic [31:0] state;
  always_comb begin
    state = '0;
    state[nic_pkg::StateEnabledBit]    = enabled_i;
    state[nic_pkg::StateInFlightBit]   = in_flight_i;
    state[nic_pkg::StateRangeErrorBit] = range_error_i;
  end

  always_comb begin
    case (word_i)
      nic_pkg::Published:  rdata_o = published_i;
      nic_pkg::Fetched:    rdata_o = fetched_i;
      nic_pkg::Frames:     rdata_o = frames_i;
      nic_pkg::Drops:      rdata_o = drops_i;
      nic_pkg::Errors:     rdata_o = errors_i;
      nic_pkg::State:      rdata_o = state;
      nic_pkg::Cause:      rdata_o = {26'd0, causes_i};
      nic_pkg::Fetches:    rdata_o = fetches_i;
      nic_pkg::Publishes:  rdata_o = publishes_i;
      nic_pkg::Interrupts: rdata_o = interrupts_i;
      nic_pkg::Refused:    rdata_o = refused_i;
      nic_pkg::Completions: rdata_o = completions_i;
      nic_pkg::Invalid:    rdata_o = invalid_i;
      nic_pkg::Truncated:  rdata_o = truncated_i;
      default:             rdata_o = config_i;
    endcase
  end
endmodule

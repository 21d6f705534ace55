// What the host has configured of receive-side scaling.
// Role     keeps what was written until RSS_CONTROL is written, which puts all of it in force; looks up the queue of
//          a hash
// Units    word_i: register address / 4, from RssControlAddress on
// Timing   enable_o, types_o and key_o change in the cycle after the write, the table a cycle later: a frame that is
//          hashed in one cycle and looked up in the next has both of one setting
// Errors   unmapped words read 0 and ignore writes
// Source   docs/design/queue-engine.md, "Receive-side scaling"
`include "check.svh"

module nic_rss_config (
  input  logic         clk_i,
  input  logic         rst_ni,   // synchronous

  // register access; two writes are cycles apart
  input  logic         write_i,
  input  logic [5:0]   word_i,
  input  logic [31:0]  wdata_i,
  output logic [31:0]  rdata_o,

  // in force
  output logic         enable_o,
  output logic [5:0]   types_o,
  output logic [319:0] key_o,
  input  logic [6:0]   entry_i,
  output logic [5:0]   queue_o
);
  localparam logic [5:0] ControlWord = nic_pkg::RssControlAddress[7:2];
  localparam logic [5:0] KeyWord     = nic_pkg::RssKeyAddress[7:2];
  localparam logic [5:0] TableWord   = nic_pkg::RssTableAddress[7:2];
  localparam int unsigned KeyWords = nic_pkg::RssKeyWords, TableWords = nic_pkg::RssTableWords;

  logic         control, enable_q, commit_q;
  logic [5:0]   types_q;
  logic [319:0] key_q, key_next_q;
  logic [23:0]  table_q      [0:TableWords-1];   // four entries each
  logic [23:0]  table_next_q [0:TableWords-1];

  // Which word of the key and of the table is accessed; others are above theirs.
  logic [5:0]  key_index, table_index;
  logic        is_table;
  logic [23:0] table_read, looked_up;
  assign control     = word_i == ControlWord;
  assign key_index   = word_i - KeyWord;
  assign table_index = word_i - TableWord;
  assign is_table    = table_index < 6'(TableWords);
  assign table_read  = table_next_q[table_index[4:0]];

  assign enable_o  = enable_q;
  assign types_o   = types_q;
  assign key_o     = key_q;
  assign looked_up = table_q[entry_i[6:2]];

  always_comb begin
    case (entry_i[1:0])
      2'd0:    queue_o = looked_up[5:0];
      2'd1:    queue_o = looked_up[11:6];
      2'd2:    queue_o = looked_up[17:12];
      default: queue_o = looked_up[23:18];
    endcase
  end

  always_comb begin
    rdata_o = '0;
    if (control) begin
      rdata_o[nic_pkg::RssControlEnableBit]     = enable_q;
      rdata_o[nic_pkg::RssControlTypesBit +: 6] = types_q;
    end else if (is_table) begin
      rdata_o = {2'd0, table_read[23:18], 2'd0, table_read[17:12], 2'd0, table_read[11:6], 2'd0, table_read[5:0]};
    end else begin
      for (int i = 0; i < KeyWords; i++) if (key_index == 6'(i)) rdata_o = key_next_q[319-32*i -: 32];
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      enable_q   <= 1'b0;
      types_q    <= '0;
      commit_q   <= 1'b0;
      key_q      <= '0;
      key_next_q <= '0;
      for (int i = 0; i < TableWords; i++) begin
        table_q[i]      <= '0;
        table_next_q[i] <= '0;
      end
    end else begin
      commit_q <= write_i && control;
      if (write_i && control) begin
        enable_q <= wdata_i[nic_pkg::RssControlEnableBit];
        types_q  <= wdata_i[nic_pkg::RssControlTypesBit +: 6];
        key_q    <= key_next_q;
      end
      for (int i = 0; i < KeyWords; i++) begin
        if (write_i && key_index == 6'(i)) key_next_q[319-32*i -: 32] <= wdata_i;
      end
      if (write_i && is_table) begin
        table_next_q[table_index[4:0]] <= {wdata_i[29:24], wdata_i[21:16], wdata_i[13:8], wdata_i[5:0]};
      end
      if (commit_q) begin
        for (int i = 0; i < TableWords; i++) table_q[i] <= table_next_q[i];
      end
    end
  end

  `REQUIRE(writes_are_apart, !commit_q || !write_i)
endmodule

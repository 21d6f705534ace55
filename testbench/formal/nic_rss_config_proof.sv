// Proof of nic_rss_config: one word of the key and one of the table, any, are what was written last before
// RSS_CONTROL was.
`include "proof.svh"

module nic_rss_config_proof (
  input logic        clk_i,
  input logic        rst_ni,
  input logic        write_i,
  input logic [5:0]  word_i,
  input logic [31:0] wdata_i,
  input logic [6:0]  entry_i
);
  `START_IN_RESET
  (* anyconst *) logic [4:0] table_word;
  (* anyconst *) logic [3:0] key_word;
  always @* begin exists : assume (key_word < 4'd10); end

  logic [31:0]  rdata;
  logic [319:0] key;
  logic [5:0]   types, queue;
  logic         enable;
  nic_rss_config u_dut (
    .clk_i, .rst_ni, .write_i, .word_i, .wdata_i, .rdata_o(rdata), .enable_o(enable), .types_o(types), .key_o(key),
    .entry_i, .queue_o(queue)
  );

  // What the page says, of these two words
  logic        is_key, is_table, is_control, control_q, enable_q;
  logic [5:0]  types_q;
  logic [31:0] key_q, key_next_q, key_out, table_next_q, table_q;
  assign is_control = word_i == 6'd0;
  assign is_key     = word_i == 6'd16 + {2'd0, key_word};
  assign is_table   = word_i == {1'b1, table_word};
  // Two accesses are cycles apart.
  always @* begin writes_are_apart : assume (!(write_i && control_q)); end
  always_ff @(posedge clk_i) begin
    control_q <= rst_ni && write_i && is_control;
    if (!rst_ni) begin
      enable_q     <= 1'b0;
      types_q      <= '0;
      key_q        <= '0;
      key_next_q   <= '0;
      table_q      <= '0;
      table_next_q <= '0;
    end else begin
      if (write_i && is_key) key_next_q <= wdata_i;
      if (write_i && is_table) table_next_q <= wdata_i & 32'h3F3F_3F3F;
      if (write_i && is_control) begin
        {types_q, enable_q} <= {wdata_i[13:8], wdata_i[0]};
        key_q <= key_next_q;
      end
      if (control_q) table_q <= table_next_q;
    end
  end
  always_comb begin
    key_out = '0;
    for (int i = 0; i < 10; i++) if (key_word == i) key_out = key[319-32*i -: 32];
  end

  `CHECK(control_at_once, enable == enable_q && types == types_q)
  `CHECK(key_with_control, key_out == key_q)
  `CHECK(table_behind_control, entry_i[6:2] != table_word || queue == table_q[8*entry_i[1:0] +: 6])
  `CHECK(reads_control, !is_control || rdata == {18'd0, types_q, 7'd0, enable_q})
  `CHECK(reads_key, !is_key || rdata == key_next_q)
  `CHECK(reads_table, !is_table || rdata == table_next_q)
  `CHECK(reads_nothing_else, !(word_i < 6'd16 && !is_control || word_i >= 6'd26 && word_i < 6'd32) || rdata == '0)

  // Words that are not looked at in the first cycle of an induction
  (* hierconn *) wire [319:0] \u_dut.key_next_q ;
  (* hierconn *) wire \u_dut.commit_q ;
  (* hierconn *) wire [23:0] \u_dut.table_q[0] , \u_dut.table_q[1] , \u_dut.table_q[2] , \u_dut.table_q[3] ;
  (* hierconn *) wire [23:0] \u_dut.table_q[4] , \u_dut.table_q[5] , \u_dut.table_q[6] , \u_dut.table_q[7] ;
  (* hierconn *) wire [23:0] \u_dut.table_q[8] , \u_dut.table_q[9] , \u_dut.table_q[10] , \u_dut.table_q[11] ;
  (* hierconn *) wire [23:0] \u_dut.table_q[12] , \u_dut.table_q[13] , \u_dut.table_q[14] , \u_dut.table_q[15] ;
  (* hierconn *) wire [23:0] \u_dut.table_q[16] , \u_dut.table_q[17] , \u_dut.table_q[18] , \u_dut.table_q[19] ;
  (* hierconn *) wire [23:0] \u_dut.table_q[20] , \u_dut.table_q[21] , \u_dut.table_q[22] , \u_dut.table_q[23] ;
  (* hierconn *) wire [23:0] \u_dut.table_q[24] , \u_dut.table_q[25] , \u_dut.table_q[26] , \u_dut.table_q[27] ;
  (* hierconn *) wire [23:0] \u_dut.table_q[28] , \u_dut.table_q[29] , \u_dut.table_q[30] , \u_dut.table_q[31] ;
  logic [767:0] all;
  assign all = {\u_dut.table_q[31] , \u_dut.table_q[30] , \u_dut.table_q[29] , \u_dut.table_q[28] ,
    \u_dut.table_q[27] , \u_dut.table_q[26] , \u_dut.table_q[25] , \u_dut.table_q[24] ,
    \u_dut.table_q[23] , \u_dut.table_q[22] , \u_dut.table_q[21] , \u_dut.table_q[20] ,
    \u_dut.table_q[19] , \u_dut.table_q[18] , \u_dut.table_q[17] , \u_dut.table_q[16] ,
    \u_dut.table_q[15] , \u_dut.table_q[14] , \u_dut.table_q[13] , \u_dut.table_q[12] ,
    \u_dut.table_q[11] , \u_dut.table_q[10] , \u_dut.table_q[9] , \u_dut.table_q[8] ,
    \u_dut.table_q[7] , \u_dut.table_q[6] , \u_dut.table_q[5] , \u_dut.table_q[4] ,
    \u_dut.table_q[3] , \u_dut.table_q[2] , \u_dut.table_q[1] , \u_dut.table_q[0] };
  (* hierconn *) wire [23:0] \u_dut.table_next_q[0] , \u_dut.table_next_q[1] , \u_dut.table_next_q[2] , \u_dut.table_next_q[3] ;
  (* hierconn *) wire [23:0] \u_dut.table_next_q[4] , \u_dut.table_next_q[5] , \u_dut.table_next_q[6] , \u_dut.table_next_q[7] ;
  (* hierconn *) wire [23:0] \u_dut.table_next_q[8] , \u_dut.table_next_q[9] , \u_dut.table_next_q[10] , \u_dut.table_next_q[11] ;
  (* hierconn *) wire [23:0] \u_dut.table_next_q[12] , \u_dut.table_next_q[13] , \u_dut.table_next_q[14] , \u_dut.table_next_q[15] ;
  (* hierconn *) wire [23:0] \u_dut.table_next_q[16] , \u_dut.table_next_q[17] , \u_dut.table_next_q[18] , \u_dut.table_next_q[19] ;
  (* hierconn *) wire [23:0] \u_dut.table_next_q[20] , \u_dut.table_next_q[21] , \u_dut.table_next_q[22] , \u_dut.table_next_q[23] ;
  (* hierconn *) wire [23:0] \u_dut.table_next_q[24] , \u_dut.table_next_q[25] , \u_dut.table_next_q[26] , \u_dut.table_next_q[27] ;
  (* hierconn *) wire [23:0] \u_dut.table_next_q[28] , \u_dut.table_next_q[29] , \u_dut.table_next_q[30] , \u_dut.table_next_q[31] ;
  logic [767:0] all_next;
  assign all_next = {\u_dut.table_next_q[31] , \u_dut.table_next_q[30] , \u_dut.table_next_q[29] , \u_dut.table_next_q[28] ,
    \u_dut.table_next_q[27] , \u_dut.table_next_q[26] , \u_dut.table_next_q[25] , \u_dut.table_next_q[24] ,
    \u_dut.table_next_q[23] , \u_dut.table_next_q[22] , \u_dut.table_next_q[21] , \u_dut.table_next_q[20] ,
    \u_dut.table_next_q[19] , \u_dut.table_next_q[18] , \u_dut.table_next_q[17] , \u_dut.table_next_q[16] ,
    \u_dut.table_next_q[15] , \u_dut.table_next_q[14] , \u_dut.table_next_q[13] , \u_dut.table_next_q[12] ,
    \u_dut.table_next_q[11] , \u_dut.table_next_q[10] , \u_dut.table_next_q[9] , \u_dut.table_next_q[8] ,
    \u_dut.table_next_q[7] , \u_dut.table_next_q[6] , \u_dut.table_next_q[5] , \u_dut.table_next_q[4] ,
    \u_dut.table_next_q[3] , \u_dut.table_next_q[2] , \u_dut.table_next_q[1] , \u_dut.table_next_q[0] };
  logic [319:0] next;
  logic         commit;
  logic [31:0]  next_out;
  logic [23:0]  held, held_next;
  assign next   = \u_dut.key_next_q ;
  assign commit = \u_dut.commit_q ;
  always_comb begin
    next_out = '0;
    for (int i = 0; i < 10; i++) if (key_word == i) next_out = next[319-32*i -: 32];
  end
  always_comb begin
    held = '0;
    held_next = '0;
    for (int i = 0; i < 32; i++) begin
      if (table_word == i) held = all[24*i +: 24];
      if (table_word == i) held_next = all_next[24*i +: 24];
    end
  end
  `CHECK(invariant_key, next_out == key_next_q)
  `CHECK(invariant_commit, commit == control_q)
  `CHECK(invariant_table, table_q == {2'd0, held[23:18], 2'd0, held[17:12], 2'd0, held[11:6], 2'd0, held[5:0]})
  `CHECK(invariant_next, table_next_q == {2'd0, held_next[23:18], 2'd0, held_next[17:12], 2'd0, held_next[11:6],
                                          2'd0, held_next[5:0]})

  `COVER(another_table, control_q && table_q != table_next_q && table_q != '0)
  `COVER(another_key, write_i && is_control && key_q != key_next_q && key_q != '0)
  `COVER(switched_off, write_i && is_control && enable_q && !wdata_i[0])
endmodule

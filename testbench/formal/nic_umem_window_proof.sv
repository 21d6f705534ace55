// Proof of nic_umem_window: a descriptor of a zero-copy queue that is not refused touches no byte outside its UMEM, and
// none that lies inside is refused.
// Role     follows one byte of the frame, any, in arithmetic wide enough for every carry
// Units    [bytes]; the UMEM lies anywhere in 64 bits
// Source   docs/design/queue-engine.md, "Zero-copy queues"; INV-14, INV-25
`include "proof.svh"

module nic_umem_window_proof (
  input logic        clk_i,
  input logic        rst_ni,
  input logic        used_i,
  input logic        on_i,
  input logic [63:0] address_i,
  input logic [15:0] length_i,
  input logic        long_i,
  input logic [63:0] umem_base_i,
  input logic [47:0] umem_bytes_i,
  input logic [31:0] chunk_bytes_i,
  input logic [15:0] room_i,
  input logic [15:0] headroom_i,
  input logic [15:0] offset_i        // of the byte that is followed, in the frame
);
  `START_IN_RESET

  // What a driver writes: chunks lie in the UMEM whole, with headroom and room in them.
  `REQUIRE(chunk_in_umem, {16'd0, chunk_bytes_i} <= umem_bytes_i)
  `REQUIRE(room_in_chunk, {16'd0, headroom_i} + {16'd0, room_i} <= chunk_bytes_i)

  logic [63:0] rx_address, tx_address;
  logic [15:0] rx_length, tx_length;
  logic        rx_long, tx_long, rx_invalid, tx_invalid;
  logic [47:0] rx_entry, tx_entry;
  nic_umem_window #(.Receive(1)) u_rx (
    .clk_i, .rst_ni, .used_i, .on_i, .address_i, .length_i, .long_i, .umem_base_i,
    .umem_limit_i({16'd0, umem_bytes_i} - {32'd0, chunk_bytes_i}), .room_i, .headroom_i,
    .address_o(rx_address), .length_o(rx_length), .long_o(rx_long), .invalid_o(rx_invalid), .entry_o(rx_entry)
  );
  nic_umem_window #(.Receive(0)) u_tx (
    .clk_i, .rst_ni, .used_i, .on_i, .address_i, .length_i, .long_i, .umem_base_i,
    .umem_limit_i({16'd0, umem_bytes_i}), .room_i, .headroom_i,
    .address_o(tx_address), .length_o(tx_length), .long_o(tx_long), .invalid_o(tx_invalid), .entry_o(tx_entry)
  );

  // The byte, from the start of the UMEM: the address is its base and a place. Apart, as solvers see no end of a sum of
  // three that is compared.
  (* hierconn *) wire [63:0] \u_rx.place , \u_tx.place ;
  logic [65:0] rx_byte, tx_byte, tx_first, tx_end;
  `CHECK(receives_from_the_base_on, !on_i || \u_rx.place + umem_base_i == rx_address)
  `CHECK(sends_from_the_base_on, !on_i || \u_tx.place + umem_base_i == tx_address)
  assign rx_byte  = {2'd0, \u_rx.place  } + {50'd0, offset_i};
  assign tx_byte  = {2'd0, \u_tx.place } + {50'd0, offset_i};
  assign tx_first = {18'd0, address_i[47:0]} + {50'd0, address_i[63:48]};
  assign tx_end   = tx_first + {50'd0, length_i};

  `CHECK(receives_inside, !on_i || rx_invalid || offset_i >= rx_length || rx_byte < {18'd0, umem_bytes_i})
  `CHECK(receives_inside_the_chunk, !on_i || rx_invalid || offset_i >= rx_length ||
                                    rx_byte < {2'd0, address_i} + {34'd0, chunk_bytes_i})
  `CHECK(receives_behind_the_headroom, !on_i || rx_invalid || rx_byte == {2'd0, address_i} + {50'd0, headroom_i} +
                                       {50'd0, offset_i})
  `CHECK(sends_inside, !on_i || tx_invalid || offset_i >= tx_length || tx_byte < {18'd0, umem_bytes_i})
  `CHECK(sends_what_was_asked, !on_i || tx_invalid || (tx_byte == tx_first + {50'd0, offset_i} && tx_length == length_i))
  `CHECK(refuses_no_good_chunk, rx_invalid == (on_i && {2'd0, address_i} + {34'd0, chunk_bytes_i} > {18'd0, umem_bytes_i}))
  `CHECK(refuses_no_good_frame, tx_invalid == (on_i && (long_i || length_i == '0 || length_i > room_i ||
                                                        tx_end > {18'd0, umem_bytes_i})))
  `CHECK(gives_the_place_back, rx_entry == address_i[47:0] && tx_entry == address_i[47:0])
  `CHECK(room_of_a_chunk, !on_i || (rx_length == room_i && !rx_long))
  `CHECK(passes_others, on_i || (rx_address == address_i && rx_length == length_i && rx_long == long_i && !rx_invalid &&
                                 tx_address == address_i && tx_length == length_i && tx_long == long_i && !tx_invalid))

  `COVER(receives_at_the_end, on_i && !rx_invalid && rx_byte + 66'd1 == {18'd0, umem_bytes_i} && offset_i < rx_length)
  `COVER(sends_at_the_end, on_i && !tx_invalid && tx_byte + 66'd1 == {18'd0, umem_bytes_i} && offset_i < tx_length)
  `COVER(refuses_a_carry, on_i && tx_invalid && address_i[47:0] == '1 && address_i[63:48] != '0)
endmodule

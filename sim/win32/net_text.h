// net_text.h: addresses as text, with the answers of Windows.
// Role     what the calls of ip2string.h and Winsock have in common
// Shapes   a parser takes the beginning of the text that is an address, and says how much it has looked at
// Errors   no address where the text is none; `taken` is then where it stops to be one
// Source   Windows: ip2string.h; the corner cases from what Windows has been seen to answer
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ringproof::win32 {

template <std::size_t Bytes>
struct ParsedAddress {
  std::optional<std::array<std::uint8_t, Bytes>> address;  // in network byte order
  std::size_t taken = 0;
};

// `strict`: four decimal parts. Otherwise one to four parts in C's notation, the last one filling up.
ParsedAddress<4> parse_ipv4(std::string_view text, bool strict);
ParsedAddress<16> parse_ipv6(std::string_view text);
ParsedAddress<6> parse_ethernet(std::string_view text);
// The whole text, in C's notation, 1 to 65535.
std::optional<std::uint16_t> parse_port(std::string_view text);

std::string print_ipv4(const std::uint8_t* address);
std::string print_ipv6(const std::uint8_t* address);
std::string print_ethernet(const std::uint8_t* address);

}  // namespace ringproof::win32

// frames.h: frames for tests.
// Source   RFC 791, RFC 768
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ringproof {

// An Ethernet frame with IPv4 and UDP inside and correct checksums; `mark` fills the payload. At least 42
// bytes.
std::vector<unsigned char> make_udp_frame(std::size_t bytes, unsigned char mark,
                                          std::uint16_t destination_port = 1234,
                                          std::uint16_t source_port = 12345);

}  // namespace ringproof

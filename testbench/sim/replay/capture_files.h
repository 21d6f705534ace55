// capture_files.h: makes the bytes of capture files, good and bad.
// Role     the vocabulary of the capture tests; independent of what the product writes
// Source   pcap-savefile(5); draft-ietf-opsawg-pcapng
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ringproof::test {

struct Packet {
  std::uint64_t time_ns = 0;
  std::string bytes;
  std::uint32_t original_length = 0;  // 0: as many as there are bytes
};

// Appends integers in the byte order of a file.
class Bytes {
 public:
  explicit Bytes(bool big_endian) : big_endian_(big_endian) {}
  Bytes& number(std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) {
      const int shift = 8 * (big_endian_ ? size - 1 - i : i);
      text += static_cast<char>(value >> shift & 0xFF);
    }
    return *this;
  }
  Bytes& words(const std::vector<std::uint32_t>& values) {
    for (const std::uint32_t value : values) number(value, 4);
    return *this;
  }
  Bytes& append(const std::string& bytes) {
    text += bytes;
    return *this;
  }
  std::string text;

 private:
  bool big_endian_;
};

struct PcapShape {
  bool big_endian = false;
  bool nanoseconds = false;
  std::uint32_t link_type = 1;
};

inline std::string pcap_file(const std::vector<Packet>& packets, PcapShape shape = {}) {
  Bytes file(shape.big_endian);
  file.number(shape.nanoseconds ? 0xA1B23C4D : 0xA1B2C3D4, 4).number(2, 2).number(4, 2);
  file.words({0, 0, 262144, shape.link_type});
  for (const Packet& packet : packets) {
    const auto length = static_cast<std::uint32_t>(packet.bytes.size());
    const std::uint64_t fraction = packet.time_ns % 1'000'000'000 / (shape.nanoseconds ? 1 : 1000);
    file.number(packet.time_ns / 1'000'000'000, 4).number(fraction, 4);
    file.words({length, packet.original_length == 0 ? length : packet.original_length});
    file.append(packet.bytes);
  }
  return file.text;
}

inline std::string pcapng_block(std::uint32_t type, std::string body, bool big_endian) {
  body.append((4 - body.size() % 4) % 4, '\0');
  const auto total = static_cast<std::uint32_t>(body.size() + 12);
  return Bytes(big_endian).words({type, total}).append(body).words({total}).text;
}

inline std::string pcapng_section(bool big_endian) {
  const Bytes body = Bytes(big_endian).words({0x1A2B3C4D}).number(1, 2).number(0, 2).number(~0ull, 8);
  return pcapng_block(0x0A0D0D0A, body.text, big_endian);
}

inline std::string pcapng_interface(std::uint32_t link_type, bool big_endian) {
  // if_tsresol (9) of 10^-9, then the end of the options.
  const Bytes body = Bytes(big_endian)
                         .number(link_type, 2)
                         .number(0, 2)
                         .number(0, 4)
                         .number(9, 2)
                         .number(1, 2)
                         .append(std::string("\x09\0\0\0", 4))
                         .number(0, 4);
  return pcapng_block(1, body.text, big_endian);
}

inline std::string pcapng_packet(const Packet& packet, bool big_endian) {
  const auto length = static_cast<std::uint32_t>(packet.bytes.size());
  const Bytes body = Bytes(big_endian)
                         .words({0, static_cast<std::uint32_t>(packet.time_ns >> 32),
                                 static_cast<std::uint32_t>(packet.time_ns), length,
                                 packet.original_length == 0 ? length : packet.original_length})
                         .append(packet.bytes);
  return pcapng_block(6, body.text, big_endian);
}

inline std::string pcapng_file(const std::vector<Packet>& packets, bool big_endian = false,
                               std::uint32_t link_type = 1) {
  std::string file = pcapng_section(big_endian) + pcapng_interface(link_type, big_endian);
  for (const Packet& packet : packets) file += pcapng_packet(packet, big_endian);
  return file;
}

}  // namespace ringproof::test

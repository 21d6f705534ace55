// hash.h: a 64-bit running hash of values in a stated byte order.
// Role     result hashes, stream seeds, and the monitors' fingerprints of frames and slots
// Shapes   values are taken as little-endian 64-bit words; the result does not depend on the machine
// Errors   none; it is no defence against someone who looks for collisions
// Source   assumed, see docs/decisions/0003-result-hash.md
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace ringproof {

class Hash64 {
 public:
  void add_u64(std::uint64_t value) {
    state_ = (state_ ^ value) * 0x9FB21C651E98DF25ull;
    state_ ^= state_ >> 32;
  }

  void add_bytes(const void* data, std::size_t size) {
    const auto* bytes = static_cast<const unsigned char*>(data);
    add_u64(size);
    while (size >= 8) {
      std::uint64_t word;
      std::memcpy(&word, bytes, 8);
      add_u64(word);
      bytes += 8;
      size -= 8;
    }
    std::uint64_t tail = 0;
    for (std::size_t i = 0; i < size; ++i) tail |= std::uint64_t{bytes[i]} << (8 * i);
    if (size > 0) add_u64(tail);
  }

  std::uint64_t value() const {
    std::uint64_t z = state_;
    z = (z ^ (z >> 29)) * 0xBF58476D1CE4E5B9ull;
    return z ^ (z >> 32);
  }

 private:
  std::uint64_t state_ = 0x2545F4914F6CDD1Dull;
};

inline std::uint64_t hash_bytes(const void* data, std::size_t size) {
  Hash64 hash;
  hash.add_bytes(data, size);
  return hash.value();
}

}  // namespace ringproof

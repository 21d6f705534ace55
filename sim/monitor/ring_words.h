// ring_words.h: the words of a ring that both sides share, as they are in memory.
// Role     where they lie, and how a monitor reads them while others may write
// Units    bytes from the begin of the ring; the producer index is its first word
// Errors   none
// Source   api-surface.md, rings
#pragma once

#include <cstddef>
#include <cstdint>

namespace ringproof {

constexpr std::size_t kConsumerWord = 64;
constexpr std::size_t kFlagsWord = 128;

inline std::uint32_t word_at(const unsigned char* base, std::size_t offset) {
  return __atomic_load_n(reinterpret_cast<const std::uint32_t*>(base + offset), __ATOMIC_RELAXED);
}

}  // namespace ringproof

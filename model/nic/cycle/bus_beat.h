// bus_beat.h: bytes moved within bus beats.
// Role     the shifters of nic_rx_write and nic_tx_send
// Shapes   a beat is 64 bytes; strobes one bit per byte
// Units    [bytes]
// Errors   none
// Source   rtl/nic_rx_write.sv, rtl/nic_tx_send.sv
#pragma once

#include <cstdint>
#include <cstring>

#include "model/nic/queue_engine.h"

namespace ringproof::nic::cycle {

inline const unsigned char* bytes_of(const BeatData& beat) {
  return reinterpret_cast<const unsigned char*>(beat.data());
}
inline unsigned char* bytes_of(BeatData& beat) { return reinterpret_cast<unsigned char*>(beat.data()); }

// The 64 bytes that begin `at` bytes into the two beats; `at` is 0 to 64, and a missing beat is zeros.
inline void cut(const BeatData* first, const BeatData* second, std::uint32_t at, BeatData& to) {
  const std::size_t of_first = kBeatBytes - at;
  if (first != nullptr) {
    std::memcpy(bytes_of(to), bytes_of(*first) + at, of_first);
  } else {
    std::memset(bytes_of(to), 0, of_first);
  }
  if (second != nullptr) {
    std::memcpy(bytes_of(to) + of_first, bytes_of(*second), at);
  } else {
    std::memset(bytes_of(to) + of_first, 0, at);
  }
}

// Strobes of the lowest bytes of a beat; 0 is all of them.
constexpr std::uint64_t low_strobes(std::uint32_t bytes) {
  return bytes == 0 ? ~std::uint64_t{0} : (std::uint64_t{1} << bytes) - 1;
}

// How many beats hold so many bytes.
constexpr std::uint32_t beats_of(std::uint32_t bytes) { return (bytes + kBeatBytes - 1) / kBeatBytes; }

}  // namespace ringproof::nic::cycle

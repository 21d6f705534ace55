// address_halves.h: an address, as two registers have it.
// Role     puts one half into an address, and takes it out
// Units    [bytes]; the low half is bits 31 to 0
// Errors   none; a register that ignores bits masks them first
// Source   docs/design/queue-engine.md, "Registers"
#pragma once

#include <cstdint>

namespace ringproof::nic {

constexpr std::uint32_t low(std::uint64_t address) { return static_cast<std::uint32_t>(address); }
constexpr std::uint32_t high(std::uint64_t address) { return static_cast<std::uint32_t>(address >> 32); }

constexpr void set_low(std::uint64_t& address, std::uint32_t half) { address = (address >> 32 << 32) | half; }
constexpr void set_high(std::uint64_t& address, std::uint32_t half) {
  address = std::uint64_t{half} << 32 | low(address);
}

}  // namespace ringproof::nic

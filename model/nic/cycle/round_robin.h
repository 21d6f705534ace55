// round_robin.h: nic_rr_arb, in C++.
// Role     whoever was served last is asked last
// Shapes   one bit for each of up to 64 requests
// Errors   none
// Source   rtl/nic_rr_arb.sv
#pragma once

#include <bit>
#include <cstdint>

namespace ringproof::nic::cycle {

class RoundRobin {
 public:
  // REQUIRES: requests is not 0.
  std::uint32_t choice(std::uint64_t requests) const {
    const std::uint64_t first = requests & later_;
    return static_cast<std::uint32_t>(std::countr_zero(first != 0 ? first : requests));
  }
  void taken(std::uint32_t index) { later_ = ~std::uint64_t{1} << index; }
  void reset() { later_ = ~std::uint64_t{0}; }

 private:
  std::uint64_t later_ = ~std::uint64_t{0};  // the requests above the one served last
};

constexpr std::uint64_t bit(std::uint32_t index) { return std::uint64_t{1} << index; }
constexpr bool has(std::uint64_t mask, std::uint32_t index) { return (mask >> index & 1) != 0; }

}  // namespace ringproof::nic::cycle

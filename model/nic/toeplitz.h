// toeplitz.h: receive-side scaling: the hash of a frame and the queue it chooses.
// Role     Toeplitz hash over addresses and ports, and the indirection table
// Shapes   key 40 bytes; table of 128 entries; queue = table[hash & 127]; one VLAN tag is looked behind
// Units    addresses and ports in network byte order, as on the wire
// Errors   a frame that is neither IPv4 nor IPv6 has hash 0; a fragment, or another protocol than TCP and
// UDP,
//          is hashed over its addresses only
// Source   RSS hashing types and verification vectors of the NDIS documentation
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "model/nic/nic_config.h"

namespace ringproof::nic {

class Toeplitz {
 public:
  static constexpr std::size_t kInputBytesMax = 36;  // two IPv6 addresses and two ports

  explicit Toeplitz(const RssKey& key);
  // REQUIRES: at most kInputBytesMax bytes.
  std::uint32_t hash(std::span<const unsigned char> input) const;

 private:
  // What each byte value adds at each position.
  std::array<std::array<std::uint32_t, 256>, kInputBytesMax> table_;
};

struct RssChoice {
  std::uint32_t hash = 0;
  std::uint32_t queue = 0;
};

class ReceiveSideScaling {
 public:
  ReceiveSideScaling(const RssKey& key, std::uint32_t queues);
  RssChoice choose(std::span<const unsigned char> frame) const;

 private:
  static constexpr std::size_t kTableEntries = 128;
  Toeplitz toeplitz_;
  std::array<std::uint8_t, kTableEntries> indirection_;
};

}  // namespace ringproof::nic

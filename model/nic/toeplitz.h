// toeplitz.h: receive-side scaling: the hash of a frame and the queue it chooses.
// Role     Toeplitz hash over addresses and ports, and the indirection table
// Shapes   key 40 bytes; table of 128 entries; queue = table[hash & 127]; one VLAN tag is looked behind
// Units    addresses and ports in network byte order, as on the wire
// Errors   a frame that is neither IPv4 nor IPv6 has hash 0; a fragment, or another protocol than TCP and
//          UDP, is hashed over its addresses only. A frame of which no hash type is asked for has hash 0 too
// Source   RSS hashing types and verification vectors of the NDIS documentation
#pragma once

#include <array>
#include <cstdint>
#include <memory>
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
  using Table = std::array<std::array<std::uint32_t, 256>, kInputBytesMax>;
  static std::shared_ptr<const Table> table_of(const RssKey& key);

  std::shared_ptr<const Table> table_;  // worlds with the same key share it
};

struct RssChoice {
  std::uint32_t hash = 0;
  std::uint32_t queue = 0;
};

// What is hashed: addresses, and the ports of TCP or UDP. The values are those of XDP_RSS_HASH_TYPE_….
namespace rss_hash {
constexpr std::uint32_t kIpv4 = 0x01;
constexpr std::uint32_t kTcpIpv4 = 0x02;
constexpr std::uint32_t kUdpIpv4 = 0x04;
constexpr std::uint32_t kIpv6 = 0x08;
constexpr std::uint32_t kTcpIpv6 = 0x10;
constexpr std::uint32_t kUdpIpv6 = 0x20;
constexpr std::uint32_t kAll = 0x3F;
}  // namespace rss_hash

// Where the ports of TCP or UDP end in a frame that has some to hash, else 0. Needs the bytes of the headers
// before them only.
std::size_t hashed_bytes(std::span<const unsigned char> frame);

struct RssSettings {
  static constexpr std::size_t kTableEntries = 128;
  RssKey key{};
  std::array<std::uint8_t, kTableEntries> table{};  // queues
  std::uint32_t hash_types = rss_hash::kAll;

  // As the registers have them: the first byte of the key is the highest, the first entry the lowest.
  std::uint32_t key_word(std::uint32_t word) const {
    std::uint32_t value = 0;
    for (std::uint32_t i = 0; i < 4; ++i) value = value << 8 | key[4 * word + i];
    return value;
  }
  std::uint32_t table_word(std::uint32_t word) const {
    std::uint32_t value = 0;
    for (std::uint32_t i = 0; i < 4; ++i) value |= std::uint32_t{table[4 * word + i]} << 8 * i;
    return value;
  }
};

class ReceiveSideScaling {
 public:
  // The queues in turn.
  ReceiveSideScaling(const RssKey& key, std::uint32_t queues);
  RssChoice choose(std::span<const unsigned char> frame) const;

  const RssSettings& settings() const { return settings_; }
  // Holds for the next frame that arrives. REQUIRES: the table names queues that are there.
  void set(const RssSettings& settings);

 private:
  RssSettings settings_;
  Toeplitz toeplitz_;
};

}  // namespace ringproof::nic

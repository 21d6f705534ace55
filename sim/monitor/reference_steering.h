// reference_steering.h: the queue that a frame has to go to, worked out a second time.
// Role     receive-side scaling, written from the specification alone; shares no code with model/, so that a
//          mistake there is not repeated here. The rules of programs are in reference_rules.h
// Units    ports and addresses in network byte order
// Errors   none: a frame that is too short for a header has no such part of a key
// Source   RSS hashing types of the NDIS documentation
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "model/base/tap.h"

namespace ringproof::reference {

// What RSS hashes: addresses, then ports. Two frames with equal keys belong to one flow.
struct FlowKey {
  std::array<unsigned char, 36> bytes{};
  std::size_t size = 0;  // 0: neither IPv4 nor IPv6, or not of a type that is hashed
};
constexpr std::uint32_t kAllHashTypes = 0x3F;  // XDP_RSS_HASH_TYPE_…, all that a device here has
FlowKey flow_of(Tap::Bytes frame, std::uint32_t hash_types = kAllHashTypes);

// Bit by bit, as the definition of the Toeplitz hash has it.
std::uint32_t toeplitz(std::span<const std::uint8_t, 40> key, const FlowKey& flow);
// The default indirection table: 128 entries, queues in turn.
std::uint32_t rss_queue(std::uint32_t hash, std::uint32_t queues);

}  // namespace ringproof::reference

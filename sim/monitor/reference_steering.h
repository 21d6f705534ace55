// reference_steering.h: where a frame has to go, worked out a second time.
// Role     the rules of a program and receive-side scaling, written from the specification alone; shares no
//          code with model/, so that a mistake there is not repeated here
// Shapes   rules are tried in order. What this file does not know yet is `unknown`, and then nothing is
// judged:
//          a new match type is one more case in matches() (reference_steering.cc)
// Units    ports and addresses in network byte order
// Errors   none: a frame that is too short for a header does not match what needs it
// Source   xdp-programs.md 2 and 3; RSS hashing types of the NDIS documentation
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "model/base/tap.h"
#include "model/xdp/public_api.h"

namespace ringproof::reference {

// The rule that decides: its position, kNone, or kUnknown.
struct Choice {
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;
  static constexpr std::uint32_t kUnknown = 0xFFFFFFFE;
  std::uint32_t rule;
};
Choice first_match(std::span<const XDP_RULE> rules, Tap::Bytes frame);

// What RSS hashes: addresses, then ports. Two frames with equal keys belong to one flow.
struct FlowKey {
  std::array<unsigned char, 36> bytes{};
  std::size_t size = 0;  // 0: neither IPv4 nor IPv6
};
FlowKey flow_of(Tap::Bytes frame);

// Bit by bit, as the definition of the Toeplitz hash has it.
std::uint32_t toeplitz(std::span<const std::uint8_t, 40> key, const FlowKey& flow);
// The default indirection table: 128 entries, queues in turn.
std::uint32_t rss_queue(std::uint32_t hash, std::uint32_t queues);

}  // namespace ringproof::reference

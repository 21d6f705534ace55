// queue_counters.h: what a queue of the platform counts.
// Role     the counter sets "XDP Receive Queue" and "XDP Transmit Queue" of one queue object
// Shapes   they grow only, from 0 when the queue object is made; a frame on the exclusive path is in the Xsk
//          counters only
// Source   XDP for Windows: performance counters
#pragma once

#include <cstdint>

namespace ringproof::xdp {

struct RxQueueCounters {
  std::uint64_t xsk_frames_delivered = 0;
  std::uint64_t xsk_frames_dropped = 0;  // for want of room or of chunks
  std::uint64_t xsk_invalid_descriptors = 0;
  std::uint64_t xsk_frames_truncated = 0;
  std::uint64_t inspect_frames_passed = 0;
  std::uint64_t inspect_frames_dropped = 0;
  std::uint64_t inspect_frames_redirected = 0;  // lost at the socket or not
  std::uint64_t inspect_frames_forwarded = 0;
  std::uint64_t inspect_batches = 0;
  // Two of our own: how frames came to their sockets.
  std::uint64_t xsk_bytes_copied = 0;
  std::uint64_t xsk_frames_zero_copy = 0;

  bool operator==(const RxQueueCounters&) const = default;
};

struct TxQueueCounters {
  std::uint64_t xsk_invalid_descriptors = 0;
  std::uint64_t injection_batches = 0;
  std::uint64_t queue_depth = 0;  // frames with the driver now

  bool operator==(const TxQueueCounters&) const = default;
};

}  // namespace ringproof::xdp

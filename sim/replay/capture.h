// capture.h: a packet capture in memory.
// Role     reads pcap and pcapng through libpcap; what it cannot read it refuses with a reason
// Shapes   frames in file order; their bytes lie one after the other in one arena
// Units    time_ns since 1970 [ns], whatever resolution the file has; lengths without FCS [bytes]
// Errors   missing, empty, corrupt, not Ethernet, without a whole frame -> InputError with file and frame
//          number; cut off in its last frame -> the whole frames, and `lost` says so
// Source   docs/command-line.md, "The capture"
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace ringproof {

struct CapturedFrame {
  std::uint64_t time_ns = 0;
  std::size_t offset = 0;  // in the arena
  std::uint32_t length = 0;
  std::uint32_t original_length = 0;  // as it was on the wire; more than `length` when it was shortened
};

struct Capture {
  std::vector<CapturedFrame> frames;
  std::vector<unsigned char> arena;
  std::uint64_t lost = 0;       // frames cut off by the end of the file: 0 or 1
  std::uint64_t shortened = 0;  // frames of which the capture kept only the beginning

  std::span<const unsigned char> bytes(std::size_t frame) const {
    return std::span(arena).subspan(frames[frame].offset, frames[frame].length);
  }
};

Capture read_capture(const std::string& path);

}  // namespace ringproof

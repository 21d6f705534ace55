// frame_source.h: where the frames that arrive at a port come from.
// Role     the MAC pulls frames in order of time; a replayed capture, a generator or a test stands behind
// Units    offset_ps: when the frame's first bit should be on the wire, after the start of the traffic
// Source   docs/code-map.md
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "model/nic/engine_layout.h"

namespace ringproof::nic {

// What became of a frame before the MAC looks at it.
enum class LineFate : std::uint8_t { kIntact, kLost, kBadFcs };

struct SourceFrame {
  std::uint64_t offset_ps = 0;
  std::span<const unsigned char> bytes;  // without FCS; stays valid as long as the source
  LineFate fate = LineFate::kIntact;

  // What a test wants the device to find, in place of what it would find itself.
  std::optional<std::uint32_t> queue{};
  std::optional<Verdict> layer3{};
  std::optional<Verdict> layer4{};
  std::optional<std::uint64_t> timestamp_ns{};  // not before the next one that is free
  // Lengths of the buffers that the device puts it in; empty: as many as the port needs.
  std::span<const std::uint32_t> buffers{};
};

class FrameSource {
 public:
  virtual ~FrameSource() = default;
  // The next frame; false when there is none. Offsets never go back. A frame that is due while the wire is
  // busy follows at the shortest gap.
  virtual bool next(SourceFrame& frame) = 0;
};

}  // namespace ringproof::nic

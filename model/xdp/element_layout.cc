#include "model/xdp/element_layout.h"

#include <algorithm>

#include "model/xdp/public_api.h"

namespace ringproof::xdp {
namespace {

struct Kind {
  Extension extension;
  std::uint32_t bytes;
  std::uint32_t alignment;
};

// In order of falling alignment.
constexpr std::array<Kind, kExtensions> kKinds = {
    {{Extension::kTimestamp, sizeof(XDP_FRAME_TIMESTAMP), alignof(XDP_FRAME_TIMESTAMP)},
     {Extension::kOriginalLength, sizeof(XSK_FRAME_ORIGINAL_LENGTH), alignof(XSK_FRAME_ORIGINAL_LENGTH)},
     {Extension::kChecksum, sizeof(XDP_FRAME_CHECKSUM), 1},
     {Extension::kLayout, sizeof(XDP_FRAME_LAYOUT), 1}}};

constexpr std::uint32_t kLeastAlignment = 8;

std::uint32_t aligned(std::uint32_t offset, std::uint32_t alignment) {
  return (offset + alignment - 1) / alignment * alignment;
}

}  // namespace

ElementLayout lay_out(std::uint32_t base_bytes, const ExtensionSet& enabled) {
  ElementLayout layout;
  std::uint32_t end = base_bytes;
  std::uint32_t guaranteed = base_bytes & (~base_bytes + 1);  // largest power of two that divides the end
  std::uint32_t largest = kLeastAlignment;
  for (const bool with_padding : {false, true}) {
    for (const Kind& kind : kKinds) {
      std::optional<std::uint16_t>& offset = layout.offsets[static_cast<std::size_t>(kind.extension)];
      if (!enabled.has(kind.extension) || offset.has_value()) continue;
      if (!with_padding && kind.alignment > guaranteed) continue;
      end = aligned(end, kind.alignment);
      offset = static_cast<std::uint16_t>(end);
      end += kind.bytes;
      guaranteed = kind.alignment;
      largest = std::max(largest, kind.alignment);
    }
  }
  layout.stride = aligned(end, largest);
  return layout;
}

}  // namespace ringproof::xdp

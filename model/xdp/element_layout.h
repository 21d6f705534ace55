// element_layout.h: where the extensions of a ring element lie.
// Role     offsets and stride for the set of extensions that a socket enabled on one ring
// Shapes   base first, then extensions in order of falling alignment; those that need no padding come first
// Units    [bytes] from the start of the element
// Errors   none
// Source   XDP for Windows: element stride and extension offsets
#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace ringproof::xdp {

enum class Extension : std::uint8_t { kTimestamp, kOriginalLength, kChecksum, kLayout };
constexpr std::size_t kExtensions = 4;

class ExtensionSet {
 public:
  void add(Extension extension) { bits_ |= bit(extension); }
  bool has(Extension extension) const { return (bits_ & bit(extension)) != 0; }
  bool empty() const { return bits_ == 0; }
  std::uint8_t bits() const { return bits_; }

 private:
  static std::uint8_t bit(Extension extension) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(extension));
  }
  std::uint8_t bits_ = 0;
};

struct ElementLayout {
  std::uint32_t stride = 0;
  std::array<std::optional<std::uint16_t>, kExtensions> offsets;  // none: not enabled

  std::optional<std::uint16_t> offset(Extension extension) const {
    return offsets[static_cast<std::size_t>(extension)];
  }
};

// `base_bytes` is 16 for RX and TX, 8 for FILL and COMPLETION.
ElementLayout lay_out(std::uint32_t base_bytes, const ExtensionSet& enabled);

}  // namespace ringproof::xdp

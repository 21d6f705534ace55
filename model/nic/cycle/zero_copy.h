// zero_copy.h: nic_zero_copy and nic_umem_window, in C++.
// Role     what the host has said of a zero-copy queue, and where a descriptor of its socket leads
// Shapes   fill ring: places of chunks in the UMEM; TX ring: place in bits 47 to 0, offset above them
// Units    [bytes]; `offset`: of the register in the block of its queue
// Errors   COMP_LOG2 is clamped to 1..16; a descriptor that reaches beyond the UMEM is `invalid`
// Source   rtl/nic_zero_copy.sv, rtl/nic_umem_window.sv
#pragma once

#include <algorithm>
#include <cstdint>

#include "model/nic/address_halves.h"
#include "model/nic/engine_layout.h"

namespace ringproof::nic::cycle {

struct ZeroCopySettings {
  bool on = false;
  std::uint32_t comp_log2 = 1;
  std::uint32_t comp_start = 0;
  std::uint64_t comp_address = 0;  // of the producer index of the RX or completion ring
  std::uint64_t umem_base = 0;
  std::uint64_t umem_limit = 0;
  std::uint16_t length = 0;
  std::uint16_t headroom = 0;

  std::uint32_t read(std::uint32_t offset) const {
    switch (offset) {
      case kZeroCopy:
        return (on ? kZeroCopyEnable : 0) | comp_log2 << 8;
      case kCompStart:
        return comp_start;
      case kCompAddrLow:
        return low(comp_address);
      case kCompAddrHigh:
        return high(comp_address);
      case kUmemBaseLow:
        return low(umem_base);
      case kUmemBaseHigh:
        return high(umem_base);
      case kUmemLimitLow:
        return low(umem_limit);
      case kUmemLimitHigh:
        return high(umem_limit);
      case kFrameRoom:
        return std::uint32_t{headroom} << 16 | length;
      default:
        return 0;
    }
  }

  // REQUIRES: the queue is disabled
  void write(std::uint32_t offset, std::uint32_t value) {
    switch (offset) {
      case kZeroCopy:
        on = (value & kZeroCopyEnable) != 0;
        comp_log2 = std::clamp<std::uint32_t>((value & kZeroCopyCompLog2) >> 8, 1, kRingLog2Max);
        break;
      case kCompStart:
        comp_start = value;
        break;
      case kCompAddrLow:
        set_low(comp_address, value & ~3u);
        break;
      case kCompAddrHigh:
        set_high(comp_address, value);
        break;
      case kUmemBaseLow:
        set_low(umem_base, value);
        break;
      case kUmemBaseHigh:
        set_high(umem_base, value);
        break;
      case kUmemLimitLow:
        set_low(umem_limit, value);
        break;
      case kUmemLimitHigh:
        set_high(umem_limit, value);
        break;
      case kFrameRoom:
        length = static_cast<std::uint16_t>(value);
        headroom = static_cast<std::uint16_t>(value >> 16);
        break;
      default:
        break;
    }
  }
};

struct Descriptor {
  std::uint64_t address = 0;
  std::uint32_t cookie = 0;
  std::uint16_t length = 0;
  bool is_long = false;  // the length needs more than 16 bits
  bool bad = false;

  // For sending.
  bool unusable() const { return is_long || length == 0; }
};

// A descriptor as its queue means it.
struct ResolvedDescriptor : Descriptor {
  bool zero_copy = false;
  bool unread = false;      // its read failed: `bad` for this
  bool invalid = false;     // it reaches beyond the UMEM: `bad` for this
  std::uint64_t entry = 0;  // of a zero-copy queue: what its RX or completion ring will say
};

constexpr std::uint64_t kPlaceMask = 0xFFFF'FFFF'FFFF;

inline ResolvedDescriptor resolve(const Descriptor& as_read, const ZeroCopySettings& umem, bool receives) {
  ResolvedDescriptor to{as_read, umem.on, as_read.bad, false, 0};
  if (!umem.on) return to;
  const std::uint64_t place = as_read.address & kPlaceMask;
  if (receives) {
    to.invalid = as_read.address > umem.umem_limit;
    to.address = umem.umem_base + as_read.address + umem.headroom;
    to.length = umem.length;
    to.is_long = false;
    to.entry = std::uint64_t{umem.headroom} << 48 | place;
  } else {
    const std::uint64_t first = place + (as_read.address >> 48);
    to.invalid =
        first + as_read.length > umem.umem_limit || as_read.unusable() || as_read.length > umem.length;
    to.address = umem.umem_base + first;
    to.entry = place;
  }
  to.bad = to.bad || to.invalid;
  return to;
}

}  // namespace ringproof::nic::cycle

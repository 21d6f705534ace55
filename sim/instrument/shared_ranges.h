// shared_ranges.h: the memory of a world that an application shares with the platform.
// Role     tells ordinary memory from rings and UMEMs, in a few instructions for ordinary memory
// Shapes   one range per ring and per UMEM; UMEMs of two sockets may overlap, rings never do
// Threads  simulation thread
// Errors   an address outside every range finds nothing
// Source   docs/instrumented-builds.md
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "model/base/tap.h"

namespace ringproof {

struct SharedRange {
  std::uintptr_t begin;
  std::uintptr_t end;
  std::uint64_t socket;
  bool ring;  // otherwise a UMEM
};

class SharedRanges final : public Tap {
 public:
  void umem_registered(std::uint64_t socket, const UmemShape& umem) override;
  void ring_created(std::uint64_t socket, RingKind kind, const RingShape& shape) override;
  void socket_closed(std::uint64_t socket) override;

  // False: certainly ordinary memory.
  bool may_hold(const volatile void* address, std::size_t bytes) {
    const auto first = reinterpret_cast<std::uintptr_t>(address);
    if (first >= end_ || first + bytes <= begin_) return false;
    if (bytes <= kShortBytes && ordinary_[slot_of(first)] == first / kPageBytes) return false;
    return look_up(first, bytes);
  }
  // Calls visit(range) for each that overlaps, by address.
  template <typename Visit>
  void each(const volatile void* address, std::size_t bytes, Visit visit) const {
    const auto first = reinterpret_cast<std::uintptr_t>(address);
    for (std::size_t i = 0; i < ranges_.size() && ranges_[i].begin < first + bytes; ++i) {
      if (ranges_[i].end > first) visit(ranges_[i]);
    }
  }

 private:
  static constexpr std::size_t kPageBytes = 4096;
  static constexpr std::size_t kShortBytes = 16;  // the longest access that is not a block
  static constexpr std::size_t kPages = 256;
  static constexpr std::uintptr_t kNoPage = ~std::uintptr_t{0};

  static std::size_t slot_of(std::uintptr_t address) { return address / kPageBytes % kPages; }
  void add(const SharedRange& range);
  void changed();
  bool overlaps(std::uintptr_t first, std::uintptr_t end) const;
  bool look_up(std::uintptr_t first, std::size_t bytes);

  std::vector<SharedRange> ranges_;      // by first address
  std::vector<std::uintptr_t> reaches_;  // the furthest end of this range and all before it
  std::uintptr_t begin_ = 0;             // bounds of everything
  std::uintptr_t end_ = 0;
  std::array<std::uintptr_t, kPages> ordinary_{};  // pages that hold, and are followed by, nothing shared
};

}  // namespace ringproof

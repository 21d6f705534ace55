#include "sim/instrument/shared_ranges.h"

#include <algorithm>

namespace ringproof {
namespace {

std::uintptr_t number(const unsigned char* address) { return reinterpret_cast<std::uintptr_t>(address); }

}  // namespace

void SharedRanges::umem_registered(std::uint64_t socket, const UmemShape& umem) {
  add({number(umem.base), number(umem.base) + umem.total_bytes, socket, false});
}

void SharedRanges::ring_created(std::uint64_t socket, RingKind, const RingShape& shape) {
  const std::uintptr_t elements = number(shape.element(0));
  add({number(shape.base), elements + std::uint64_t{shape.size} * shape.stride, socket, true});
}

void SharedRanges::socket_closed(std::uint64_t socket) {
  std::erase_if(ranges_, [socket](const SharedRange& range) { return range.socket == socket; });
  changed();
}

void SharedRanges::add(const SharedRange& range) {
  const auto at = std::find_if(ranges_.begin(), ranges_.end(),
                               [&](const SharedRange& other) { return other.begin > range.begin; });
  ranges_.insert(at, range);
  changed();
}

void SharedRanges::changed() {
  reaches_.clear();
  std::uintptr_t reach = 0;
  for (const SharedRange& range : ranges_) {
    reach = std::max(reach, range.end);
    reaches_.push_back(reach);
  }
  begin_ = ranges_.empty() ? 0 : ranges_.front().begin;
  end_ = reach;
  ordinary_.fill(kNoPage);
}

bool SharedRanges::overlaps(std::uintptr_t first, std::uintptr_t end) const {
  const auto after =
      std::lower_bound(ranges_.begin(), ranges_.end(), end,
                       [](const SharedRange& range, std::uintptr_t at) { return range.begin < at; });
  return after != ranges_.begin() && reaches_[static_cast<std::size_t>(after - ranges_.begin()) - 1] > first;
}

bool SharedRanges::look_up(std::uintptr_t first, std::size_t bytes) {
  const std::uintptr_t page = first / kPageBytes;
  if (!overlaps(page * kPageBytes, (page + 1) * kPageBytes + kShortBytes)) ordinary_[slot_of(first)] = page;
  return overlaps(first, first + bytes);
}

}  // namespace ringproof

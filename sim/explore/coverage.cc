#include "sim/explore/coverage.h"

#include <algorithm>

namespace ringproof {
namespace {

// Kinds of events; the numbers only have to differ.
enum : std::uint32_t { kNicDrop = 1, kPass, kDrop, kAttach, kMove, kFill, kTx, kClose };

std::uint32_t event(std::uint32_t kind, std::uint32_t a = 0, std::uint32_t b = 0, std::uint32_t c = 0) {
  return kind | a << 4 | b << 8 | c << 12;
}

// 0 empty, 1 one entry, 2 between, 3 one short of full, 4 full, 5 more than full.
std::uint32_t fill_class(std::uint32_t used, std::uint32_t size) {
  if (used == 0) return 0;
  if (used > size) return 5;
  if (used == size) return 4;
  if (used + 1 == size) return 3;
  return used == 1 ? 1 : 2;
}

}  // namespace

void CoverageTap::happened(std::uint32_t what) {
  const std::uint64_t pair = std::uint64_t{one_before_} << 40 ^ std::uint64_t{last_} << 20 ^ what;
  map_.set(static_cast<std::uint32_t>((pair * 0x9FB21C651E98DF25) >> 48));
  one_before_ = last_;
  last_ = what;
}

void CoverageTap::nic_dropped(std::uint32_t, std::uint64_t, DropReason reason) {
  happened(event(kNicDrop, 0, static_cast<std::uint32_t>(reason)));
}

void CoverageTap::frame_passed(std::uint32_t, std::uint64_t, std::uint64_t) { happened(event(kPass)); }

void CoverageTap::frame_dropped(std::uint32_t, std::uint64_t, DropReason reason) {
  happened(event(kDrop, 0, static_cast<std::uint32_t>(reason)));
}

void CoverageTap::program_attached(std::uint32_t, std::uint64_t) { happened(event(kAttach)); }

void CoverageTap::ring_created(std::uint64_t, RingKind kind, const RingShape& shape) {
  rings_[static_cast<std::size_t>(kind)] = {shape.size, 0};
}

void CoverageTap::ring_moved(std::uint64_t, RingKind kind, Actor actor, std::uint32_t old, std::uint32_t now,
                             std::uint64_t) {
  Ring& ring = rings_[static_cast<std::size_t>(kind)];
  const bool application_produces = kind == RingKind::kFill || kind == RingKind::kTx;
  const bool produced = application_produces == (actor == Actor::kApplication);
  ring.used += produced ? now - old : old - now;
  happened(event(kMove, static_cast<std::uint32_t>(kind) << 1 | static_cast<std::uint32_t>(actor),
                 fill_class(ring.used, ring.size), std::min<std::uint32_t>(now - old, 3)));
}

void CoverageTap::fill_judged(std::uint64_t, std::uint64_t, bool valid) {
  happened(event(kFill, static_cast<std::uint32_t>(valid)));
}

void CoverageTap::tx_judged(std::uint64_t, std::uint64_t, bool valid, Bytes) {
  happened(event(kTx, static_cast<std::uint32_t>(valid)));
}

void CoverageTap::socket_closed(std::uint64_t) { happened(event(kClose)); }

}  // namespace ringproof

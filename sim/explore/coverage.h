// coverage.h: which situations a campaign has seen.
// Role     tells a campaign whether further schedules still show something new
// Shapes   a situation is two things that followed each other on the sockets' rings, with how full the ring
//          was; hashed into a map of 65,536 bits that all workers share
// Threads  bits are set by several processes; the union does not depend on their order
// Errors   two situations may share a bit
// Source   docs/explore.md
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>

#include "model/base/tap.h"

namespace ringproof {

struct CoverageMap {
  static constexpr std::uint32_t kBits = 1U << 16;
  std::array<std::atomic<std::uint64_t>, kBits / 64> words{};
  std::atomic<std::uint64_t> count{0};  // as good as bits(), unless a process ended in between

  void set(std::uint32_t bit) {
    std::atomic<std::uint64_t>& word = words[bit / 64 % words.size()];
    const std::uint64_t mask = std::uint64_t{1} << bit % 64;
    if ((word.load(std::memory_order_relaxed) & mask) != 0) return;
    if ((word.fetch_or(mask, std::memory_order_relaxed) & mask) == 0) {
      count.fetch_add(1, std::memory_order_relaxed);
    }
  }
  std::uint64_t bits() const {
    std::uint64_t sum = 0;
    for (const auto& word : words) {
      sum += static_cast<std::uint64_t>(std::popcount(word.load(std::memory_order_relaxed)));
    }
    return sum;
  }
};

class CoverageTap final : public Tap {
 public:
  explicit CoverageTap(CoverageMap& map) : map_(map) {}

  void nic_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) override;
  void frame_passed(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) override;
  void frame_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) override;
  void program_attached(std::uint32_t port, std::uint64_t time_ps) override;
  void ring_created(std::uint64_t socket, RingKind kind, const RingShape& shape) override;
  void ring_moved(std::uint64_t socket, RingKind kind, Actor actor, std::uint32_t old, std::uint32_t now,
                  std::uint64_t time_ps) override;
  void fill_judged(std::uint64_t socket, std::uint64_t address, bool valid) override;
  void tx_judged(std::uint64_t socket, std::uint64_t base_address, bool valid, Bytes bytes) override;
  void socket_closed(std::uint64_t socket) override;

 private:
  static constexpr std::size_t kRings = 4;
  struct Ring {
    std::uint32_t size = 1;
    std::uint32_t used = 0;
  };
  void happened(std::uint32_t what);

  CoverageMap& map_;
  std::array<Ring, kRings> rings_{};  // of the socket that made its rings last
  std::uint32_t last_ = 0;
  std::uint32_t one_before_ = 0;
};

}  // namespace ringproof

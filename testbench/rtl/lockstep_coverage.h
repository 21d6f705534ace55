// lockstep_coverage.h: what random traffic has reached, counted at the pins.
// Role     shows that a run without a difference has gone through what an engine can do
// Shapes   one count per event, and one per queue, ring size, interrupt vector and register
// Units    counts; the marks are the most of something at a time
// Errors   missing() names what was never reached
// Source   docs/design/queue-engine.md
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "model/nic/registers.h"

namespace ringproof::nic {

constexpr std::uint32_t kLockstepQueues = 64;
constexpr std::uint32_t kRegistersOfQueue = kTruncated / 4 + 1;
constexpr std::uint32_t kCauses = 6;

enum class Event : std::uint32_t {
  kRxFrame,
  kRxFrameLong,
  kRxFrameCut,
  kRxFrameEmpty,
  kRxFailed,
  kRxNoBuffer,
  kRxNotEnabled,
  kRxWaitedForBuffer,
  kRxPair,
  kRxAlone,
  kRxIndexWrite,
  kRxIndexWrap,
  kRxZeroCopy,
  kRxZeroCopyNone,
  kRssFrame,
  kRssNothing,
  kRssPorts,
  kRssPortsLate,
  kRssPortsSplit,
  kRssOtherQueue,
  kRssSet,
  kRssSetMidFrame,
  kRssRead,
  kTxFrame,
  kTxFrameLong,
  kTxFrameLongest,
  kTxFailed,
  kTxUnusable,
  kTxIndexWrite,
  kTxIndexWrap,
  kTxZeroCopy,
  kTxZeroCopyNone,
  kIndexWriteSeveral,
  kReadError,
  kWriteError,
  kExclusiveOkay,
  kReadsInterleaved,
  kPayloadInterleaved,
  kDescriptorOvertook,
  kPayloadOvertook,
  kOvertakingRefused,
  kDoorbellRefused,
  kOutsideUmem,
  kCutInUmem,
  kRxIrq,
  kTxIrq,
  kReset,
  kResetInFlight,
  kResetMidFrame,
  kOffInFlight,
  kEnableWaited,
  kReadMeetsWrite,
  kAddressFirst,
  kDataFirst,
  kPartialWrite,
  kWriteAnswerWaits,
  kReadAnswerWaits,
  kIdle,
  kIdleBehindMemory,
  kCount
};

// The most of something under way at once; what has to be reached is where the engine is full.
enum class Mark : std::uint32_t {
  kRxDescReads,
  kTxDescReads,
  kPayloadReads,
  kPayloadBeats,
  kPayloadWrites,
  kCompletionWrites,
  kRxIndexWrites,
  kTxIndexWrites,
  kTxCompletionWrites,
  kRxFrames,
  kCount
};

// How full a ring is: descriptors that the host has posted and does not know to be finished, of N.
enum class Level : std::uint32_t { kNone, kOne, kSome, kAllButOne, kAll, kCount };
constexpr Level level_of(std::uint32_t posted, std::uint32_t size) {
  if (posted == 0) return Level::kNone;
  if (posted >= size) return Level::kAll;
  if (posted == size - 1) return Level::kAllButOne;
  return posted == 1 ? Level::kOne : Level::kSome;
}

// What happens to a ring; the level is the one before.
enum class RingEvent : std::uint32_t {
  kDoorbell,
  kDoorbellRefused,
  kIndexWrite,
  kInterrupt,
  kDisabled,
  kFrame,  // taken from the MAC with a buffer, or given to it
  kDrop,   // RX
  kCount
};

class LockstepCoverage {
 public:
  void count(Event event) { ++events_[static_cast<std::size_t>(event)]; }
  void raise(Mark mark, std::uint64_t level) {
    std::uint64_t& most = marks_[static_cast<std::size_t>(mark)];
    if (level > most) most = level;
  }
  // A frame that was completed (RX) or handed over (TX).
  void frame_of(bool tx, std::uint32_t queue, std::uint32_t log2) {
    ++queues_[tx][queue];
    ++log2s_[tx][log2];
  }
  void at_level(bool tx, RingEvent event, Level level) {
    ++levels_[tx][static_cast<std::size_t>(event)][static_cast<std::size_t>(level)];
  }
  // Two accesses that follow each other on an address channel, by the ids of writes and the readers of reads.
  void order_of(bool write, std::uint32_t first, std::uint32_t then) { ++orders_[write][first][then]; }
  void irq_of(std::uint32_t vector) { ++vectors_[vector]; }
  void read_of(bool tx, std::uint32_t word) { ++registers_[tx][word]; }
  void causes_of(bool tx, std::uint32_t causes) {
    for (std::uint32_t i = 0; i < kCauses; ++i) causes_[tx][i] += causes >> i & 1;
  }

  void add(const LockstepCoverage& other);
  // Names of what was not reached.
  std::vector<std::string> missing() const;
  std::string table() const;
  // Two runs of the same seed have the same.
  bool operator==(const LockstepCoverage&) const = default;

 private:
  static constexpr std::size_t kLevels = static_cast<std::size_t>(Level::kCount);
  static constexpr std::size_t kRingEvents = static_cast<std::size_t>(RingEvent::kCount);
  static constexpr std::uint32_t kAskers[] = {3, 5};  // of reads, of writes

  static bool possible(bool tx, std::size_t event, std::size_t level);

  std::array<std::array<std::array<std::uint64_t, kLevels>, kRingEvents>, 2> levels_{};
  std::array<std::array<std::array<std::uint64_t, 5>, 5>, 2> orders_{};
  std::array<std::uint64_t, static_cast<std::size_t>(Event::kCount)> events_{};
  std::array<std::uint64_t, static_cast<std::size_t>(Mark::kCount)> marks_{};
  std::array<std::array<std::uint64_t, kLockstepQueues>, 2> queues_{};
  std::array<std::array<std::uint64_t, 17>, 2> log2s_{};  // by RING_LOG2, 1 to 16
  std::array<std::uint64_t, 2 * kLockstepQueues> vectors_{};
  std::array<std::array<std::uint64_t, kRegistersOfQueue>, 2> registers_{};
  std::array<std::array<std::uint64_t, kCauses>, 2> causes_{};  // by bit of CAUSE
};

}  // namespace ringproof::nic

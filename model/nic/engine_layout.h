// engine_layout.h: registers and descriptor entries of the queue engine, for drivers and test benches.
// Role     the numbers of docs/design/queue-engine.md in C++
// Shapes   entries are little endian and lie in host memory as these structs
// Units    register offsets in bytes
// Source   docs/design/queue-engine.md
#pragma once

#include <cstdint>

namespace ringproof::nic {

constexpr std::uint32_t kTxVectorBase = 64;  // RX queue q: vector q; TX queue q: vector 64 + q

constexpr std::uint32_t kRegisterId = 0x0000;
constexpr std::uint32_t kRegisterVersion = 0x0004;
constexpr std::uint32_t kRegisterQueues = 0x0008;
constexpr std::uint32_t kRegisterLimits = 0x000C;
constexpr std::uint32_t kIdValue = 0x52505131;

constexpr std::uint32_t rx_block(std::uint32_t queue) { return 0x4000 + 0x80 * queue; }
constexpr std::uint32_t tx_block(std::uint32_t queue) { return 0x8000 + 0x80 * queue; }

enum QueueRegister : std::uint32_t {
  kControl = 0x00,
  kRingLog2 = 0x04,
  kDescBaseLow = 0x08,
  kDescBaseHigh = 0x0C,
  kCompBaseLow = 0x10,
  kCompBaseHigh = 0x14,
  kIndexAddrLow = 0x18,
  kIndexAddrHigh = 0x1C,
  kDoorbell = 0x20,
  kIrqArm = 0x24,
  kPublished = 0x28,
  kFetched = 0x2C,
  kFrames = 0x30,
  kDrops = 0x34,
  kErrors = 0x38,
  kState = 0x3C,
  kStartIndex = 0x40,
};

struct PostEntry {
  std::uint64_t address;
  std::uint32_t length;
  std::uint32_t cookie;
};
static_assert(sizeof(PostEntry) == 16);

struct RxCompletionEntry {
  std::uint32_t cookie;
  std::uint32_t length;
  std::uint32_t rss_hash;
  std::uint32_t flags;
  std::uint64_t timestamp_ns;
  std::uint32_t index;
  std::uint32_t zero;
};
static_assert(sizeof(RxCompletionEntry) == 32);

constexpr std::uint32_t kRxFlagDmaError = 1;
constexpr std::uint32_t kRxFlagTruncated = 2;

}  // namespace ringproof::nic

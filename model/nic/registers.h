// registers.h: the register map of the queue engine.
// Role     addresses, offsets, values and fields; made by rtl/registers.py from rtl/registers.json
// Shapes   a queue's registers lie in a block of kBlockBytes; a field is its mask, in place
// Units    [bytes]
// Errors   none
// Source   docs/design/queue-engine.md, "Registers"
#pragma once

#include <cstdint>

namespace ringproof::nic {

constexpr std::uint32_t kRegisterId = 0x0000;
constexpr std::uint32_t kRegisterVersion = 0x0004;
constexpr std::uint32_t kRegisterQueues = 0x0008;
constexpr std::uint32_t kRegisterLimits = 0x000C;
constexpr std::uint32_t kRegisterFeatures = 0x0010;
constexpr std::uint32_t kRegisterRssControl = 0x0100;
constexpr std::uint32_t kRegisterRssKey = 0x0140;
constexpr std::uint32_t kRegisterRssTable = 0x0180;
constexpr std::uint32_t kIdValue = 0x52505131;
constexpr std::uint32_t kVersionValue = 0x00020001;
constexpr std::uint32_t kRssKeyWords = 10;
constexpr std::uint32_t kRssTableWords = 32;

constexpr std::uint32_t kBlockBytes = 0x100;
constexpr std::uint32_t rx_block(std::uint32_t queue) { return 0x4000 + kBlockBytes * queue; }
constexpr std::uint32_t tx_block(std::uint32_t queue) { return 0x8000 + kBlockBytes * queue; }

// Offsets in the block of a queue.
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
  kCoalesce = 0x44,
  kModeration = 0x48,
  kWeight = 0x4C,
  kCause = 0x50,
  kFetches = 0x54,
  kPublishes = 0x58,
  kInterrupts = 0x5C,
  kRefused = 0x60,
  kZeroCopy = 0x64,
  kCompStart = 0x68,
  kCompAddrLow = 0x6C,
  kCompAddrHigh = 0x70,
  kUmemBaseLow = 0x74,
  kUmemBaseHigh = 0x78,
  kUmemLimitLow = 0x7C,
  kUmemLimitHigh = 0x80,
  kFrameRoom = 0x84,
  kCompletions = 0x88,
  kInvalid = 0x8C,
  kTruncated = 0x90,
};

constexpr std::uint32_t kQueuesRx = 0x0000FFFF;
constexpr std::uint32_t kQueuesTx = 0xFFFF0000;
constexpr std::uint32_t kLimitsRingLog2Max = 0x000000FF;
constexpr std::uint32_t kFeaturesCoalesce = 0x00000001;
constexpr std::uint32_t kFeaturesModeration = 0x00000002;
constexpr std::uint32_t kFeaturesWeight = 0x00000004;
constexpr std::uint32_t kFeaturesCause = 0x00000008;
constexpr std::uint32_t kFeaturesCounters = 0x00000010;
constexpr std::uint32_t kFeaturesZeroCopy = 0x00000020;
constexpr std::uint32_t kFeaturesRss = 0x00000100;
constexpr std::uint32_t kRssControlEnable = 0x00000001;
constexpr std::uint32_t kRssControlTypes = 0x00003F00;
constexpr std::uint32_t kControlEnable = 0x00000001;
constexpr std::uint32_t kStateEnabled = 0x00000001;
constexpr std::uint32_t kStateInFlight = 0x00000002;
constexpr std::uint32_t kStateRangeError = 0x00000004;
constexpr std::uint32_t kCoalesceCount = 0x000000FF;
constexpr std::uint32_t kCoalesceCycles = 0xFFFF0000;
constexpr std::uint32_t kModerationCount = 0x000000FF;
constexpr std::uint32_t kModerationCycles = 0xFFFF0000;
constexpr std::uint32_t kWeightFrames = 0x000000FF;
constexpr std::uint32_t kCauseDescriptorRead = 0x00000001;
constexpr std::uint32_t kCauseDescriptor = 0x00000002;
constexpr std::uint32_t kCausePayload = 0x00000004;
constexpr std::uint32_t kCauseCompletion = 0x00000008;
constexpr std::uint32_t kCauseIndex = 0x00000010;
constexpr std::uint32_t kCauseDoorbell = 0x00000020;
constexpr std::uint32_t kZeroCopyEnable = 0x00000001;
constexpr std::uint32_t kZeroCopyCompLog2 = 0x00001F00;
constexpr std::uint32_t kFrameRoomLength = 0x0000FFFF;
constexpr std::uint32_t kFrameRoomHeadroom = 0xFFFF0000;

}  // namespace ringproof::nic

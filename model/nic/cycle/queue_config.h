// queue_config.h: nic_queue_config, in C++.
// Role     holds the RW registers of the queues of one direction; turns register writes into commands
// Units    `offset`: of the register in the block of its queue [bytes]
// Timing   a command is of the cycle of its write; clock() comes after everybody has looked at it
// Errors   RING_LOG2 is clamped to 1..16; ring size and addresses stand still while the queue is enabled
// Source   rtl/nic_queue_config.sv
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "model/nic/address_halves.h"
#include "model/nic/cycle/round_robin.h"
#include "model/nic/cycle/zero_copy.h"
#include "model/nic/engine_layout.h"

namespace ringproof::nic::cycle {

constexpr std::uint32_t kQueues = 64;  // of each direction

// A register access under way.
struct Access {
  std::uint32_t queue = 0;
  std::uint32_t offset = 0;  // in the queue's block
  std::uint32_t value = 0;
};

// What a write means for the queue that it is for.
struct Command {
  bool start = false;
  bool stop = false;
  bool doorbell = false;
  bool arm = false;
  bool clear = false;  // of causes
  std::uint32_t queue = 0;
  std::uint32_t value = 0;  // start: the first index; otherwise what was written
};

// How long something may wait for more of its kind.
struct Pacing {
  std::uint16_t cycles = 0;
  std::uint8_t count = 0;  // 0: does not count

  // `age`: how long it has waited; `number`: how many there are.
  bool due(std::uint32_t age, std::uint32_t number) const {
    return age >= cycles || (count != 0 && number >= count);
  }
  std::uint32_t read() const { return std::uint32_t{cycles} << 16 | count; }
  static Pacing from(std::uint32_t value) {
    return {static_cast<std::uint16_t>(value >> 16), static_cast<std::uint8_t>(value)};
  }
};

// The clock by which something waits, and the difference of two of its times.
constexpr std::uint32_t kPacingClockMask = 0x1FFFF;

struct QueueSettings {
  std::uint64_t desc_base = 0;
  std::uint64_t comp_base = 0;
  std::uint64_t index_address = 0;
  std::uint32_t start_index = 0;
  std::uint32_t ring_log2 = 1;
  Pacing coalesce;
  Pacing moderation;
  std::uint8_t weight = 0;
  ZeroCopySettings zero_copy;

  // Of the ring that the engine writes for what it received.
  std::uint32_t comp_log2() const { return zero_copy.on ? zero_copy.comp_log2 : ring_log2; }
};

class QueueConfig {
 public:
  std::uint64_t enabled() const { return enabled_; }
  bool enabled(std::uint32_t queue) const { return has(enabled_, queue); }
  const QueueSettings& operator[](std::uint32_t queue) const { return queues_[queue]; }

  Command command(const Access& write) const {
    Command command;
    command.queue = write.queue;
    command.value = write.value;
    const bool on = enabled(write.queue);
    if (write.offset == kControl) {
      const bool enable = (write.value & kControlEnable) != 0;
      command.start = enable && !on;
      command.stop = !enable && on;
      if (command.start) command.value = queues_[write.queue].start_index;
    }
    command.doorbell = write.offset == kDoorbell && on;
    command.arm = write.offset == kIrqArm;
    command.clear = write.offset == kCause;
    return command;
  }

  std::uint32_t read(std::uint32_t queue, std::uint32_t offset) const {
    const QueueSettings& settings = queues_[queue];
    switch (offset) {
      case kControl:
        return enabled(queue) ? kControlEnable : 0;
      case kRingLog2:
        return settings.ring_log2;
      case kDescBaseLow:
        return low(settings.desc_base);
      case kDescBaseHigh:
        return high(settings.desc_base);
      case kCompBaseLow:
        return low(settings.comp_base);
      case kCompBaseHigh:
        return high(settings.comp_base);
      case kIndexAddrLow:
        return low(settings.index_address);
      case kIndexAddrHigh:
        return high(settings.index_address);
      case kStartIndex:
        return settings.start_index;
      case kCoalesce:
        return settings.coalesce.read();
      case kModeration:
        return settings.moderation.read();
      case kWeight:
        return settings.weight;
      default:
        return settings.zero_copy.read(offset);
    }
  }

  void clock(const Access& write, const Command& command) {
    QueueSettings& settings = queues_[write.queue];
    if (!enabled(write.queue)) configure(settings, write);
    set_any_time(settings, write);
    if (command.start) enabled_ |= bit(write.queue);
    if (command.stop) enabled_ &= ~bit(write.queue);
  }

  void reset() {
    enabled_ = 0;
    queues_.fill(QueueSettings{});
  }

 private:
  static constexpr std::uint32_t kRingBaseMask = 0xFFFFFFC0;
  static constexpr std::uint32_t kIndexAddressMask = 0xFFFFFFFC;

  static void set_any_time(QueueSettings& settings, const Access& write) {
    switch (write.offset) {
      case kStartIndex:
        settings.start_index = write.value;
        break;
      case kCoalesce:
        settings.coalesce = Pacing::from(write.value);
        break;
      case kModeration:
        settings.moderation = Pacing::from(write.value);
        break;
      case kWeight:
        settings.weight = static_cast<std::uint8_t>(write.value);
        break;
      default:
        break;
    }
  }
  static void configure(QueueSettings& settings, const Access& write) {
    switch (write.offset) {
      case kRingLog2:
        settings.ring_log2 = std::clamp<std::uint32_t>(write.value, 1, kRingLog2Max);
        break;
      case kDescBaseLow:
        set_low(settings.desc_base, write.value & kRingBaseMask);
        break;
      case kDescBaseHigh:
        set_high(settings.desc_base, write.value);
        break;
      case kCompBaseLow:
        set_low(settings.comp_base, write.value & kRingBaseMask);
        break;
      case kCompBaseHigh:
        set_high(settings.comp_base, write.value);
        break;
      case kIndexAddrLow:
        set_low(settings.index_address, write.value & kIndexAddressMask);
        break;
      case kIndexAddrHigh:
        set_high(settings.index_address, write.value);
        break;
      default:
        settings.zero_copy.write(write.offset, write.value);
        break;
    }
  }

  std::uint64_t enabled_ = 0;
  std::array<QueueSettings, kQueues> queues_{};
};

}  // namespace ringproof::nic::cycle

// loan.h: a hardware queue that works on rings which somebody lends it.
// Role     gives the device addresses for them, and hands over what it publishes
// Shapes   the device writes two words, that of the second ring first; the host hears of both at once, a
//          notice (DeviceInfo) after the last, so that no device that is reset in between leaves one without
//          the other
// Units    [ps]; indices run free in 32 bits
// Threads  simulation thread
// Errors   none
// Source   docs/design/queue-engine.md, "Zero-copy queues"
#pragma once

#include <cstdint>
#include <functional>

#include "model/base/host.h"
#include "model/driver/lent_rings.h"
#include "model/nic/device.h"

namespace ringproof::driver {

class Loan {
 public:
  // DMA addresses.
  struct Addresses {
    std::uint64_t first = 0;
    std::uint64_t first_word = 0;
    std::uint64_t second = 0;
    std::uint64_t second_word = 0;
    std::uint64_t memory = 0;
  };

  // `may_hand_over` is asked when something was published; what must wait is handed over by hand_over().
  Loan(nic::Device& device, Host& host, std::uint32_t vector, LentRings& rings,
       std::function<bool()> may_hand_over);
  ~Loan();
  Loan(const Loan&) = delete;
  Loan& operator=(const Loan&) = delete;

  LentRings& rings() const { return rings_; }
  const LentRing& first() const { return first_; }
  const LentRing& second() const { return second_; }
  const LentMemory& memory() const { return memory_; }
  const Addresses& addresses() const { return addresses_; }

  // Descriptors used up: as the host has heard, and as the owner of the rings has.
  std::uint32_t published() const { return published_first_; }
  std::uint32_t handed_over() const { return handed_over_; }
  void hand_over();
  // Blocks the calling task until everything that the device has written has come to the host.
  void wait_for_words();

 private:
  std::uint64_t map_word(void (Loan::*arrived)(std::uint32_t));
  void first_arrived(std::uint32_t index);
  void second_arrived(std::uint32_t index);

  nic::Device& device_;
  Host& host_;
  const std::uint32_t vector_;
  LentRings& rings_;
  const LentRing first_;
  const LentRing second_;
  const LentMemory memory_;
  const std::function<bool()> may_hand_over_;
  std::uint32_t published_first_;
  std::uint32_t published_second_;
  std::uint32_t coming_second_;
  std::uint32_t handed_over_;
  std::uint32_t words_under_way_ = 0;
  Signal word_arrived_;
  Addresses addresses_;
};

}  // namespace ringproof::driver
